/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as what an API server answers, to whatever a live cluster asks it: answers
 * divided by lines of "---8<---", each with a status of three digits in front; and all of it as a
 * watch, in pieces, and as header lines. http_perform is this file's own: nothing is sent.
 *
 * Holds:  no crash; errors exactly when a call has failed; what is said is UTF-8 without the token;
 *         an event of a watch has an object unless it ends the watch; lists have objects.
 */
#include "../support/harmless.h"
#include "../../src/kube/http/parts.h"
#include "../../src/kube/store/internal.h"
#include "glm/live.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "t0ken-of-the-entry"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* ---- the server ---- */

static struct {
    const char *text;
    size_t len;
    atomic_bool stop;
} script;

static int status_of(const char *text, size_t len)
{
    int status = 0;
    for (size_t i = 0; i < 3; i++) {
        if (i >= len || text[i] < '0' || text[i] > '9')
            return 200;
        status = status * 10 + (text[i] - '0');
    }
    return status < 200 ? 200 : status;
}

void http_perform(struct glm_http *http, struct glm_arena *arena,
                  const struct http_request *request, struct http_response *ret_response)
{
    static const char mark[] = "\n---8<---\n";
    const char *cut = script.len ? memmem(script.text, script.len, mark, sizeof mark - 1) : NULL;
    size_t len = cut ? (size_t)(cut - script.text) : script.len;
    size_t drop = len >= 3 ? 3 : len;
    int status = script.len ? status_of(script.text, len) : 404;
    (void)http;
    require(request->url && request->method);
    /* What would be asked again is not waited for. */
    if (status == 429 || status >= 500)
        atomic_store(&script.stop, true);
    *ret_response = (struct http_response){
        .outcome = HTTP_ANSWERED,
        .status = status,
        .sent = true,
        .body = glm_strndup(arena, script.text + drop, len - drop),
        .len = len - drop,
        .retry_after_ms = -1,
    };
    script.text += cut ? len + sizeof mark - 1 : len;
    script.len -= cut ? len + sizeof mark - 1 : len;
}

/* ---- the calls ---- */

static void check_said(const struct glm_diags *d, bool ok)
{
    require(ok == (d->errors == 0));
    for (const struct glm_diag *said = d->first; said; said = said->next) {
        require(*said->summary && is_harmless(said->summary, false, GLM_SHOWN_KEY_MAX));
        require(is_harmless(said->detail, true, GLM_SHOWN_LINES_MAX));
        require(!strstr(said->summary, TOKEN) && !strstr(said->detail, TOKEN));
    }
}

static void look(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_kind *kind)
{
    const struct glm_object_ref ref = {
        .kind = kind, .namespace_ = "istio-system", .name = "gw-1-24"};
    struct glm_read read;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = cluster->ops->list(cluster, arena, kind, NULL, &read, &d);
    check_said(&d, ok);
    for (size_t i = 0; ok && read.found == GLM_FOUND && i < read.object->len; i++)
        require(glm_is_map(glm_at(read.object, i)));
    glm_diags_init(&d, arena);
    check_said(&d, cluster->ops->read(cluster, arena, &ref, &read, &d));
}

static void change(struct glm_cluster *cluster, struct glm_arena *arena)
{
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_SERVICE, .namespace_ = "istio-system", .name = "gw-1-24"};
    const struct glm_value *object =
        glm_with(arena, &glm_empty_map, "kind", glm_string(arena, "Service"));
    object = glm_with(arena, object, "apiVersion", glm_string(arena, "v1"));
    object = glm_with_path(arena, object, glm_string(arena, ref.name), "metadata", "name", NULL);
    object = glm_with_path(arena, object, glm_string(arena, ref.namespace_), "metadata",
                           "namespace", NULL);
    struct glm_write write = {.object = object};
    enum glm_written written;
    bool gone;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = cluster->ops->write(cluster, arena, &write, &written, &d);
    check_said(&d, ok);
    if (ok && written == GLM_WRITE_DONE)
        require(glm_is_map(write.stored));
    for (size_t i = 0; ok && written == GLM_WRITE_CONFLICT && i < write.conflict_count; i++)
        require(write.conflicts[i].manager && write.conflicts[i].field);
    glm_diags_init(&d, arena);
    check_said(&d, cluster->ops->remove(cluster, arena, &ref, NULL, &gone, &d));
}

static void ask(struct glm_arena *arena, const char *text, size_t size)
{
    const struct glm_value *entry =
        glm_with(arena, &glm_empty_map, "host", glm_string(arena, "https://east"));
    const struct glm_live_config config = {
        .name = "east",
        .entry = glm_with(arena, entry, "token", glm_string(arena, TOKEN)),
        .config_paths = &glm_null,
        .field_manager = "fuzz",
        .user_agent = "fuzz",
        .stop = &script.stop,
    };
    script.text = text;
    script.len = size;
    atomic_store(&script.stop, false);
    struct glm_cluster *cluster = glm_live_create(&config);
    look(cluster, arena, GLM_KIND_ISTIO_OPERATOR);
    look(cluster, arena, GLM_KIND_SERVICE);
    change(cluster, arena);
    look(cluster, arena, GLM_KIND_SERVICE);
    cluster->ops->destroy(cluster);
}

/* ---- a watch, headers ---- */

static bool event(void *context, enum watch_event what, struct held *held)
{
    (void)context;
    require((what == WATCH_EXPIRED || what == WATCH_BROKEN) == !held);
    if (held)
        require(glm_is_map(held->value));
    store_held_drop(held);
    return true;
}

static void watch(const char *text, size_t size)
{
    struct watch_lines lines = {.kind = GLM_KIND_DEPLOYMENT, .event = event};
    size_t piece = size ? (unsigned char)text[size - 1] % 64u + 1 : 1;
    for (size_t i = 0; i < size; i += piece)
        if (!store_watch_feed(&lines, text + i, size - i < piece ? size - i : piece))
            break;
    store_watch_lines_done(&lines);
}

static void headers(struct glm_arena *arena, const char *text, size_t size)
{
    const char *value, *warning;
    size_t len;
    if (!http_header(text, size, "Warning", &value, &len))
        return;
    for (const char *at = value, *end = value + len; http_warning(arena, &at, end, &warning);) {
        require(at <= end);
        require(!warning || glm_utf8_valid(warning, strlen(warning)));
    }
    require(http_seconds(glm_strndup(arena, value, len)) >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    const char *text = glm_strndup(arena, (const char *)data, size);
    ask(arena, text, size);
    watch(text, size);
    headers(arena, text, size);
    return 0;
}
