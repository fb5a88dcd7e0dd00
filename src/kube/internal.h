/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the kube room share and nobody else sees: a cluster that is an API server.
 *
 *   kubeconfig.c  kubeconfig texts, merged as kubectl does: pure
 *   access.c      one cluster's way in: from its entry and kubeconfig files to a struct access
 *   credential.c  what goes into the Authorization header, renewed when it has to be
 *   exec_cache.c  what credential plugins have answered, shared by clusters with equal ones
 *   exec.c        credential plugins, run by argv; its parts are in exec_parts.h
 *   http.c        transfers, by libcurl: http_engine.h has the threads
 *   url.c         paths and queries of the API
 *   request.c     one request to an API server: credentials, retries, the answer as a value
 *   refusal.c     what went wrong, as a diagnostic that says what to do
 *   answer.c      whether an answer is about what was asked for
 *   store.c       lists, remembered and shared; what watches bring
 *   live.c        the functions of the cluster
 */
#ifndef GLM_KUBE_INTERNAL_H
#define GLM_KUBE_INTERNAL_H

#include "glm/cluster.h"
#include "glm/codec.h"

#include <pthread.h>

/* ---- ceilings ---- */

#define KUBE_ANSWER_MAX ((size_t)8 << 20) /* one answer: etcd's own limit of an object is 1.5 MiB */
#define KUBE_PAGE_MAX ((size_t)16 << 20)  /* one page of a list; it is decoded in one go */
#define KUBE_CONFIG_MAX ((size_t)4 << 20) /* one kubeconfig */
#define KUBE_FILE_MAX ((size_t)1 << 20)   /* a certificate, key or token file */
#define KUBE_EXEC_OUTPUT_MAX ((size_t)4 << 20)
#define KUBE_EXEC_TIMEOUT_MS INT64_C(60000)
#define KUBE_TOKEN_MAX ((size_t)1 << 20)
#define HTTP_WARNINGS_MAX 32               /* of one answer */
#define HTTP_WARNING_MAX ((size_t)1 << 10) /* of one of them; what is longer is cut */
#define KUBE_REDIRECTS 0 /* an API server does not redirect: followed, a credential could leak */

/* ---- http.c ---- */

/* How a server is reached: everything that decides which connections may be shared. Requests with
 * equal routes (by content) share connections. PEM texts, never files. Borrowed for the call. */
struct http_route {
    const char *ca;          /* PEM bundle; NULL: the system's. Of an https:// proxy: both */
    const char *certificate; /* client certificate chain, PEM; NULL: none */
    const char *key;         /* PEM */
    const char *server_name; /* for SNI and verification instead of the URL's host; NULL: that */
    const char *proxy;       /* URL; "": none, whatever the environment says; NULL: environment */
    bool insecure;           /* whoever the server is, and an https:// proxy */
};

struct http_request {
    const struct http_route *route;
    const char *method; /* "GET", "PATCH", "POST", "DELETE" */
    const char *url;
    const char *const *headers; /* "Name: value", ended by NULL */
    const char *body;           /* NULL: none */
    size_t body_len;
    int64_t timeout_ms; /* for the whole; of a stream: without a byte (0: no such limit) */
    size_t response_max;
    /* A stream: called in the caller's thread with every piece of a 2xx body as it comes; false
     * ends the transfer, as success. NULL: the body is gathered in the response. */
    bool (*piece)(void *context, const char *data, size_t len);
    void *context;
    const atomic_bool *cancel;  /* beside the engine's own stop flag; NULL: none */
    const atomic_llong *end_ms; /* by the monotonic clock, when it is to end; 0 in it, NULL: not */
    atomic_bool *begun; /* becomes true with the headers of a 2xx answer; NULL: nobody asks */
};

enum http_outcome {
    HTTP_ANSWERED, /* status is set, whatever it is */
    HTTP_STOPPED,  /* the provider stops, cancel became true, end_ms has come */
    HTTP_TIMEOUT,
    HTTP_NO_NAME,         /* DNS */
    HTTP_NO_CONNECT,      /* refused, unreachable */
    HTTP_NO_PROXY,        /* the proxy cannot be found or refuses */
    HTTP_UNTRUSTED,       /* the server's certificate: unknown authority, wrong name, expired */
    HTTP_UNTRUSTED_PROXY, /* the certificate of an https:// proxy, for the same reasons */
    HTTP_NO_TLS,          /* any other failure of TLS, our own certificate and key included */
    HTTP_BROKEN,          /* the connection ended or spoke no HTTP */
    HTTP_TOO_LARGE,
    HTTP_UNUSABLE, /* the request itself: URL, certificate or key that cannot be read */
};

