/* SPDX-License-Identifier: Apache-2.0
 *
 * Values: the document and its profile as the one tree of values that all charts of Istio see, in the
 * order in which Istio lays one over the other.
 */
#include "internal.h"

#include <string.h>

#define SYSTEM_NAMESPACE "istio-system"

/* ---- the profile ---- */

static const struct glm_value *profile_values(struct render_call *call,
                                              const struct render_profile *profile)
{
    struct glm_arena *arena = call->arena;
    bool files = render_has(&call->release, RENDER_PLATFORM_FILES);
    const char *chart = files ? profile->chart : profile->old_chart;
    const char *platform = files ? profile->platform : NULL;
    const struct glm_value *global =
        PART_MAP(arena, {"istioNamespace", glm_string(arena, SYSTEM_NAMESPACE)},
                 {"platform", platform ? glm_string(arena, platform) : NULL});
    return PART_MAP(arena, {"global", global},
                    {"profile", chart ? glm_string(arena, chart) : NULL});
}

static const struct glm_value *profile_list(struct render_call *call,
                                            const struct render_profile *profile,
                                            enum render_type_index type)
{
    bool on = type == RENDER_INGRESS ? profile->ingress : profile->egress;
    const struct glm_value *gateway =
        PART_MAP(call->arena, {"enabled", glm_bool(on)},
                 {"name", glm_string(call->arena, render_types[type].app)});
    return glm_list(call->arena, &gateway, 1);
}

/* ---- lists of gateways ---- */

static const struct glm_value *named_in(const struct glm_value *list, const struct glm_value *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (glm_equal(glm_get(list->as.list[i], "name"), name))
            return list->as.list[i];
    return NULL;
}

/* As the operator of old did: gateways of the same name are one. The document's come first, so that their
 * places are those of the text. */
static const struct glm_value *lists_by_name(struct render_call *call, const struct glm_value *base,
                                             const struct glm_value *over)
{
    struct glm_list_builder b;
    glm_list_init(&b, call->arena);
    for (size_t i = 0; i < over->len; i++) {
        const struct glm_value *entry = over->as.list[i];
        const struct glm_value *was = named_in(base, glm_get(entry, "name"));
        glm_list_add(&b, was ? part_merged(call->arena, was, entry) : entry);
    }
    for (size_t i = 0; i < base->len; i++)
        if (!named_in(over, glm_get(base->as.list[i], "name")))
            glm_list_add(&b, base->as.list[i]);
    return glm_list_finish(&b);
}

static void set_lists(struct render_call *call, const struct render_profile *profile)
{
    for (int t = 0; t < RENDER_TYPES; t++) {
        const struct glm_value *own =
            glm_get_path(call->spec, "components", render_types[t].list, NULL);
        const struct glm_value *base = profile_list(call, profile, (enum render_type_index)t);
        bool replaced = render_has(&call->release, RENDER_LISTS_REPLACED);
        call->lists[t] = !glm_is_list(own) ? base : replaced ? own : lists_by_name(call, base, own);
    }
}

/* ---- values ---- */

static const struct glm_value *text_or(const struct render_call *call, const struct glm_value *v,
                                       const char *other)
{
    return glm_is_null(v) ? glm_string(call->arena, other) : part_string(call->arena, v);
}

/* Fields of the spec that are values under another name. */
static const struct glm_value *with_fields(const struct render_call *call,
                                           const struct glm_value *values)
{
    static const char *const alike[] = {"compatibilityVersion", "revision"};
    const struct glm_value *mesh = glm_get(call->spec, "meshConfig");
    values = glm_with_path(call->arena, values,
                           text_or(call, glm_get(call->spec, "hub"), call->release.hub), "global",
                           "hub", NULL);
    values = glm_with_path(call->arena, values,
                           text_or(call, glm_get(call->spec, "tag"), call->release.tag), "global",
                           "tag", NULL);
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        const struct glm_value *v = glm_get(call->spec, alike[i]);
        if (!glm_is_null(v))
            values = glm_with(call->arena, values, alike[i], v);
    }
    if (glm_is_map(mesh))
        values = part_merged(call->arena, values, PART_MAP(call->arena, {"meshConfig", mesh}));
    return values;
}

/* What is said once more of the values, over the fields. Not of the mesh: since 1.24 the one tree that both are
 * laid into is changed in place there, and with it what is said again. */
static const struct glm_value *said_again(const struct render_call *call,
                                          const struct glm_value *own)
{
    bool spec_wins = render_has(&call->release, RENDER_SPEC_MESH_WINS) &&
                     glm_is_map(glm_get(call->spec, "meshConfig"));
    return spec_wins ? glm_without(call->arena, own, "meshConfig") : own;
}

static const char *default_namespace(const struct render_call *call,
                                     const struct glm_value *document)
{
    const struct glm_value *const candidates[] = {
        render_has(&call->release, RENDER_SPEC_NAMESPACE) ? glm_get(call->spec, "namespace")
                                                          : &glm_null,
        glm_get_path(call->values, "global", "istioNamespace", NULL),
        glm_get_path(document, "metadata", "namespace", NULL),
    };
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        if (glm_is_string(candidates[i]) && candidates[i]->len)
            return candidates[i]->as.text;
    return SYSTEM_NAMESPACE;
}

static const struct glm_value *map_or_empty(const struct glm_value *v)
{
    return glm_is_map(v) ? v : &glm_empty_map;
}

static bool refuse_profile(struct render_call *call, const char *name)
{
    const struct glm_pair *pair = glm_get_pair(call->spec, "profile");
    const char *nearest = render_profile_nearest(name);
    return glm_spec_error(call->report, pair->line, pair->column, "profile", "Unknown profile",
                          "\"%s\" is no profile of Istio.%s%s%s The usual one for gateways is "
                          "\"empty\".",
                          name, nearest ? " Did you mean \"" : "", nearest ? nearest : "",
                          nearest ? "\"?" : "");
}

bool render_values(struct render_call *call, const struct glm_value *document)
{
    const char *name = glm_string_or(glm_get(call->spec, "profile"), "");
    const struct render_profile *profile = render_profile(*name ? name : "default");
    const struct glm_value *own = map_or_empty(glm_get(call->spec, "values"));
    const struct glm_value *unchecked = map_or_empty(glm_get(call->spec, "unvalidatedValues"));
    if (!profile)
        return refuse_profile(call, name);
    call->values = part_merged(call->arena, profile_values(call, profile), own);
    call->values = with_fields(call, call->values);
    call->values = part_merged(call->arena, call->values, said_again(call, own));
    call->namespace_ = default_namespace(call, document);
    call->values = part_merged(call->arena, call->values, unchecked);
    set_lists(call, profile);
    return true;
}
