/* SPDX-License-Identifier: Apache-2.0
 *
 * The ServiceAccount that a gateway's pods run as, and what it may read: secrets of its namespace, for TLS.
 */
#include "internal.h"

#define ACCOUNT "-service-account"
#define SECRETS "-sds"

static const struct glm_value *const core_group[] = {LITERAL_TEXT("")};
static const struct glm_value *const secrets[] = {LITERAL_TEXT("secrets")};
static const struct glm_value *const verbs[] = {LITERAL_TEXT("get"), LITERAL_TEXT("watch"),
                                                LITERAL_TEXT("list")};
static const struct glm_value core_group_list = LITERAL_LIST(core_group);
static const struct glm_value secrets_list = LITERAL_LIST(secrets);
static const struct glm_value verbs_list = LITERAL_LIST(verbs);
static const struct glm_pair may_read_secrets_pairs[] = {
    LITERAL_PAIR("apiGroups", &core_group_list),
    LITERAL_PAIR("resources", &secrets_list),
    LITERAL_PAIR("verbs", &verbs_list),
};
static const struct glm_value may_read_secrets = LITERAL_MAP(may_read_secrets_pairs);
static const struct glm_value *const rules[] = {&may_read_secrets};
static const struct glm_value rules_list = LITERAL_LIST(rules);

static const struct glm_value *pull_secrets(const struct render_gateway *g)
{
    const struct glm_value *names = glm_get(g->global, "imagePullSecrets");
    struct glm_list_builder b;
    if (!glm_is_list(names) || !names->len)
        return NULL;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < names->len; i++)
        glm_list_add(&b, RENDER_MAP(g->arena, {"name", render_word(g->arena, names->as.list[i])}));
    return glm_list_finish(&b);
}

const struct glm_value *render_account(const struct render_gateway *g)
{
    const struct glm_value *annotations =
        glm_get_path(g->own, "serviceAccount", "annotations", NULL);
    return RENDER_MAP(
        g->arena, {"apiVersion", render_str(g, "v1")}, {"kind", render_str(g, "ServiceAccount")},
        {"imagePullSecrets", pull_secrets(g)},
        {"metadata", render_metadata(g, ACCOUNT, render_metadata_labels(g, true, NULL),
                                     render_any(annotations))});
}

const struct glm_value *render_role(const struct render_gateway *g)
{
    return RENDER_MAP(
        g->arena, {"apiVersion", render_str(g, "rbac.authorization.k8s.io/v1")},
        {"kind", render_str(g, "Role")},
        {"metadata", render_metadata(g, SECRETS, render_metadata_labels(g, false, NULL), NULL)},
        {"rules", &rules_list});
}

const struct glm_value *render_binding(const struct render_gateway *g)
{
    const struct glm_value *role =
        RENDER_MAP(g->arena, {"apiGroup", render_str(g, "rbac.authorization.k8s.io")},
                   {"kind", render_str(g, "Role")}, {"name", render_named(g, SECRETS)});
    const struct glm_value *subject = RENDER_MAP(
        g->arena, {"kind", render_str(g, "ServiceAccount")}, {"name", render_named(g, ACCOUNT)});
    return RENDER_MAP(
        g->arena, {"apiVersion", render_str(g, "rbac.authorization.k8s.io/v1")},
        {"kind", render_str(g, "RoleBinding")},
        {"metadata", render_metadata(g, SECRETS, render_metadata_labels(g, false, NULL), NULL)},
        {"roleRef", role}, {"subjects", glm_list(g->arena, &subject, 1)});
}
