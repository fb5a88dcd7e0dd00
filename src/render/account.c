/* SPDX-License-Identifier: Apache-2.0
 *
 * The ServiceAccount that a gateway's pods run as, and what it may read: secrets of its namespace, for TLS.
 */
#include "internal.h"

#define ACCOUNT "-service-account"
#define SECRETS "-sds"

static const struct glm_value *pull_secrets(const struct render_gateway *g)
{
    const struct glm_value *names = glm_get(g->global, "imagePullSecrets");
    struct glm_list_builder b;
    if (!glm_is_list(names) || !names->len)
        return NULL;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < names->len; i++)
        glm_list_add(&b, PART_MAP(g->arena, {"name", part_word(g->arena, names->as.list[i])}));
    return glm_list_finish(&b);
}

const struct glm_value *render_account(const struct render_gateway *g)
{
    const struct glm_value *annotations =
        glm_get_path(g->own, "serviceAccount", "annotations", NULL);
    return PART_MAP(g->arena, {"apiVersion", render_str(g, "v1")},
                    {"kind", render_str(g, "ServiceAccount")},
                    {"imagePullSecrets", pull_secrets(g)},
                    {"metadata", render_metadata(g, ACCOUNT, render_metadata_labels(g, true, NULL),
                                                 render_any(annotations))});
}

const struct glm_value *render_role(const struct render_gateway *g)
{
    return PART_MAP(
        g->arena, {"apiVersion", render_str(g, "rbac.authorization.k8s.io/v1")},
        {"kind", render_str(g, "Role")},
        {"metadata", render_metadata(g, SECRETS, render_metadata_labels(g, false, NULL), NULL)},
        {"rules", &part_secret_rules});
}

const struct glm_value *render_binding(const struct render_gateway *g)
{
    return PART_MAP(
        g->arena, {"apiVersion", render_str(g, "rbac.authorization.k8s.io/v1")},
        {"kind", render_str(g, "RoleBinding")},
        {"metadata", render_metadata(g, SECRETS, render_metadata_labels(g, false, NULL), NULL)},
        {"roleRef", part_role_ref(g->arena, render_named(g, SECRETS))},
        {"subjects", part_subjects(g->arena, render_named(g, ACCOUNT))});
}
