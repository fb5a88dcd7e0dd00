/* SPDX-License-Identifier: Apache-2.0
 *
 * The pod: who it runs as, where, and what is in it. Either a proxy of its own, or what Istio's injector
 * makes one of: then most of it comes from there.
 */
#include "internal.h"

#include <string.h>

#define PROXY_USER 1337
#define CORE_PATTERN                                                                               \
    "sysctl -w kernel.core_pattern=/var/lib/istio/data/core.proxy && ulimit -c unlimited"

/* OpenShift gives each namespace its own users. */
static bool is_openshift(const struct render_gateway *g)
{
    const struct glm_value *platform = glm_get(g->values, "platform");
    if (!render_has(g->release, RENDER_VALUES_PLATFORM) || !glm_chart_truthy(platform))
        platform = glm_get(g->global, "platform");
    return glm_string_is(platform, "openshift");
}

static const struct glm_value *security_context(const struct render_gateway *g)
{
    if (g->root)
        return NULL;
    const struct glm_value *user = is_openshift(g) ? NULL : glm_integer(g->arena, PROXY_USER);
    return PART_MAP(g->arena, {"runAsUser", user}, {"runAsGroup", user},
                    {"runAsNonRoot", &glm_true});
}

/* ---- an init container of old: core dumps need a kernel setting ---- */

static const struct glm_value *const shell[] = {LITERAL_TEXT("/bin/sh")};
static const struct glm_value *const set_pattern[] = {LITERAL_TEXT("-c"),
                                                      LITERAL_TEXT(CORE_PATTERN)};
static const struct glm_value shell_list = LITERAL_LIST(shell);
static const struct glm_value set_pattern_list = LITERAL_LIST(set_pattern);
static const struct glm_pair as_root_pairs[] = {
    LITERAL_PAIR("privileged", &glm_true),
    LITERAL_PAIR("runAsGroup", LITERAL_NUMBER("0")),
    LITERAL_PAIR("runAsNonRoot", &glm_false),
    LITERAL_PAIR("runAsUser", LITERAL_NUMBER("0")),
};
static const struct glm_value as_root = LITERAL_MAP(as_root_pairs);

static const struct glm_value *init_containers(const struct render_gateway *g)
{
    const struct glm_value *wanted = glm_get_path(g->global, "proxy", "enableCoreDump", NULL);
    if (g->injected || !render_has(g->release, RENDER_CORE_DUMP) || !glm_chart_truthy(wanted))
        return NULL;
    const struct glm_value *container = PART_MAP(
        g->arena, {"name", render_str(g, "enable-core-dump")}, {"image", render_image(g)},
        {"imagePullPolicy", render_if(g, glm_get(g->global, "imagePullPolicy"))},
        {"command", &shell_list}, {"args", &set_pattern_list}, {"securityContext", &as_root});
    return glm_list(g->arena, &container, 1);
}

static const struct glm_value *tolerations(const struct render_gateway *g)
{
    const struct glm_value *own = glm_get(g->own, "tolerations");
    return render_any(glm_chart_truthy(own) ? own : glm_get(g->global, "defaultTolerations"));
}

const struct glm_value *render_pod(const struct render_gateway *g)
{
    return PART_MAP(g->arena, {"securityContext", security_context(g)},
                    {"serviceAccountName", render_named(g, "-service-account")},
                    {"priorityClassName", render_if(g, glm_get(g->global, "priorityClassName"))},
                    {"initContainers", init_containers(g)}, {"containers", render_containers(g)},
                    {"volumes", render_volumes(g)}, {"affinity", render_affinity(g)},
                    {"tolerations", tolerations(g)});
}
