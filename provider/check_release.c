/* SPDX-License-Identifier: Apache-2.0
 *
 * What the schema has and this release has not: two of the installers. They are refused here and
 * nowhere else, so that this file is what goes away when they arrive.
 *
 * Errors: one per attribute, by name. Decommissioned clusters are never reached and pass.
 */
#include "check_release.h"

static bool check_installer(const struct glm_value *holder, const struct glm_path *at,
                            struct glm_diags *d)
{
    const struct glm_value *installer = glm_get(holder, "installer");
    if (!glm_string_is(installer, "direct") && !glm_string_is(installer, "gloo"))
        return true;
    return glm_error(d, GLM_AT_ATTR(at, "installer"), "Not in this release",
                     "`installer` = \"%s\" is not in this release yet. Remove it: gateways are "
                     "installed by the Istio operator in the cluster (\"istio_operator\", the "
                     "default), and a cluster with a `directory` needs no installer.",
                     installer->as.text);
}

static bool check_cluster(const struct glm_value *cluster, const struct glm_path *at,
                          struct glm_diags *d)
{
    const struct glm_value *gone = glm_get(cluster, "decommissioned");
    if (glm_is_true(gone) || glm_is_unknown(gone))
        return true;
    return check_installer(cluster, at, d);
}

bool glm_check_release(const struct glm_value *config, struct glm_diags *d)
{
    const struct glm_value *clusters = glm_get(config, "clusters");
    bool ok = check_installer(config, NULL, d);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++) {
        const struct glm_pair *pair = &clusters->as.map[i];
        ok &= check_cluster(pair->value, GLM_AT_KEY(GLM_AT_ATTR(NULL, "clusters"), pair->key), d);
    }
    return ok;
}
