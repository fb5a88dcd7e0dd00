/* SPDX-License-Identifier: Apache-2.0
 *
 * Installer: how a gateway gets into a cluster: what is written for it, where, how it is judged.
 *
 * What:   a row of data and functions for each way. Guard, writes, conflicts, waiting, switching,
 *         pruning, record, partial failure, import are the lifecycle's, which names no installer.
 * Owner:  what a slot returns lives in call->arena or is borrowed from its arguments; it keeps
 *         nothing but notes.
 * Errors: a slot that returns bool has said why in d when it is false, each error at its attribute.
 *         What is returned against a slot's comment is refused in the installer's name, and can
 *         damage nothing.
 * Thread: any number of calls at once; those for one seat come one after another.
 * Block:  only slots that say so may, and only by call->cluster, which fails when the time is over.
 *         All others are quick: no limit and no stop ends them, and they are asked at every look.
 */
#ifndef GLM_INSTALLER_H
#define GLM_INSTALLER_H

#include "glm/cluster.h"
#include "glm/mesh.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what is said to a slot ---- */

struct glm_installer_call {
    const struct glm_installer *self;
    struct glm_arena *arena;
    const struct glm_mesh_config *mesh;
    const struct glm_manager *manager; /* NULL: of objects that no configuration speaks of */
    const char *seat;                  /* the entry of `clusters` that is written to */
    const char *label;                 /* its place for people; NULL: not known */
    /* That entry, within the operation's time; NULL: the slot must not block. */
    struct glm_cluster *cluster;
    int64_t given_ms;          /* of a wait: its whole time; 0: without an end */
    const char *operation;     /* of a wait: whose time that is, an entry of `timeouts` */
    const char *field_manager; /* of what we write there; NULL: files, or nobody knows */
    /* Of an object that is written: the name of the installer that has made its pair so far, when that is
     * another one. Else NULL. */
    const char *predecessor;
};

/* One installation in one cluster; or for nobody (glm_nobody), of which only `render` is told, in a call
 * without seat and label: its objects are those of any cluster, with the same refs in the same order, but for
 * what an entry of a cluster changes. */
struct glm_installer_pair {
    const char *cluster, *key; /* as in the attribute `status`; cluster NULL: for nobody */
    /* Both NULL: the configuration does not have it. */
    const struct glm_installation *installation;
    const struct glm_placement *placement;
};

/* ---- what is written ---- */

/* The order of writing, removed in reverse; within a role the order of the list. */
enum glm_role {
    GLM_ROLE_NAMESPACE, /* made where it is absent; never changed, labelled, recorded or removed */
    GLM_ROLE_ACCESS,    /* what workloads stand on: accounts, roles */
    GLM_ROLE_WORKLOAD,  /* what is waited for; goes with its pair */
    GLM_ROLE_TRAFFIC,   /* a Service that outlives pairs; its Pods change when the pair is ready */
    GLM_ROLES,
};

#define GLM_PAIR_ALL ((size_t)-1)

struct glm_installer_object {
    /* Index into the pairs of the call. GLM_PAIR_ALL: one object for all pairs of the seat, written
     * after what is for one; it is no Namespace, no traffic, and carries no pair's view. */
    size_t pair;
    enum glm_role role;
    struct glm_object_ref ref; /* of one of the row's kinds; name NULL: not known yet */
    /* Whole, without owner labels and view; UNKNOWN or partly so at plan. */
    const struct glm_value *object;
    bool main; /* stands for its pair: there with it, HEALTHY by its generation */
    bool view; /* gets the annotation from which an import rebuilds the pair */
};

/* What is known of a pair besides its objects. */
struct glm_installer_shown {
    bool traffic_known; /* false: which traffic objects there are is not known yet */
};

struct glm_installer_rendering {
    const struct glm_installer_object *objects;
    size_t count;
    /* Beside the pairs of the call: memory of the lifecycle's, filled by the slot. */
    struct glm_installer_shown *pairs;
};

