/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings: what is wrong with a document, taken down as it is found and said at the end in the order of
 * the text, so that no map is sorted for nothing.
 *
 * Owner:  they live in the arena of the report.
 * Time:   after a limit they are only counted.
 */
#include "internal.h"

#include "glm/shown.h"

#include <stdlib.h>
#include <string.h>

/* More are counted, not kept: a report lists fewer. */
#define KEPT_MAX ((size_t)1000)

static const char *const summaries[] = {
    [GLM_SPEC_UNKNOWN_KEY] = "Unknown field",
    [GLM_SPEC_WRONG_TYPE] = "Wrong type",
    [GLM_SPEC_WRONG_VALUE] = "Wrong value",
    [GLM_SPEC_MISSING] = "Missing field",
    [GLM_SPEC_TWICE] = "The same twice",
    [GLM_SPEC_EXCLUDED] = "Fields that exclude each other",
    [GLM_SPEC_FORSAKEN] = "A form that no cluster takes",
    [GLM_SPEC_UNDECODABLE] = "Wrong value",
};

/* Whoever only decodes finds nothing wrong with it. The mesh configuration is looked into besides. */
static bool is_decodable(const struct glm_spec_walk *w, enum glm_spec_fault fault)
{
    return fault != GLM_SPEC_UNKNOWN_KEY && fault != GLM_SPEC_WRONG_TYPE &&
           fault != GLM_SPEC_UNDECODABLE && w->decoder != GLM_SPEC_LENIENT;
}

bool spec_listening(const struct glm_spec_walk *w)
{
    return w->kept < KEPT_MAX;
}

static struct glm_spec_finding *keep(struct glm_spec_walk *w)
{
    if (w->kept == w->capacity) {
        size_t capacity = w->capacity ? w->capacity * 2 : 8;
        struct glm_spec_finding *more =
            GLM_NEW_ARRAY(w->r->arena, capacity, struct glm_spec_finding);
        if (w->kept)
            memcpy(more, w->findings, w->kept * sizeof *more);
        w->findings = more;
        w->capacity = capacity;
    }
    w->findings[w->kept].order = w->kept;
    return &w->findings[w->kept++];
}

void spec_find_error(struct glm_spec_walk *w, enum glm_spec_fault fault, uint32_t line,
                     uint32_t column, const struct glm_path *where, const char *format, ...)
{
    bool warn = w->r->decoded && is_decodable(w, fault);
    w->errors += !warn;
    w->r->warned |= warn;
    if (!spec_listening(w) || (warn && !w->r->warn))
        return;
    va_list args;
    va_start(args, format);
    struct glm_spec_finding *f = keep(w);
    f->warn = warn;
    f->line = line;
    f->column = column;
    f->where = spec_path_text(w->r->arena, where);
    f->message = glm_shown_vsprintf(w->r->arena, format, args);
    f->summary = glm_sprintf(w->r->arena, "%s in %s", summaries[fault], w->r->what);
    va_end(args);
}

void spec_find_warning(struct glm_spec_walk *w, uint32_t line, uint32_t column,
                       const struct glm_path *where, const char *note, const char *format, ...)
{
    w->r->warned = true;
    if (!w->r->warn || !spec_listening(w))
        return;
    va_list args;
    va_start(args, format);
    struct glm_spec_finding *f = keep(w);
    f->warn = true;
    f->line = line;
    f->column = column;
    f->where = spec_path_text(w->r->arena, where);
    f->note = note;
    f->message = glm_shown_vsprintf(w->r->arena, format, args);
    f->summary = glm_sprintf(w->r->arena, "Unknown key in %s", w->r->what);
    va_end(args);
}

static int by_place(const void *a, const void *b)
{
    const struct glm_spec_finding *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

void spec_find_end(struct glm_spec_walk *w)
{
    size_t said = 0;
    if (w->kept > 1)
        qsort(w->findings, w->kept, sizeof *w->findings, by_place);
    for (size_t i = 0; i < w->kept; i++) {
        const struct glm_spec_finding *f = &w->findings[i];
        if (f->warn)
            glm_spec_warn_noted(w->r, f->line, f->column, f->where, f->summary, f->note, "%s",
                                f->message);
        else
            glm_spec_error(w->r, f->line, f->column, f->where, f->summary, "%s", f->message);
        said += !f->warn;
    }
    if (w->errors > said)
        glm_spec_error(w->r, 0, 0, "", "Too many mistakes to list",
                       "has %zu more. Correct these first.", w->errors - said);
}
