/* SPDX-License-Identifier: Apache-2.0
 *
 * The fake API server that keeps objects. See fake_objects.h.
 */
#include "fake_objects.h"
#include "test.h"

#include "glm/cluster.h"
#include "test_installer.h"

#include <stdlib.h>
#include <string.h>

static const char *path_of(struct glm_arena *arena, const struct glm_value *object)
{
    struct glm_object_ref ref;
    if (!glm_object_ref_of(object, &ref) && !glm_object_ref_as(object, &glm_test_config_map, &ref))
        abort();
    const char *version = ref.kind->api_version;
    const char *root = strchr(version, '/') ? "apis" : "api";
    return ref.namespace_
               ? glm_sprintf(arena, "/%s/%s/namespaces/%s/%s/%s", root, version, ref.namespace_,
                             ref.kind->plural, ref.name)
               : glm_sprintf(arena, "/%s/%s/%s/%s", root, version, ref.kind->plural, ref.name);
}

static size_t find(const struct fake_objects *o, const char *path)
{
    size_t i = 0;
    while (i < o->count && strcmp(o->objects[i].path, path) != 0)
        i++;
    return i;
}

static void tell(struct fake_objects *o, const char *type, const char *path,
                 const struct glm_value *object)
{
    if (o->event_count == FAKE_EVENTS_MAX)
        abort();
    o->events[o->event_count].path = path;
    o->events[o->event_count].type = type;
    o->events[o->event_count].object = object;
    o->events[o->event_count++].version = o->version;
    pthread_cond_broadcast(&o->changed);
}

static const struct glm_value *stamped(struct fake_objects *o, const struct glm_value *object,
                                       const struct glm_value *uid)
{
    object = glm_with_path(o->arena, glm_copy(o->arena, object),
                           glm_stringf(o->arena, "%llu", (unsigned long long)++o->version),
                           "metadata", "resourceVersion", NULL);
    return glm_with_path(o->arena, object, uid, "metadata", "uid", NULL);
}

/* Puts an object in its place; its UID stays. */
static const struct glm_value *put(struct fake_objects *o, const char *path,
                                   const struct glm_value *object)
{
    path = glm_strdup(o->arena, path);
    size_t at = find(o, path);
    bool fresh = at == o->count;
    if (at == FAKE_OBJECTS_MAX)
        abort();
    const struct glm_value *uid =
        fresh ? glm_stringf(o->arena, "uid-%u", ++o->uids)
              : glm_get_path(o->objects[at].object, "metadata", "uid", NULL);
    object = stamped(o, object, uid);
    o->objects[at].path = path;
    o->objects[at].object = object;
    o->count += fresh;
    tell(o, fresh ? "ADDED" : "MODIFIED", path, object);
    return object;
}

static void take_out(struct fake_objects *o, size_t at)
{
    const struct glm_value *object = o->objects[at].object;
    object = stamped(o, object, glm_get_path(object, "metadata", "uid", NULL));
    tell(o, "DELETED", o->objects[at].path, object);
    o->objects[at] = o->objects[--o->count];
}

void fake_objects_put(struct fake_objects *o, const char *json)
{
    pthread_mutex_lock(&o->lock);
    const struct glm_value *object = glm_test_value(o->arena, json);
    put(o, path_of(o->arena, object), object);
    pthread_mutex_unlock(&o->lock);
}

void fake_objects_delete(struct fake_objects *o, const char *path)
{
    pthread_mutex_lock(&o->lock);
    if (find(o, path) < o->count)
        take_out(o, find(o, path));
    pthread_mutex_unlock(&o->lock);
}

