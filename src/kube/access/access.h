/* SPDX-License-Identifier: Apache-2.0
 *
 * One cluster's way in: from its entry, and the kubeconfig files and certificates that it names, to a
 * struct access.
 *
 * Owner:  everything lives in the arena given; nothing is borrowed from the configuration.
 * Errors: every mistake at once, without a path, since the caller knows the cluster; never with a
 *         secret. What is not supported is refused by name.
 * Thread: no shared state; the environment is read and must not be written meanwhile. Files are
 *         read, those that may hang in processes (src/away) that are waited for as long as it takes:
 *         whoever calls does it aside.
 *
 *   access.c        the way in fills a draft, the entry's other attributes take the place of what is
 *                   in it, and what has come of it is checked
 *   context.c       a way in through a context of kubeconfigs
 *   kubeconfig.c    kubeconfig texts, merged as kubectl does: pure
 *   entry.c         the entry's own attributes, and the way in of a Pod
 *   plugin.c        `exec`, of an entry or a kubeconfig
 *   headers.c       who to act as
 *   file.c          files: found, read whole, looked at
 *   surroundings.c  the one look at the process's environment
 */
#ifndef GLM_KUBE_ACCESS_H
#define GLM_KUBE_ACCESS_H

#include "../http/http.h"

#include "glm/diag.h"
#include "glm/value.h"

#define KUBE_CONFIG_MAX ((size_t)4 << 20) /* one kubeconfig */
#define KUBE_FILE_MAX ((size_t)1 << 20)   /* a certificate, key or token, in a file or not */

struct aside;

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
    int64_t timeout_ms;                     /* how long it may run; 0: as long as any */
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

/* entry: of `clusters`, wholly known. config_paths: the provider's, a list of strings, or null. */
bool access_resolve(struct glm_arena *arena, const struct glm_value *entry,
                    const struct glm_value *config_paths, struct access *ret_access,
                    struct glm_diags *d);

/* What is at the path is on a file system that may hang: see ../../away/away.h. */
bool access_may_hang(const char *path);
/* A regular file, whole, at most max bytes; what: it, for people. absent NULL: an error where there
 * is none. */
bool access_file(struct glm_arena *arena, const char *path, size_t max, const char *what,
                 const char **ret_text, size_t *ret_len, bool *absent, struct glm_diags *d);

enum access_pem_kind { ACCESS_CERTIFICATE, ACCESS_KEY };
/* Whether the text can be what it is taken for. what: "`client_key`", for diagnostics. */
bool access_check_pem(struct glm_diags *d, enum access_pem_kind kind, const char *text, size_t len,
                      const char *what);

#endif
