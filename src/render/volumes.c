/* SPDX-License-Identifier: Apache-2.0
 *
 * The pod's volumes, and where the proxy's container has them.
 */
#include "internal.h"

#define ROOT_CERTIFICATE "istio-ca-root-cert"
#define TRUST_BUNDLE "istio.io:istiod-ca:"
#define TOKEN_SECONDS 43200

static const struct glm_value *named(const struct render_gateway *g, const char *name,
                                     const char *source, const struct glm_value *v)
{
    return PART_MAP(g->arena, {"name", render_str(g, name)}, {source, v});
}

/* ---- volumes ---- */

/* {name: ..., optional: true}, under the key that the kind of volume has for the name. */
static const struct glm_value *optional(const struct render_gateway *g, const char *key,
                                        const struct glm_value *name)
{
    return PART_MAP(g->arena, {key, name}, {"optional", &glm_true});
}

static const struct glm_value *root_certificate(const struct render_gateway *g)
{
    const struct glm_value *api =
        glm_get_path(g->values, "pilot", "env", "ENABLE_CLUSTER_TRUST_BUNDLE_API", NULL);
    const struct glm_value *said = &glm_null;
    if (render_has(g->release, RENDER_TRUST_BUNDLE_NAME))
        said = glm_get(g->global, "trustBundleName");
    if (!render_has(g->release, RENDER_TRUST_BUNDLE) || !glm_is_true(api))
        return named(
            g, "istiod-ca-cert", "configMap",
            PART_MAP(g->arena, {"name", glm_chart_truthy(said) ? part_string(g->arena, said)
                                                               : render_str(g, ROOT_CERTIFICATE)}));
    const struct glm_value *bundle =
        PART_MAP(g->arena,
                 {"name", glm_chart_truthy(said) ? part_around(g->arena, TRUST_BUNDLE, said, "")
                                                 : render_str(g, TRUST_BUNDLE "root-cert")},
                 {"path", render_str(g, "root-cert.pem")});
    const struct glm_value *source = PART_MAP(g->arena, {"clusterTrustBundle", bundle});
    return named(g, "istiod-ca-cert", "projected",
                 PART_MAP(g->arena, {"sources", glm_list(g->arena, &source, 1)}));
}

static const struct glm_value *pod_info(const struct render_gateway *g)
{
    static const char *const parts[] = {"labels", "annotations"};
    const struct glm_value *items[2];
    for (size_t i = 0; i < 2; i++)
        items[i] = PART_MAP(
            g->arena, {"path", render_str(g, parts[i])},
            {"fieldRef",
             PART_MAP(g->arena, {"fieldPath", glm_stringf(g->arena, "metadata.%s", parts[i])})});
    return named(g, "podinfo", "downwardAPI",
                 PART_MAP(g->arena, {"items", glm_list(g->arena, items, 2)}));
}

static const struct glm_value *token(const struct render_gateway *g)
{
    const struct glm_value *audience = glm_get_path(g->global, "sds", "token", "aud", NULL);
    const struct glm_value *projected =
        PART_MAP(g->arena, {"path", render_str(g, "istio-token")},
                 {"expirationSeconds", glm_integer(g->arena, TOKEN_SECONDS)},
                 {"audience", part_word(g->arena, audience)});
    const struct glm_value *source = PART_MAP(g->arena, {"serviceAccountToken", projected});
    return named(g, "istio-token", "projected",
                 PART_MAP(g->arena, {"sources", glm_list(g->arena, &source, 1)}));
}

/* Those that values add, each {name, ...}. */
static void add_own(const struct render_gateway *g, struct glm_list_builder *b, const char *list,
                    const char *source, const char *written, const char *key)
{
    const struct glm_value *own = glm_get(g->own, list);
    for (size_t i = 0; glm_is_list(own) && i < own->len; i++) {
        const struct glm_value *v = own->as.list[i], *of = glm_get(v, written);
        of = part_quoted(g->arena, of);
        glm_list_add(b, PART_MAP(g->arena, {"name", part_word(g->arena, glm_get(v, "name"))},
                                 {source, optional(g, key, of)}));
    }
}

