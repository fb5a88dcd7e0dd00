/* SPDX-License-Identifier: Apache-2.0
 *
 * What access.c is made of. A draft is filled by whatever the way in is (a context, a host, a
 * kubeconfig, a Pod), then by the attributes of the entry, and then becomes a struct access.
 */
#ifndef GLM_KUBE_ACCESS_PARTS_H
#define GLM_KUBE_ACCESS_PARTS_H

#include "internal.h"

/* ---- access_environment.c: the one look at the process's environment ---- */

struct access_surroundings {
    const char *home;                        /* $HOME; NULL where unset or empty, as the others */
    const char *kubeconfig;                  /* $KUBECONFIG */
    const char *service_host, *service_port; /* $KUBERNETES_SERVICE_HOST, ..._PORT */
    const char *service_account;             /* the directory that a Pod has its token in */
};

/* Borrows from the environment: nobody may change it meanwhile. */
void access_surroundings(struct access_surroundings *ret_around);

/* access_resolve with other surroundings than the process's. */
bool access_resolve_in(struct glm_arena *arena, const struct access_surroundings *around,
                       const struct glm_live_config *config, struct access *ret_access,
                       struct glm_diags *d);

/* ---- the draft ---- */

/* A PEM text, or none (text NULL), and what it is called in diagnostics. */
struct access_pem {
    const char *text, *label;
};

struct access_draft {
    struct glm_arena *arena;
    const struct access_surroundings *around;
    struct glm_diags *d;
    /* What the entry gives itself. The way in does not read its own then: whatever is wrong with
     * it (a file that is gone, a plugin that is too old) is of no interest. */
    bool own_trust, own_credentials, own_impersonation;

    const char *server, *server_label;
    struct access_pem ca, certificate, key;
    bool insecure;
    const char *server_name, *proxy;
    bool proxy_resolves; /* a socks5:// proxy is given names, not addresses */

    const char *token, *token_file, *username, *password;
    const struct exec_config *exec;
    const char *credential_label;           /* of the five above; NULL: none of them */
    const struct glm_value *cluster_config; /* for plugins: see exec_config; or NULL */

    /* who to act as */
    const char *user, *uid;
    const struct glm_value *groups, *extra; /* a list; a map of lists; or NULL */
    const char *impersonation_label;
};

/* ---- access_file.c ---- */

/* "~" and "~/..." by $HOME, relative paths by directory (NULL: the working one). */
bool access_path(struct access_draft *a, const char *path, const char *directory,
                 const char **ret_path);
/* False with an error, which does not repeat it, where path cannot be one. what: "`token_file`". */
bool access_check_path(struct glm_diags *d, const char *path, const char *what);
/* The whole file, at most max bytes. absent NULL: an error where there is none. */
bool access_file(struct access_draft *a, const char *path, size_t max, const char *what,
                 const char **ret_text, size_t *ret_len, bool *absent);
enum access_pem_kind { ACCESS_CERTIFICATE, ACCESS_KEY };
/* Whether the text can be what it is taken for. what: "`client_key`", for diagnostics. */
bool access_check_pem(struct glm_diags *d, enum access_pem_kind kind, const char *text, size_t len,
                      const char *what);

/* ---- access_kubeconfig.c ---- */

/* The context of that name in the files of config_paths, or else the usual ones. */
bool access_from_context(struct access_draft *a, const char *context,
                         const struct glm_value *config_paths);
/* The content of a kubeconfig. */
bool access_from_kubeconfig(struct access_draft *a, const char *text, size_t len);

/* ---- access_entry.c ---- */

/* First of all: sets what the entry gives itself. */
void access_own(struct access_draft *a, const struct glm_value *entry);
bool access_from_pod(struct access_draft *a);
/* The attributes of the entry beside the way in: each takes the place of what the way in has. */
bool access_from_entry(struct access_draft *a, const struct glm_value *entry);

/* ---- access_exec.c ---- */

/* `exec` of a kubeconfig's user; what: "user \"x\" in FILE". */
bool access_exec_of_user(struct access_draft *a, const struct glm_value *exec, const char *what,
                         const char *directory);
/* `exec` of the entry. */
bool access_exec_of_entry(struct access_draft *a, const struct glm_value *exec);

/* ---- access_headers.c ---- */

/* The Impersonate-... headers, ended by NULL. */
bool access_headers(struct access_draft *a, const char *const **ret_headers);
/* False with an error when text, part of a header, has a line break or a control character, which
 * would make another header of it. what: "`token`". The text itself is not in the diagnostic. */
bool access_check_line(struct glm_diags *d, const char *text, const char *what);

#endif
