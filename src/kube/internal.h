/* SPDX-License-Identifier: Apache-2.0
 *
 * A cluster that is an API server: what the files of the roof share and nobody else sees. Below it
 * are rooms, each with a header of its name that says what it gives; each stands on those before it:
 *
 *   wait/    waiting, with limits and stops; work that may hang
 *   http/    one HTTP request to its end, many at once
 *   access/  one cluster's way in, from its entry and kubeconfig files
 *   exec/    credentials, got anew when they have to be, and hidden where somebody repeats them
 *   api/     one request about objects: retries, answers as values, refusals in words
 *   store/   lists, remembered and shared; what watches bring
 *
 *   live.c           the cluster: which it is, its table of functions
 *   live_look.c      those that look
 *   live_write.c     those that write
 *   live_remove.c    those that remove
 *   live_warning.c   what the API server warns of
 *   live_conflict.c  which fields of an apply belong to others: pure
 */
#ifndef GLM_KUBE_INTERNAL_H
#define GLM_KUBE_INTERNAL_H

#include "store/store.h"
#include "wait/wait.h"

/* ---- live_warning.c ---- */

/* What one API server has warned of; any thread. */
struct live_warnings;

struct live_warnings *live_warnings_create(void);
void live_warnings_destroy(struct live_warnings *warnings);
/* A diagnostic for every warning of the answer that was not told yet. doing: "write Service a/b". */
void live_warnings_tell(struct live_warnings *warnings, const char *cluster, const char *doing,
                        const struct http_response *response, struct glm_diags *d);

/* ---- live.c ---- */

struct live {
    struct glm_cluster cluster;
    struct glm_arena
        *arena; /* holds this struct and its identity; nothing else is taken of it later */
    const struct glm_value *entry; /* of `clusters` */
    struct kube_api *api;
    struct store *store;
    struct live_warnings *warnings;
    int64_t until_ms;    /* of every request, by glm_clock_ms; 0: none */
    struct live *parent; /* that this is a view of, with less time; NULL: it is none */

    /* not of a view */
    pthread_mutex_t identity_lock;
    pthread_cond_t identity_changed;
    bool identifying;
    const char *identity; /* the UID of kube-system; NULL: not asked yet */
};

/* Those of whatever was answered: a refusal may have warned too. */
void live_tell_warnings(struct live *live, const struct kube_request *request,
                        const struct kube_answer *answer, struct glm_diags *d);

/* ---- live_look.c ---- */

/* A field of metadata; of no object (NULL) the null value. */
const struct glm_value *live_metadata(const struct glm_value *object, const char *key);
/* "API server https://...", for people: see ops->label. */
const char *live_label(const struct glm_cluster *cluster, struct glm_arena *arena);
bool live_read(struct glm_cluster *cluster, struct glm_arena *arena,
               const struct glm_object_ref *ref, struct glm_read *ret_read, struct glm_diags *d);
bool live_list(struct glm_cluster *cluster, struct glm_arena *arena,
               const struct glm_object_kind *kind, const struct glm_selection *selection,
               struct glm_read *ret_read, struct glm_diags *d);
/* One GET. What is found lives as long as the arena. */
bool live_get(struct live *live, struct glm_arena *arena, const struct glm_object_ref *ref,
              struct glm_read *ret_read, struct glm_diags *d);

/* ---- live_write.c ---- */

bool live_write(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                enum glm_written *ret_written, struct glm_diags *d);

/* ---- live_remove.c ---- */

bool live_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, const struct glm_value *seen, bool *ret_gone,
                 struct glm_diags *d);
/* Changes one field of the metadata of this very version of an object, and nothing else. *ret_object: as it is
 * then, NULL: it is gone. STALE: it is not as it was seen. */
bool live_patch_metadata(struct live *live, struct glm_arena *arena,
                         const struct glm_object_ref *ref, const struct glm_value *seen,
                         const char *key, const struct glm_value *value,
                         const struct glm_value **ret_object, enum glm_written *ret_written,
                         struct glm_diags *d);
bool live_let_go(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, const struct glm_value *seen,
                 const char *finalizer, enum glm_written *ret_written, bool *ret_gone,
                 struct glm_diags *d);

/* ---- live_conflict.c ---- */

/* The fields of a 409 that other field managers own. Returns how many; 0: it is about something
 * else. Pure. */
size_t live_conflicts(struct glm_arena *arena, const struct glm_value *status,
                      const struct glm_conflict **ret_conflicts);

/* ---- live_double.c ---- */

/* An element of a list of others that stands where ours is to be, as managedFields have it. */
struct live_double {
    const char *const *steps; /* "f:spec", "f:ports", "k:{...}" */
    size_t depth;
};
/* What a refused apply of w, over w->seen, has met. Returns how many. Pure. */
size_t live_doubles(struct glm_arena *arena, const struct glm_value *status,
                    const struct glm_write *w, const struct live_double **ret_doubles);
/* Whose they are. manager: ours, which is not among them. Returns how many. Pure. */
size_t live_double_conflicts(struct glm_arena *arena, const struct glm_write *w,
                             const struct live_double *doubles, size_t count, const char *manager,
                             const struct glm_conflict **ret_conflicts);
/* Makes them the manager's, so that they go with its next apply; see live_patch_metadata. */
bool live_take_doubles(struct live *live, struct glm_arena *arena, const struct glm_object_ref *ref,
                       const struct glm_write *w, const struct live_double *doubles, size_t count,
                       const char *manager, const struct glm_value **ret_object,
                       enum glm_written *ret_written, struct glm_diags *d);

#endif
