/* SPDX-License-Identifier: Apache-2.0
 *
 * What is written to a live cluster: server-side apply.
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
/* Of the empty store, before the first write to it. */
#define VERSION_OF_NOTHING "1"
#define ROUNDS_MAX 4 /* of one write, where others have put elements in the place of ours */
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
    const struct glm_value *uid = live_metadata(w->seen, "uid");
    if (!w->seen)
        return covers(glm_get(object, "metadata"), glm_get(w->object, "metadata"), GLM_VALUE_DEPTH);
    return (!glm_is_string(uid) || glm_equal(live_metadata(object, "uid"), uid)) &&
           covers(object, w->object, GLM_VALUE_DEPTH);
}

/* It is not as it was seen. The attempt before this one may have broken off, and when that was carried
 * out nevertheless, we have changed it ourselves: only a look tells. Asked for in any case, so that whoever
 * looks next does not find what is remembered. False: there was none, and it matters. */
static bool conclude_stale(struct live *live, struct glm_arena *arena,
                           const struct glm_object_ref *ref, bool repeated, struct glm_write *w,
                           enum glm_written *ret_written, struct glm_diags *d)
{
    struct glm_diags said;
    glm_diags_init(&said, arena);
    struct glm_read read;
    bool looked = live_get(live, arena, ref, &read, &said);
    *ret_written = GLM_WRITE_STALE;
    if (looked && repeated && read.found == GLM_FOUND && is_written(read.object, w)) {
        w->stored = read.object;
        *ret_written = GLM_WRITE_DONE;
    }
    if (!looked && repeated)
        glm_diags_append(d, NULL, &said);
    return looked || !repeated;
}

static void tell_written(struct live *live, struct glm_arena *arena,
                         const struct glm_object_ref *ref, struct held *held, struct glm_write *w)
{
    store_held_lend(held, arena);
    w->stored = held->value;
    store_saw(live->store, ref->kind, store_held_take(held), true);
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

static bool is_refused_as_stale(const struct kube_request *request,
                                const struct kube_answer *answer, bool seen)
{
    if (answer->status == 409)
        return true;
    return seen && api_refusal_is_absence(request, answer);
}

/* Of a rehearsal: what the object stands on (the role that a binding names) is not there, or still is what somebody
 * has made of it; or somebody who is asked of every write (a webhook that does more than answer) is asked of none for
 * show. Whether we may give what our role grants, the rehearsal of the role itself tells. */
static bool tells_nothing(const struct kube_answer *answer, const struct glm_write *w)
{
    static const char no_rehearsals[] = "does not support dry run";
    const char *message = glm_string_or(glm_get(answer->object, "message"), "");
    if (!glm_string_is(glm_get(answer->object, "kind"), "Status"))
        return false;
    return answer->status == 404 || (answer->status == 400 && strstr(message, no_rehearsals)) ||
           (answer->status == 403 && glm_has(w->object, "roleRef") &&
            api_refusal_is_of_granting(message));
}

static bool conclude_write(struct live *live, struct glm_arena *arena,
                           const struct glm_object_ref *ref, const struct kube_request *request,
                           const struct kube_answer *answer, struct glm_write *w, struct held *held,
                           enum glm_written *ret_written, struct glm_diags *d)
{
    if (answer->status / 100 == 2) {
        const char *uid = glm_string_or(live_metadata(w->seen, "uid"), NULL);
        if (!api_answer_is(answer->object, ref, uid))
            return api_answer_error(d, api_access(live->api), request, answer->object, uid);
        held->value = answer->object;
        *ret_written = GLM_WRITE_DONE;
        if (w->rehearse) {
            store_held_lend(held, arena);
            w->stored = held->value;
            return true;
        }
        tell_written(live, arena, ref, held, w);
        bool surprise = !w->seen && answer->status == 200 && !answer->repeated;
        if (surprise && !ref->kind->shared)
            warn_of_surprise(live, ref, d);
        return true;
    }
    w->conflict_count =
        answer->status == 409 ? live_conflicts(arena, answer->object, &w->conflicts) : 0;
    if (w->conflict_count) {
        *ret_written = GLM_WRITE_CONFLICT;
        return true;
    }
    if (is_refused_as_stale(request, answer, w->seen != NULL))
        return conclude_stale(live, arena, ref, answer->repeated && !w->rehearse, w, ret_written,
                              d);
    w->untold = w->rehearse && tells_nothing(answer, w);
    if (w->untold) {
        *ret_written = GLM_WRITE_DONE;
        return true;
    }
    return api_refusal_error(d, api_access(live->api), request, answer);
}

/* By whom the fields of a write are owned. */
static const char *manager_of(const struct live *live, const struct glm_write *w)
{
    return w->manager ? w->manager : live->cluster.field_manager;
}

/* Of a write that is refused because of what others have put in the place of ours. *ret_again: it is ours to take
 * out by now, of w->seen. false: it is about something else. */
static bool settle_doubles(struct live *live, struct glm_arena *arena,
                           const struct glm_object_ref *ref, const struct kube_answer *answer,
                           struct glm_write *w, bool *ret_again, enum glm_written *ret_written)
{
    const struct live_double *doubles;
    const struct glm_conflict *owners;
    const char *manager = manager_of(live, w);
    size_t count = answer->status == 422 ? live_doubles(arena, answer->object, w, &doubles) : 0;
    size_t owned = count ? live_double_conflicts(arena, w, doubles, count, manager, &owners) : 0;
    if (owned == 0)
        return false;
    if (!w->force) {
        w->conflicts = owners;
        w->conflict_count = owned;
        *ret_written = GLM_WRITE_CONFLICT;
        return true;
    }
    w->untold = w->rehearse; /* it comes to nothing but what is rehearsed */
    *ret_written = GLM_WRITE_DONE;
    const struct glm_value *object = NULL;
    if (w->rehearse)
        return true;
    struct glm_diags ignored; /* then the refusal counts */
    glm_diags_init(&ignored, arena);
    if (!live_take_doubles(live, arena, ref, w, doubles, count, manager, &object, ret_written,
                           &ignored))
        return false;
    *ret_again = *ret_written == GLM_WRITE_DONE && object;
    if (*ret_again)
        w->seen = object;
    else
        *ret_written = GLM_WRITE_STALE;
    return true;
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
        const struct glm_value *seen = live_metadata(w->seen, keys[i]);
        if (glm_is_string(seen))
            object = glm_with_path(arena, object, seen, "metadata", keys[i], NULL);
    }
    return object;
}

