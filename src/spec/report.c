/* SPDX-License-Identifier: Apache-2.0
 *
 * The report: diagnostics about one document, each with its place and the line it is about.
 *
 * What:   errors are recorded as they come; warnings are gathered by summary and recorded at the
 *         end, each summary as one diagnostic that lists all of its places.
 * Owner:  the arena of the report; texts are copied, the document is borrowed.
 * Time:   lines are found through an index that is made with the first quote.
 */
#include "internal.h"

#include "glm/shown.h"

#include <stdlib.h>
#include <string.h>

/* More places than this are counted, not listed. */
#define LISTED_MAX ((size_t)100)
#define DETAIL_MAX ((size_t)1 << 22)
/* Characters of a line that are quoted, and how many of them at most come before the column. */
#define QUOTE_MAX ((size_t)100)
#define QUOTE_BEFORE ((size_t)30)
#define SPEC "the spec"

struct report_entry {
    uint32_t line, column;
    size_t order;     /* as it came */
    const char *text; /* the place and what is said of it */
};

struct group {
    const char *summary;
    struct report_entry entries[LISTED_MAX];
    size_t count;          /* of which the first LISTED_MAX are listed */
    struct glm_text notes; /* each once, a paragraph each */
    struct group *next;
};

struct report_line {
    size_t start, end;
};

struct report_place {
    uint32_t line, column;
};

struct glm_spec_gathered {
    struct report_place wrong[LISTED_MAX]; /* where errors are: a warning there would be its echo */
    size_t wrong_count;
    const struct glm_spec_secrets *secrets; /* made with the first words */
    struct group *first, *last;
    struct report_line *lines;
    size_t line_count;
    size_t cursor_line, cursor_column, cursor; /* the last place that was looked up */
};

void glm_spec_report_begin(struct glm_spec_report *r, struct glm_arena *arena,
                           const struct glm_path *at, const char *text, size_t len, bool warn,
                           struct glm_diags *d)
{
    *r = (struct glm_spec_report){.arena = arena,
                                  .at = at,
                                  .what = "the IstioOperator spec",
                                  .root = SPEC,
                                  .text = text,
                                  .len = text ? len : 0,
                                  .warn = warn,
                                  .ok = true,
                                  .d = d,
                                  .gathered = GLM_NEW(arena, struct glm_spec_gathered)};
}

/* ---- lines ---- */

/* lines: NULL to count them. */
static size_t walk_lines(const char *text, size_t len, struct report_line *lines)
{
    size_t count = 0, start = len > 2 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (size_t i = start;;) {
        size_t step = i < len ? glm_line_break(text + i, len - i) : 0;
        if (i < len && !step) {
            i++;
            continue;
        }
        if (lines)
            lines[count] = (struct report_line){start, i};
        count++;
        if (i == len)
            return count;
        i += step;
        start = i;
    }
}

static const struct glm_spec_secrets *secrets(struct glm_spec_report *r)
{
    if (!r->gathered->secrets && r->document)
        r->gathered->secrets = spec_secrets_of(r->arena, r->document);
    return r->gathered->secrets;
}

static void index_lines(struct glm_spec_report *r)
{
    struct glm_spec_gathered *g = r->gathered;
    if (g->lines)
        return;
    r->text = r->document ? spec_starred(r->arena, secrets(r), r->text, r->len, &r->len)
                          : spec_starred_by_keys(r->arena, r->text, r->len);
    g->line_count = walk_lines(r->text, r->len, NULL);
    g->lines = GLM_NEW_ARRAY(r->arena, g->line_count, struct report_line);
    walk_lines(r->text, r->len, g->lines);
}

/* Where in the text the column (in characters, from 1) of the line is: at its end when the line is
 * shorter. Many mistakes on one long line are met in order: looking goes on from the last one. */
static size_t find_column(struct glm_spec_report *r, uint32_t line, size_t column)
{
    struct glm_spec_gathered *g = r->gathered;
    const struct report_line *in = &g->lines[line - 1];
    if (g->cursor_line != line || g->cursor_column > column) {
        g->cursor_line = line;
        g->cursor_column = 1;
        g->cursor = in->start;
    }
    bool shown;
    while (g->cursor_column < column && g->cursor < in->end) {
        g->cursor += spec_character(r->text + g->cursor, in->end - g->cursor, &shown);
        g->cursor_column++;
    }
    return g->cursor;
}

const char *glm_spec_quote(struct glm_spec_report *r, uint32_t line, uint32_t column)
{
    struct glm_text quote;
    if (!r->text || line == 0)
        return "";
    index_lines(r);
    if (line > r->gathered->line_count)
        return "";
    size_t end = r->gathered->lines[line - 1].end, first = 1;
    if (column > QUOTE_BEFORE + 1 && find_column(r, line, QUOTE_MAX + 1) < end)
        first = column - QUOTE_BEFORE;
    size_t start = find_column(r, line, first);
    glm_text_init(&quote, r->arena, QUOTE_MAX * 4 + 64);
    glm_text_addf(&quote, "\n\n%5u | %s", line, first > 1 ? "..." : "");
    if (start + spec_say(&quote, r->text + start, end - start, QUOTE_MAX) < end)
        glm_text_adds(&quote, "...");
    return quote.data;
}

/* ---- words ---- */

const char *glm_spec_place(struct glm_arena *arena, uint32_t line, uint32_t column,
                           const char *where)
{
    const char *what = *where ? where : SPEC;
    return line ? glm_sprintf(arena, "Line %u, column %u: %s", line, column, what) : what;
}

