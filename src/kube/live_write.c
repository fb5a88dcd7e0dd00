/* SPDX-License-Identifier: Apache-2.0
 *
 * What changes a live cluster: server-side apply and deletion.
 *
 * Owner:  objects live as long as the caller's arena.
 * Errors: one diagnostic; an object that changed meanwhile and fields of other managers are results.
 * Thread: any number of calls at once.
 * Source: Kubernetes' server-side apply. An apply that carries a resourceVersion is refused (409)
 *         when the object has another one, but makes an object that is gone; with a UID that is
 *         refused too. So an apply with a resourceVersion that no object has only makes objects.
 */
#include "internal.h"

#include "glm/codec.h"

#include <string.h>

#define APPLY_TYPE "application/apply-patch+yaml" /* JSON is YAML */
#define DELETE_TYPE "application/json"
/* Of the empty store, before the first write to it. */
#define VERSION_OF_NOTHING "1"
#define OBJECT_MAX ((size_t)1 << 20) /* etcd takes requests of 1.5 MiB, managedFields included */

/* ---- what cannot be written ---- */

static bool number_fits(const struct glm_value *v)
{
    int64_t number;
    return v->kind != GLM_NUMBER || !glm_number_is_integer(v) || glm_number_int64(v, &number);
}

/* The path of an integer that the API server would round, or NULL. Depth: GLM_VALUE_DEPTH. */
static const char *large_integer(struct glm_arena *arena, const struct glm_value *v,
                                 const char *path, unsigned depth)
{
    if (!number_fits(v))
        return path;
    if ((v->kind != GLM_LIST && v->kind != GLM_MAP) || depth == 0)
        return NULL;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *below = v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i];
        if (below->kind != GLM_LIST && below->kind != GLM_MAP && number_fits(below))
            continue;
        const char *step = v->kind == GLM_MAP ? glm_sprintf(arena, "%s.%s", path, v->as.map[i].key)
                                              : glm_sprintf(arena, "%s[%zu]", path, i);
        const char *found = large_integer(arena, below, step, depth - 1);
        if (found)
            return found;
    }
    return NULL;
}

static bool compose(struct glm_arena *arena, const struct glm_value *object, const char *what,
                    struct glm_text *body, struct glm_diags *d)
{
    const char *summary = glm_sprintf(arena, "Cannot write %s", what);
    const char *large = large_integer(arena, object, "", GLM_VALUE_DEPTH);
    if (large)
        return glm_error(d, NULL, summary,
                         "The integer at %s needs more than 64 bits, and an API server would round "
                         "it. Write it as a string, in quotes.",
                         large);
    glm_text_init(body, arena, OBJECT_MAX);
    glm_json_encode(object, body);
    if (body->overflow)
        return glm_error(d, NULL, summary,
                         "It has more than %zu bytes as JSON, which is more than a cluster's store "
                         "(etcd) takes for one object. Make its spec smaller.",
                         OBJECT_MAX);
    return true;
}

/* ---- write ---- */

static const struct glm_value *metadata_of(const struct glm_value *object, const char *key)
{
    return object ? glm_get_path(object, "metadata", key, NULL) : &glm_null;
}

/* Everything that ours has is in live as well, lists whole. Depth: GLM_VALUE_DEPTH. */
static bool covers(const struct glm_value *live, const struct glm_value *ours, unsigned depth)
{
    if (ours->kind != GLM_MAP || live->kind != GLM_MAP || depth == 0)
        return glm_equal(live, ours);
    for (size_t i = 0; i < ours->len; i++) {
        const char *key = ours->as.map[i].key;
        if (!glm_has(live, key) || !covers(glm_get(live, key), ours->as.map[i].value, depth - 1))
            return false;
    }
    return true;
}

/* What was written is there. Of an object that was not there before the metadata tell: a webhook may
 * have changed the rest at once. */
static bool is_written(const struct glm_value *object, const struct glm_write *w)
{
    const struct glm_value *uid = metadata_of(w->seen, "uid");
    if (!w->seen)
        return covers(glm_get(object, "metadata"), glm_get(w->object, "metadata"), GLM_VALUE_DEPTH);
    return (!glm_is_string(uid) || glm_equal(metadata_of(object, "uid"), uid)) &&
           covers(object, w->object, GLM_VALUE_DEPTH);
}

/* The attempt before this one broke off; when it was carried out nevertheless, the object has
 * changed since it was seen, by ourselves. */
static bool done_before(struct live *live, struct glm_arena *arena,
                        const struct glm_object_ref *ref, struct glm_write *w)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    struct glm_read read;
    if (!live_get(live, arena, ref, &read, &ignored) || read.found != GLM_FOUND ||
        !is_written(read.object, w))
        return false;
    w->stored = read.object;
    return true;
}

