/* SPDX-License-Identifier: Apache-2.0
 *
 * What is removed from a live cluster: deletion, and letting go of what somebody else must not clean up after.
 *
 * Owner:  objects live as long as the caller's arena.
 * Errors: one diagnostic; an object that changed meanwhile is a result.
 * Thread: any number of calls at once.
 */
#include "internal.h"

#include "glm/codec.h"

#include <string.h>

#define DELETE_TYPE "application/json"
#define PATCH_TYPE "application/merge-patch+json"

/* uid, version: of the object as it was seen; NULL: whatever it is. */
static const char *delete_options(struct glm_arena *arena, const char *uid, const char *version)
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
    if (version)
        options = glm_with_path(arena, options, glm_string(arena, version), "preconditions",
                                "resourceVersion", NULL);
    return glm_json_text(arena, options);
}

/* The answer to a removal: the object as it leaves, or as it was, or a Status. */
static bool is_about(const struct kube_answer *answer, const struct glm_object_ref *ref,
                     const char *uid)
{
    return api_answer_is(answer->object, ref, uid) ||
           api_answer_is_removal(answer->object, ref, uid);
}

/* One that still has finalizers is there, whatever else is said of it. */
static bool is_leaving(const struct glm_value *object)
{
    const struct glm_value *finalizers = live_metadata(object, "finalizers");
    return !glm_is_null(live_metadata(object, "deletionTimestamp")) ||
           (glm_is_list(finalizers) && finalizers->len > 0);
}

/* The object of this UID is gone, or only waits for its finalizers. */
static void removed(struct live *live, const struct glm_object_ref *ref, struct held *held,
                    const struct kube_answer *answer, const char *uid, bool *ret_gone)
{
    bool leaving = is_leaving(answer->object);
    *ret_gone = !leaving && answer->status != 202;
    if (leaving) {
        held->value = answer->object;
        store_saw(live->store, ref->kind, store_held_take(held), true);
        return;
    }
    const char *told = glm_string_or(glm_get_path(answer->object, "details", "uid", NULL),
                                     glm_string_or(live_metadata(answer->object, "uid"), NULL));
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
        read.found == GLM_FOUND && uid && !glm_string_is(live_metadata(read.object, "uid"), uid);
    *ret_gone = !there || other;
    if (*ret_gone)
        store_removed(live->store, ref, uid);
    return *ret_gone || !glm_is_null(live_metadata(read.object, "deletionTimestamp")) ||
           api_refusal_error(d, api_access(live->api), request, answer);
}

static struct kube_request removal_of(const struct live *live, const struct glm_object_ref *ref,
                                      const char *body)
{
    return (struct kube_request){
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
}

bool live_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, const struct glm_value *seen, bool *ret_gone,
                 struct glm_diags *d)
{
    struct live *live = (struct live *)cluster;
    const char *uid = glm_string_or(live_metadata(seen, "uid"), NULL);
    const struct kube_request request = removal_of(live, ref, delete_options(arena, uid, NULL));
    if (!ref->name || !*ref->name) /* of a collection it would remove all */
        return glm_error(d, NULL, "Cannot remove an object", "It has no name.");
    struct held *held = store_held_create();
    struct kube_answer answer;
    bool ok = api_perform(live->api, held->arena, &request, &answer, d);
    live_tell_warnings(live, &request, &answer, d);
    if (ok && answer.status / 100 == 2) {
        ok = is_about(&answer, ref, uid) ||
             api_answer_error(d, api_access(live->api), &request, answer.object, uid);
        if (ok)
            removed(live, ref, held, &answer, uid, ret_gone);
    } else if (ok && api_refusal_is_absence(&request, &answer)) {
        *ret_gone = true;
        store_removed(live->store, ref, uid);
    } else if (ok && answer.status == 409) {
        ok = conclude_refused(live, arena, ref, &request, &answer, uid, ret_gone, d);
    } else if (ok) {
        ok = api_refusal_error(d, api_access(live->api), &request, &answer);
    }
    store_held_drop(held);
    return ok;
}

/* ---- let go ---- */

/* The finalizers without this one. */
static const struct glm_value *
without_finalizer(struct glm_arena *arena, const struct glm_value *seen, const char *finalizer)
{
    const struct glm_value *all = live_metadata(seen, "finalizers");
    struct glm_list_builder rest;
    glm_list_init(&rest, arena);
    for (size_t i = 0; glm_is_list(all) && i < all->len; i++)
        if (!glm_string_is(all->as.list[i], finalizer))
            glm_list_add(&rest, all->as.list[i]);
    return glm_list_finish(&rest);
}

