/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this room share: a draft is filled by whatever the way in is (a context, a host, a
 * kubeconfig, a Pod), then by the attributes of the entry, and then becomes a struct access.
 */
#ifndef GLM_KUBE_ACCESS_INTERNAL_H
#define GLM_KUBE_ACCESS_INTERNAL_H

#include "access.h"

#include "glm/codec.h"
#include "glm/path.h"
#include "glm/text.h"

/* ---- surroundings.c: the one look at the process's environment ---- */

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
                       const struct glm_value *entry, const struct glm_value *config_paths,
                       struct access *ret_access, struct glm_diags *d);

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
bool access_kubeconfig_find(struct glm_arena *arena, const struct kubeconfig_source *sources,
                            size_t count, const char *context,
                            struct kubeconfig_context *ret_context, struct glm_diags *d);

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

/* ---- file.c ---- */

/* "~" and "~/..." by $HOME, relative paths by directory (NULL: the working one). */
bool access_path(struct access_draft *a, const char *path, const char *directory,
                 const char **ret_path);
/* False with an error, which does not repeat it, where path cannot be one. what: "`token_file`". */
bool access_check_path(struct glm_diags *d, const char *path, const char *what);

/* ---- context.c ---- */

/* The context of that name in the files of config_paths, or else the usual ones. */
bool access_from_context(struct access_draft *a, const char *context,
                         const struct glm_value *config_paths);
/* The content of a kubeconfig. */
bool access_from_kubeconfig(struct access_draft *a, const char *text, size_t len);

/* ---- entry.c ---- */

/* First of all: sets what the entry gives itself. */
void access_own(struct access_draft *a, const struct glm_value *entry);
bool access_from_pod(struct access_draft *a);
/* The attributes of the entry beside the way in: each takes the place of what the way in has. */
bool access_from_entry(struct access_draft *a, const struct glm_value *entry);

/* ---- plugin.c ---- */

/* `exec` of a kubeconfig's user; what: "user \"x\" in FILE". */
bool access_exec_of_user(struct access_draft *a, const struct glm_value *exec, const char *what,
                         const char *directory);
/* `exec` of the entry. */
bool access_exec_of_entry(struct access_draft *a, const struct glm_value *exec);

/* ---- headers.c ---- */

/* The Impersonate-... headers, ended by NULL. */
bool access_headers(struct access_draft *a, const char *const **ret_headers);
/* False with an error when text, part of a header, has a line break or a control character, which
 * would make another header of it, or is longer than KUBE_FILE_MAX. what: "`token`". The text itself is not in the diagnostic. */
bool access_check_line(struct glm_diags *d, const char *text, const char *what);

#endif