static bool knows_istiod(const struct render_gateway *g)
{
    return glm_string_is(glm_get(g->global, "pilotCertProvider"), "istiod");
}

static bool has_own_certificates(const struct render_gateway *g)
{
    return glm_chart_truthy(glm_get(g->global, "mountMtlsCerts"));
}

static void add_proxys(const struct render_gateway *g, struct glm_list_builder *b)
{
    const struct glm_value *empty = &glm_empty_map;
    glm_list_add(b, named(g, "workload-socket", "emptyDir", empty));
    glm_list_add(b, named(g, "credential-socket", "emptyDir", empty));
    glm_list_add(b, named(g, "workload-certs", "emptyDir", empty));
    if (knows_istiod(g))
        glm_list_add(b, root_certificate(g));
    glm_list_add(b, pod_info(g));
    glm_list_add(b, named(g, "istio-envoy", "emptyDir", empty));
    glm_list_add(b, named(g, "istio-data", "emptyDir", empty));
    glm_list_add(b, token(g));
    if (has_own_certificates(g))
        glm_list_add(
            b, named(g, "istio-certs", "secret",
                     optional(g, "secretName",
                              glm_stringf(g->arena, "istio.%s-service-account", g->type->app))));
    glm_list_add(b, named(g, "config-volume", "configMap",
                          optional(g, "name", render_revisioned(g, "istio"))));
}

const struct glm_value *render_volumes(const struct render_gateway *g)
{
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    if (!g->injected)
        add_proxys(g, &b);
    add_own(g, &b, "secretVolumes", "secret", "secretName", "secretName");
    add_own(g, &b, "configVolumes", "configMap", "configMapName", "name");
    return b.len ? glm_list_finish(&b) : &glm_null;
}

/* ---- mounts ---- */

static void mount(const struct render_gateway *g, struct glm_list_builder *b, const char *name,
                  const char *path, bool read_only)
{
    glm_list_add(b, PART_MAP(g->arena, {"name", render_str(g, name)},
                             {"mountPath", render_str(g, path)},
                             {"readOnly", read_only ? &glm_true : NULL}));
}

static void mount_own(const struct render_gateway *g, struct glm_list_builder *b, const char *list,
                      bool needs_path)
{
    const struct glm_value *own = glm_get(g->own, list);
    for (size_t i = 0; glm_is_list(own) && i < own->len; i++) {
        const struct glm_value *path = glm_get(own->as.list[i], "mountPath");
        const struct glm_value *name = glm_get(own->as.list[i], "name");
        if (needs_path && !glm_chart_truthy(path))
            continue;
        path = part_quoted(g->arena, path);
        glm_list_add(b, PART_MAP(g->arena, {"name", part_word(g->arena, name)}, {"mountPath", path},
                                 {"readOnly", &glm_true}));
    }
}

static void mount_proxys(const struct render_gateway *g, struct glm_list_builder *b)
{
    mount(g, b, "workload-socket", "/var/run/secrets/workload-spiffe-uds", false);
    mount(g, b, "credential-socket", "/var/run/secrets/credential-uds", false);
    mount(g, b, "workload-certs", "/var/run/secrets/workload-spiffe-credentials", false);
    mount(g, b, "istio-envoy", "/etc/istio/proxy", false);
    mount(g, b, "config-volume", "/etc/istio/config", false);
    if (knows_istiod(g))
        mount(g, b, "istiod-ca-cert", "/var/run/secrets/istio", false);
    mount(g, b, "istio-token", "/var/run/secrets/tokens", true);
    if (has_own_certificates(g))
        mount(g, b, "istio-certs", "/etc/certs", true);
    mount(g, b, "istio-data", "/var/lib/istio/data", false);
    mount(g, b, "podinfo", "/etc/istio/pod", false);
}

const struct glm_value *render_mounts(const struct render_gateway *g)
{
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    if (!g->injected)
        mount_proxys(g, &b);
    mount_own(g, &b, "secretVolumes", false);
    mount_own(g, &b, "configVolumes", true);
    return b.len ? glm_list_finish(&b) : &glm_null;
}
