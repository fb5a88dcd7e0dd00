/* SPDX-License-Identifier: Apache-2.0
 *
 * References in the values of overlays: the gateway's own objects bear the revision's suffix, so a
 * reference to one of them is suffixed like its name.
 *
 * What:   a table of the places where such a name can stand, and the label that the chart makes of
 *         it, wherever it is set or selected. A patch may set the name itself or anything around it: what is left of the place behind the patch's path is followed in its
 *         value. A reference to anything else stays as it is.
 * Source: the gateway charts of Istio 1.23, the types of Kubernetes.
 */
#include "glm/codec.h"
#include "overlays.h"

#include <string.h>

#define STEPS 8
#define EACH "[]" /* any element of a list */

struct reference {
    const char *kind;         /* of the overlay */
    const char *steps[STEPS]; /* to the name */
    const char *suffix;       /* of the object that is named there */
    const char *of_kind;      /* what `kind` beside the name says, if anything */
};

#define POD "spec", "template", "spec"

static const struct reference references[] = {
    {"HorizontalPodAutoscaler", {"spec", "scaleTargetRef", "name"}, "", "Deployment"},
    {"HorizontalPodAutoscaler",
     {"spec", "metrics", EACH, "object", "describedObject", "name"},
     "",
     "Deployment"},
    {"RoleBinding", {"roleRef", "name"}, "-sds", "Role"},
    {"RoleBinding", {"subjects", EACH, "name"}, "-service-account", "ServiceAccount"},
    {"Deployment", {POD, "serviceAccountName"}, "-service-account", NULL},
    {"Deployment", {POD, "serviceAccount"}, "-service-account", NULL},
};

struct rewriting {
    struct glm_arena *arena;
    const struct glm_gateway *gateway;
    const char *revision;
    const struct reference *reference;
};

static const struct glm_value *rename_here(struct rewriting *w, const struct glm_value *v)
{
    const char *suffix = w->reference->suffix;
    const char *bare = glm_sprintf(w->arena, "%s%s", w->gateway->name, suffix);
    if (!glm_string_is(v, bare))
        return v;
    const char *full = mesh_suffixed(w->arena, w->gateway->name, w->revision);
    return glm_positioned(w->arena, glm_stringf(w->arena, "%s%s", full, suffix), v->line,
                          v->column);
}

/* v with the name behind these steps suffixed; v itself when there is none. */
static const struct glm_value *rewrite(struct rewriting *w, const struct glm_value *v, size_t step)
{
    const char *key = step < STEPS ? w->reference->steps[step] : NULL;
    if (!key)
        return rename_here(w, v);
    if (strcmp(key, EACH) == 0) {
        struct glm_list_builder b;
        bool changed = false;
        glm_list_init(&b, w->arena);
        for (size_t i = 0; glm_is_list(v) && i < v->len; i++) {
            const struct glm_value *element = rewrite(w, glm_at(v, i), step + 1);
            changed |= element != glm_at(v, i);
            glm_list_add(&b, element);
        }
        return changed ? glm_list_finish(&b) : v;
    }
    const struct glm_value *was = glm_get(v, key), *kind = glm_get(v, "kind");
    bool another = w->reference->of_kind && strcmp(key, "name") == 0 && !glm_is_null(kind) &&
                   !glm_string_is(kind, w->reference->of_kind);
    const struct glm_value *now = another ? was : rewrite(w, was, step + 1);
    return now == was ? v : glm_with(w->arena, v, key, now);
}

/* How many steps of the place the path goes; false when it goes elsewhere, or beyond it. */
static bool leads_to(const struct reference *r, const struct glm_overlay_path *path, size_t *ret)
{
    size_t i = 0;
    for (; i < path->count; i++) {
        const char *step = i < STEPS ? r->steps[i] : NULL;
        bool element = path->steps[i].kind != GLM_OVERLAY_KEY;
        if (!step || (strcmp(step, EACH) == 0 ? !element
                                              : element || strcmp(step, path->steps[i].text) != 0))
            return false;
    }
    *ret = i;
    return true;
}

/* Text that Istio reads as a map is one. */
static const struct glm_value *as_map(struct glm_arena *arena, const struct glm_value *text)
{
    const struct glm_value *v = NULL;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!glm_is_string(text) || !strchr(text->as.text, ':') || text->as.text[0] == '{' ||
        !glm_yaml_decode(arena, text->as.text, text->len, "value", NULL, &v, &ignored) ||
        !glm_is_map(v))
        return text;
    return v;
}

static const struct glm_value *patch_references(struct rewriting *w, const char *kind,
                                                const struct glm_value *patch)
{
    const struct glm_value *was = glm_get(patch, "value"), *v = was;
    struct glm_overlay_path path;
    if (glm_is_null(was) || !glm_overlay_path_read(w->arena, glm_get(patch, "path"), &path))
        return patch;
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        size_t step;
        w->reference = &references[i];
        if (strcmp(references[i].kind, kind) != 0 || !leads_to(w->reference, &path, &step))
            continue;
        const struct glm_value *map =
            step < STEPS && w->reference->steps[step] ? as_map(w->arena, v) : v;
        const struct glm_value *now = rewrite(w, map, step);
        if (now != map)
            v = now;
    }
    if (path.count && strcmp(path.steps[path.count - 1].text, GLM_NAME_LABEL) == 0 &&
        glm_string_is(v, w->gateway->name))
        v = glm_string(w->arena, mesh_suffixed(w->arena, w->gateway->name, w->revision));
    else
        v = mesh_own_selectors(w->arena, w->gateway, w->revision, v);
    return v == was ? patch : glm_with(w->arena, patch, "value", v);
}

const struct glm_value *mesh_overlay_references(struct glm_arena *arena,
                                                const struct glm_value *overlay,
                                                const struct glm_gateway *gateway,
                                                const char *revision)
{
    const struct glm_value *patches = glm_get(overlay, "patches");
    const char *kind = glm_string_or(glm_get(overlay, "kind"), "");
    struct rewriting w = {.arena = arena, .gateway = gateway, .revision = revision};
    struct glm_list_builder b;
    bool changed = false;
    if (!gateway->name || !*revision || !glm_is_list(patches))
        return overlay;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < patches->len; i++) {
        const struct glm_value *patch = patch_references(&w, kind, glm_at(patches, i));
        changed |= patch != glm_at(patches, i);
        glm_list_add(&b, patch);
    }
    return changed ? glm_with(arena, overlay, "patches", glm_list_finish(&b)) : overlay;
}
