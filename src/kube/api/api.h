/* SPDX-License-Identifier: Apache-2.0
 *
 * One cluster's API server, asked: requests about objects, with credentials, timeouts and retries,
 * answers as values, and refusals as diagnostics that say what to do.
 *
 * Owner:  an api has an arena of its own; an answer lives in the arena given.
 * Errors: one diagnostic. Nothing of a credential gets into one, nor of an answer that is no
 *         Kubernetes Status; what a server says is cleaned and cut.
 * Thread: any number of requests at once.
 *
 *   api.c      the api: its way in, its credentials, whether it can be reached
 *   request.c  one request to its end: how often it is tried, what was answered
 *   read.c     what was answered as values, large answers one after another
 *   url.c      paths and queries: pure
 *   answer.c   whether an answer is about what was asked for: pure
 *   refusal.c  what went wrong, in words; unanswered.c: where there was no answer; role.c: the
 *              ClusterRole that would have helped: pure
 */
#ifndef GLM_KUBE_API_H
#define GLM_KUBE_API_H

#include "../exec/exec.h"

#include "glm/object.h"
#include "glm/text.h"

#define KUBE_ANSWER_MAX ((size_t)8 << 20) /* one answer: etcd's own limit of an object is 1.5 MiB */
#define KUBE_PAGE_MAX ((size_t)16 << 20)  /* one page of a list; it is decoded in one go */
#define KUBE_VALUES_MAX ((size_t)1 << 19) /* of a page */
/* Of one object: as many as 1 MiB holds, were every value no longer than three bytes. What is looked at
 * of all clusters before the first write is in memory together. */
#define KUBE_OBJECT_VALUES_MAX ((size_t)1 << 18)

/* ---- api.c ---- */

struct kube_api; /* access, credentials, engine of one cluster: resolved at the first request */

struct kube_config {
    const struct glm_value *entry, *config_paths; /* see access_resolve */
    const struct glm_object_right *rights;        /* borrowed, see glm_live_config */
    const char *user_agent;
    const atomic_bool *stop;
    struct glm_http *http;
    struct glm_exec_cache *exec_cache; /* NULL: its plugin's answers are its own */
};

/* A ClusterRole that allows what is done, as YAML. Pure. */
const char *api_role(struct glm_arena *arena, const struct glm_object_right *rights);

/* config: copied, but for rights, stop, http and exec_cache, which outlive it. Resolves its way in at
 * the first request, and again at the next one as long as that fails. */
struct kube_api *api_create(const struct kube_config *config);
void api_destroy(struct kube_api *api);
/* What was given. */
const struct glm_value *api_entry(const struct kube_api *api);
/* NULL before the first request. */
const struct access *api_access(struct kube_api *api);
bool api_stopped(const struct kube_api *api);
struct glm_http *api_http(const struct kube_api *api);

/* ---- read.c ---- */

/* JSON that a server has sent. */
struct kube_text {
    const char *data;
    size_t len;
    const char *what; /* for diagnostics */
    const atomic_bool *cancel;
    int64_t until_ms; /* by glm_clock_ms; 0: never */
    bool page; /* of a list: it has KUBE_VALUES_MAX, everything else KUBE_OBJECT_VALUES_MAX */
};

enum kube_read {
    KUBE_READ,
    KUBE_READ_NOT,   /* it cannot be: a diagnostic says why */
    KUBE_READ_ENDED, /* the provider stops, cancel became true, the time is over: there is none */
};

/* Decodes it, with stars for the credentials that the server was sent (exec_secrets_starred_answer). A large
 * one waits until there is memory for it beside others. api NULL: of nobody, in tests. */
enum kube_read api_read(struct kube_api *api, struct glm_arena *arena, const struct kube_text *text,
                        const struct glm_value **ret_value, struct glm_diags *d);

/* ---- request.c ---- */

struct kube_request {
    const char *method;
    const struct glm_object_kind *kind;
    const char *namespace_, *name; /* see api_url_of */
    const char *query;             /* "" or NULL: none */
    const char *content_type;      /* of the body */
    const char *body;
    size_t body_len;
    bool safe_to_repeat; /* after the connection broke with the request sent: GET, apply, DELETE */
    int64_t until_ms;    /* when all of it has to be over, by glm_clock_ms; 0: never */
    size_t answer_max;   /* bytes, unpacked; 0: KUBE_ANSWER_MAX */
    /* a watch */
    bool (*piece)(void *context, const char *data, size_t len);
    void *context;
    const atomic_bool *cancel;
    const atomic_llong *end_ms; /* see http_request */
    atomic_bool *begun;         /* see http_request */
};

