/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagnostics and attribute paths.
 */
#include "glm/diag.h"
#include "glm/shown.h"

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

/* A key is whatever somebody has written. Its characters are looked at where it is shown, which is
 * in the text of a path and on the wire; here only that it has an end. */
static const char *copy_name(struct glm_arena *arena, const char *name)
{
    size_t len = strlen(name);
    return len <= GLM_SHOWN_KEY_MAX ? glm_strndup(arena, name, len)
                                    : glm_shown_n(arena, name, len, GLM_SHOWN_KEY_MAX);
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
        copy->name = path->name ? copy_name(arena, path->name) : NULL;
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

static void add_name(struct glm_text *text, const char *name)
{
    glm_text_adds(text, glm_shown_n(text->arena, name, strlen(name), GLM_SHOWN_KEY_MAX));
}

static void add_quoted(struct glm_text *text, const char *key)
{
    struct glm_text escaped;
    glm_text_init(&escaped, text->arena, SIZE_MAX / 4);
    for (const char *c = key; *c; c++) {
        if (*c == '"' || *c == '\\')
            glm_text_addc(&escaped, '\\');
        glm_text_addc(&escaped, *c);
    }
    glm_text_addc(text, '"');
    add_name(text, escaped.data);
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
            glm_text_adds(&text, i ? "." : "");
            add_name(&text, steps[i]->name);
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

/* Takes a diagnostic that lives in d's arena, its path not yet copied. Everything that is said comes
 * by here, so nothing gets out that is not fit to be shown. */
static void record(struct glm_diags *d, struct glm_diag *diag, const struct glm_path *base)
{
    const struct glm_path *given = diag->path;
    diag->summary = glm_shown_n(d->arena, diag->summary, strlen(diag->summary), GLM_SHOWN_KEY_MAX);
    diag->detail = glm_shown_lines(d->arena, diag->detail, GLM_SHOWN_LINES_MAX);
    diag->path = copy_under(d->arena, given, glm_path_copy(d->arena, base));
    for (const struct glm_diag *other = d->first; other; other = other->next)
        if (same(other, diag))
            return;
    size_t count = d->errors + d->warnings;
    *(diag->severity == GLM_ERROR ? &d->errors : &d->warnings) += 1;
    if (count >= GLM_DIAGS_LIMIT) {
        /* The last place tells how many did not fit, and is an error if one of them was. One of them may
         * itself stand for many. */
        d->last->severity = d->errors ? GLM_ERROR : GLM_WARNING;
        d->last->summary = "Too many problems to list";
        d->last->detail = glm_sprintf(
            d->arena, "At least %zu more were found. Fix the ones above, then try again.",
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

/* as: of which kind it is. */
static void add(struct glm_diags *d, struct glm_diag as, const struct glm_path *at,
                const char *summary, const char *format, va_list args)
{
    struct glm_diag *diag = GLM_NEW(d->arena, struct glm_diag);
    *diag = as;
    diag->summary = summary;
    diag->detail = glm_shown_vsprintf(d->arena, format, args);
    diag->path = at;
    record(d, diag, NULL);
}

bool glm_error(struct glm_diags *d, const struct glm_path *at, const char *summary,
               const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    add(d, (struct glm_diag){.severity = GLM_ERROR}, at, summary, detail_format, args);
    va_end(args);
    return false;
}

bool glm_error_denied(struct glm_diags *d, const struct glm_path *at, const char *summary,
                      const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    add(d, (struct glm_diag){.severity = GLM_ERROR, .denied = true}, at, summary, detail_format,
        args);
    va_end(args);
    return false;
}

void glm_warn(struct glm_diags *d, const struct glm_path *at, const char *summary,
              const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    add(d, (struct glm_diag){.severity = GLM_WARNING}, at, summary, detail_format, args);
    va_end(args);
}

void glm_warn_shared(struct glm_diags *d, const struct glm_path *at, const char *summary,
                     const char *detail_format, ...)
{
    va_list args;
    va_start(args, detail_format);
    add(d, (struct glm_diag){.severity = GLM_WARNING, .shared = true}, at, summary, detail_format,
        args);
    va_end(args);
}

static void append(struct glm_diags *d, const struct glm_path *at, const struct glm_diag *diag)
{
    struct glm_diag *copy = GLM_NEW(d->arena, struct glm_diag);
    copy->severity = diag->severity;
    copy->summary = diag->summary;
    copy->detail = glm_strdup(d->arena, diag->detail);
    copy->path = diag->path;
    copy->shared = diag->shared;
    copy->denied = diag->denied;
    record(d, copy, at);
}

void glm_diags_add(struct glm_diags *d, const struct glm_diag *diag)
{
    append(d, NULL, diag);
}

void glm_diags_append(struct glm_diags *d, const struct glm_path *at, const struct glm_diags *from)
{
    for (const struct glm_diag *diag = from->first; diag; diag = diag->next)
        append(d, at, diag);
}

/* ---- warnings of one summary ---- */

static bool alike(const struct glm_diag *a, const struct glm_diag *b)
{
    return a->severity == GLM_WARNING && b->severity == GLM_WARNING &&
           strcmp(a->summary, b->summary) == 0;
}

/* The attribute that the path begins with. */
static const struct glm_path *first_step(const struct glm_path *path)
{
    while (path && path->up)
        path = path->up;
    return path;
}

/* One for diag and all that are like it behind it. */
static struct glm_diag *gather(struct glm_diags *d, const struct glm_diag *diag)
{
    struct glm_diag *all = GLM_NEW(d->arena, struct glm_diag);
    bool one_path = true, one_attribute = true, several = false;
    *all = *diag;
    for (const struct glm_diag *other = diag->next; other; other = other->next) {
        if (!alike(diag, other))
            continue;
        several = true;
        one_path = one_path && glm_path_equal(diag->path, other->path);
        one_attribute =
            one_attribute && glm_path_equal(first_step(diag->path), first_step(other->path));
    }
    if (!several)
        return all;
    struct glm_text text;
    glm_text_init(&text, d->arena, SIZE_MAX / 4);
    for (const struct glm_diag *other = diag; other; other = other->next) {
        if (!alike(diag, other))
            continue;
        const char *path = one_path ? "" : glm_path_text(d->arena, other->path);
        glm_text_addf(&text, "%s%s%s%s%s", text.len ? "\n\n" : "", *path ? "At " : "", path,
                      *path ? ": " : "", other->detail);
    }
    all->detail = glm_shown_lines(d->arena, text.data, GLM_SHOWN_LINES_MAX);
    if (!one_path)
        all->path = one_attribute ? first_step(diag->path) : NULL;
    return all;
}

static bool is_first(const struct glm_diags *d, const struct glm_diag *diag)
{
    for (const struct glm_diag *other = d->first; other != diag; other = other->next)
        if (alike(other, diag))
            return false;
    return true;
}

static const char *named(struct glm_arena *arena, const struct glm_diag *diag, const char *of)
{
    if (diag->severity != GLM_WARNING || diag->shared || !of ||
        strstr(diag->summary, glm_sprintf(arena, "(%s", of)))
        return diag->summary;
    return glm_sprintf(arena, "%s (%s)", diag->summary, of);
}

void glm_diags_fold(struct glm_diags *d, const char *of)
{
    struct glm_diags folded;
    glm_diags_init(&folded, d->arena);
    for (const struct glm_diag *diag = d->first; diag; diag = diag->next) {
        if (!is_first(d, diag))
            continue;
        struct glm_diag *all = gather(d, diag);
        all->summary = named(d->arena, diag, of);
        all->next = NULL;
        if (folded.last)
            folded.last->next = all;
        else
            folded.first = all;
        folded.last = all;
        *(all->severity == GLM_ERROR ? &folded.errors : &folded.warnings) += 1;
    }
    *d = folded;
}
