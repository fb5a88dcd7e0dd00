/* SPDX-License-Identifier: Apache-2.0
 *
 * What looks in a live cluster: one object, a list of a kind; and how the cluster is called.
 *
 * Owner:  objects live as long as the caller's arena.
 * Errors: one diagnostic that says what was asked of which API server, and what to do.
 * Thread: any number of calls at once.
 */
#include "internal.h"

#include <string.h>

const struct glm_value *live_metadata(const struct glm_value *object, const char *key)
{
    return object ? glm_get_path(object, "metadata", key, NULL) : &glm_null;
}

/* Without what may be a password before "@". */
static const char *without_user(struct glm_arena *arena, const char *url)
{
    const char *mark = strstr(url, "://");
    const char *host = mark ? mark + 3 : url;
    const char *at = NULL;
    for (const char *c = host; *c; c++)
        at = *c == '@' ? c : at;
    if (!at)
        return glm_strdup(arena, url);
    return glm_sprintf(arena, "%.*s%s", (int)(host - url), url, at + 1);
}

const char *live_label(const struct glm_cluster *cluster, struct glm_arena *arena)
{
    const struct live *live = (const struct live *)cluster;
    const struct access *access = api_access(live->api);
    if (access)
        return glm_sprintf(arena, "API server %s", without_user(arena, access->server));
    const struct glm_value *entry = live->entry;
    const char *context = glm_string_or(glm_get(entry, "context"), NULL);
    const char *host = glm_string_or(glm_get(entry, "host"), NULL);
    if (context)
        return glm_sprintf(arena, "context %s", context);
    if (host)
        return glm_sprintf(arena, "host %s", without_user(arena, host));
    return glm_is_string(glm_get(entry, "kubeconfig")) ? "the cluster of the given kubeconfig"
                                                       : "the cluster that this runs in";
}

static struct glm_read no_api(const struct live *live, struct glm_arena *arena,
                              const struct glm_object_ref *ref)
{
    return (struct glm_read){
        .found = GLM_FOUND_NO_API,
        .object = &glm_null,
        .why = glm_sprintf(arena, "%s does not serve %s of %s", live_label(&live->cluster, arena),
                           ref->kind->name, ref->kind->api_version),
    };
}

bool live_get(struct live *live, struct glm_arena *arena, const struct glm_object_ref *ref,
              struct glm_read *ret_read, struct glm_diags *d)
{
    const struct kube_request request = {
        .method = "GET",
        .kind = ref->kind,
        .namespace_ = ref->namespace_,
        .name = ref->name,
        .safe_to_repeat = true,
        .until_ms = live->until_ms,
    };
    uint64_t writes = store_writes(live->store);
    struct held *held = store_held_create();
    struct kube_answer answer;
    bool ok = api_perform(live->api, held->arena, &request, &answer, d);
    if (ok && answer.status == 200) {
        if (api_answer_is(answer.object, ref, NULL)) {
            held->value = answer.object;
            store_held_lend(held, arena);
            *ret_read = (struct glm_read){.found = GLM_FOUND, .object = held->value};
            store_saw(live->store, ref->kind, held, false);
            return true;
        }
        ok = api_answer_error(d, api_access(live->api), &request, answer.object, NULL);
    }
    if (ok && api_refusal_is_absence(&request, &answer)) {
        *ret_read = (struct glm_read){.found = GLM_FOUND_NOTHING, .object = &glm_null};
        store_saw_nothing(live->store, ref, writes);
    } else if (ok && api_refusal_is_no_api(&answer)) {
        *ret_read = no_api(live, arena, ref);
    } else if (ok) {
        ok = api_refusal_error(d, api_access(live->api), &request, &answer);
    }
    store_held_drop(held);
    return ok;
}

static bool check_names(const struct glm_object_ref *ref, struct glm_diags *d)
{
    bool global = !ref->kind->namespaced;
    if (ref->name && *ref->name && (global || (ref->namespace_ && *ref->namespace_)))
        return true;
    return glm_error(d, NULL, "Cannot name an object", "A %s needs a name%s; one of them is empty.",
                     ref->kind->name, global ? "" : " and a namespace");
}

bool live_read(struct glm_cluster *cluster, struct glm_arena *arena,
               const struct glm_object_ref *ref, struct glm_read *ret_read, struct glm_diags *d)
{
    struct live *live = (struct live *)cluster;
    const struct glm_value *object = &glm_null;
    if (!check_names(ref, d))
        return false;
    switch (store_look(live->store, arena, ref, live->until_ms, &object, d)) {
    case LOOK_FOUND:
        *ret_read = (struct glm_read){.found = GLM_FOUND, .object = object};
        return true;
    case LOOK_ABSENT:
        *ret_read = (struct glm_read){.found = GLM_FOUND_NOTHING, .object = object};
        return true;
    case LOOK_NO_API:
        *ret_read = no_api(live, arena, ref);
        return true;
    case LOOK_FAILED:
        return false;
    case LOOK_ASK:
        break;
    }
    return live_get(live, arena, ref, ret_read, d);
}

bool live_list(struct glm_cluster *cluster, struct glm_arena *arena,
               const struct glm_object_kind *kind, const struct glm_selection *selection,
               struct glm_read *ret_read, struct glm_diags *d)
{
    struct live *live = (struct live *)cluster;
    const struct glm_object_ref any = {.kind = kind};
    bool served = true;
    const struct glm_value *list = &glm_empty_list;
    if (!store_list(live->store, arena, kind, selection, live->until_ms, &served, &list, d))
        return false;
    *ret_read =
        served ? (struct glm_read){.found = GLM_FOUND, .object = list} : no_api(live, arena, &any);
    return true;
}