struct http_response {
    enum http_outcome outcome;
    int status;
    bool sent; /* not ANSWERED: the server may have begun to act on it */
    const char *body;
    size_t len;
    int64_t retry_after_ms; /* from Retry-After in seconds or as a date; -1: none */
    const char *audit_id;   /* the Audit-Id header, or NULL */
    const char **warnings;  /* the texts of Warning headers with the code 299 */
    size_t warning_count;
    const char *why; /* not ANSWERED: a clause for people; never holds a credential */
};

/* Performs the request and waits for its end; many threads at once. The response lives in the
 * arena. (include/glm/cluster.h has glm_http_create and glm_http_destroy.) */
void http_perform(struct glm_http *http, struct glm_arena *arena,
                  const struct http_request *request, struct http_response *ret_response);

/* ---- kubeconfig.c: pure ---- */

/* A part of a kubeconfig and where it is from, so that relative paths and errors make sense. */
struct kubeconfig_source {
    const char *label;     /* "/root/.kube/config", "the attribute `kubeconfig`" */
    const char *directory; /* that relative paths in it are relative to; NULL: the working one */
    const char *text;      /* NULL: there is no such file */
    size_t len;
};

struct kubeconfig_context {
    const char *name;
    const struct glm_value *cluster, *user; /* the maps; user: null where the context names none */
    const char *cluster_directory, *user_directory;
    const char *cluster_label, *user_label; /* "cluster \"east\" in /root/.kube/config" */
};

/* Finds a context by name in sources merged as kubectl merges them: the first that has a name
 * wins. context NULL: current-context, or else the one and only, for a source that is given whole
 * as an attribute. Mistakes name the file, the line and the known contexts, never a value. */
bool kubeconfig_find(struct glm_arena *arena, const struct kubeconfig_source *sources, size_t count,
                     const char *context, struct kubeconfig_context *ret_context,
                     struct glm_diags *d);

/* ---- access.c ---- */

struct exec_config {
    const char *command; /* as given; directory: that a command with a "/" is relative to */
    const char *directory;
    const char *const *args;            /* ended by NULL */
    const struct glm_pair *environment; /* string values */
    size_t environment_count;
    const char *api_version;
    const char *install_hint; /* NULL: none */
    bool provide_cluster_info;
    const struct glm_value *cluster_config; /* the extension client.authentication.k8s.io/exec */
    int64_t timeout_ms;                     /* how long it may run; 0: KUBE_EXEC_TIMEOUT_MS */
};

/* One cluster's way in, resolved: immutable, in the arena of its cluster. */
struct access {
    struct aside *owner; /* of the arena that all of it is in; NULL: somebody else's */
    const char *server;  /* "https://host:port/path", without a "/" at the end */
    struct http_route route;
    const char *proxy;          /* as it was given, for plugins; the route's may differ in scheme */
    const char *const *headers; /* Impersonate-...; ended by NULL */
    int64_t timeout_ms;         /* of one request */
    /* at most one of these is how we say who we are, besides route.certificate */
    const char *token, *token_file;
    const char *username, *password;
    const struct exec_config *exec;
    const char *credential_label; /* "the exec plugin aws", "a token": for messages */
    const char *ca_label; /* "cluster_ca_certificate", "/etc/ca.pem", "the system's authorities" */
};

/* Reads the entry and whatever files it names. Every mistake at once; what is not supported is
 * refused by name. */
bool access_resolve(struct glm_arena *arena, const struct glm_live_config *config,
                    struct access *ret_access, struct glm_diags *d);

/* ---- credential.c, exec_cache.c, exec.c ---- */

/* What one request carries. Lives in the arena given. */
struct credential {
    const char *authorization;     /* "Bearer ...", "Basic ..."; NULL: none */
    const char *certificate, *key; /* from a plugin: instead of the route's; NULL: none */
    uint64_t generation;           /* from 1: tells a plugin's or a file's next one from this */
};

struct credentials; /* of one cluster: keeps what it has got; any thread */

/* Times that a call has to be done by (until_ms) are in milliseconds of the monotonic clock; 0: as
 * long as it takes. */

/* All borrowed. cache NULL: its plugin's answers are its own. */
struct credentials *credentials_create(const struct access *access, struct glm_exec_cache *cache,
                                       const atomic_bool *stop);
void credentials_destroy(struct credentials *credentials);
/* refused: the generation that a server answered 401 to, or 0: a newer one is got if that can be;
 * ret_credential has the same generation where it cannot. */
bool credentials_get(struct credentials *credentials, struct glm_arena *arena, uint64_t refused,
                     int64_t until_ms, struct credential *ret_credential, struct glm_diags *d);

/* For tests, in place of waiting: what it keeps counts as so much older. */
void credentials_age(struct credentials *credentials, int64_t milliseconds);
void exec_cache_age(struct glm_exec_cache *cache, int64_t milliseconds);

