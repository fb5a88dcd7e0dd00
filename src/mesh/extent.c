/* SPDX-License-Identifier: Apache-2.0
 *
 * Extent: what a resource comes to when each of its specs is written out for each of its clusters.
 *
 * What:   one budget for all of it, looked at before anything is rendered: it decides what a plan
 *         and an apply take in memory, and whether the state fits into Terraform's messages.
 *         And how deep a spec may be, so that no object around it is too deep to be read back.
 * Errors: at `installations`; in a spec, with line and column.
 */
#include "internal.h"

#include <string.h>

/* What a value takes in memory beside its text, and a pair with the least of specs. */
#define VALUE_BYTES ((size_t)24)
#define PAIR_BYTES ((size_t)4096)

/* U+2028 or U+2029, which end a line in JavaScript. */
static bool is_separator(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xE2\x80", 2) == 0 && (text[2] == '\xA8' || text[2] == '\xA9');
}

/* What Go writes more of a text than the text: six characters for each of those that HTML or
 * JavaScript would take for something else, and control and quote more for the rest. */
static size_t more_of(const char *text, size_t len, size_t control, size_t quote)
{
    size_t bytes = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20)
            bytes += control;
        else if (c == '<' || c == '>' || c == '&')
            bytes += 5;
        else if (c == '"' || c == '\\')
            bytes += quote;
        else if (is_separator(text + i, len - i))
            bytes += 3;
    }
    return bytes;
}

size_t glm_extent_of_text(const char *text, size_t len)
{
    return len + 2 + more_of(text, len, 5, 1);
}

/* Of a text within a spec: our JSON, as a text in JSON. */
static size_t text_extent(const char *text, size_t len)
{
    return len + 4 + more_of(text, len, 6, 3);
}

/* Of values that are not too deep: others are in no object. */
static size_t extent_below(const struct glm_value *v, unsigned depth)
{
    size_t bytes = VALUE_BYTES;
    if (depth > GLM_SPEC_DEPTH)
        return bytes;
    if (v->kind == GLM_STRING)
        bytes += text_extent(v->as.text, v->len);
    else if (v->kind == GLM_NUMBER)
        bytes += v->len;
    for (size_t i = 0; v->kind == GLM_LIST && i < v->len; i++)
        bytes += extent_below(v->as.list[i], depth + 1);
    for (size_t i = 0; v->kind == GLM_MAP && i < v->len; i++) {
        const char *key = v->as.map[i].key;
        bytes += text_extent(key, strlen(key)) + extent_below(v->as.map[i].value, depth + 1);
    }
    return bytes;
}

static size_t extent_of(const struct glm_value *v)
{
    return extent_below(v, 0);
}

/* What stands in an object once for every gateway, beside the gateway itself: values for all of a
 * type, and the Service that is made of it. */
static size_t gateways_extent(const struct glm_value *spec)
{
    size_t bytes = 0;
    for (int t = 0; t < 2; t++) {
        enum glm_gateway_type type = (enum glm_gateway_type)t;
        const struct glm_value *list =
            glm_get_path(spec, "components", mesh_gateway_list(type), NULL);
        static const char *const layers[] = {"values", "unvalidatedValues"};
        size_t shared = 0;
        for (size_t i = 0; i < 2 && glm_is_list(list) && list->len; i++)
            shared += extent_of(
                glm_get_path(spec, layers[i], "gateways", mesh_gateway_values(type), NULL));
        for (size_t i = 0; glm_is_list(list) && i < list->len; i++) {
            const struct glm_value *k8s = glm_get(list->as.list[i], "k8s");
            bytes +=
                shared + extent_of(glm_get(k8s, "service")) + extent_of(glm_get(k8s, "overlays"));
        }
    }
    return bytes;
}

/* The first value that is too deep; NULL: there is none. */
static const struct glm_value *too_deep(const struct glm_value *v, unsigned depth)
{
    const struct glm_value *found = depth > GLM_SPEC_DEPTH ? v : NULL;
    for (size_t i = 0; v->kind == GLM_LIST && i < v->len && !found; i++)
        found = too_deep(v->as.list[i], depth + 1);
    for (size_t i = 0; v->kind == GLM_MAP && i < v->len && !found; i++)
        found = too_deep(v->as.map[i].value, depth + 1);
    return found;
}

bool mesh_spec_depth_check(struct glm_spec_report *r, const struct glm_value *spec,
                           const char *what)
{
    const struct glm_value *deep = too_deep(spec, 0);
    if (!deep)
        return true;
    return glm_spec_error(r, deep->line, deep->column, "",
                          glm_sprintf(r->arena, "%s is nested too deep", what),
                          "maps and lists are nested more than %d deep here, and the object that "
                          "is made of it must still be readable. Flatten it.",
                          GLM_SPEC_DEPTH);
}

static const char *size_text(struct glm_arena *arena, size_t bytes)
{
    return bytes < (size_t)10 << 20 ? glm_sprintf(arena, "%zu KiB", bytes >> 10)
                                    : glm_sprintf(arena, "%zu MiB", bytes >> 20);
}

size_t mesh_extent(const struct glm_manager *m, const struct glm_installation *in,
                   const struct glm_mesh_config *config, size_t *ret_each)
{
    size_t each = PAIR_BYTES + extent_of(m->helm_global) + strlen(in->key), all = 0;
    if (in->spec && glm_is_map(in->spec))
        each += extent_of(in->spec) + gateways_extent(in->spec);
    if (in->values && glm_is_map(in->values))
        each += extent_of(in->values);
    if (glm_installation_is_auto(in) && config->default_distribution)
        each += extent_of(config->default_distribution);
    const struct glm_value *text = glm_installation_text(in);
    if (text && glm_is_string(text))
        all += text_extent(text->as.text, text->len);
    for (size_t i = 0; i < in->placement_count; i++)
        all += each + strlen(in->placements[i].cluster) +
               extent_of(in->placements[i].trust_domain) + extent_of(in->placements[i].network);
    if (ret_each)
        *ret_each = each;
    return all;
}

bool mesh_extent_refuse(struct glm_arena *arena, const struct glm_manager *m,
                        const struct glm_mesh_config *config, struct glm_diags *d)
{
    size_t total = 0, most = 0, most_each = 0, largest = 0;
    for (size_t i = 0; i < m->installation_count; i++) {
        size_t each, all = mesh_extent(m, &m->installations[i], config, &each);
        total += all;
        if (all > most) {
            largest = i;
            most = all;
            most_each = each;
        }
    }
    return glm_error(
        d, GLM_AT_ATTR(NULL, "installations"), "The resource is too large",
        "Written out for each of their clusters, the installations come to %s, of which one "
        "resource may have %s. Most of it is installations[\"%s\"]: %s for each of %zu "
        "clusters.\n\n"
        "Shorten its spec, in which an alias such as *name counts as often as it is used, or "
        "spread "
        "the clusters or the installations over several resources.",
        size_text(arena, total), size_text(arena, GLM_EXTENT_MAX), m->installations[largest].key,
        size_text(arena, most_each), m->installations[largest].placement_count);
}
