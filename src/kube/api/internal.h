/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this room share: api.h has what each is for.
 */
#ifndef GLM_KUBE_API_INTERNAL_H
#define GLM_KUBE_API_INTERNAL_H

#include "../wait/wait.h"
#include "api.h"

/* ---- api.c ---- */

struct kube_api {
    struct glm_arena *arena;
    struct kube_config config;
    const char *user_agent; /* the header */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock */
    struct aside *way; /* the way in, being found or found; NULL: not asked for yet */
    bool resolved;
    unsigned running;      /* requests, watches not counted */
    bool reading;          /* a large answer is being read, or waits for its turn */
    int64_t answered_ms;   /* when the server last answered anybody; 0: never */
    int64_t down_since_ms; /* 0: it is not */
    enum http_outcome down_outcome;
    struct glm_arena *down_arena; /* of the clause that says why */
    const char *down_why;
    struct kube_learned *learned; /* of what was last sent; NULL: nothing was yet */

    /* once resolved, constant */
    struct access access; /* in the arena of `way` */
    struct credentials *credentials;
};

/* Finds the way in, once for all. ret_late: false because the caller's time was over. */
bool api_resolve(struct kube_api *api, const struct kube_request *request, bool *ret_late,
                 struct glm_diags *d);
/* A server that sends back what it was sent must not bring a credential into a message. */
void api_learn(struct kube_api *api, const struct credential *credential);
/* What of that has to be looked for, until it is forgotten again. *ret_secrets NULL: nothing was sent yet. */
struct kube_learned *api_learned(struct kube_api *api, const struct secrets **ret_secrets);
void api_forget(struct kube_api *api, struct kube_learned *learned);

/* What is known of a server that nobody can reach. */
struct kube_reach {
    bool down;        /* it was just waited for in vain */
    bool silent;      /* and said nothing: there is no use in asking it again so soon */
    const char *why;  /* silent: the clause, in the arena given */
    int64_t known_ms; /* silent: how long ago that was found, at least 1 */
};
void api_reach(struct kube_api *api, struct glm_arena *arena, struct kube_reach *ret_reach);
/* Down is what cannot be reached, or has answered nobody for as long as a request lasts. began_ms: of
 * the request that this came of. */
void api_reached(struct kube_api *api, const struct http_response *http, bool stream,
                 int64_t began_ms);

/* ---- unanswered.c: pure ---- */

/* What to do about it, as a sentence. access: may be NULL. */
const char *api_refusal_remedy(struct glm_arena *arena, const struct access *access,
                               enum http_outcome outcome);
/* What the server did, as the end of a clause: "cannot be reached". */
const char *api_refusal_failing(const struct http_response *http);

/* ---- role.c: pure ---- */

/* It is a refusal by the authorizer, which names a user and what he may not do. */
bool api_refusal_is_of_rights(const char *message);
/* "kind: ClusterRole ..." as YAML that allows what is done (rights NULL: with all of glm_object_kinds), and
 * the command that binds it. message: the API server's, which names the user; kind: that the request was about. */
const char *api_refusal_rule(struct glm_arena *arena, const char *message,
                             const struct glm_object_right *rights,
                             const struct glm_object_kind *kind);
/* The same for what a refused impersonation lacks. status: what the API server answered. */
const char *api_refusal_impersonation(struct glm_arena *arena, const char *message,
                                      const struct glm_value *status);

#endif