/* Clusters that have equal plugins (command, arguments, environment, cluster information, how long
 * it may take) share one answer, until 10 s before it expires or until it is refused, and one run.
 * A plugin that answers a refused credential again is not asked because of a refusal for a minute.
 * A run that ended for want of its caller's time is not the end for who has more. Otherwise as
 * credentials_get. */
bool exec_cache_get(struct glm_exec_cache *cache, const struct access *access,
                    const atomic_bool *stop, struct glm_arena *arena, uint64_t refused,
                    int64_t until_ms, struct credential *ret_credential, struct glm_diags *d);

/* Runs a plugin. ret_status: the `status` of the ExecCredential it printed, checked. Its stderr
 * becomes part of the diagnostic (last lines, limited); its output never. */
bool exec_run(struct glm_arena *arena, const struct access *access, const atomic_bool *stop,
              int64_t until_ms, const struct glm_value **ret_status, struct glm_diags *d);

/* ---- url.c: pure ---- */

/* "https://host/prefix/apis/install.istio.io/v1alpha1/namespaces/x/istiooperators/y?..."; every
 * part percent-encoded, any length. name NULL: the collection; namespace_ NULL: of the cluster. */
const char *url_of(struct glm_arena *arena, const char *server, enum glm_object_kind kind,
                   const char *namespace_, const char *name, const char *query);
/* Appends "key=value" to a query, percent-encoded, with "&" where it is not the first. */
void url_query(struct glm_text *query, const char *key, const char *value);

/* ---- request.c ---- */

struct kube_api; /* access, credentials, engine of one cluster: resolved at the first request */

struct kube_request {
    const char *method;
    enum glm_object_kind kind;
    const char *namespace_, *name; /* see url_of */
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
    bool repeated;    /* an earlier attempt, without an answer, may have been carried out too */
    bool late;        /* there is none because the caller's time (until_ms) was over */
    unsigned tries;   /* how often the server was asked */
    int last_status;  /* of what it answered last, also where that was not waited out; 0: nothing */
    int64_t known_ms; /* it was not asked: another request had found that so long ago; 0: it was */
};

/* Performs with credentials, a timeout and retries: 429 and 503 (Retry-After), lost connections
 * where it is safe, a new credential once after 401. Jittered backoff; ends within a second of a
 * stop. false with a diagnostic when there is no answer, or one that no caller can make use of:
 * 401, 5xx, TLS, DNS, timeouts. 2xx, 403, 404, 409, 410, 422 and other 4xx are answers. */
bool kube_perform(struct kube_api *api, struct glm_arena *arena, const struct kube_request *request,
                  struct kube_answer *ret_answer, struct glm_diags *d);

/* ---- refusal.c: pure ---- */

/* One error for an answer that is not the one hoped for. 403 comes with the Role or ClusterRole
 * that would allow it; 422 with every cause. Returns false. */
bool refusal_error(struct glm_diags *d, const struct access *access,
                   const struct kube_request *request, const struct kube_answer *answer);
/* "read IstioOperator a/b", "list Services": what a request is for, in diagnostics. */
const char *refusal_doing(struct glm_arena *arena, const struct kube_request *request);
/* True when a 404 is about this very object, so that the API itself is served. */
bool refusal_is_absence(const struct kube_request *request, const struct kube_answer *answer);
/* True when a 404 says that the kind is not served at all. */
bool refusal_is_no_api(const struct kube_answer *answer);
/* A server's text on one line, cut where it is long. */
const char *refusal_quote(struct glm_arena *arena, const char *text);

/* ---- answer.c: pure ---- */

/* True when an answer is the object of this reference and, where it is known, this UID (or NULL). */
bool answer_is(const struct glm_value *object, const struct glm_object_ref *ref, const char *uid);
/* True when the answer to a removal, a Status, says that this object is gone. */
bool answer_is_removal(const struct glm_value *status, const struct glm_object_ref *ref,
                       const char *uid);
/* An item of a list or an event with the apiVersion and kind that it may lack; NULL when it is no
 * object of this kind with a name, in this namespace (NULL: in any). */
const struct glm_value *answer_item(struct glm_arena *arena, const struct glm_value *object,
                                    enum glm_object_kind kind, const char *namespace_);
/* The error of an answer that is not the object asked for. Returns false. */
bool answer_error(struct glm_diags *d, const struct access *access,
                  const struct kube_request *request, const struct glm_value *object,
                  const char *uid);
/* The error of one that is no list of the kind. Returns false. */
bool answer_no_list(struct glm_diags *d, const struct access *access,
                    const struct kube_request *request);

/* ---- clock.c ---- */

/* A condition that is waited for by glm_clock_ms, and the wait for it. */
void kube_cond_init(pthread_cond_t *cond);
void kube_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms);

#endif
