/* SPDX-License-Identifier: Apache-2.0
 *
 * Cluster: the one way in which the lifecycle reaches a place that holds Kubernetes objects.
 *
 * What:   a table of functions that a place implements: a directory of files, or an API server.
 * Owner:  a cluster is created from the provider's configuration and lives as long as it.
 *         Objects returned live in the arena given.
 * Errors: one clear diagnostic, without a path: the caller knows the attribute.
 * Thread: every function may be called from several threads at once, each with its own arena.
 */
#ifndef GLM_CLUSTER_H
#define GLM_CLUSTER_H

#include "glm/diag.h"
#include "glm/object.h"

#ifdef __cplusplus
extern "C" {
#endif

enum glm_found {
    GLM_FOUND,
    GLM_FOUND_NOTHING,    /* certainly absent */
    GLM_FOUND_UNREADABLE, /* something is there that is not that object: never overwritten
                             unless asked for */
    GLM_FOUND_NO_API,     /* the cluster does not serve this kind at all: no CRD; says nothing
                             about the object */
};

/* What a look at an object, or at those of a kind, has come to. */
struct glm_read {
    enum glm_found found;
    const struct glm_value *object; /* FOUND: it, or the list; otherwise nobody's business */
    const char *why;                /* UNREADABLE, NO_API: a clause */
};

/* Which objects of a kind. All NULL: the usual ones (see glm_cluster_ops.list). */
struct glm_selection {
    const char *namespace_; /* NULL: all */
    const char *labels;     /* as `kubectl -l` takes it: "app=istiod", "istio.io/rev"; "": all */
    const char *fields;     /* as `kubectl --field-selector` takes it */
    bool fresh;             /* asked of the cluster now, whatever is remembered */
};

struct glm_write {
    const struct glm_value *object;     /* exactly our fields: what is not in it is given up */
    const struct glm_object_kind *kind; /* of the object; NULL: one of glm_object_kinds */
    /* What the object to be overwritten was when it was looked at, or NULL: there was none.
     * A place that can refuses the write (GLM_WRITE_STALE) when it has changed since. */
    const struct glm_value *seen;
    bool force;  /* take fields from other field managers */
    bool create; /* nothing was there: where files are written, STALE when something is by now */
    /* By whom the fields are owned then; NULL: by glm_cluster.field_manager. Of files nobody owns any. */
    const char *manager;
    /* Nothing is written: it is only found out what would come of it, refusals included. Never asked of
     * files. */
    bool rehearse;

    /* results */
    bool unsure; /* it failed, and may have been carried out all the same: the answer was lost */
    const struct glm_value *stored;       /* WRITTEN: the object as the place has it now */
    const struct glm_conflict *conflicts; /* CONFLICT: which fields belong to whom */
    size_t conflict_count;
    /* rehearse: nothing has come of it, and nothing has been found out: something that the object stands on
     * is not there yet, or something in the cluster takes no rehearsals */
    bool untold;
};

/* A field that another field manager owns with another value. */
struct glm_conflict {
    const char *manager; /* "kubectl-edit" */
    const char *field;   /* as the API server writes it: ".spec.components.ingressGateways" */
};

enum glm_written { GLM_WRITE_DONE, GLM_WRITE_STALE, GLM_WRITE_CONFLICT };

struct glm_cluster;

enum glm_leads {
    GLM_LEADS_ELSEWHERE, /* or that cannot be found out */
    GLM_LEADS_HERE,      /* the same place by another name */
    GLM_LEADS_NOWHERE,   /* nothing is there: it was renamed or removed, or is not mounted */
};

struct glm_cluster_ops {
    const char *kind; /* "directory", "live" */
    /* Objects are files: nobody acts on them, and there is no status to wait for. */
    bool files;

    /* The place for people: "directory clusters/east", "API server https://10.0.0.1:6443". Asks
     * nobody, so it may be less than complete before the place was first reached. */
    const char *(*label)(const struct glm_cluster *cluster, struct glm_arena *arena);

    /* What tells this place from every other, for the private state: of files their directory, as
     * an absolute path; of an API server the UID of its kube-system namespace, asked for once. */
    bool (*identify)(struct glm_cluster *cluster, struct glm_arena *arena, const char **ret_place,
                     struct glm_diags *d);

    /* false only when the place cannot be asked (permission, network, I/O). */
    bool (*read)(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, struct glm_read *ret_read, struct glm_diags *d);

    /* Objects of a kind as a list sorted by namespace and name; what is there but cannot be read
     * becomes a warning. selection NULL, or nothing set in it: the usual ones, which of a
     * directory are all; of an API server those with the kind's label.
     * FOUND, also for an empty list, or NO_API. An API server's answer may be shared by many callers
     * and is then a few seconds old, but never older than our own last write. */
    bool (*list)(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_kind *kind, const struct glm_selection *selection,
                 struct glm_read *ret_read, struct glm_diags *d);

    /* Makes the object what w->object says, whole, at once or not at all. STALE and CONFLICT
     * are results, not errors: nothing was written then. */
    bool (*write)(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                  enum glm_written *ret_written, struct glm_diags *d);

    /* Begins to remove the object; already gone is success. seen: only this very object (its UID),
     * not one that was made under the same name since; may be NULL.
     * ret_gone false: it is there until its finalizers are done. */
    bool (*remove)(struct glm_cluster *cluster, struct glm_arena *arena,
                   const struct glm_object_ref *ref, const struct glm_value *seen, bool *ret_gone,
                   struct glm_diags *d);

    /* Removes what writers that were killed left behind, in the whole place; what cannot be
     * removed stays, in silence. NULL where a write leaves nothing behind. Does it once: what is
     * left behind later is for the next process. */
    void (*tidy)(struct glm_cluster *cluster, struct glm_arena *arena);

    /* The same cluster for one who has so many milliseconds from now: whatever is asked by way of
     * it fails when they are over, and what is under way ends then, or is left. It shares all that
     * is remembered, lives as long as the arena, and is never destroyed itself. May be NULL. */
    struct glm_cluster *(*within)(struct glm_cluster *cluster, struct glm_arena *arena,
                                  int64_t milliseconds);

    /* ---- where objects are files; all NULL where `files` is false ---- */

    /* True when the place has this object to the byte as a write of it leaves it: then `read` would give an
     * equal one, and nobody has to decode it. False: it has not, or there is more to say: ask `read`. May be
     * NULL. */
    bool (*has)(struct glm_cluster *cluster, const struct glm_object_ref *ref,
                const struct glm_value *object);
    /* What two clusters have in common that are one and the same place, by whatever names: device
     * and inode. Of two that do not exist yet it may differ although they will be one. NULL: it
     * cannot be found out now. */
    const char *(*key)(struct glm_cluster *cluster, struct glm_arena *arena);
    /* Where what identify said of a place once leads now. Of one place it is found out once. */
    enum glm_leads (*leads)(struct glm_cluster *cluster, struct glm_arena *arena,
                            const char *place);
    /* Keeps other processes from holding the place, so that what is seen there stays so until
     * release; several calls of this process may hold it at once. make: it is made when it is
     * absent. Does not wait: false when another process has it. True also where it cannot be held
     * (it cannot be opened, or the file system has no locks): then every file is made by itself or
     * not. After true, release once. The lock goes with the process, however that ends. */
    bool (*hold)(struct glm_cluster *cluster, bool make);
    /* A directory that hold has made and nobody has written to is removed again. */
    void (*release)(struct glm_cluster *cluster);

    /* ---- where somebody acts on the objects; all NULL where `files` is true ---- */

    /* Follows the usual objects of the kinds (ended by NULL) by one watch each, shared by all who
     * follow, until as many unfollow, and some seconds more: whoever follows next takes it
     * up. While they are followed, `read` and `list` of them answer from what the watch has
     * brought, without asking. Trouble is not an error: the watch goes on trying, and what cannot
     * be followed is asked for as always. */
    void (*follow)(struct glm_cluster *cluster, const struct glm_object_kind *const *kinds);
    void (*unfollow)(struct glm_cluster *cluster, const struct glm_object_kind *const *kinds);
    /* Waits until something that is followed has changed since *version (0 at first), or for at
     * most so many milliseconds, or until the provider stops. True when something has changed. A
     * connection may be dead without a word, so whoever waits looks every few seconds: after 20 s
     * of silence that asks. */
    bool (*await)(struct glm_cluster *cluster, uint64_t *version, int64_t milliseconds);
    /* Removes an object that is as it was seen, and nothing else (STALE), without those who would clean up
     * after it: its finalizer of this name (NULL: none) is taken off first. Already gone is success. */
    bool (*let_go)(struct glm_cluster *cluster, struct glm_arena *arena,
                   const struct glm_object_ref *ref, const struct glm_value *seen,
                   const char *finalizer, enum glm_written *ret_written, bool *ret_gone,
                   struct glm_diags *d);

    void (*destroy)(struct glm_cluster *cluster);
};

/* First member of every implementation's own struct. */
struct glm_cluster {
    const struct glm_cluster_ops *ops;
    const char *name;          /* the key in the provider's `clusters` */
    const char *field_manager; /* of what is written there; NULL: files, which have none */
};

/* ---- lists, of every kind of cluster ---- */

/* Objects of a kind, always as a list: empty where the kind is not served, which ret_served (may be
 * NULL) tells. false: the cluster cannot be asked. */
bool glm_cluster_list(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_kind *kind, const struct glm_selection *selection,
                      const struct glm_value **ret_list, bool *ret_served, struct glm_diags *d);
/* The same for what is of use but not needed: without the right to look there are none. */
const struct glm_value *glm_cluster_list_if_allowed(struct glm_cluster *cluster,
                                                    struct glm_arena *arena,
                                                    const struct glm_object_kind *kind,
                                                    const struct glm_selection *selection);

#ifdef __cplusplus
}
#endif
#endif
