/* SPDX-License-Identifier: Apache-2.0
 *
 * The view: what one gateway is made of, taken from all of the values. A canary is a gateway with other values:
 * a name and a label app of its own, the first one's label istio and account, and no Service.
 */
#include "internal.h"

#include <string.h>

#define NAMELESS "istio-ingressgateway"
#define ISTIO "istio-"

/* ---- names ---- */

/* What helm calls a release that nobody has named counts as none. */
static const char *name_of(struct chart_call *call, const struct glm_value *values)
{
    const struct glm_value *name = glm_get(values, "name");
    const char *release = call->request->release;
    if (glm_chart_truthy(name))
        return chart_text(call->arena, name);
    return *release && strcmp(release, "RELEASE-NAME") != 0 ? release : NAMELESS;
}

static const char *account_of(struct chart_call *call, const struct glm_value *values,
                              const char *title)
{
    const struct glm_value *name = glm_get_path(values, "serviceAccount", "name", NULL);
    bool create = glm_chart_truthy(glm_get_path(values, "serviceAccount", "create", NULL));
    if (glm_chart_truthy(name))
        return chart_text(call->arena, name);
    return create ? title : "default";
}

/* ---- labels ---- */

/* app or istio: as the values say it, or derived of the name. NULL: that label is not there. */
static const struct glm_value *label_of(struct chart_call *call, const struct glm_value *values,
                                        const char *key, const char *derived)
{
    const struct glm_value *labels = glm_get(values, "labels");
    const struct glm_value *said = glm_get(labels, key);
    if (chart_has(&call->release, CHART_DERIVED_NULL))
        return glm_is_null(said) ? chart_read(call->arena, derived)
                                 : part_string(call->arena, said);
    if (!glm_has(labels, key))
        return chart_read(call->arena, derived);
    return chart_text_if(call->arena, said);
}

static const struct glm_value *selector_of(struct chart_call *call, const struct glm_value *values,
                                           const char *title)
{
    bool istio = strncmp(title, ISTIO, sizeof ISTIO - 1) == 0;
    const struct glm_value *selector = PART_MAP(
        call->arena, {"app", label_of(call, values, "app", title)},
        {"istio", label_of(call, values, "istio", title + (istio ? sizeof ISTIO - 1 : 0))});
    return selector->len ? selector : &glm_null;
}

static const struct glm_value *extra_of(struct chart_call *call, const struct glm_value *values)
{
    const struct glm_value *labels = glm_get(values, "labels");
    struct glm_map_builder b;
    glm_map_init(&b, call->arena);
    for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++) {
        const struct glm_pair *pair = &labels->as.map[i];
        if (strcmp(pair->key, "app") != 0 && strcmp(pair->key, "istio") != 0)
            glm_map_append(&b, pair->key, pair->line, pair->column,
                           part_quoted(call->arena, pair->value));
    }
    return glm_map_finish(&b, NULL);
}

/* ---- a canary ---- */

/* The values that, given to the chart, make the canary of what those make. */
static const struct glm_value *canary_values(struct chart_call *call)
{
    const struct glm_gateway_chart_canary *canary = call->request->canary;
    struct glm_arena *arena = call->arena;
    const char *base = name_of(call, call->values);
    const char *title = glm_sprintf(arena, "%s%s", base, canary->suffix);
    const char *account = account_of(call, call->values, base);
    const struct glm_value *selector = selector_of(call, call->values, base);
    const struct glm_value *istio = glm_get(selector, "istio");
    const struct glm_value *labels =
        PART_MAP(arena, {"app", glm_string(arena, title)},
                 {"istio", glm_is_null(istio) ? NULL : part_string(arena, istio)});
    const struct glm_value *own =
        PART_MAP(arena, {"create", canary->has_account ? NULL : &glm_false},
                 {"name", glm_string(arena, account)});
    return part_merged(
        arena, call->values,
        PART_MAP(arena, {"labels", labels}, {"name", glm_string(arena, title)},
                 {"rbac", canary->has_account ? NULL : PART_MAP(arena, {"enabled", &glm_false})},
                 {"service", PART_MAP(arena, {"type", glm_string(arena, "None")})},
                 {"serviceAccount", own}));
}

void chart_view(struct chart_call *call, struct chart_gateway *ret)
{
    const struct glm_value *values = call->request->canary ? canary_values(call) : call->values;
    const char *title = name_of(call, values);
    const char *account = account_of(call, values, title);
    bool quoted = chart_has(&call->release, CHART_QUOTED_NAMESPACE);
    const char *namespace_ = call->request->namespace_;
    *ret = (struct chart_gateway){
        .arena = call->arena,
        .release = &call->release,
        .release_name = call->request->release,
        .values = values,
        .base = name_of(call, call->values),
        .title = title,
        .account_title = account,
        .name = chart_read(call->arena, title),
        .account = chart_read(call->arena, account),
        .namespace_ =
            quoted ? glm_string(call->arena, namespace_) : chart_read(call->arena, namespace_),
        .selector = selector_of(call, values, title),
        .extra = extra_of(call, values),
        .service_values = glm_get(values, "service"),
    };
}
