/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagnostics and attribute paths.
 */
#include "glm/diag.h"
#include "glm/text.h"

#include <stdint.h>
#include <string.h>

void glm_diags_init(struct glm_diags *d, struct glm_arena *arena)
{
    *d = (struct glm_diags){.arena = arena};
}

static bool step_equal(const struct glm_path *a, const struct glm_path *b)
{
    if (a->step != b->step)
        return false;
    return a->step == GLM_STEP_INDEX ? a->index == b->index : strcmp(a->name, b->name) == 0;
}

bool glm_path_equal(const struct glm_path *a, const struct glm_path *b)
{
    for (; a && b; a = a->up, b = b->up) {
        if (a == b)
            return true;
        if (!step_equal(a, b))
            return false;
    }
    return a == b;
}

/* Copies the chain; what it ended at hangs under base. */
static const struct glm_path *copy_under(struct glm_arena *arena, const struct glm_path *path,
                                         const struct glm_path *base)
{
    struct glm_path *last = NULL;
    const struct glm_path *first = base;
    for (; path; path = path->up) {
        struct glm_path *copy = GLM_NEW(arena, struct glm_path);
        *copy = (struct glm_path){.up = base, .step = path->step, .index = path->index};
        copy->name = path->name ? glm_strdup(arena, path->name) : NULL;
        if (last)
            last->up = copy;
        else
            first = copy;
        last = copy;
    }
    return first;
}

const struct glm_path *glm_path_copy(struct glm_arena *arena, const struct glm_path *path)
{
    return copy_under(arena, path, NULL);
}

static void add_quoted(struct glm_text *text, const char *key)
{
    glm_text_addc(text, '"');
    for (; *key; key++) {
        if (*key == '"' || *key == '\\')
            glm_text_addc(text, '\\');
        if (*key == '\n')
            glm_text_adds(text, "\\n");
        else
            glm_text_addc(text, *key);
    }
    glm_text_addc(text, '"');
}

const char *glm_path_text(struct glm_arena *arena, const struct glm_path *path)
{
    size_t depth = 0;
    for (const struct glm_path *p = path; p; p = p->up)
        depth++;
    const struct glm_path **steps = GLM_NEW_ARRAY(arena, depth, const struct glm_path *);
    for (size_t i = depth; i > 0; i--, path = path->up)
        steps[i - 1] = path;

    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    for (size_t i = 0; i < depth; i++) {
        switch (steps[i]->step) {
        case GLM_STEP_ATTRIBUTE:
            glm_text_addf(&text, "%s%s", i ? "." : "", steps[i]->name);
            break;
        case GLM_STEP_KEY:
            glm_text_addc(&text, '[');
            add_quoted(&text, steps[i]->name);
            glm_text_addc(&text, ']');
            break;
        case GLM_STEP_INDEX:
            glm_text_addf(&text, "[%zu]", steps[i]->index);
            break;
        }
    }
    return text.data;
}

static bool same(const struct glm_diag *a, const struct glm_diag *b)
{
    return a->severity == b->severity && strcmp(a->summary, b->summary) == 0 &&
           strcmp(a->detail, b->detail) == 0 && glm_path_equal(a->path, b->path);
}

/* Takes a diagnostic that lives in d's arena, its path not yet copied. */
static void record(struct glm_diags *d, struct glm_diag *diag, const struct glm_path *base)
{
    const struct glm_path *given = diag->path;
    diag->path = copy_under(d->arena, given, glm_path_copy(d->arena, base));
    for (const struct glm_diag *other = d->first; other; other = other->next)
        if (same(other, diag))
            return;
    size_t count = d->errors + d->warnings;
    *(diag->severity == GLM_ERROR ? &d->errors : &d->warnings) += 1;
    if (count >= GLM_DIAGS_LIMIT) {
        /* The last place tells how many did not fit, and is an error if one of them was. */
        d->last->severity = d->errors ? GLM_ERROR : GLM_WARNING;
        d->last->summary = "Too many problems to list";
        d->last->detail =
            glm_sprintf(d->arena, "%zu more were found. Fix the ones above, then try again.",
                        count + 1 - (GLM_DIAGS_LIMIT - 1));
        d->last->path = NULL;
        return;
    }
    if (d->last)
        d->last->next = diag;
    else
        d->first = diag;
    d->last = diag;
}

static void add(struct glm_diags *d, enum glm_severity severity, const struct glm_path *at,
                const char *summary, const char *format, va_list args)
{
    struct glm_diag *diag = GLM_NEW(d->arena, struct glm_diag);
    diag->severity = severity;
    diag->summary = glm_strdup(d->arena, summary);
    diag->detail = glm_vsprintf(d->arena, format, args);
    diag->path = at;
    record(d, diag, NULL);
}

bool glm_error(struct glm_diags *d, const struct glm_path *at, const char *summary,
               const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    add(d, GLM_ERROR, at, summary, detail_format, args);
    va_end(args);
    return false;
}

void glm_warn(struct glm_diags *d, const struct glm_path *at, const char *summary,
              const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    add(d, GLM_WARNING, at, summary, detail_format, args);
    va_end(args);
}

void glm_diags_append(struct glm_diags *d, const struct glm_path *at, const struct glm_diags *from)
{
    for (const struct glm_diag *diag = from->first; diag; diag = diag->next) {
        struct glm_diag *copy = GLM_NEW(d->arena, struct glm_diag);
        copy->severity = diag->severity;
        copy->summary = glm_strdup(d->arena, diag->summary);
        copy->detail = glm_strdup(d->arena, diag->detail);
        copy->path = diag->path;
        record(d, copy, at);
    }
}