static bool has_finalizer(const struct glm_value *seen, const char *finalizer)
{
    const struct glm_value *all = live_metadata(seen, "finalizers");
    for (size_t i = 0; finalizer && glm_is_list(all) && i < all->len; i++)
        if (glm_string_is(all->as.list[i], finalizer))
            return true;
    return false;
}

/* What a request about the object as it was seen has come to; *ret_object: as it is then, NULL: gone. */
static bool conclude_exact(struct live *live, struct glm_arena *arena,
                           const struct glm_object_ref *ref, const struct kube_request *request,
                           const char *uid, const struct glm_value **ret_object,
                           enum glm_written *ret_written, struct glm_diags *d)
{
    struct held *held = store_held_create();
    struct kube_answer answer;
    bool ok = api_perform(live->api, held->arena, request, &answer, d);
    live_tell_warnings(live, request, &answer, d);
    *ret_written = GLM_WRITE_DONE;
    *ret_object = NULL;
    if (ok && answer.status / 100 == 2) {
        ok = is_about(&answer, ref, uid) ||
             api_answer_error(d, api_access(live->api), request, answer.object, uid);
        bool patch = strcmp(request->method, "PATCH") == 0;
        if (ok && (patch || is_leaving(answer.object))) {
            held->value = answer.object;
            store_held_lend(held, arena);
            *ret_object = held->value;
            store_saw(live->store, ref->kind, store_held_take(held), true);
        } else if (ok) {
            store_removed(live->store, ref, uid);
        }
    } else if (ok && api_refusal_is_absence(request, &answer)) {
        store_removed(live->store, ref, uid);
    } else if (ok && answer.status == 409) {
        *ret_written = GLM_WRITE_STALE; /* or gone: whoever looks again sees it */
    } else if (ok) {
        ok = api_refusal_error(d, api_access(live->api), request, &answer);
    }
    store_held_drop(held);
    return ok;
}

bool live_patch_metadata(struct live *live, struct glm_arena *arena,
                         const struct glm_object_ref *ref, const struct glm_value *seen,
                         const char *key, const struct glm_value *value,
                         const struct glm_value **ret_object, enum glm_written *ret_written,
                         struct glm_diags *d)
{
    struct glm_map_builder metadata;
    glm_map_init(&metadata, arena);
    glm_map_set(&metadata, key, value);
    glm_map_set(&metadata, "resourceVersion", live_metadata(seen, "resourceVersion"));
    glm_map_set(&metadata, "uid", live_metadata(seen, "uid"));
    struct kube_request request =
        removal_of(live, ref,
                   glm_json_text(arena, glm_with(arena, &glm_empty_map, "metadata",
                                                 glm_map_finish(&metadata, NULL))));
    request.method = "PATCH";
    request.content_type = PATCH_TYPE;
    return conclude_exact(live, arena, ref, &request,
                          glm_string_or(live_metadata(seen, "uid"), NULL), ret_object, ret_written,
                          d);
}

bool live_let_go(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, const struct glm_value *seen,
                 const char *finalizer, enum glm_written *ret_written, bool *ret_gone,
                 struct glm_diags *d)
{
    struct live *live = (struct live *)cluster;
    const char *uid = glm_string_or(live_metadata(seen, "uid"), NULL);
    const struct glm_value *object = seen;
    *ret_gone = false;
    *ret_written = GLM_WRITE_DONE;
    if (has_finalizer(seen, finalizer) &&
        !live_patch_metadata(live, arena, ref, seen, "finalizers",
                             without_finalizer(arena, seen, finalizer), &object, ret_written, d))
        return false;
    /* One that was being deleted already goes with its last finalizer. */
    if (*ret_written == GLM_WRITE_DONE && object &&
        glm_is_null(live_metadata(object, "deletionTimestamp"))) {
        const char *version = glm_string_or(live_metadata(object, "resourceVersion"), NULL);
        const struct kube_request request =
            removal_of(live, ref, delete_options(arena, uid, version));
        if (!conclude_exact(live, arena, ref, &request, uid, &object, ret_written, d))
            return false;
    }
    *ret_gone = *ret_written == GLM_WRITE_DONE && !object;
    return true;
}
