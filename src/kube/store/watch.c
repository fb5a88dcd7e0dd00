/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines of a watch: JSON documents, one each, in pieces that end anywhere.
 *
 * Owner:  every object gets an arena of its own and is given away; the line that is not whole yet
 *         has one until it is.
 * Errors: a line that is no event of a watch is the event BROKEN, and the end.
 * Thread: one at a time.
 * Source: Kubernetes' watch: ADDED, MODIFIED, DELETED, BOOKMARK (only a resourceVersion), ERROR
 *         (a Status; 410 when the place to go on from is too long ago).
 */
#include "internal.h"

#include <string.h>

static bool tell(struct watch_lines *lines, enum watch_event event, struct held *held)
{
    if (!lines->event(lines->context, event, held))
        return false;
    return event != WATCH_EXPIRED && event != WATCH_BROKEN;
}

/* No object, but a place to go on from. */
static bool is_bookmark(const struct glm_value *v, const struct glm_object_kind *of)
{
    const struct glm_value *kind = glm_get(v, "kind");
    return (glm_is_null(kind) || glm_string_is(kind, of->name)) && *api_answer_version(v);
}

static bool tell_object(struct watch_lines *lines, enum watch_event event, struct held *held)
{
    const struct glm_value *object = held->value;
    if (event != WATCH_BOOKMARK)
        object = api_answer_item(held->arena, object, lines->kind, NULL);
    else if (!is_bookmark(object, lines->kind))
        object = NULL;
    if (object) {
        held->value = object;
        return tell(lines, event, held);
    }
    store_held_drop(held);
    return tell(lines, WATCH_BROKEN, NULL);
}

static bool event_of(struct watch_lines *lines, const char *type, struct held *held)
{
    static const struct {
        const char *type;
        enum watch_event event;
    } known[] = {
        {"ADDED", WATCH_PUT},
        {"MODIFIED", WATCH_PUT},
        {"DELETED", WATCH_GONE},
        {"BOOKMARK", WATCH_BOOKMARK},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(type, known[i].type) == 0) {
            return tell_object(lines, known[i].event, held);
        }
    int64_t code = 0;
    bool expired = strcmp(type, "ERROR") == 0 &&
                   glm_number_int64(glm_get(held->value, "code"), &code) && code == 410;
    store_held_drop(held);
    return tell(lines, expired ? WATCH_EXPIRED : WATCH_BROKEN, NULL);
}

static bool whole_line(struct watch_lines *lines, const char *line, size_t len)
{
    if (len == 0 || (len == 1 && *line == '\r'))
        return true;
    struct held *held = store_held_create();
    const struct kube_text text = {line, len, .what = "an event", .cancel = lines->cancel};
    const struct glm_value *event = &glm_null;
    enum kube_read read = api_read(lines->api, held->arena, &text, &event, &held->diags);
    held->value = glm_get(event, "object");
    if (read == KUBE_READ && glm_is_map(held->value))
        return event_of(lines, glm_string_or(glm_get(event, "type"), ""), held);
    store_held_drop(held);
    return tell(lines, WATCH_BROKEN, NULL);
}

bool store_watch_feed(struct watch_lines *lines, const char *data, size_t len)
{
    while (len) {
        const char *end = memchr(data, '\n', len);
        size_t part = end ? (size_t)(end - data) : len;
        bool more = true;
        if (!end || lines->arena) {
            if (!lines->arena) {
                lines->arena = glm_arena_create(4 * WATCH_LINE_MAX);
                glm_text_init(&lines->line, lines->arena, WATCH_LINE_MAX);
            }
            glm_text_add(&lines->line, data, part);
            if (lines->line.overflow)
                return tell(lines, WATCH_BROKEN, NULL);
            if (end) {
                more = whole_line(lines, lines->line.data, lines->line.len);
                store_watch_lines_done(lines);
            }
        } else {
            more = whole_line(lines, data, part);
        }
        if (!more)
            return false;
        part += end != NULL;
        data += part;
        len -= part;
    }
    return true;
}

void store_watch_lines_done(struct watch_lines *lines)
{
    glm_arena_destroy(lines->arena);
    lines->arena = NULL;
}
