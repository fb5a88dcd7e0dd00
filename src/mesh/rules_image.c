/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on images: hub, tag and whole images, in the spec, in its gateways and in its values. What
 * is wrong in any of these places ends as an image that no node can pull.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 */
#include "internal.h"

#include <string.h>

struct image_rules {
    const struct glm_value *spec;
    struct glm_spec_report *report;
    bool automatic; /* hub and tag are of default_distribution */
};

enum part { HUB, TAG, IMAGE, VARIANT };

static const char *const names[] = {"hub", "tag", "image", "variant"};

static void check_type(struct image_rules *r, const struct glm_value *v, enum part part,
                       const char *where)
{
    if (part == TAG && v->kind == GLM_NUMBER)
        glm_spec_error(r->report, v->line, v->column, where, "The tag is a number",
                       "is the number %s, which loses its trailing zeros: 1.10 becomes the image "
                       "tag 1.1. Put it in quotes: \"%s\".",
                       v->as.text, v->as.text);
    else
        glm_spec_error(r->report, v->line, v->column, where,
                       glm_sprintf(r->report->arena, "The %s is not a string", names[part]),
                       "must be a string such as \"%s\", but is %s.",
                       part == TAG     ? "1.23.6"
                       : part == HUB   ? "registry.example.com/istio"
                       : part == IMAGE ? "proxyv2"
                                       : "distroless",
                       glm_kind_name(v->kind));
}

static void check_text(struct image_rules *r, const struct glm_value *v, enum part part,
                       const char *where, bool in_values)
{
    static const char *const summaries[] = {"Not a hub", "Not a tag", "Not an image",
                                            "Not a variant of an image"};
    struct glm_arena *arena = r->report->arena;
    const char *fault = part == HUB     ? glm_hub_fault(arena, v->as.text)
                        : part == TAG   ? glm_tag_fault(arena, v->as.text, in_values)
                        : part == IMAGE ? glm_image_fault(arena, v->as.text)
                                        : glm_variant_fault(arena, v->as.text);
    if (fault)
        glm_spec_error(r->report, v->line, v->column, where, summaries[part], "%s", fault);
}

/* in_values: it goes to the charts as it is. typed: the API's tables have named a wrong type. */
static void check(struct image_rules *r, const struct glm_value *v, enum part part,
                  const char *where, bool in_values, bool typed)
{
    bool text = glm_is_string(v);
    if (glm_is_null(v) || glm_is_unknown(v))
        return;
    if (r->automatic && part <= TAG) {
        glm_spec_error(r->report, v->line, v->column, where, "auto with an image of its own",
                       ": with gateway_revision \"auto\", hub and tag come from the provider's "
                       "default_distribution. Remove %s, or name the revision instead of \"auto\".",
                       names[part]);
        return;
    }
    if (!text && !typed)
        check_type(r, v, part, where);
    else if (text && (v->len || (in_values && part <= TAG))) /* there, "" is no default */
        check_text(r, v, part, where, in_values);
}

static void check_values(struct image_rules *r, enum glm_layer layer)
{
    static const struct {
        const char *keys[4];
        enum part part;
    } places[] = {
        {{"global", "hub"}, HUB},
        {{"global", "tag"}, TAG},
        {{"global", "proxy", "image"}, IMAGE},
        {{"global", "proxy_init", "image"}, IMAGE},
        {{"global", "variant"}, VARIANT},
        {{"global", "proxy", "variant"}, VARIANT},
        {{"gateways", "istio-ingressgateway", "hub"}, HUB},
        {{"gateways", "istio-ingressgateway", "tag"}, TAG},
        {{"gateways", "istio-egressgateway", "hub"}, HUB},
        {{"gateways", "istio-egressgateway", "tag"}, TAG},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *const *k = places[i].keys;
        struct mesh_setting said =
            mesh_setting_in(r->report->arena, r->spec, layer, k[0], k[1], k[2], NULL);
        /* The API has a type for all that it knows of values but for the tag. */
        bool typed = layer == GLM_LAYER_VALUES && places[i].part != TAG;
        check(r, said.value, places[i].part, said.where, true, typed);
    }
}

/* A field of the spec beside values that say something else. */
static void warn_overridden(struct image_rules *r, const char *field, enum part part)
{
    const struct glm_pair *pair = glm_get_pair(r->spec, field);
    struct mesh_setting counts =
        mesh_setting(r->report->arena, r->spec, "global", names[part], NULL);
    if (!r->report->ok || !pair || !glm_is_string(pair->value) || !pair->value->len ||
        !glm_is_string(counts.value) || counts.layer == GLM_LAYER_SPEC ||
        glm_equal(pair->value, counts.value))
        return;
    glm_spec_warn_noted(r->report, pair->line, pair->column, field, "A field that values override",
                        "Istio's operator puts values over the fields of the spec, and "
                        "unvalidatedValues over both. Say it in one place.",
                        "\"%s\" has no effect: %s is \"%s\".", pair->value->as.text, counts.where,
                        counts.value->as.text);
}

/* Istio's operator reads hub and tag of other components only. */
static void warn_ignored(struct image_rules *r, const struct glm_gateway *g, enum part part)
{
    const struct glm_pair *pair = glm_get_pair(g->value, names[part]);
    struct mesh_setting counts =
        mesh_setting(r->report->arena, r->spec, "global", names[part], NULL);
    if (!r->report->ok || !g->enabled || !pair || !glm_is_string(pair->value) ||
        !pair->value->len || glm_equal(pair->value, counts.value))
        return;
    glm_spec_warn_noted(r->report, pair->line, pair->column,
                        glm_sprintf(r->report->arena, "%s.%s",
                                    mesh_gateway_where(r->report->arena, g), names[part]),
                        "A gateway's own image without effect",
                        "Istio's operator takes hub and tag of the spec for all gateways of it. "
                        "Give a gateway that is to run another version an installation of its own.",
                        "\"%s\" has no effect: the gateway runs %s%s.", pair->value->as.text,
                        *counts.where ? counts.where : "the operator's own ",
                        *counts.where ? "" : names[part]);
}

void mesh_rules_images(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct image_rules r = {.spec = installation->spec,
                            .report = report,
                            .automatic = glm_installation_is_auto(installation)};
    check(&r, glm_get(r.spec, "hub"), HUB, "hub", false, true);
    check(&r, glm_get(r.spec, "tag"), TAG, "tag", false, false);
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        const char *where = mesh_gateway_where(report->arena, g);
        check(&r, glm_get(g->value, "hub"), HUB, glm_sprintf(report->arena, "%s.hub", where), false,
              true);
        check(&r, glm_get(g->value, "tag"), TAG, glm_sprintf(report->arena, "%s.tag", where), false,
              false);
    }
    check_values(&r, GLM_LAYER_VALUES);
    check_values(&r, GLM_LAYER_UNVALIDATED);
    bool rendered = mesh_is_rendered(rules->config, installation); /* then the renderer says so */
    for (size_t i = 0; i < gateways->count && !rendered; i++) {
        warn_ignored(&r, &gateways->items[i], HUB);
        warn_ignored(&r, &gateways->items[i], TAG);
    }
    warn_overridden(&r, "hub", HUB);
    warn_overridden(&r, "tag", TAG);
}
