/* SPDX-License-Identifier: Apache-2.0
 *
 * Idle: what Istio takes and does nothing with, so that whoever wrote it learns of it.
 */
#include "internal.h"

#include <string.h>

enum place { IN_SPEC, IN_VALUES, IN_GATEWAY };

struct idle {
    enum place place;
    const char *keys[2]; /* the second may be NULL */
    /* Where the switch is as `on` says; RENDER_SWITCHES: in every version. */
    enum render_switch which;
    bool on;
    const char *why;
};

static const struct idle rows[] = {
    {IN_SPEC,
     {"namespace"},
     RENDER_SPEC_NAMESPACE,
     false,
     "since Istio 1.24 gateways without a namespace are in values.global.istioNamespace. Write the "
     "namespace at each gateway."},
    {IN_VALUES,
     {"labels"},
     RENDER_LABEL_ALWAYS,
     true,
     "since Istio 1.24 the label of each gateway takes its place, even where it has none. Write "
     "them there."},
    {IN_VALUES, {"name"}, RENDER_SWITCHES, true, "each gateway has a name of its own."},
    {IN_GATEWAY,
     {"hub"},
     RENDER_SWITCHES,
     true,
     "the image comes from the hub of the whole document, in every version of Istio. Write "
     "spec.hub "
     "or values.global.hub."},
    {IN_GATEWAY,
     {"tag"},
     RENDER_GATEWAY_TAG,
     false,
     "before Istio 1.26 the image has the tag of the whole document. Write spec.tag or "
     "values.global.tag."},
    {IN_GATEWAY,
     {"k8s", "volumes"},
     RENDER_SWITCHES,
     true,
     "no version of Istio adds it to the pods. Write values.gateways.*.secretVolumes or "
     "configVolumes, "
     "or an overlay."},
    {IN_GATEWAY,
     {"k8s", "volumeMounts"},
     RENDER_SWITCHES,
     true,
     "no version of Istio adds it to the container. Write values.gateways.*.secretVolumes or "
     "configVolumes, or an overlay."},
};

static void look(struct render_call *call, const struct idle *row, const struct glm_value *map,
                 const char *where)
{
    const struct glm_pair *pair = glm_get_pair(map, row->keys[0]);
    if (pair && row->keys[1])
        pair = glm_get_pair(pair->value, row->keys[1]);
    if (!pair || !glm_chart_truthy(pair->value))
        return;
    glm_spec_warn(call->report, pair->line, pair->column,
                  glm_sprintf(call->arena, "%s%s%s%s", where, row->keys[0], row->keys[1] ? "." : "",
                              row->keys[1] ? row->keys[1] : ""),
                  "A field has no effect", "has no effect: %s", row->why);
}

static void look_at_type(struct render_call *call, const struct idle *row,
                         enum render_type_index type)
{
    const struct glm_value *list = call->lists[type];
    const char *app = render_types[type].app;
    if (row->place == IN_VALUES)
        look(call, row, glm_get_path(call->spec, "values", "gateways", app, NULL),
             glm_sprintf(call->arena, "values.gateways.%s.", app));
    for (size_t i = 0; row->place == IN_GATEWAY && i < list->len; i++)
        look(call, row, list->as.list[i],
             glm_sprintf(call->arena, "components.%s[%zu].", render_types[type].list, i));
}

void render_say_idle(struct render_call *call)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct idle *row = &rows[i];
        if (row->which != RENDER_SWITCHES && render_has(&call->release, row->which) != row->on)
            continue;
        if (row->place == IN_SPEC)
            look(call, row, call->spec, "");
        look_at_type(call, row, RENDER_INGRESS);
        look_at_type(call, row, RENDER_EGRESS);
    }
}
