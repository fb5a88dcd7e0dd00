/* SPDX-License-Identifier: Apache-2.0
 *
 * Chart: how Istio's gateway charts see and print values, and what becomes of those that are printed without
 * quotes: they are read as YAML again.
 *
 * Source: text/template and sprig as helm uses them; the charts of Istio 1.22 to 1.31.
 */
#include "internal.h"

#include "glm/codec.h"
#include "glm/render.h"

#include <ctype.h>
#include <string.h>

const char *mesh_chart_text(struct glm_arena *arena, const struct glm_value *v)
{
    return glm_is_list(v) || glm_is_map(v) ? NULL : glm_chart_text(arena, v);
}

bool mesh_chart_truthy(const struct glm_value *v)
{
    return glm_chart_truthy(v);
}

bool mesh_chart_profile_is(struct glm_arena *arena, const struct glm_value *spec,
                           const char *profile)
{
    const struct glm_value *said = mesh_setting(arena, spec, "profile", NULL).value;
    if (!glm_is_string(said) || !said->len)
        said = glm_get(spec, "profile"); /* whose file sets it */
    return glm_string_is(said, profile);
}

bool mesh_is_injected(struct glm_arena *arena, const struct glm_value *spec,
                      enum glm_gateway_type type)
{
    return mesh_chart_truthy(
        mesh_setting(arena, spec, "gateways", mesh_gateway_values(type), "injectionTemplate", NULL)
            .value);
}

/* Longer texts are not written out once more; what is this long is no name. */
#define WRITTEN_MAX ((size_t)65536)

/* Letters, digits, "_", "." and "-" that cannot be anything else: a word that is longer than any with a
 * meaning of its own, or one with a "-" where no number has one ("1-24"). */
static bool is_plainly_text(const char *text)
{
    bool word = isalpha((unsigned char)*text), told = false;
    size_t len = 0;
    for (; text[len]; len++) {
        bool joint = text[len] == '-' || text[len] == '.';
        if (!isalnum((unsigned char)text[len]) && text[len] != '_' && !joint)
            return false;
        word = word && !joint;
        told = told || (text[len] == '-' && len && !strchr("eE", text[len - 1]));
    }
    return (word && len > sizeof "false") || (told && *text != '-');
}

/* Nothing that means something between double quotes. */
static bool is_quotable(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text == '"' || *text == '\\' || *text == 0x7f)
            return false;
    return true;
}

/* What YAML reads there; NULL: nothing can be read, or the line is too long to be looked at, which
 * ret_long says. */
static const struct glm_value *read_back(struct glm_arena *arena, const char *before,
                                         const char *text, const char *after, bool *ret_long)
{
    const struct glm_value *read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const char *line = glm_sprintf(arena, "%s%s%s\n", before, text, after);
    *ret_long = strlen(line) > WRITTEN_MAX;
    if (*ret_long || !glm_yaml_decode(arena, line, strlen(line), "line", NULL, &read, &ignored))
        return NULL;
    return glm_is_list(read) ? glm_at(read, 0) : glm_get(read, "x");
}

const char *mesh_chart_misread(struct glm_arena *arena, const char *before, const char *text,
                               const char *after)
{
    bool is_long;
    /* What most texts are needs no reading. */
    if (*after == '"' ? is_quotable(text) : !*after && is_plainly_text(text))
        return NULL;
    const struct glm_value *x = read_back(arena, before, text, after, &is_long);
    if (!x)
        return is_long ? NULL : GLM_UNREADABLE;
    return glm_is_string(x) || (glm_is_null(x) && !*text) ? NULL : glm_kind_name(x->kind);
}

const char *mesh_chart_misread_label(struct glm_arena *arena, const char *text)
{
    bool is_long;
    const struct glm_value *x =
        is_plainly_text(text) ? NULL : read_back(arena, "x: ", text, "", &is_long);
    return x && (x->kind == GLM_NUMBER || x->kind == GLM_BOOL) ? glm_kind_name(x->kind) : NULL;
}
