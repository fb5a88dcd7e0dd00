/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on who reads what is written: IstioOperators in files for a version of Istio that has no operator.
 *
 * Source: Istio 1.24 removed the operator. That of 1.23 also serves gateways of 1.24: its own control plane may
 *         be a minor version newer while it is upgraded.
 */
#include "internal.h"

#include "glm/version.h"

#define LAST_SERVED (GLM_SPEC_OPERATOR + 1)

/* "1.30.3"; NULL: it is none without an operator, as far as it is known. */
static const char *version_without_operator(const struct glm_rules *r,
                                            const struct glm_installation *in)
{
    const struct glm_value *said = glm_installation_version(r->arena, r->config, in);
    struct glm_version v;
    if (!glm_is_string(said) || !glm_version_parse(said->as.text, &v))
        return NULL;
    return v.major == 1 && v.minor > LAST_SERVED ? said->as.text : NULL;
}

/* A live cluster is asked for its operator before anything is written; and who has chosen, knows. */
static bool is_left_at_the_default(const struct glm_rules *r, const struct glm_placement *p)
{
    const struct glm_cluster_config *c = glm_mesh_cluster(r->config, p->cluster);
    return c && c->place == GLM_PLACE_DIRECTORY && !c->installer && !c->rendered &&
           !c->decommissioned;
}

void mesh_rules_reader(const struct glm_rules *r, const struct glm_manager *manager)
{
    const struct glm_installation *first = NULL;
    const char *version = NULL, *cluster = NULL;
    size_t count = 0;
    if (!r->warn)
        return;
    for (size_t i = 0; i < manager->installation_count; i++) {
        const struct glm_installation *in = &manager->installations[i];
        const char *is = version_without_operator(r, in);
        for (size_t p = 0; is && p < in->placement_count; p++) {
            if (!is_left_at_the_default(r, &in->placements[p]) || count++ > 0)
                continue;
            first = in;
            version = is;
            cluster = in->placements[p].cluster;
        }
    }
    if (count == 0)
        return;
    glm_warn(r->d, GLM_AT_ATTR(NULL, "installations"),
             "IstioOperators for an Istio without operator",
             "Cluster \"%s\" is a directory, which gets installation \"%s\", of Istio %s, as an "
             "IstioOperator%s. Since 1.24 Istio has no operator in the cluster: nothing comes of "
             "the file unless somebody else's takes it up, such as Gloo Mesh's. With installer = "
             "\"direct\" in the cluster's entry of the provider's `clusters`, or beside them for "
             "all, the files are manifests that any cluster takes. With installer = "
             "\"istio_operator\" there they stay what they are, without this warning.",
             cluster, first->key, version,
             count > 1 ? glm_sprintf(r->arena, "; so it is with %zu more", count - 1) : "");
}
