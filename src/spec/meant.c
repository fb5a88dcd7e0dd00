/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: the field that a key stands for, and what was meant by one that stands for none.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A list of fields longer than this helps nobody. */
#define LISTED_MAX ((size_t)24)

/* ---- spellings: protobuf's decoder takes a name as snake_case and as camelCase ---- */

static const char *camel(struct glm_arena *arena, const char *key)
{
    struct glm_text text;
    glm_text_init(&text, arena, strlen(key));
    for (const char *from = key; *from; from++) {
        if (*from == '_' && from != key && islower((unsigned char)from[1]))
            glm_text_addc(&text, (char)toupper((unsigned char)*++from));
        else
            glm_text_addc(&text, *from);
    }
    return text.data;
}

static const char *snake(struct glm_arena *arena, const char *key)
{
    struct glm_text text;
    glm_text_init(&text, arena, strlen(key) * 2);
    for (const char *from = key; *from; from++) {
        if (isupper((unsigned char)*from))
            glm_text_addf(&text, "_%c", tolower((unsigned char)*from));
        else
            glm_text_addc(&text, *from);
    }
    return text.data;
}

/* No field has a longer name. */
#define NAME_MAX_FIELD ((size_t)128)

static const struct glm_spec_field *
respelt(struct glm_arena *arena, const struct glm_spec_type *type, const char *key, unsigned minor)
{
    if (strnlen(key, NAME_MAX_FIELD) == NAME_MAX_FIELD)
        return NULL;
    if (strchr(key, '_'))
        return glm_spec_field(type, camel(arena, key), minor);
    for (const char *c = key; *c; c++)
        if (isupper((unsigned char)*c))
            return glm_spec_field(type, snake(arena, key), minor);
    return NULL;
}

const struct glm_spec_field *spec_meant(struct glm_arena *arena, const struct glm_spec_type *type,
                                        const char *key, unsigned minor)
{
    const struct glm_spec_field *field = glm_spec_field(type, key, minor);
    /* The operator takes either spelling of its own types too; the translation reads one. */
    bool either = type->decoder == GLM_SPEC_VALUES || type->decoder == GLM_SPEC_LENIENT;
    return field || !either ? field : respelt(arena, type, key, minor);
}

/* ---- what was meant ---- */

static bool is_proposed(const struct glm_spec_field *field, unsigned minor)
{
    uint8_t format = glm_spec_limits[field->limit].format;
    return spec_has(field, minor) && format != GLM_SPEC_DROPPED && format != GLM_SPEC_REFUSED;
}

/* Where a key that is not of this type is a field: `k8s.service`, one or two levels down. */
static const char *deeper(struct glm_spec_walk *w, const struct glm_spec_type *type,
                          const char *key, unsigned levels)
{
    for (size_t i = 0; i < type->count; i++) {
        const struct glm_spec_field *f = &type->fields[i];
        if (f->kind != GLM_SPEC_OBJECT || f->shape != GLM_SPEC_ONE || !is_proposed(f, w->minor))
            continue;
        const struct glm_spec_type *below = &glm_spec_types[f->index];
        const struct glm_spec_field *hit = glm_spec_field(below, key, w->minor);
        if (hit && is_proposed(hit, w->minor))
            return glm_sprintf(w->r->arena, "%s.%s", f->name, key);
        const char *found = levels > 1 ? deeper(w, below, key, levels - 1) : NULL;
        if (found)
            return glm_sprintf(w->r->arena, "%s.%s", f->name, found);
    }
    return NULL;
}

/* Where it is a field further up, as happens with a wrong indentation. NULL: nowhere. */
static const char *further_up(struct glm_spec_walk *w, const struct glm_spec_level *level,
                              const char *key)
{
    struct glm_arena *arena = w->r->arena;
    for (const struct glm_spec_level *up = level->up; up; up = up->up)
        if (glm_spec_field(up->type, key, w->minor))
            return up->where ? glm_sprintf(arena, " Did you mean %s?",
                                           spec_path_text(arena, GLM_AT_KEY(up->where, key)))
                             : " It belongs further up, at the beginning of the spec.";
    return NULL;
}

/* The names that may be proposed. Returns how many. */
static size_t candidates(struct glm_spec_walk *w, const struct glm_spec_type *type,
                         const char ***ret_names)
{
    size_t count = 0;
    *ret_names = GLM_NEW_ARRAY(w->r->arena, type->count, const char *);
    for (size_t i = 0; i < type->count; i++)
        if (is_proposed(&type->fields[i], w->minor))
            (*ret_names)[count++] = type->fields[i].name;
    return count;
}

static const char *all_of(struct glm_spec_walk *w, const char *const *names, size_t count)
{
    struct glm_text text;
    glm_text_init(&text, w->r->arena, LISTED_MAX * NAME_MAX_FIELD);
    for (size_t i = 0; i < count; i++)
        glm_text_addf(&text, "%s%s", i ? ", " : " The fields here are ", names[i]);
    glm_text_adds(&text, ".");
    return text.data;
}

