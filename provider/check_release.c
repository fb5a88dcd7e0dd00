/* SPDX-License-Identifier: Apache-2.0
 *
 * What the schema has and this release has not: clusters with an API server, and the installers
 * that need one. All of it is refused here and nowhere else, so that this file is what goes away
 * when they arrive.
 *
 * Errors: one per attribute, by name. Decommissioned clusters are never reached and pass.
 */
#include "check_release.h"

static const char *const server_ways[] = {"context", "host", "kubeconfig", "in_cluster"};

static bool check_installer(const struct glm_value *holder, const struct glm_path *at,
                            struct glm_diags *d)
{
    const struct glm_value *installer = glm_get(holder, "installer");
    if (!glm_string_is(installer, "direct") && !glm_string_is(installer, "gloo"))
        return true;
    return glm_error(d, GLM_AT_ATTR(at, "installer"), "Not in this release",
                     "`installer` = \"%s\" is not in this release yet. Remove it: clusters with a "
                     "`directory` need no installer.",
                     installer->as.text);
}

static bool check_cluster(const struct glm_value *cluster, const struct glm_path *at,
                          struct glm_diags *d)
{
    bool ok = true;
    const struct glm_value *gone = glm_get(cluster, "decommissioned");
    if (glm_is_true(gone) || glm_is_unknown(gone))
        return true;
    for (size_t i = 0; i < sizeof server_ways / sizeof *server_ways; i++) {
        const struct glm_value *v = glm_get(cluster, server_ways[i]);
        if (glm_is_null(v) || glm_is_unknown(v) || glm_is_false(v))
            continue;
        ok = glm_error(d, GLM_AT_ATTR(at, server_ways[i]), "Not in this release",
                       "Clusters with an API server (`%s`) are not in this release yet. Give the "
                       "cluster a `directory` and let kubectl or a GitOps tool apply what is "
                       "written there.",
                       server_ways[i]);
    }
    return check_installer(cluster, at, d) && ok;
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
