/* SPDX-License-Identifier: Apache-2.0
 *
 * Upgrade: which changes of an installation may be made in place, and which need a new revision
 * beside the old one.
 *
 * What:   pure. Configurations are compared, the last applied with the planned one, never live
 *         objects: a change by hand in a cluster is drift, and no upgrade.
 * Owner:  results live in the arena given.
 * Errors: every refusal at once, each at its installation, with the steps of a canary upgrade.
 * Source: the GatewayLifecycleManager API reference: in place, the patch version of a tag may be
 *         raised and configuration may change; the Kubernetes API: the selector of a Deployment,
 *         made of the gateway's labels, is immutable.
 */
#ifndef GLM_UPGRADE_H
#define GLM_UPGRADE_H

#include "glm/mesh.h"
#include "glm/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- changes in place ---- */

/* What a cluster has of an installation, found by its revision, whatever its map key was. */
struct glm_upgrade {
    const char *cluster;
    const struct glm_installation *before; /* as it was last applied */
    const char *auto_tag; /* before took its revision from `auto`: the tag that came with it, "" for
                             none, NULL when that is not known */
    bool unsettled;   /* its last apply failed: it may go back to what it was, whatever that is */
    bool was_healthy; /* it has been healthy before; otherwise there is no traffic to lose */
};

/* after: one installation of the planned manager, in the clusters of `changes`. Checks nothing
 * when after's skip_upgrade_validation is true or not known, or a spec is not known. */
bool glm_upgrade_check(struct glm_arena *arena, const struct glm_manager *manager,
                       const struct glm_installation *after, const struct glm_mesh_config *config,
                       const struct glm_upgrade *changes, size_t count, struct glm_diags *d);

#ifdef __cplusplus
}
#endif
#endif
