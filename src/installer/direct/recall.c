/* SPDX-License-Identifier: Apache-2.0
 *
 * Recall: gateways that istioctl or the operator made, for an import: which would bear the name of a gateway
 * lifecycle manager, and an IstioOperator of which they would be rendered so.
 *
 * What:   best effort, of the Deployment alone: what it does not say, the next plan shows.
 */
#include "direct.h"
#include "glm/look.h"
#include "glm/text.h"

#include <string.h>

#define COMPONENT "operator.istio.io/component"

static bool is_named(struct glm_arena *arena, const char *is, const char *name,
                     const char *revision)
{
    return strcmp(is, name) == 0 ||
           (*revision && strcmp(is, glm_sprintf(arena, "%s-%s", name, revision)) == 0);
}

/* With or without the revision that its pods are labelled with. */
bool direct_namesake(const struct glm_installer_call *call, const struct glm_value *object,
                     const char *name)
{
    const char *revision = glm_string_or(
        glm_get_path(object, "spec", "selector", "matchLabels", "revision", NULL), "");
    return *glm_live_label(object, COMPONENT) &&
           is_named(call->arena, glm_live_name(object), name, revision);
}

/* ---- what its container says ---- */

static const char *variable(const struct glm_value *deployment, const char *name)
{
    const struct glm_value *env = glm_get(glm_live_container(deployment, "istio-proxy"), "env");
    for (size_t i = 0; i < glm_live_count(env); i++)
        if (glm_string_is(glm_get(glm_at(env, i), "name"), name))
            return glm_string_or(glm_get(glm_at(env, i), "value"), "");
    return "";
}

/* hub and tag; the name of the image between them is proxyv2, or said by values. */
static const struct glm_value *with_image(struct glm_arena *arena, const struct glm_value *spec,
                                          const struct glm_value *deployment)
{
    const char *image =
        glm_string_or(glm_get(glm_live_container(deployment, "istio-proxy"), "image"), "");
    const char *tag = glm_image_tag(arena, image), *slash = strrchr(image, '/');
    if (strcmp(image, "auto") == 0 || !slash || !*tag || strchr(image, '@'))
        return spec;
    size_t name = strlen(slash + 1) - strlen(tag) - 1;
    spec = glm_with(arena, spec, "hub", glm_stringn(arena, image, (size_t)(slash - image)));
    spec = glm_with(arena, spec, "tag", glm_string(arena, tag));
    if (name == strlen("proxyv2") && strncmp(slash + 1, "proxyv2", name) == 0)
        return spec;
    return glm_with_path(arena, spec, glm_stringn(arena, slash + 1, name), "values", "global",
                         "proxy", "image", NULL);
}

static const struct glm_value *with_text(struct glm_arena *arena, const struct glm_value *spec,
                                         const char *text, const char *a, const char *b,
                                         const char *c, const char *d)
{
    return *text ? glm_with_path(arena, spec, glm_string(arena, text), a, b, c, d, NULL) : spec;
}

/* Of the mesh, as far as the pods know it. */
static const struct glm_value *with_mesh(struct glm_arena *arena, const struct glm_value *spec,
                                         const struct glm_value *deployment)
{
    const char *domain = variable(deployment, "TRUST_DOMAIN");
    const char *mesh = variable(deployment, "ISTIO_META_MESH_ID");
    const char *cluster = variable(deployment, "ISTIO_META_CLUSTER_ID");
    spec = with_text(arena, spec, domain, "meshConfig", "trustDomain", NULL, NULL);
    if (strcmp(mesh, domain) != 0)
        spec = with_text(arena, spec, mesh, "values", "global", "meshID", NULL);
    spec = with_text(arena, spec, variable(deployment, "ISTIO_META_NETWORK"), "values", "global",
                     "network", NULL);
    return with_text(arena, spec, cluster, "values", "global", "multiCluster", "clusterName");
}

/* ---- the IstioOperator ---- */

static const struct glm_value *gateway_of(struct glm_arena *arena,
                                          const struct glm_value *deployment)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "name", glm_string(arena, glm_live_name(deployment)));
    glm_map_set(&b, "namespace", glm_string(arena, glm_live_namespace(deployment)));
    glm_map_set(&b, "enabled", &glm_true);
    glm_map_set(&b, "label", glm_get_path(deployment, "spec", "selector", "matchLabels", NULL));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *istio_operator_of(struct glm_arena *arena,
                                                 const struct glm_value *deployment)
{
    const char *revision = glm_live_label(deployment, "istio.io/rev");
    const char *component = glm_live_label(deployment, COMPONENT);
    const struct glm_value *gateway = gateway_of(arena, deployment);
    bool egress = strcmp(component, "EgressGateways") == 0;
    const struct glm_value *spec =
        glm_with(arena, &glm_empty_map, "profile", glm_string(arena, "empty"));
    spec = glm_with_path(arena, spec, glm_list(arena, &gateway, 1), "components",
                         egress ? "egressGateways" : "ingressGateways", NULL);
    /* Whatever Service leads to it stays as it is, and none is made beside it: the Deployment names none. */
    spec = glm_with_path(arena, spec, &glm_true, "values", "gateways",
                         egress ? "istio-egressgateway" : "istio-ingressgateway", "customService",
                         NULL);
    if (strcmp(revision, "default") != 0)
        spec = with_text(arena, spec, revision, "revision", NULL, NULL, NULL);
    spec = with_mesh(arena, with_image(arena, spec, deployment), deployment);
    return glm_with(arena, &glm_empty_map, "spec", spec);
}

size_t direct_recall(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_value *traffic, const char *const **ret_clusters,
                     const struct glm_value *const **ret_views)
{
    const char **clusters = GLM_NEW(call->arena, const char *);
    const struct glm_value **views = GLM_NEW(call->arena, const struct glm_value *);
    *clusters = call->seat;
    *views =
        glm_untranslate(call->arena, call->seat, istio_operator_of(call->arena, object), traffic);
    *ret_clusters = clusters;
    *ret_views = views;
    return 1;
}
