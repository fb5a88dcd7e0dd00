/* SPDX-License-Identifier: Apache-2.0
 *
 * The view: what one gateway of the document is made of. Its own fields become values of its chart, and over
 * the chart's they are what the builders see.
 */
#include "internal.h"

/* ---- ports: of k8s.service they are written as Kubernetes' type is ---- */

static const struct glm_value *port_value(const struct render_call *call,
                                          const struct glm_value *port)
{
    const struct glm_value *target = glm_get(port, "targetPort");
    const struct glm_value *number = glm_get(port, "port");
    bool whole = !render_has(&call->release, RENDER_TYPED_PORTS);
    const struct glm_value *zero = whole ? glm_integer(call->arena, 0) : NULL;
    return PART_MAP(call->arena, {"name", render_any(glm_get(port, "name"))},
                    {"protocol", render_any(glm_get(port, "protocol"))},
                    {"appProtocol", render_any(glm_get(port, "appProtocol"))},
                    {"port", glm_is_null(number) ? zero : number},
                    {"targetPort", glm_is_null(target) ? zero : target},
                    {"nodePort", render_any(glm_get(port, "nodePort"))});
}

static const struct glm_value *port_values(const struct render_call *call,
                                           const struct glm_value *k8s)
{
    const struct glm_value *ports = glm_get_path(k8s, "service", "ports", NULL);
    struct glm_list_builder b;
    if (!glm_is_list(ports) || !ports->len)
        return NULL;
    glm_list_init(&b, call->arena);
    for (size_t i = 0; i < ports->len; i++)
        glm_list_add(&b, port_value(call, ports->as.list[i]));
    return glm_list_finish(&b);
}

/* ---- the gateway's own values ---- */

/* The type of a label is text: null is an empty one. */
static const struct glm_value *label_texts(const struct render_call *call,
                                           const struct glm_value *label)
{
    struct glm_map_builder b;
    if (!glm_is_map(label) || !label->len)
        return &glm_empty_map;
    glm_map_init(&b, call->arena);
    glm_map_reserve(&b, label->len);
    for (size_t i = 0; i < label->len; i++) {
        const struct glm_pair *pair = &label->as.map[i];
        glm_map_append(&b, pair->key, 0, 0,
                       glm_is_null(pair->value) ? glm_string(call->arena, "") : pair->value);
    }
    return glm_map_finish(&b, NULL);
}

static void set_scale(const struct render_call *call, const struct glm_value *k8s,
                      struct glm_map_builder *b)
{
    const struct glm_value *min = glm_get_path(k8s, "hpaSpec", "minReplicas", NULL);
    const struct glm_value *max = glm_get_path(k8s, "hpaSpec", "maxReplicas", NULL);
    const struct glm_value *count = glm_get(k8s, "replicaCount");
    if (!render_has(&call->release, RENDER_SCALE_IN_VALUES))
        return;
    if (!glm_is_null(min))
        glm_map_set(b, "autoscaleMin", min);
    if (part_int(max) > 0)
        glm_map_set(b, "autoscaleMax", max);
    if (part_int(count) > 0)
        glm_map_set(b, "replicaCount", count);
}

/* k8s.resources is not among them, though since 1.31 Istio makes values of its cpu too: the patch with
 * k8s.resources says the same once more. */
static const struct glm_value *own_values(const struct render_call *call,
                                          const struct render_gateway *g)
{
    const struct glm_value *own = glm_get_path(call->values, "gateways", g->type->app, NULL);
    const struct glm_value *label = label_texts(call, glm_get(g->entry, "label"));
    const struct glm_value *ports = port_values(call, g->k8s);
    const struct glm_value *tag = glm_get(g->entry, "tag");
    struct glm_map_builder b;
    glm_map_init_from(&b, call->arena, own);
    glm_map_set(&b, "name", glm_string(call->arena, g->name));
    if (label->len || render_has(&call->release, RENDER_LABEL_ALWAYS))
        glm_map_set(&b, "labels", label);
    if (ports)
        glm_map_set(&b, "ports", ports);
    if (!glm_is_null(tag))
        glm_map_set(&b, "tag", tag);
    set_scale(call, g->k8s, &b);
    return glm_map_finish(&b, NULL);
}

bool render_is_on(const struct render_call *call, enum render_type_index type,
                  const struct glm_value *entry)
{
    const struct glm_value *enabled = glm_get(entry, "enabled");
    const struct glm_value *all =
        glm_get_path(call->values, "gateways", render_types[type].app, "enabled", NULL);
    if (!render_has(&call->release, RENDER_ON_BY_DEFAULT))
        return glm_is_true(enabled) || glm_is_unknown(enabled);
    return !glm_is_false(enabled) || glm_is_true(all);
}

void render_view(struct render_call *call, const struct glm_value *files,
                 enum render_type_index type, size_t index, struct render_gateway *ret)
{
    const struct render_type *t = &render_types[type];
    struct render_gateway g = {
        .arena = call->arena,
        .release = &call->release,
        .type = t,
        .where = glm_sprintf(call->arena, "components.%s[%zu]", t->list, index),
        .entry = call->lists[type]->as.list[index],
    };
    g.k8s = glm_get(g.entry, "k8s");
    g.name = glm_string_or(glm_get(g.entry, "name"), "");
    g.namespace_ = glm_string_or(glm_get(g.entry, "namespace"), "");
    if (!*g.namespace_)
        g.namespace_ = call->namespace_;
    g.values =
        glm_with_path(call->arena, call->values, own_values(call, &g), "gateways", t->app, NULL);
    g.values = part_merged(call->arena, part_merged(call->arena, t->defaults, files), g.values);
    g.own = glm_get_path(g.values, "gateways", t->app, NULL);
    g.global = glm_get(g.values, "global");
    g.labels = glm_get(g.own, "labels");
    g.revision = glm_get(g.values, "revision");
    g.injected = !glm_string_is(glm_get(g.own, "injectionTemplate"), "");
    g.autoscaled = glm_chart_truthy(glm_get(g.own, "autoscaleEnabled"));
    g.says_autoscaled =
        glm_is_true(glm_get_path(call->values, "gateways", t->app, "autoscaleEnabled", NULL));
    g.root = glm_chart_truthy(glm_get(g.own, "runAsRoot"));
    *ret = g;
}

const struct glm_value *render_named(const struct render_gateway *g, const char *suffix)
{
    return glm_stringf(g->arena, "%s%s", g->name, suffix);
}

/* The templates ask whether it is "", which null is not. */
const struct glm_value *render_revisioned(const struct render_gateway *g, const char *name)
{
    const char *revision = glm_chart_text(g->arena, g->revision);
    bool none = glm_string_is(g->revision, "");
    return revision ? glm_stringf(g->arena, "%s%s%s", name, none ? "" : "-", revision)
                    : &glm_unknown;
}
