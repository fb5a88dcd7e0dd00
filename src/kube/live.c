/* SPDX-License-Identifier: Apache-2.0
 *
 * The live cluster: Kubernetes objects behind an API server. Here is what looks; live_write.c has
 * what changes something.
 *
 * Owner:  the cluster has an arena of its own; objects live as long as the caller's arena.
 * Errors: one diagnostic that says what was asked of which API server, and what to do.
 * Thread: any number of calls at once.
 */
#include "internal.h"

#include "glm/live.h"

#include <string.h>

#define LIVE_LIMIT ((size_t)1 << 20)
#define UID_MAX ((size_t)128)
#define PLACE "API server with kube-system UID "

static struct live *live_of(struct glm_cluster *cluster)
{
    return (struct live *)cluster;
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

static const char *live_label(const struct glm_cluster *cluster, struct glm_arena *arena)
{
    const struct live *live = (const struct live *)cluster;
    const struct access *access = kube_api_access(live->api);
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

/* ---- one object ---- */

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
    struct held *held = held_create();
    struct kube_answer answer;
    bool ok = kube_perform(live->api, held->arena, &request, &answer, d);
    if (ok && answer.status == 200) {
        if (answer_is(answer.object, ref, NULL)) {
            held->value = answer.object;
            held_lend(held, arena);
            *ret_read = (struct glm_read){.found = GLM_FOUND, .object = held->value};
            store_saw(live->store, ref->kind, held, false);
            return true;
        }
        ok = answer_error(d, kube_api_access(live->api), &request, answer.object, NULL);
    }
    if (ok && refusal_is_absence(&request, &answer)) {
        *ret_read = (struct glm_read){.found = GLM_FOUND_NOTHING, .object = &glm_null};
        store_saw_nothing(live->store, ref, writes);
    } else if (ok && refusal_is_no_api(&answer)) {
        *ret_read = no_api(live, arena, ref);
    } else if (ok) {
        ok = refusal_error(d, kube_api_access(live->api), &request, &answer);
    }
    held_drop(held);
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

static bool live_read(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_ref *ref, struct glm_read *ret_read,
                      struct glm_diags *d)
{
    struct live *live = live_of(cluster);
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

static bool live_list(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_kind *kind, const struct glm_selection *selection,
                      struct glm_read *ret_read, struct glm_diags *d)
{
    struct live *live = live_of(cluster);
    const struct glm_object_ref any = {.kind = kind};
    bool served = true;
    const struct glm_value *list = &glm_empty_list;
    if (!store_list(live->store, arena, kind, selection, live->until_ms, &served, &list, d))
        return false;
    *ret_read =
        served ? (struct glm_read){.found = GLM_FOUND, .object = list} : no_api(live, arena, &any);
    return true;
}

/* ---- which cluster this is ---- */

/* Takes of the arena what a UID needs, and only when it succeeds. */
static bool ask_identity(struct live *live, struct glm_arena *arena, const char **ret_uid,
                         struct glm_diags *d)
{
    static const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = "kube-system"};
    const struct kube_request request = {
        .method = "GET",
        .kind = ref.kind,
        .name = ref.name,
        .safe_to_repeat = true,
        .until_ms = live->until_ms,
    };
    struct kube_answer answer;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    if (!kube_perform(live->api, scratch, &request, &answer, d))
        return false;
    const char *uid = glm_string_or(glm_get_path(answer.object, "metadata", "uid", NULL), "");
    if (refusal_is_absence(&request, &answer))
        return glm_error(d, NULL, "Cannot tell which cluster this is",
                         "%s has no namespace kube-system, by whose UID clusters are told apart. "
                         "Every Kubernetes cluster has one: check that the address is that of a "
                         "Kubernetes API server.",
                         live_label(&live->cluster, scratch));
    if (answer.status != 200)
        return refusal_error(d, kube_api_access(live->api), &request, &answer);
    if (!answer_is(answer.object, &ref, NULL))
        return answer_error(d, kube_api_access(live->api), &request, answer.object, NULL);
    if (!*uid || strlen(uid) > UID_MAX)
        return glm_error(d, NULL, "Cannot tell which cluster this is",
                         "%s answers, but its namespace kube-system has no UID. Check that the "
                         "address is that of a Kubernetes API server.",
                         live_label(&live->cluster, scratch));
    *ret_uid = glm_strdup(arena, uid);
    return true;
}

/* Asked once by one of all who want to know; whoever comes while it is asked waits for that. With
 * the lock held, which is given up while it is asked. */
static bool find_identity(struct live *whole, struct live *view, struct glm_diags *d)
{
    int64_t until = view->until_ms ? view->until_ms : INT64_MAX;
    while (whole->identifying && !kube_late(view->until_ms))
        kube_cond_wait(&whole->identity_changed, &whole->identity_lock, until);
    if (whole->identity)
        return true;
    if (whole->identifying)
        return glm_error(d, NULL, "Cannot tell which cluster this is",
                         "The API server had not answered yet when the time was over.");
    const char *uid = NULL;
    whole->identifying = true;
    pthread_mutex_unlock(&whole->identity_lock);
    bool ok = ask_identity(view, whole->arena, &uid, d);
    pthread_mutex_lock(&whole->identity_lock);
    whole->identifying = false;
    whole->identity = uid;
    pthread_cond_broadcast(&whole->identity_changed);
    return ok;
}

static bool live_identify(struct glm_cluster *cluster, struct glm_arena *arena,
                          const char **ret_place, struct glm_diags *d)
{
    struct live *live = live_of(cluster), *whole = live->parent ? live->parent : live;
    pthread_mutex_lock(&whole->identity_lock);
    bool ok = find_identity(whole, live, d);
    if (ok)
        *ret_place = glm_sprintf(arena, PLACE "%s", whole->identity);
    pthread_mutex_unlock(&whole->identity_lock);
    return ok;
}

/* ---- what is followed ---- */

static void live_follow(struct glm_cluster *cluster, const struct glm_object_kind *const *kinds)
{
    store_follow(live_of(cluster)->store, kinds);
}

static void live_unfollow(struct glm_cluster *cluster, const struct glm_object_kind *const *kinds)
{
    store_unfollow(live_of(cluster)->store, kinds);
}

static bool live_await(struct glm_cluster *cluster, uint64_t *version, int64_t milliseconds)
{
    return store_await(live_of(cluster)->store, version, milliseconds);
}

/* ---- the cluster ---- */

static struct glm_cluster *live_within(struct glm_cluster *cluster, struct glm_arena *arena,
                                       int64_t milliseconds)
{
    struct live *live = live_of(cluster), *view = GLM_NEW(arena, struct live);
    int64_t until_ms = glm_clock_ms() + milliseconds;
    view->cluster = live->cluster;
    view->entry = live->entry;
    view->field_manager = live->field_manager;
    view->api = live->api;
    view->store = live->store;
    view->warnings = live->warnings;
    view->parent = live->parent ? live->parent : live;
    view->until_ms = live->until_ms && live->until_ms < until_ms ? live->until_ms : until_ms;
    return &view->cluster;
}

static void live_destroy(struct glm_cluster *cluster)
{
    if (!cluster)
        return;
    struct live *live = live_of(cluster);
    store_close(live->store);
    store_destroy(live->store);
    kube_api_destroy(live->api);
    live_warnings_destroy(live->warnings);
    pthread_cond_destroy(&live->identity_changed);
    pthread_mutex_destroy(&live->identity_lock);
    glm_arena_destroy(live->arena);
}

static const struct glm_cluster_ops ops = {
    .kind = "live",
    .files = false,
    .label = live_label,
    .identify = live_identify,
    .read = live_read,
    .list = live_list,
    .write = live_write,
    .remove = live_remove,
    .within = live_within,
    .follow = live_follow,
    .unfollow = live_unfollow,
    .await = live_await,
    .destroy = live_destroy,
};

struct glm_cluster *glm_live_create(const struct glm_live_config *config)
{
    struct glm_arena *arena = glm_arena_create(LIVE_LIMIT);
    struct live *live = GLM_NEW(arena, struct live);
    live->arena = arena;
    live->cluster = (struct glm_cluster){.ops = &ops, .name = glm_strdup(arena, config->name)};
    const struct kube_config api = {
        .entry = config->entry,
        .config_paths = config->config_paths,
        .kinds = config->kinds,
        .user_agent = config->user_agent,
        .stop = config->stop,
        .http = config->http,
        .exec_cache = config->exec_cache,
    };
    live->api = kube_api_create(&api);
    live->entry = kube_api_entry(live->api);
    live->field_manager = glm_strdup(arena, config->field_manager);
    live->store = store_create(live->api);
    live->warnings = live_warnings_create();
    pthread_mutex_init(&live->identity_lock, NULL);
    kube_cond_init(&live->identity_changed);
    return &live->cluster;
}