static void tell_written(struct live *live, struct glm_arena *arena,
                         const struct glm_object_ref *ref, struct held *held, struct glm_write *w)
{
    held_lend(held, arena);
    w->stored = held->value;
    store_saw(live->store, ref->kind, held_take(held), true);
}

static void warn_of_surprise(struct live *live, const struct glm_object_ref *ref,
                             struct glm_diags *d)
{
    glm_warn(d, NULL, "An object was there already",
             "%s appeared in cluster \"%s\" while it was being made, and is now written over as "
             "far as no other field manager owns its fields. Two Terraform runs at the same time "
             "may do this.",
             glm_object_ref_text(d->arena, ref), live->cluster.name);
}

/* Of whatever was answered: a refusal may have warned too. */
static void tell_warnings(struct live *live, const struct kube_request *request,
                          const struct kube_answer *answer, struct glm_diags *d)
{
    if (answer->http.warning_count > 0)
        live_warnings_tell(live->warnings, live->cluster.name, refusal_doing(d->arena, request),
                           &answer->http, d);
}

static bool is_refused_as_stale(const struct kube_request *request,
                                const struct kube_answer *answer, bool seen)
{
    if (answer->status == 409)
        return true;
    return seen && refusal_is_absence(request, answer);
}

static bool conclude_write(struct live *live, struct glm_arena *arena,
                           const struct glm_object_ref *ref, const struct kube_request *request,
                           const struct kube_answer *answer, struct glm_write *w, struct held *held,
                           enum glm_written *ret_written, struct glm_diags *d)
{
    if (answer->status / 100 == 2) {
        const char *uid = glm_string_or(metadata_of(w->seen, "uid"), NULL);
        if (!answer_is(answer->object, ref, uid))
            return answer_error(d, kube_api_access(live->api), request, answer->object, uid);
        held->value = answer->object;
        tell_written(live, arena, ref, held, w);
        bool surprise = !w->seen && answer->status == 200 && !answer->repeated;
        if (surprise && !ref->kind->shared)
            warn_of_surprise(live, ref, d);
        *ret_written = GLM_WRITE_DONE;
        return true;
    }
    w->conflict_count =
        answer->status == 409 ? live_conflicts(arena, answer->object, &w->conflicts) : 0;
    if (w->conflict_count) {
        *ret_written = GLM_WRITE_CONFLICT;
        return true;
    }
    if (is_refused_as_stale(request, answer, w->seen != NULL)) {
        /* Asked for in any case, so that whoever looks next does not find what is remembered. */
        bool done = done_before(live, arena, ref, w) && answer->repeated;
        *ret_written = done ? GLM_WRITE_DONE : GLM_WRITE_STALE;
        return true;
    }
    return refusal_error(d, kube_api_access(live->api), request, answer);
}

/* The object with what it was when it was seen, so that the write is refused when it has changed
 * since (resourceVersion), or is gone and maybe made anew (UID); or is there, and was not. */
static const struct glm_value *as_seen(struct glm_arena *arena, const struct glm_write *w)
{
    static const char *const keys[] = {"resourceVersion", "uid"};
    const struct glm_value *object = w->object;
    if (!w->seen)
        return glm_with_path(arena, object, glm_string(arena, VERSION_OF_NOTHING), "metadata",
                             "resourceVersion", NULL);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct glm_value *seen = metadata_of(w->seen, keys[i]);
        if (glm_is_string(seen))
            object = glm_with_path(arena, object, seen, "metadata", keys[i], NULL);
    }
    return object;
}

/* A failed write may have been carried out all the same: its answer was lost, or is no answer, or one
 * of somebody who does not know. Refusals (4xx) are known to have changed nothing. */
static bool is_unsure(const struct kube_answer *answer)
{
    if (answer->http.outcome != HTTP_ANSWERED)
        return answer->http.sent || answer->repeated;
    return answer->repeated || answer->status / 100 == 2 || answer->status >= 500;
}

static const char *write_query(struct live *live, struct glm_arena *arena, bool force)
{
    struct glm_text query;
    glm_text_init(&query, arena, SIZE_MAX / 4);
    url_query(&query, "fieldManager", live->field_manager);
    url_query(&query, "force", force ? "true" : "false");
    /* A field that an API server does not know is an error, not dropped in silence. */
    url_query(&query, "fieldValidation", "Strict");
    return query.data;
}