struct kube_answer {
    int status;                     /* 0: there was none */
    const struct glm_value *object; /* the decoded body; the null value when it was no JSON */
    struct http_response http;      /* its body: only the beginning of one that was no JSON */
    bool repeated;   /* an earlier attempt, without an answer, may have been carried out too */
    bool late;       /* there is none because the caller's time (until_ms) was over */
    size_t unread;   /* it had so many bytes, and was not read to its end in time; 0: otherwise */
    unsigned tries;  /* how often the server was asked */
    int last_status; /* of what it answered last, also where that was not waited out; 0: nothing */
    const struct glm_object_right *rights; /* of the configuration */
    int64_t known_ms; /* it was not asked: another request had found that so long ago; 0: it was */
};

/* Performs with credentials, a timeout and retries: 429 and 503 (Retry-After), lost connections
 * where it is safe, a new credential once after 401. Jittered backoff; ends within a second of a
 * stop. false with a diagnostic when there is no answer, or one that no caller can make use of:
 * 401, 5xx, TLS, DNS, timeouts. 2xx, 403, 404, 409, 410, 422 and other 4xx are answers. */
bool api_perform(struct kube_api *api, struct glm_arena *arena, const struct kube_request *request,
                 struct kube_answer *ret_answer, struct glm_diags *d);

/* ---- url.c: pure ---- */

/* "https://host/prefix/apis/apps/v1/namespaces/x/deployments/y?..."; every
 * part percent-encoded, any length. name NULL: the collection; namespace_ NULL: of the cluster. */
const char *api_url_of(struct glm_arena *arena, const char *server,
                       const struct glm_object_kind *kind, const char *namespace_, const char *name,
                       const char *query);
/* Appends "key=value" to a query, percent-encoded, with "&" where it is not the first. */
void api_url_query(struct glm_text *query, const char *key, const char *value);
/* "apps"; "" for the core group */
const char *api_url_group(struct glm_arena *arena, const struct glm_object_kind *kind);

/* ---- refusal.c: pure ---- */

/* One error for an answer that is not the one hoped for. 403 comes with the Role or ClusterRole
 * that would allow it; 422 with every cause. Returns false. */
bool api_refusal_error(struct glm_diags *d, const struct access *access,
                       const struct kube_request *request, const struct kube_answer *answer);
/* "read Service a/b", "list Services": what a request is for, in diagnostics. */
const char *api_refusal_doing(struct glm_arena *arena, const struct kube_request *request);
/* True when a 404 is about this very object, so that the API itself is served. */
bool api_refusal_is_absence(const struct kube_request *request, const struct kube_answer *answer);
/* True when a 404 says that the kind is not served at all. */
bool api_refusal_is_no_api(const struct kube_answer *answer);
/* A user may not give to others what the message names, because he has not that himself. */
bool api_refusal_is_of_granting(const char *message);
/* A server's text on one line, cut where it is long. */
const char *api_refusal_quote(struct glm_arena *arena, const char *text);

/* ---- answer.c: pure ---- */

/* True when an answer is the object of this reference and, where it is known, this UID (or NULL). */
bool api_answer_is(const struct glm_value *object, const struct glm_object_ref *ref,
                   const char *uid);
/* True when the answer to a removal, a Status, says that this object is gone. */
bool api_answer_is_removal(const struct glm_value *status, const struct glm_object_ref *ref,
                           const char *uid);
/* An item of a list or an event with the apiVersion and kind that it may lack; NULL when it is no
 * object of this kind with a name, in this namespace (NULL: in any), or one that no API server has. */
const struct glm_value *api_answer_item(struct glm_arena *arena, const struct glm_value *object,
                                        const struct glm_object_kind *kind, const char *namespace_);
/* The resourceVersion of an object or a list; "": it has none that an API server could have given. */
const char *api_answer_version(const struct glm_value *value);
/* The error of an answer that is not the object asked for. Returns false. */
bool api_answer_error(struct glm_diags *d, const struct access *access,
                      const struct kube_request *request, const struct glm_value *object,
                      const char *uid);
/* The error of one that is no list of the kind. Returns false. */
bool api_answer_no_list(struct glm_diags *d, const struct access *access,
                        const struct kube_request *request);

#endif