/* Why steps are asked for. */
enum glm_installer_write {
    GLM_INSTALLER_CHANGED, /* live is not as wanted, or not there (the null value) */
    GLM_INSTALLER_RETRY,   /* it is as wanted, but the last apply did not see it HEALTHY */
    GLM_INSTALLER_SAME,    /* it is as wanted. Here and in a retry no steps mean no write at all */
};
enum glm_installer_when {
    GLM_INSTALLER_BEFORE,
    GLM_INSTALLER_AFTER,
    /* In the place of the object, which follows when the pair is HEALTHY and has taken up all that it
     * inherits. By our field manager; only with a predecessor. */
    GLM_INSTALLER_INSTEAD,
};
struct glm_installer_step { /* a write beside that of an object, of the same ref */
    enum glm_installer_when when;
    const struct glm_value *object; /* NULL: nothing is written; only the manager counts */
    /* The field manager; NULL: ours. What it owns is then this and nothing else. A conflict of the
     * object itself with a manager that one of its steps names is settled with force. */
    const char *manager;
    bool force; /* takes fields from every other manager */
    bool bare;  /* exactly this: without owner labels and view, which other steps get */
};

/* ---- changing hands: one installer lets a pair go, another one takes it up ---- */

/* How a main object of the one that lets go leaves without harm to what it has made. */
struct glm_installer_yield {
    const char *busy; /* not now: what is going on, a clause; it is asked again. NULL: now */
    /* Applied to it before anything of the new one is written, and released when the pair stays after all:
     * keeps away whoever acts on it. By a field manager of its own (call->field_manager and
     * GLM_INSTALLER_YIELDS), bare. NULL: nothing. */
    const struct glm_value *object;
    /* Taken off it when it goes, which is after the new one's objects are there and HEALTHY, and only as
     * long as it has what `object` says. NULL: none. */
    const char *finalizer;
};
#define GLM_INSTALLER_YIELDS "-yields"

/* What the new one has to say of an object that the other one, or whom that one directs, has made. */
enum glm_installer_heir {
    GLM_INSTALLER_NOT, /* it is none of its: in the way like anybody's; or it goes, if it was ours */
    GLM_INSTALLER_TAKES, /* it is the new one's: written over; or, where it does not write it itself,
                            released (a bare apply by us), never removed */
    GLM_INSTALLER_WAIT, /* it will be, but has not been taken up yet; only of what it does not write */
};

/* ---- what was found ---- */

struct glm_installer_look {
    struct glm_object_ref ref;
    enum glm_role role;
    bool main;
    struct glm_read read; /* read.object is the null value unless FOUND */
};

struct glm_installer_sight {
    const struct glm_installer_pair *pair;
    bool wanted; /* false: it is to be removed, or leaves an object that stays */
    const struct glm_installer_object *own; /* as wanted; none where no configuration has it */
    const struct glm_installer_look *looks; /* its main objects, those of GLM_PAIR_ALL among them */
    /* What `targets` asked for, in its order; none of it in a preflight. */
    const struct glm_installer_look *targets;
    size_t own_count, look_count, target_count;
    const char *healthy; /* generation when it was last HEALTHY; NULL: never */
    /* resourceVersion after our own last write of another spec in this call; NULL: none. */
    const char *written;
};

struct glm_installer_judgement {
    enum glm_state state;
    const char *message; /* for people: what, where, since when, why; never NULL or "" */
    bool
        quiet; /* HEALTHY, and the message says nothing more than that: it is left out of the status */
    const char *revision; /* as observed; NULL: the pair's own */
    bool settled; /* waiting brings nothing more: HEALTHY that is not out of date, FAILED, ... */
    /* How long all this must stay as it is to be the end of a wait; -1: it is none. */
    int64_t hold_ms;
};

#define GLM_INSTALLER_GRACE_MS INT64_C(5000) /* for what is settled and not HEALTHY: it may pass */

struct glm_installer_verdict {
    bool blocked; /* nothing of the pair may be written; then all of these */
    enum glm_state state;
    const char *summary, *message;
};

/* Pods of a pair, for Services that are not managed here and select them. */
struct glm_installer_pods {
    const char *namespace_;
    const struct glm_value *labels;
    bool strangers;            /* no Service but the user's own leads to them */
    const char *label, *value; /* on Services that are made with the pair; NULL: there are none */
};

/* ---- the row ---- */

