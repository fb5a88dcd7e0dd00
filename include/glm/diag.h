/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagnostics: everything that is wrong, each with where and what to do, all at once.
 *
 * Owner:  the arena given to glm_diags_init; texts are copied.
 * Foreign: what is between quotation marks or backquotes in a format is a value of somebody else
 *         (glm_shown_vsprintf), and all texts and paths are made fit to be shown (glm/shown.h).
 * Errors: a fallible function of libglm returns bool, takes `struct glm_diags *` last, and on
 *         false has added at least one error; on true it has added none (warnings are free).
 * Thread: one thread at a time.
 */
#ifndef GLM_DIAG_H
#define GLM_DIAG_H

#include "glm/arena.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum glm_severity { GLM_WARNING, GLM_ERROR };

enum glm_step { GLM_STEP_ATTRIBUTE, GLM_STEP_KEY, GLM_STEP_INDEX };

/* An attribute path, as a chain of stack frames: free until a diagnostic is recorded. */
struct glm_path {
    const struct glm_path *up; /* NULL at the root */
    enum glm_step step;
    const char *name; /* ATTRIBUTE, KEY */
    size_t index;     /* INDEX */
};
#define GLM_AT_ATTR(up_, name_) (&(const struct glm_path){(up_), GLM_STEP_ATTRIBUTE, (name_), 0})
#define GLM_AT_KEY(up_, key_) (&(const struct glm_path){(up_), GLM_STEP_KEY, (key_), 0})
#define GLM_AT_INDEX(up_, i_) (&(const struct glm_path){(up_), GLM_STEP_INDEX, NULL, (i_)})

struct glm_diag {
    enum glm_severity severity;
    const char *summary;         /* one line, no full stop */
    const char *detail;          /* what is wrong, what was expected, what to do */
    const struct glm_path *path; /* NULL: the whole resource */
    bool shared;                 /* a warning that others give in the same words */
    bool denied;                 /* an error: who was asked answers that we may not */
    const struct glm_diag *next;
};

struct glm_diags {
    struct glm_arena *arena;
    const struct glm_diag *first;
    struct glm_diag *last;
    size_t errors, warnings;
};

/* More than this many diagnostics are counted, not kept; one last line says how many. */
#define GLM_DIAGS_LIMIT 200

void glm_diags_init(struct glm_diags *d, struct glm_arena *arena);

/* Records an error and returns false, so that `return glm_error(d, at, "…", "…")` reads well.
 * An equal diagnostic (severity, path, summary, detail) is recorded once. */
bool glm_error(struct glm_diags *d, const struct glm_path *at, const char *summary,
               const char *detail_format, ...) __attribute__((format(printf, 4, 5)));
/* The same where rights are missing, so that asking again would change nothing. */
bool glm_error_denied(struct glm_diags *d, const struct glm_path *at, const char *summary,
                      const char *detail_format, ...) __attribute__((format(printf, 4, 5)));
void glm_warn(struct glm_diags *d, const struct glm_path *at, const char *summary,
              const char *detail_format, ...) __attribute__((format(printf, 4, 5)));

/* A warning about something that several resources have in common, such as a cluster that does not
 * answer: each says it in the same words, and it is enough to read it once. */
void glm_warn_shared(struct glm_diags *d, const struct glm_path *at, const char *summary,
                     const char *detail_format, ...) __attribute__((format(printf, 4, 5)));

/* Of all warnings with one summary in a whole run Terraform shows the first, and counts the others:
 * "and 4 more similar warnings elsewhere". So the warnings of one summary become one that lists
 * them all, and its summary ends with what it is about, " (of)", unless it does already or the
 * warning is shared. of: NULL for nothing. */
void glm_diags_fold(struct glm_diags *d, const char *of);

/* Appends one, as glm_diags_append does all. */
void glm_diags_add(struct glm_diags *d, const struct glm_diag *diag);
/* Appends all of from, with texts copied into d's arena; paths are put under at. */
void glm_diags_append(struct glm_diags *d, const struct glm_path *at, const struct glm_diags *from);

/* `installations["1-24"].clusters["east"]`; "" for the root. */
const char *glm_path_text(struct glm_arena *arena, const struct glm_path *path);
bool glm_path_equal(const struct glm_path *a, const struct glm_path *b);
/* A copy of the chain in the arena. */
const struct glm_path *glm_path_copy(struct glm_arena *arena, const struct glm_path *path);

#ifdef __cplusplus
}
#endif
#endif