bool live_write(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                enum glm_written *ret_written, struct glm_diags *d)
{
    struct live *live = (struct live *)cluster;
    struct glm_object_ref ref;
    if (!glm_object_ref_as(w->object, w->kind, &ref))
        return glm_error(d, NULL, "Cannot write an object",
                         "It has no name, or is of no kind that is written.");
    struct glm_text body;
    if (!compose(arena, as_seen(arena, w), glm_object_ref_text(arena, &ref), &body, d))
        return false;
    const struct kube_request request = {
        .method = "PATCH",
        .kind = ref.kind,
        .namespace_ = ref.namespace_,
        .name = ref.name,
        .query = write_query(live, arena, w->force),
        .content_type = APPLY_TYPE,
        .body = body.data,
        .body_len = body.len,
        .safe_to_repeat = true,
        .until_ms = live->until_ms,
    };
    struct held *held = held_create();
    struct kube_answer answer;
    bool answered = kube_perform(live->api, held->arena, &request, &answer, d);
    tell_warnings(live, &request, &answer, d);
    bool ok =
        answered && conclude_write(live, arena, &ref, &request, &answer, w, held, ret_written, d);
    w->unsure = !ok && is_unsure(&answer);
    held_drop(held);
    return ok;
}

/* ---- remove ---- */

static const char *delete_options(struct glm_arena *arena, const char *uid)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_string(arena, "v1"));
    glm_map_set(&b, "kind", glm_string(arena, "DeleteOptions"));
    glm_map_set(&b, "propagationPolicy", glm_string(arena, "Background"));
    const struct glm_value *options = glm_map_finish(&b, NULL);
    if (uid)
        options =
            glm_with_path(arena, options, glm_string(arena, uid), "preconditions", "uid", NULL);
    return glm_json_text(arena, options);
}

/* The answer to a removal: the object as it leaves, or as it was, or a Status. */
static bool is_about(const struct kube_answer *answer, const struct glm_object_ref *ref,
                     const char *uid)
{
    return answer_is(answer->object, ref, uid) || answer_is_removal(answer->object, ref, uid);
}

/* The object of this UID is gone, or only waits for its finalizers. */
static void removed(struct live *live, const struct glm_object_ref *ref, struct held *held,
                    const struct kube_answer *answer, const char *uid, bool *ret_gone)
{
    bool leaving = !glm_is_null(metadata_of(answer->object, "deletionTimestamp"));
    *ret_gone = !leaving && answer->status != 202;
    if (leaving) {
        held->value = answer->object;
        store_saw(live->store, ref->kind, held_take(held), true);
        return;
    }
    const char *told = glm_string_or(glm_get_path(answer->object, "details", "uid", NULL),
                                     glm_string_or(metadata_of(answer->object, "uid"), NULL));
    if (*ret_gone)
        store_removed(live->store, ref, told ? told : uid);
}

/* A 409 may be about the UID: then another object has the name now, and ours is gone. It may as well
 * be a conflict inside the API server, or a webhook's own: only a look tells. */
static bool conclude_refused(struct live *live, struct glm_arena *arena,
                             const struct glm_object_ref *ref, const struct kube_request *request,
                             const struct kube_answer *answer, const char *uid, bool *ret_gone,
                             struct glm_diags *d)
{
    struct glm_read read;
    if (!live_get(live, arena, ref, &read, d))
        return false;
    bool there = read.found != GLM_FOUND_NOTHING;
    bool other =
        read.found == GLM_FOUND && uid && !glm_string_is(metadata_of(read.object, "uid"), uid);
    *ret_gone = !there || other;
    if (*ret_gone)
        store_removed(live->store, ref, uid);
    return *ret_gone || !glm_is_null(metadata_of(read.object, "deletionTimestamp")) ||
           refusal_error(d, kube_api_access(live->api), request, answer);
}

bool live_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, const struct glm_value *seen, bool *ret_gone,
                 struct glm_diags *d)
{
    struct live *live = (struct live *)cluster;
    const char *uid = glm_string_or(metadata_of(seen, "uid"), NULL);
    const char *body = delete_options(arena, uid);
    const struct kube_request request = {
        .method = "DELETE",
        .kind = ref->kind,
        .namespace_ = ref->namespace_,
        .name = ref->name,
        .content_type = DELETE_TYPE,
        .body = body,
        .body_len = strlen(body),
        .safe_to_repeat = true,
        .until_ms = live->until_ms,
    };
    if (!ref->name || !*ref->name) /* of a collection it would remove all */
        return glm_error(d, NULL, "Cannot remove an object", "It has no name.");
    struct held *held = held_create();
    struct kube_answer answer;
    bool ok = kube_perform(live->api, held->arena, &request, &answer, d);
    tell_warnings(live, &request, &answer, d);
    if (ok && answer.status / 100 == 2) {
        ok = is_about(&answer, ref, uid) ||
             answer_error(d, kube_api_access(live->api), &request, answer.object, uid);
        if (ok)
            removed(live, ref, held, &answer, uid, ret_gone);
    } else if (ok && refusal_is_absence(&request, &answer)) {
        *ret_gone = true;
        store_removed(live->store, ref, uid);
    } else if (ok && answer.status == 409) {
        ok = conclude_refused(live, arena, ref, &request, &answer, uid, ret_gone, d);
    } else if (ok) {
        ok = refusal_error(d, kube_api_access(live->api), &request, &answer);
    }
    held_drop(held);
    return ok;
}
