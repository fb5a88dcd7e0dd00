/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about the way in share.
 *
 *   access.c         from the entry to a struct access
 *   access_file.c    files, paths and the environment
 *   access_server.c  the address, the authorities, the proxy
 *   access_user.c    who we are
 *   access_exec.c    the settings of a credential plugin
 *   access_headers.c impersonation, and texts that may go into a header
 *   access_pem.c     PEM texts: pure
 */
#ifndef GLM_KUBE_ACCESS_PARTS_H
#define GLM_KUBE_ACCESS_PARTS_H

#include "internal.h"

/* A map of settings under the names that a kubeconfig or the provider's schema has for them. */
struct settings {
    const struct glm_value *map;
    const char *label;     /* "user \"x\" in /root/.kube/config"; NULL: the provider's entry */
    const char *directory; /* of relative paths; NULL: the working one */
};

struct resolver {
    struct glm_arena *arena;
    const struct glm_live_config *config;
    const char *const *environment;
    struct glm_diags *d;
};

/* ---- access_file.c ---- */

/* NULL where the variable is not set, or set to nothing. */
const char *access_variable(const char *const *environment, const char *name);
/* "~" and "~/x" by HOME, relative ones by directory (NULL: left alone). */
const char *access_path(struct resolver *r, const char *path, const char *directory);
/* The directory that a file is in: "/root/.kube" of "/root/.kube/config"; NULL: the working one. */
const char *access_directory(struct glm_arena *arena, const char *path);
/* A whole file of at most limit bytes, with a NUL behind it. 0, or errno with a clause. Never waits
 * for what is no regular file. */
int access_read(struct glm_arena *arena, const char *path, size_t limit, const char **ret_text,
                size_t *ret_len, const char **ret_why);

/* Settings. All say what is wrong and answer false. A setting that is absent gives NULL. */

/* "`tls-server-name` of cluster \"x\" in /root/.kube/config", "`token`" */
const char *access_name(struct resolver *r, const struct settings *from, const char *key);
/* A text without NUL bytes. */
bool access_text(struct resolver *r, const struct settings *from, const char *key,
                 const char **ret_text);
bool access_flag(struct resolver *r, const struct settings *from, const char *key, bool *ret_flag);
/* A PEM text from `data_key` (base64) or else the file named by `file_key`; ret_label says which,
 * both NULL for none. */
bool access_material(struct resolver *r, const struct settings *from, const char *data_key,
                     const char *file_key, const char **ret_pem, const char **ret_label);

/* ---- access_pem.c ---- */

enum pem_use { PEM_AUTHORITIES, PEM_CERTIFICATE, PEM_KEY };
/* NULL when text is fit for the use, or a clause that says what is wrong with it. */
const char *access_pem_problem(enum pem_use use, const char *text);

/* ---- access_headers.c ---- */

/* NULL when text can go into a header as it is, or a clause. */
const char *access_header_problem(const char *text, size_t len);
/* Impersonate-... of a user; the keys are those of a kubeconfig ("as") or of the schema ("user"). */
bool access_impersonate(struct resolver *r, const struct settings *from, bool kubeconfig,
                        const char *const **ret_headers);

/* ---- access_server.c ---- */

/* An address without the user and password that may be in it. */
const char *access_address_shown(struct glm_arena *arena, const char *url);
/* given: the settings of a kubeconfig's cluster, its map empty where there is none; own: the entry. */
bool access_server(struct resolver *r, const struct settings *given, const struct settings *own,
                   struct access *access);

/* ---- access_user.c ---- */

/* given: the settings of a kubeconfig's user, map null where the context names none; cluster: those
 * of its cluster; own: the entry, whose credentials replace all of those. */
bool access_user(struct resolver *r, const struct settings *given, const struct settings *cluster,
                 const struct settings *own, struct access *access);

/* ---- access_exec.c ---- */

/* kubeconfig: an `exec` of a kubeconfig, or else of the entry. label: of what it is in, or NULL. */
bool access_exec(struct resolver *r, const struct settings *from, const struct settings *cluster,
                 bool kubeconfig, const struct exec_config **ret_exec);

/* ---- access.c ---- */

/* Where a Pod has the files of its service account. */
#define ACCESS_SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount"
/* access_resolve with the service account's files elsewhere. */
bool access_resolve_at(struct glm_arena *arena, const struct glm_live_config *config,
                       const char *service_account, struct access *ret_access, struct glm_diags *d);

#endif
