/* SPDX-License-Identifier: Apache-2.0
 *
 * What the data sources share: which clusters they may look at.
 */
#include "data_sources.h"

static void check_clusters(struct glm_call *call, const struct glm_mesh_config *mesh,
                           const struct glm_value *clusters)
{
    struct glm_text known;
    glm_text_init(&known, call->arena, (size_t)1 << 20);
    for (size_t i = 0; i < mesh->cluster_count; i++)
        glm_text_addf(&known, "%s%s", i ? ", " : "", mesh->clusters[i].name);
    for (size_t i = 0; glm_is_list(clusters) && i < clusters->len; i++) {
        const char *name = glm_string_or(clusters->as.list[i], "");
        if (!glm_mesh_cluster(mesh, name))
            glm_error(&call->diags, GLM_AT_INDEX(GLM_AT_ATTR(NULL, "clusters"), i),
                      "Unknown cluster",
                      "\"%s\" is not in the provider's `clusters`, which has: %s.", name,
                      known.len ? known.data : "none");
    }
}

const struct glm_estate *glm_data_source_estate(struct glm_call *call,
                                                const struct glm_value *clusters)
{
    const struct glm_estate *estate = glm_provider_estate(call->provider);
    if (estate->mesh.known)
        check_clusters(call, &estate->mesh, clusters);
    else
        glm_error(&call->diags, NULL, "The clusters are not known yet",
                  "The provider's configuration depends on values that are known only after "
                  "apply, so there is nothing to read yet. Let the data source depend on them "
                  "with depends_on.");
    return call->diags.errors == 0 ? estate : NULL;
}