/* It is known to have changed nothing: a redirection, or a refusal of the API server itself. Of those
 * between here and there some refuse what the server has answered, but not with one of these. */
static bool is_refusal(const struct kube_answer *answer)
{
    static const int before[] = {401, 407, 413, 414, 429, 431};
    if (answer->status / 100 != 4)
        return answer->status / 100 == 3;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (answer->status == before[i])
            return true;
    return glm_string_is(glm_get(answer->object, "kind"), "Status");
}

/* A failed write may have been carried out all the same: its answer was lost, or is no answer, or one
 * of somebody who does not know. */
static bool is_unsure(const struct kube_answer *answer)
{
    if (answer->http.outcome != HTTP_ANSWERED)
        return answer->http.sent || answer->repeated;
    return answer->repeated || !is_refusal(answer);
}

static const char *write_query(struct live *live, struct glm_arena *arena,
                               const struct glm_write *w)
{
    struct glm_text query;
    glm_text_init(&query, arena, SIZE_MAX / 4);
    api_url_query(&query, "fieldManager", manager_of(live, w));
    api_url_query(&query, "force", w->force ? "true" : "false");
    /* A field that an API server does not know is an error, not dropped in silence. */
    api_url_query(&query, "fieldValidation", "Strict");
    if (w->rehearse)
        api_url_query(&query, "dryRun", "All");
    return query.data;
}

/* One apply. *ret_again: once more, of w->seen. */
static bool apply(struct live *live, struct glm_arena *arena, const struct glm_object_ref *ref,
                  struct glm_write *w, bool *ret_again, enum glm_written *ret_written,
                  struct glm_diags *d)
{
    struct glm_text body;
    if (!compose(arena, as_seen(arena, w), glm_object_ref_text(arena, ref), &body, d))
        return false;
    const struct kube_request request = {
        .method = "PATCH",
        .kind = ref->kind,
        .namespace_ = ref->namespace_,
        .name = ref->name,
        .query = write_query(live, arena, w),
        .content_type = APPLY_TYPE,
        .body = body.data,
        .body_len = body.len,
        .safe_to_repeat = true,
        .until_ms = live->until_ms,
    };
    struct held *held = store_held_create();
    struct kube_answer answer;
    bool answered = api_perform(live->api, held->arena, &request, &answer, d);
    live_tell_warnings(live, &request, &answer, d);
    bool ok =
        answered && (settle_doubles(live, arena, ref, &answer, w, ret_again, ret_written) ||
                     conclude_write(live, arena, ref, &request, &answer, w, held, ret_written, d));
    w->unsure = !ok && !w->rehearse && is_unsure(&answer);
    store_held_drop(held);
    return ok;
}

bool live_write(struct glm_cluster *cluster, struct glm_arena *arena, struct glm_write *w,
                enum glm_written *ret_written, struct glm_diags *d)
{
    struct live *live = (struct live *)cluster;
    struct glm_object_ref ref;
    if (!glm_object_ref_as(w->object, w->kind, &ref))
        return glm_error(d, NULL, "Cannot write an object",
                         "It has no name, or is of no kind that is written.");
    for (int round = 0; round < ROUNDS_MAX; round++) {
        bool again = false;
        if (!apply(live, arena, &ref, w, &again, ret_written, d))
            return false;
        if (!again)
            return true;
    }
    *ret_written = GLM_WRITE_STALE; /* others keep putting something in the place of ours */
    return true;
}
