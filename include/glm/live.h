/* SPDX-License-Identifier: Apache-2.0
 *
 * Live: a cluster that is an API server.
 *
 * What:   the constructor; all else is cluster.h's.
 * Owner:  the configuration is copied, but for rights, stop, http and exec_cache, which have to live as
 *         long as the cluster.
 * Errors: none here: what is wrong shows when the cluster is first used.
 * Thread: any.
 */
#ifndef GLM_LIVE_H
#define GLM_LIVE_H

#include "glm/cluster.h"
#include "glm/exec_cache.h"
#include "glm/http.h"

#ifdef __cplusplus
extern "C" {
#endif

struct glm_live_config {
    const char *name;              /* the key in the provider's `clusters` */
    const struct glm_value *entry; /* the entry, wholly known: its attributes are those of the
                                      schema: context, host, kubeconfig, in_cluster, token, ... */
    const struct glm_value *config_paths; /* the provider's: a list of strings, or null */
    /* What is done there, for the rights that a refusal says are needed; NULL: glm_object_kinds */
    const struct glm_object_right *rights;
    const char *field_manager;
    const char *user_agent; /* "terraform-provider-glm/0.1.0 terraform/1.11.4" */
    const atomic_bool *stop;
    struct glm_http *http;
    struct glm_exec_cache *exec_cache; /* NULL: this cluster shares with nobody */
};

/* config: copied, but for rights, stop, http and exec_cache. Never fails and reaches nothing: files are
 * read, programs are run and servers are asked when the cluster is first used, and what is wrong shows
 * then. */
struct glm_cluster *glm_live_create(const struct glm_live_config *config);

/* A ClusterRole that allows what is done, as YAML. */
const char *glm_live_role(struct glm_arena *arena, const struct glm_object_right *rights);

#ifdef __cplusplus
}
#endif
#endif
