/* SPDX-License-Identifier: Apache-2.0
 *
 * What has come of a job, as a text from one process to another: a line of JSON, and one for each
 * object, which is as deep there as it was in its file.
 *
 * Owner:  texts and values live in the arena given.
 * Errors: what is no such text, or not all of it, is not taken.
 * Thread: no shared state.
 */
#include "glm/codec.h"
#include "internal.h"

#include <string.h>

/* What the codec calls it, where it is wrong. */
static const char what[] = "the answer";

static const struct glm_value *text_or_null(struct glm_arena *arena, const char *text)
{
    return text ? glm_string(arena, text) : &glm_null;
}

static const struct glm_value *said_list(struct glm_arena *arena, const struct glm_diags *said)
{
    struct glm_list_builder list;
    glm_list_init(&list, arena);
    for (const struct glm_diag *diag = said->first; diag; diag = diag->next) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        glm_map_set(&b, "error", diag->severity == GLM_ERROR ? &glm_true : &glm_false);
        glm_map_set(&b, "shared", diag->shared ? &glm_true : &glm_false);
        glm_map_set(&b, "summary", glm_string(arena, diag->summary));
        glm_map_set(&b, "detail", glm_string(arena, diag->detail));
        glm_list_add(&list, glm_map_finish(&b, NULL));
    }
    return glm_list_finish(&list);
}

static void add_line(struct glm_text *text, const struct glm_value *v)
{
    glm_json_encode(v, text);
    glm_text_addc(text, '\n');
}

const char *directory_answer_text(struct glm_arena *arena, const struct directory_job *job, bool ok,
                                  const struct glm_diags *said, size_t *ret_len)
{
    const struct glm_value *object = job->read.object ? job->read.object : &glm_null;
    bool found = ok && job->read.found == GLM_FOUND, list = found && job->verb == DIRECTORY_ALL;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "ok", ok ? &glm_true : &glm_false);
    glm_map_set(&b, "found", glm_integer(arena, job->read.found));
    glm_map_set(&b, "why", text_or_null(arena, job->read.why));
    glm_map_set(&b, "written", glm_integer(arena, job->written));
    glm_map_set(&b, "unsure", job->unsure ? &glm_true : &glm_false);
    glm_map_set(&b, "key", text_or_null(arena, job->key));
    glm_map_set(&b, "objects", glm_integer(arena, list ? (int64_t)object->len : found));
    glm_map_set(&b, "said", said_list(arena, said));
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    add_line(&text, glm_map_finish(&b, NULL));
    for (size_t i = 0; list && i < object->len; i++)
        add_line(&text, object->as.list[i]);
    if (found && !list)
        add_line(&text, object);
    *ret_len = text.len;
    return text.data;
}

/* The next line. *ret_value: NULL when it has more than a text from one process to another may. false:
 * there is none. */
static bool take_line(struct glm_arena *arena, const char **text, size_t *len,
                      const struct glm_value **ret_value)
{
    const char *end = memchr(*text, '\n', *len);
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!end)
        return false;
    size_t n = (size_t)(end - *text);
    if (!glm_json_decode(arena, *text, n, what, NULL, ret_value, &ignored))
        *ret_value = NULL;
    *text += n + 1;
    *len -= n + 1;
    return true;
}

static void take_said(const struct glm_value *list, struct glm_diags *said)
{
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++) {
        const struct glm_value *v = list->as.list[i];
        const struct glm_diag diag = {
            .severity = glm_is_true(glm_get(v, "error")) ? GLM_ERROR : GLM_WARNING,
            .summary = glm_string_or(glm_get(v, "summary"), ""),
            .detail = glm_string_or(glm_get(v, "detail"), ""),
            .shared = glm_is_true(glm_get(v, "shared")),
        };
        glm_diags_add(said, &diag);
    }
}

bool directory_answer_take(struct glm_arena *arena, const char *text, size_t len,
                           struct directory_job *job, bool *ret_ok, struct glm_diags *said)
{
    int64_t found, written, objects;
    struct glm_list_builder list;
    const struct glm_value *head, *object = &glm_null;
    if (!take_line(arena, &text, &len, &head) || !head ||
        !glm_number_int64(glm_get(head, "found"), &found) ||
        !glm_number_int64(glm_get(head, "written"), &written) ||
        !glm_number_int64(glm_get(head, "objects"), &objects))
        return false;
    glm_list_init(&list, arena);
    for (int64_t i = 0; i < objects; i++) {
        if (!take_line(arena, &text, &len, &object))
            return false;
        if (object)
            glm_list_add(&list, object);
        else
            job->too_much++;
    }
    job->read = (struct glm_read){
        .found = (enum glm_found)found,
        .object = job->verb == DIRECTORY_ALL ? glm_list_finish(&list) : object,
        .why = glm_string_or(glm_get(head, "why"), NULL),
    };
    job->written = (enum glm_written)written;
    job->unsure = glm_is_true(glm_get(head, "unsure"));
    job->key = glm_string_or(glm_get(head, "key"), NULL);
    *ret_ok = glm_is_true(glm_get(head, "ok"));
    take_said(glm_get(head, "said"), said);
    return true;
}