static const char *sentence(struct glm_spec_report *r, uint32_t line, uint32_t column,
                            const char *where, const char *message)
{
    size_t len = strlen(message);
    return glm_sprintf(
        r->arena, "%s%s%s", glm_spec_place(r->arena, line, column, *where ? where : r->root),
        *message == ':' ? "" : " ", spec_starred(r->arena, secrets(r), message, len, &len));
}

bool glm_spec_error(struct glm_spec_report *r, uint32_t line, uint32_t column, const char *where,
                    const char *summary, const char *format, ...)
{
    struct glm_spec_gathered *g = r->gathered;
    r->ok = false;
    if (line && g->wrong_count < LISTED_MAX)
        g->wrong[g->wrong_count++] = (struct report_place){line, column};
    /* What is only counted needs no words. */
    if (r->d->errors + r->d->warnings >= GLM_DIAGS_LIMIT)
        return glm_error(r->d, r->at, summary, "%s", "");
    va_list args;
    va_start(args, format);
    const char *message = glm_shown_vsprintf(r->arena, format, args);
    va_end(args);
    return glm_error(r->d, r->at, summary, "%s%s", sentence(r, line, column, where, message),
                     glm_spec_quote(r, line, column));
}

/* The number behind the word; moves *s past it. 0: there is none. */
static uint32_t number_after(const char **s, const char *word)
{
    uint64_t n = 0;
    if (strncmp(*s, word, strlen(word)) != 0)
        return 0;
    *s += strlen(word);
    *s += glm_digits(*s, SIZE_MAX, &n);
    return n <= UINT32_MAX ? (uint32_t)n : 0;
}

bool glm_spec_pass_on(struct glm_spec_report *r, const struct glm_diags *from)
{
    r->ok = false;
    for (const struct glm_diag *diag = from->first; diag; diag = diag->next) {
        const char *s = diag->detail;
        uint32_t line = number_after(&s, "Line "), column = number_after(&s, ", column ");
        glm_error(r->d, diag->path ? diag->path : r->at, diag->summary, "%s%s", diag->detail,
                  glm_spec_quote(r, line, column));
    }
    return false;
}

/* ---- warnings ---- */

static struct group *group_of(struct glm_spec_report *r, const char *summary)
{
    for (struct group *g = r->gathered->first; g; g = g->next)
        if (strcmp(g->summary, summary) == 0)
            return g;
    struct group *g = GLM_NEW(r->arena, struct group);
    g->summary = glm_strdup(r->arena, summary);
    glm_text_init(&g->notes, r->arena, DETAIL_MAX);
    if (r->gathered->last)
        r->gathered->last->next = g;
    else
        r->gathered->first = g;
    r->gathered->last = g;
    return g;
}

static bool is_wrong(const struct glm_spec_report *r, uint32_t line, uint32_t column)
{
    const struct glm_spec_gathered *g = r->gathered;
    for (size_t i = 0; line && i < g->wrong_count; i++)
        if (g->wrong[i].line == line && g->wrong[i].column == column)
            return true;
    return false;
}

static void gather(struct glm_spec_report *r, const struct report_entry *entry, const char *where,
                   const char *summary, const char *note, const char *message)
{
    if (is_wrong(r, entry->line, entry->column))
        return;
    struct group *g = group_of(r, summary);
    if (g->count >= LISTED_MAX) {
        g->count++;
        return;
    }
    const char *text = sentence(r, entry->line, entry->column, where, message);
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->entries[i].text, text) == 0)
            return;
    g->entries[g->count] = (struct report_entry){entry->line, entry->column, g->count, text};
    g->count++;
    if (note && !strstr(g->notes.data, note))
        glm_text_addf(&g->notes, "\n\n%s", note);
}

void glm_spec_warn(struct glm_spec_report *r, uint32_t line, uint32_t column, const char *where,
                   const char *summary, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    r->warned = true;
    if (r->warn)
        gather(r, &(const struct report_entry){.line = line, .column = column}, where, summary,
               NULL, glm_shown_vsprintf(r->arena, format, args));
    va_end(args);
}

void glm_spec_warn_noted(struct glm_spec_report *r, uint32_t line, uint32_t column,
                         const char *where, const char *summary, const char *note,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    r->warned = true;
    if (r->warn)
        gather(r, &(const struct report_entry){.line = line, .column = column}, where, summary,
               note, glm_shown_vsprintf(r->arena, format, args));
    va_end(args);
}

static int by_place(const void *a, const void *b)
{
    const struct report_entry *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void record(struct glm_spec_report *r, struct group *g)
{
    struct glm_text detail;
    glm_text_init(&detail, r->arena, DETAIL_MAX);
    size_t listed = g->count < LISTED_MAX ? g->count : LISTED_MAX;
    qsort(g->entries, listed, sizeof *g->entries, by_place);
    for (size_t i = 0; i < listed; i++) {
        const struct report_entry *e = &g->entries[i];
        glm_text_addf(&detail, "%s%s%s", i ? "\n\n" : "", e->text,
                      glm_spec_quote(r, e->line, e->column));
    }
    if (g->count > listed)
        glm_text_addf(&detail, "\n\nThere are %zu more of this kind.", g->count - listed);
    glm_text_adds(&detail, g->notes.data);
    glm_warn(r->d, r->at, r->of ? glm_sprintf(r->arena, "%s (%s)", g->summary, r->of) : g->summary,
             "%s", detail.data);
}

bool glm_spec_report_end(struct glm_spec_report *r)
{
    for (struct group *g = r->gathered->first; g; g = g->next)
        record(r, g);
    r->gathered->first = r->gathered->last = NULL;
    return r->ok;
}