struct glm_installer_kind {
    /* Of an order: kinds without one are only looked at. NULL ends the list. */
    const struct glm_object_kind *kind;
    enum glm_role role; /* of one that is found and that nothing renders any more */
    /* An import takes one of nobody's, and has what has no view recalled. What is ours is found of every
     * kind of the row. */
    bool find;
    /* Of one that only a state shows, or that is found: it stands for its pair. What another one of the pair
     * says the pair was made of is said of it. */
    bool main;
    /* It acts on others of its pair (a scaler): one that nothing renders any more goes before they are
     * written, not after the wait. */
    bool acts;
};

struct glm_installer {
    /* Data; texts are parts of sentences. Required where it does not say what NULL means. */
    const char *name;                              /* value of the attribute `installer` */
    const char *what;                              /* "IstioOperators and Services" */
    const struct glm_installer_kind *kinds;        /* that it writes, besides Namespaces */
    const struct glm_object_kind *const *followed; /* while waiting; NULL-ended, as all below */
    /* Attributes of an installation that it takes: "istio_operator_spec". */
    const char *const *forms;
    /* What its functions look at besides; NULL: nothing. */
    const struct glm_object_kind *const *asks;
    /* That may make the same; NULL: none. Comes with makes and rival_why. */
    const struct glm_object_kind *const *rivals;
    const char *rival_why; /* why two must not: a sentence */
    const char *held;      /* said of objects that wait for finalizers; NULL: nothing */
    /* The label of Pods that parts revisions: a Service whose selector has it sends traffic to one of
     * them alone. NULL: there is none, and nobody is told of Services that select it. */
    const char *revision_label;
    /* Bytes per pair, zeroed, from the look to the end of an apply; no pointers in them. */
    size_t notes_size;
    /* It makes the objects of a spec itself, in the language of the Istio that they are of. Else Istio's
     * operator reads the spec, in its own. */
    bool renders;
    /* What differs is first written for show (glm_write.rehearse), in the look: what is refused there is
     * that cluster's error before anything is written in it. */
    bool rehearse;
    /* Of what it inherits, for plans: a sentence ("Nothing restarts at one Istio version."). Comes with
     * inherits. */
    const char *inherited;

    /* ---- pure: the same answer twice, at plan and at apply ---- */

    /* The entry that a cluster's pairs are written to. NULL: not configured, with an error. One
     * resource writes to one entry by one installer. Optional: its own. */
    const char *(*seat)(const struct glm_installer_call *call, const char *cluster,
                        struct glm_diags *d);
    /* Its own rules on pairs that mesh has read without error; warn: warnings too. Optional. */
    bool (*check)(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                  size_t count, bool warn, struct glm_diags *d);
    /* What the seat gets for its pairs, R and C of each known. No ref twice, but each pair has the
     * Namespaces that it needs. Each has a main object, its own or one of GLM_PAIR_ALL, unless that
     * is unknown. What is unknown of one pair leaves the others' objects known. Required. */
    bool (*render)(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d);
    /* Optional, together: bits of its own about the first main object of a pair (a plan keeps none); names of
     * Services that end when `was` becomes one with the bits `is`, one to a line, "": none.
     * ret_why: a sentence. */
    uint64_t (*traits)(const struct glm_installer_call *call, const struct glm_value *object);
    const char *(*loses)(const struct glm_installer_call *call, const struct glm_value *was,
                         uint64_t is, const char **ret_why);

    /* ---- pure: about objects as they were found ---- */

