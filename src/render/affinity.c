/* SPDX-License-Identifier: Apache-2.0
 *
 * Affinity: the nodes that values ask for, and the pods that they keep away from.
 */
#include "internal.h"

#include <string.h>

#define ARCH "kubernetes.io/arch"
#define TERM_WEIGHT 100

static const struct glm_value *expression(const struct render_gateway *g,
                                          const struct glm_value *key, const char *operator_,
                                          const struct glm_value *values)
{
    return PART_MAP(g->arena, {"key", key}, {"operator", render_str(g, operator_)},
                    {"values", values});
}

/* ---- nodes ---- */

/* The architectures that are wanted at all; null: none is. */
static const struct glm_value *architectures(const struct render_gateway *g,
                                             const struct glm_value *arch)
{
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; i < arch->len; i++)
        if (part_int(arch->as.map[i].value) > 0)
            glm_list_add(&b, render_str(g, arch->as.map[i].key));
    return b.len ? glm_list_finish(&b) : &glm_null;
}

static const struct glm_value *required_nodes(const struct render_gateway *g,
                                              const struct glm_value *arch)
{
    const struct glm_value *nodes = glm_get(g->own, "nodeSelector");
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    if (!glm_chart_truthy(nodes))
        nodes = glm_get(g->global, "defaultNodeSelector");
    if (glm_is_map(arch) && arch->len)
        glm_list_add(&b, expression(g, render_str(g, ARCH), "In", architectures(g, arch)));
    for (size_t i = 0; glm_is_map(nodes) && i < nodes->len; i++) {
        const struct glm_value *v = nodes->as.map[i].value;
        v = part_quoted(g->arena, v);
        glm_list_add(&b, expression(g, render_str(g, nodes->as.map[i].key), "In",
                                    glm_list(g->arena, &v, 1)));
    }
    if (!b.len)
        return &glm_null;
    const struct glm_value *term = PART_MAP(g->arena, {"matchExpressions", glm_list_finish(&b)});
    return PART_MAP(g->arena, {"nodeSelectorTerms", glm_list(g->arena, &term, 1)});
}

static const struct glm_value *preferred_nodes(const struct render_gateway *g,
                                               const struct glm_value *arch)
{
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; glm_is_map(arch) && i < arch->len; i++) {
        int64_t weight = part_int(arch->as.map[i].value);
        const struct glm_value *name = render_str(g, arch->as.map[i].key);
        const struct glm_value *is =
            expression(g, render_str(g, ARCH), "In", glm_list(g->arena, &name, 1));
        if (weight > 0)
            glm_list_add(
                &b, PART_MAP(g->arena, {"weight", glm_integer(g->arena, weight)},
                             {"preference", PART_MAP(g->arena, {"matchExpressions",
                                                                glm_list(g->arena, &is, 1)})}));
    }
    return b.len ? glm_list_finish(&b) : &glm_null;
}

/* ---- pods ---- */

/* A text of several, with commas between them. */
static const struct glm_value *split(const struct render_gateway *g, const struct glm_value *v)
{
    const char *text = glm_chart_text(g->arena, v);
    struct glm_list_builder b;
    if (!text || !glm_chart_truthy(v))
        return NULL;
    glm_list_init(&b, g->arena);
    for (;; text++) {
        size_t len = strcspn(text, ",");
        glm_list_add(&b, glm_stringn(g->arena, text, len));
        text += len;
        if (!*text)
            return glm_list_finish(&b);
    }
}

/* What values call a label selector: {key, operator, values, topologyKey}. */
static const struct glm_value *pod_term(const struct render_gateway *g,
                                        const struct glm_value *said, bool namespaces)
{
    const struct glm_value *is =
        PART_MAP(g->arena, {"key", part_word(g->arena, glm_get(said, "key"))},
                 {"operator", part_word(g->arena, glm_get(said, "operator"))},
                 {"values", split(g, glm_get(said, "values"))});
    return PART_MAP(
        g->arena,
        {"labelSelector", PART_MAP(g->arena, {"matchExpressions", glm_list(g->arena, &is, 1)})},
        {"topologyKey", part_word(g->arena, glm_get(said, "topologyKey"))},
        {"namespaces", namespaces ? split(g, glm_get(said, "namespaces")) : NULL});
}

static const struct glm_value *required_pods(const struct render_gateway *g,
                                             const struct glm_value *list)
{
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        glm_list_add(&b, pod_term(g, list->as.list[i], true));
    return b.len ? glm_list_finish(&b) : NULL;
}

static const struct glm_value *preferred_pods(const struct render_gateway *g,
                                              const struct glm_value *list)
{
    struct glm_list_builder b;
    glm_list_init(&b, g->arena);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        glm_list_add(&b, PART_MAP(g->arena, {"weight", glm_integer(g->arena, TERM_WEIGHT)},
                                  {"podAffinityTerm", pod_term(g, list->as.list[i], false)}));
    return b.len ? glm_list_finish(&b) : NULL;
}

#define REQUIRED "requiredDuringSchedulingIgnoredDuringExecution"
#define PREFERRED "preferredDuringSchedulingIgnoredDuringExecution"

const struct glm_value *render_affinity(const struct render_gateway *g)
{
    const struct glm_value *arch = glm_get(g->global, "arch");
    const struct glm_value *pods = PART_MAP(
        g->arena, {REQUIRED, required_pods(g, glm_get(g->own, "podAntiAffinityLabelSelector"))},
        {PREFERRED, preferred_pods(g, glm_get(g->own, "podAntiAffinityTermLabelSelector"))});
    return PART_MAP(g->arena,
                    {"nodeAffinity", PART_MAP(g->arena, {REQUIRED, required_nodes(g, arch)},
                                              {PREFERRED, preferred_nodes(g, arch)})},
                    {"podAntiAffinity", render_any(pods)});
}