void fake_objects_forget(struct fake_objects *o)
{
    pthread_mutex_lock(&o->lock);
    o->forgotten = ++o->version;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

void fake_objects_hold_lists(struct fake_objects *o, bool hold)
{
    pthread_mutex_lock(&o->lock);
    o->hold_lists = hold;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

void fake_objects_await_held(struct fake_objects *o, unsigned count)
{
    pthread_mutex_lock(&o->lock);
    while (o->held < count)
        pthread_cond_wait(&o->changed, &o->lock);
    pthread_mutex_unlock(&o->lock);
}

void fake_objects_no_watches(struct fake_objects *o, bool none)
{
    pthread_mutex_lock(&o->lock);
    o->no_watches = none;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

/* ---- answers ---- */

/* Whether the object at path is in the collection at of ("/api/v1/services" has all namespaces'),
 * and has the label if the query wants ours. */
static bool within(const char *path, const struct glm_value *object, const struct fake_call *call)
{
    const char *resource = strrchr(call->path, '/');
    const char *name = strrchr(path, '/');
    size_t len = strlen(resource);
    if ((size_t)(name - path) < len || strncmp(name - len, resource, len) != 0)
        return false;
    const char *in = strstr(call->path, "/namespaces/");
    if (in && strncmp(path, call->path, strlen(call->path)) != 0)
        return false;
    return !strstr(call->query, "managed-by") ||
           glm_is_string(
               glm_get_path(object, "metadata", "labels", "app.kubernetes.io/managed-by", NULL));
}

static const char *json(struct fake_call *call, const struct glm_value *v)
{
    return glm_json_text(call->arena, v);
}

/* The apiVersion of a path: "v1" of "/api/v1/...", "apps/v1" of "/apis/apps/v1/...". */
static const char *version_of(struct fake_call *call)
{
    const char *from = strchr(call->path + 1, '/') + 1;
    size_t len = strcspn(from, "/");
    if (strncmp(call->path, "/apis/", 6) == 0)
        len += 1 + strcspn(from + len + 1, "/");
    return glm_strndup(call->arena, from, len);
}

/* The lock is held. Items without apiVersion and kind, as real lists have them, and unsorted. */
static const char *page_of(struct fake_objects *o, struct fake_call *call)
{
    struct glm_text text;
    glm_text_init(&text, call->arena, 1 << 24);
    const char *from = strstr(call->query, "continue=");
    size_t skip = from ? strtoul(from + 9, NULL, 10) : 0, seen = 0, added = 0;
    bool more = false;
    for (size_t i = o->count; i-- > 0;) {
        if (!within(o->objects[i].path, o->objects[i].object, call) || seen++ < skip)
            continue;
        more = o->page && added == o->page;
        if (more)
            break;
        const struct glm_value *item = o->objects[i].object;
        item = glm_without(call->arena, glm_without(call->arena, item, "kind"), "apiVersion");
        glm_text_addf(&text, "%s%s", added++ ? "," : "", json(call, item));
    }
    const char *go_on = more ? glm_sprintf(call->arena, ",\"continue\":\"%zu\"", skip + added) : "";
    return glm_sprintf(call->arena,
                       "{\"kind\":\"AnyList\",\"apiVersion\":\"%s\","
                       "\"metadata\":{\"resourceVersion\":\"%llu\"%s},\"items\":[%s]}",
                       version_of(call), (unsigned long long)o->version, go_on, text.data);
}

static void answer_list(struct fake_objects *o, struct fake_call *call)
{
    pthread_mutex_lock(&o->lock);
    const char *page = page_of(o, call);
    o->held += o->hold_lists;
    pthread_cond_broadcast(&o->changed);
    while (o->hold_lists)
        pthread_cond_wait(&o->changed, &o->lock);
    pthread_mutex_unlock(&o->lock);
    fake_answer(call, 200, "", page);
}

static void answer_404(struct fake_call *call)
{
    const char *name = strrchr(call->path, '/');
    size_t len = (size_t)(name - call->path), from = len;
    while (from > 0 && call->path[from - 1] != '/')
        from--;
    fake_status(call, 404, "NotFound", "not found",
                glm_sprintf(call->arena, "{'name':'%s','kind':'%.*s'}", name + 1, (int)(len - from),
                            call->path + from));
}

static void answer_apply(struct fake_objects *o, struct fake_call *call)
{
    struct glm_diags d;
    glm_diags_init(&d, call->arena);
    const struct glm_value *body = &glm_null;
    glm_json_decode(call->arena, call->body, strlen(call->body), "body", NULL, &body, &d);
    pthread_mutex_lock(&o->lock);
    size_t at = find(o, call->path);
    bool fresh = at == o->count;
    static const char *const keys[] = {"resourceVersion", "uid"};
    bool refused = false;
    for (size_t i = 0; i < 2; i++) {
        const struct glm_value *seen = glm_get_path(body, "metadata", keys[i], NULL);
        refused |= glm_is_string(seen) &&
                   (fresh ? i == 1
                          : !glm_equal(seen, glm_get_path(o->objects[at].object, "metadata",
                                                          keys[i], NULL)));
    }
    const char *stored = refused ? "" : json(call, put(o, call->path, body));
    pthread_mutex_unlock(&o->lock);
    if (refused)
        fake_status(call, 409, "Conflict", "the object has been modified", "");
    else
        fake_answer(call, fresh ? 201 : 200, "", stored);
}

static void answer_delete(struct fake_objects *o, struct fake_call *call)
{
    pthread_mutex_lock(&o->lock);
    size_t at = find(o, call->path);
    const struct glm_value *object = at < o->count ? o->objects[at].object : &glm_null;
    const struct glm_value *uid = glm_get_path(object, "metadata", "uid", NULL);
    bool other = at < o->count && strstr(call->body, "preconditions") &&
                 !strstr(call->body, glm_string_or(uid, "-"));
    bool kept = !glm_is_null(glm_get_path(object, "metadata", "finalizers", NULL));
    const char *left = NULL;
    if (kept && !other)
        left = json(call, put(o, call->path,
                              glm_with_path(o->arena, object, glm_string(o->arena, "now"),
                                            "metadata", "deletionTimestamp", NULL)));
    else if (at < o->count && !other)
        take_out(o, at);
    const char *gone = glm_sprintf(call->arena,
                                   "{\"kind\":\"Status\",\"apiVersion\":\"v1\","
                                   "\"status\":\"Success\",\"details\":{\"name\":\"%s\","
                                   "\"uid\":\"%s\"}}",
                                   strrchr(call->path, '/') + 1, glm_string_or(uid, ""));
    pthread_mutex_unlock(&o->lock);
    if (glm_is_null(object))
        answer_404(call);
    else if (other)
        fake_status(call, 409, "Conflict", "Precondition failed: UID", "");
    else
        fake_answer(call, 200, "", left ? left : gone);
}

static void answer_watch(struct fake_objects *o, struct fake_call *call)
{
    const char *at = strstr(call->query, "resourceVersion=");
    uint64_t from = at ? strtoull(at + 16, NULL, 10) : 0;
    pthread_mutex_lock(&o->lock);
    if (o->no_watches) {
        pthread_mutex_unlock(&o->lock);
        fake_answer(call, 503, "", "");
        return;
    }
    size_t next = 0;
    pthread_mutex_unlock(&o->lock);
    fake_stream_begin(call);
    while (fake_wait(call, 10)) {
        struct glm_text text;
        glm_text_init(&text, call->arena, 1 << 24);
        pthread_mutex_lock(&o->lock);
        bool expired = from < o->forgotten, none = o->no_watches;
        for (; next < o->event_count && !expired; next++)
            if (o->events[next].version > from &&
                within(o->events[next].path, o->events[next].object, call))
                glm_text_addf(&text, "{\"type\":\"%s\",\"object\":%s}\n", o->events[next].type,
                              json(call, o->events[next].object));
        pthread_mutex_unlock(&o->lock);
        if (expired)
            glm_text_adds(&text, "{\"type\":\"ERROR\",\"object\":{\"code\":410}}\n");
        if (none || !fake_stream(call, text.data) || expired)
            return;
    }
}

static void answer(void *context, struct fake_call *call)
{
    struct fake_objects *o = context;
    bool (*script)(struct fake_objects *, struct fake_call *) = atomic_load(&o->script);
    if (script && script(o, call))
        return;
    const char *last = strrchr(call->path, '/');
    bool collection = last[strlen(last) - 1] == 's' && strlen(last) > 4; /* no name ends in s */
    if (strcmp(call->method, "WATCH") == 0) {
        answer_watch(o, call);
    } else if (strcmp(call->method, "PATCH") == 0) {
        answer_apply(o, call);
    } else if (strcmp(call->method, "DELETE") == 0) {
        answer_delete(o, call);
    } else if (collection) {
        answer_list(o, call);
    } else {
        pthread_mutex_lock(&o->lock);
        size_t at = find(o, call->path);
        const char *found = at < o->count ? json(call, o->objects[at].object) : NULL;
        pthread_mutex_unlock(&o->lock);
        if (found)
            fake_answer(call, 200, "", found);
        else
            answer_404(call);
    }
}

void fake_objects_start(struct fake_objects *o)
{
    o->arena = glm_arena_create((size_t)1 << 30);
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->changed, NULL);
    o->version = 100;
    o->server = (struct fake_apiserver){.answer = answer, .context = o};
    fake_apiserver_start(&o->server);
}

void fake_objects_stop(struct fake_objects *o)
{
    fake_objects_hold_lists(o, false);
    fake_apiserver_stop(&o->server);
    pthread_mutex_destroy(&o->lock);
    pthread_cond_destroy(&o->changed);
    glm_arena_destroy(o->arena);
}