    /* What an object, whoever wrote it, makes: "gateway ns/name". Returns how many. Comes with
     * rivals. */
    size_t (*makes)(const struct glm_installer_call *call, const struct glm_value *object,
                    const char *const **ret);
    /* What else is to be read for a judgement, at most 256. Returns how many. Optional: nothing. */
    size_t (*targets)(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sight, const struct glm_object_ref **ret);
    /* The pair's state; not asked of files, nor of kinds that are not served. notes: NULL in a read
     * and a find. Fills all of *ret, whatever it is told. Required. */
    void (*judge)(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes, struct glm_installer_judgement *ret);
    /* live reduced to what owned has, in owned's spelling where both mean the same.
     * Optional: glm_project. */
    const struct glm_value *(*project)(const struct glm_installer_call *call,
                                       const struct glm_value *live, const struct glm_value *owned);
    /* Writes beside that of o over live. Returns how many, at most 8. Decided by what is there, so that it is
     * gone on with after a crash. Optional: none. */
    size_t (*steps)(const struct glm_installer_call *call, const struct glm_installer_object *o,
                    const struct glm_value *live, enum glm_installer_write why,
                    const struct glm_installer_step **ret);
    /* How a main object of a pair leaves that another installer makes now. Optional: a pair of its cannot
     * change hands. */
    void (*yields)(const struct glm_installer_call *call, const struct glm_value *live,
                   struct glm_installer_yield *ret);
    /* Whether an object is inherited, of a pair that another one has made. sight: own, as this one wants it;
     * looks at the other's main objects. Without call->predecessor: of a pair that was imported as nobody's,
     * whether an object that is none of its main ones came with it; looks at the main ones. Optional: it
     * takes no pair over. */
    enum glm_installer_heir (*inherits)(const struct glm_installer_call *call,
                                        const struct glm_installer_sight *sight,
                                        const struct glm_installer_look *found);
    /* Why an object that is nobody's is never taken over, not with adopt_existing either: a clause
     * ("Helm made it, ..."); NULL: it may be. Optional. */
    const char *(*refuses)(const struct glm_installer_call *call, const struct glm_value *object);
    /* Of a main object. Returns how many. Optional: no Services of others are looked for. */
    size_t (*pods)(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_installer_pods **ret);
    /* Optional, together, for an import of what carries no view. namesake: nobody's object is what
     * `name` would be called. recall: views (see glm_view_read) of what it was made of, one for
     * each of ret_clusters. traffic: a Service of it, or NULL. */
    bool (*namesake)(const struct glm_installer_call *call, const struct glm_value *object,
                     const char *name);
    size_t (*recall)(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_value *traffic, const char *const **ret_clusters,
                     const struct glm_value *const **ret_views);

    /* ---- may block, by call->cluster; never called for files ---- */

    /* Before the first write anywhere: can it be taken up? A verdict for each sight. What cannot be
     * found out is a warning, and no verdict. false: the seat is left as it is. Optional. */
    bool (*preflight)(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sights, size_t count, void *const *notes,
                      struct glm_installer_verdict *ret, struct glm_diags *d);
    /* What is not settled has held for hold_ms: is it the end? false: wait on. Optional: it is. */
    bool (*give_up)(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                    void *notes);
    /* Lines for the table of a wait in vain; held_ms: -1 unless it was given up. "": none.
     * Optional. */
    const char *(*explain)(const struct glm_installer_call *call,
                           const struct glm_installer_sight *sight,
                           const struct glm_installer_judgement *judgement, const void *notes,
                           int64_t held_ms);
};

/* ---- the rows of a process: a list ended by NULL, its first one the default ---- */

/* What a row lacks or contradicts itself in, an error each. Provider and tests call it once for a
 * list, before anything else looks at it. */
bool glm_installers_check(const struct glm_installer *const *all, struct glm_diags *d);
/* By name, NULL: the first. NULL: there is none of that name. */
const struct glm_installer *glm_installer_find(const struct glm_installer *const *all,
                                               const char *name);
/* "istio_operator", "direct" or "gloo", in quotation marks: for whoever has named another. */
const char *glm_installer_names(struct glm_arena *arena, const struct glm_installer *const *all);
/* For people: the kinds that an import looks for, "IstioOperator", or "Deployment or ConfigMap". */
const char *glm_installer_finds(struct glm_arena *arena, const struct glm_installer *const *all);
/* What an installer writes, as `kubectl get` takes it: "istiooperators,services". */
const char *glm_installer_plurals(struct glm_arena *arena, const struct glm_installer *installer);
/* What whoever installs by it does in a cluster: its own kinds, and what is looked at for every installer. Ended
 * by a kind NULL. */
const struct glm_object_right *glm_installer_rights(struct glm_arena *arena,
                                                    const struct glm_installer *installer);
/* A kind by its name ("ConfigMap"): of the rows, else of glm_object_kinds; NULL: of none. */
const struct glm_object_kind *glm_installer_kind_find(const struct glm_installer *const *all,
                                                      const char *kind);

#ifdef __cplusplus
}
#endif
#endif