/* " Did you mean x?", the list of fields, or "". */
static const char *suggestion(struct glm_spec_walk *w, const struct glm_spec_level *level,
                              bool soft, const char *key)
{
    const struct glm_spec_type *type = level->type;
    const char **names, *meant = NULL;
    size_t count = candidates(w, type, &names);
    const struct glm_spec_field *other = respelt(w->r->arena, type, key, w->minor);
    for (size_t i = 0; i < count && !meant; i++)
        if (strcasecmp(names[i], key) == 0)
            meant = names[i];
    if (!meant && other && is_proposed(other, w->minor))
        meant = other->name;
    if (!meant && (soft || !type->note))
        meant = deeper(w, type, key, 2);
    const char *elsewhere = !meant && !soft && !type->note ? further_up(w, level, key) : NULL;
    if (elsewhere)
        return elsewhere;
    if (!meant)
        meant = glm_nearest(key, names, count);
    if (meant)
        return glm_sprintf(w->r->arena, " Did you mean %s?", meant);
    return soft || type->note || count == 0 || count > LISTED_MAX ? "" : all_of(w, names, count);
}

/* ---- what is said ---- */

static const char *api_of(struct glm_spec_walk *w, const struct glm_spec_type *type)
{
    if (w->whole)
        return glm_sprintf(w->r->arena, "of a %s of Kubernetes", type->name);
    return glm_sprintf(w->r->arena, "of the IstioOperator API (Istio 1.%u)", w->minor);
}

static bool is_operators(const struct glm_spec_walk *w)
{
    return w->minor <= GLM_SPEC_OPERATOR && !w->r->rendered;
}

/* What is done with keys that nobody knows below values and meshConfig. */
static const char *fate(struct glm_spec_walk *w, const struct glm_spec_level *level)
{
    const struct glm_spec_level *root = level;
    while (root->up && root->type->decoder != GLM_SPEC_VALUES &&
           root->type->decoder != GLM_SPEC_LENIENT)
        root = root->up;
    bool operators = is_operators(w);
    if (root->type->decoder == GLM_SPEC_VALUES)
        return operators ? "The operator refuses keys under values that it does not know; those of "
                           "a chart of your own belong under unvalidatedValues."
                         : "Istio refuses keys under values that it does not know; those of a "
                           "chart of your own belong under unvalidatedValues.";
    return operators ? "The operator refuses keys under meshConfig that the mesh configuration of "
                       "Istio 1.23 does not have."
                     : "Istio passes over keys under meshConfig that its mesh configuration does "
                       "not have.";
}

/* "is known from Istio 1.27 on; this is 1.24": a field of other minors. NULL: of none. */
static const char *of_other_minors(struct glm_spec_walk *w, const struct glm_spec_type *type,
                                   const char *key)
{
    const struct glm_spec_field *row = spec_first_row(type, key), *best = row;
    if (!row)
        return NULL;
    if (glm_spec_limits[row->limit].format == GLM_SPEC_DROPPED)
        return "is of the GatewayLifecycleManager API only: no Istio takes it. Remove it.";
    for (; row; row = spec_next_row(type, row))
        if (row->since <= w->minor || best->since > row->since)
            best = row;
    const char *here = is_operators(w) ? "the operator is of Istio" : "this is";
    unsigned minor = is_operators(w) ? GLM_SPEC_OPERATOR : w->minor;
    if (best->since > w->minor)
        return glm_sprintf(w->r->arena, "is known from Istio 1.%u on; %s 1.%u.", best->since, here,
                           minor);
    return glm_sprintf(w->r->arena, "was known until Istio 1.%u; %s 1.%u.", best->until, here,
                       minor);
}

void spec_unknown_key(struct glm_spec_walk *w, const struct glm_spec_level *level, bool soft,
                      const struct glm_pair *pair, const struct glm_path *where)
{
    const struct glm_spec_type *type = level->type;
    const char *message = NULL;
    if (w->r->rendered)
        soft = type->decoder == GLM_SPEC_LENIENT && w->minor > GLM_SPEC_OPERATOR;
    if (spec_listening(w) && (!soft || w->r->warn)) {
        message = of_other_minors(w, type, pair->key);
        if (!message && soft)
            message =
                glm_sprintf(w->r->arena, "is not known.%s", suggestion(w, level, soft, pair->key));
        else if (!message) {
            const char *remedy = spec_old_form(w, type, pair);
            if (!remedy)
                remedy = spec_overlaid(w, type, pair->key, where);
            message = glm_sprintf(w->r->arena, "is not a field %s.%s", api_of(w, type),
                                  remedy ? remedy : suggestion(w, level, soft, pair->key));
        }
    }
    if (soft)
        spec_find_warning(w, pair->line, pair->column, where, fate(w, level), "%s", message);
    else
        spec_find_error(w, GLM_SPEC_UNKNOWN_KEY, pair->line, pair->column, where, "%s%s%s", message,
                        type->note ? " " : "", type->note ? type->note : "");
}
