/* SPDX-License-Identifier: Apache-2.0
 *
 * The live cluster: Kubernetes objects behind an API server. Here is which cluster it is, and its table of
 * functions; live_look.c has what looks, live_write.c what changes something.
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

/* ---- which cluster this is ---- */

/* What is wrong with a UID of kube-system, after "has"; NULL: nothing. Whatever else a server, or something
 * between it and us, puts there would make each look one at another cluster. */
static const char *odd_uid(const char *uid)
{
    static const char usual[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";
    if (!*uid)
        return "no UID";
    if (strlen(uid) > UID_MAX)
        return "no UID, but a text that is too long for one";
    return uid[strspn(uid, usual)] ? "no UID, but a text that is none" : NULL;
}

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
    if (!api_perform(live->api, scratch, &request, &answer, d))
        return false;
    const char *uid = glm_string_or(glm_get_path(answer.object, "metadata", "uid", NULL), "");
    if (api_refusal_is_absence(&request, &answer))
        return glm_error(d, NULL, "Cannot tell which cluster this is",
                         "%s has no namespace kube-system, by whose UID clusters are told apart. "
                         "Every Kubernetes cluster has one: check that the address is that of a "
                         "Kubernetes API server.",
                         live_label(&live->cluster, scratch));
    if (answer.status != 200)
        return api_refusal_error(d, api_access(live->api), &request, &answer);
    if (!api_answer_is(answer.object, &ref, NULL))
        return api_answer_error(d, api_access(live->api), &request, answer.object, NULL);
    const char *odd = odd_uid(uid);
    if (odd)
        return glm_error(d, NULL, "Cannot tell which cluster this is",
                         "%s answers, but its namespace kube-system has %s. Check that the "
                         "address is that of a Kubernetes API server.",
                         live_label(&live->cluster, scratch), odd);
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
    api_destroy(live->api);
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
    .let_go = live_let_go,
    .within = live_within,
    .follow = live_follow,
    .unfollow = live_unfollow,
    .await = live_await,
    .destroy = live_destroy,
};

const char *glm_live_role(struct glm_arena *arena, const struct glm_object_right *rights)
{
    return api_role(arena, rights);
}

struct glm_cluster *glm_live_create(const struct glm_live_config *config)
{
    struct glm_arena *arena = glm_arena_create(LIVE_LIMIT);
    struct live *live = GLM_NEW(arena, struct live);
    live->arena = arena;
    live->cluster = (struct glm_cluster){.ops = &ops,
                                         .name = glm_strdup(arena, config->name),
                                         .field_manager = glm_strdup(arena, config->field_manager)};
    const struct kube_config api = {
        .entry = config->entry,
        .config_paths = config->config_paths,
        .rights = config->rights,
        .user_agent = config->user_agent,
        .stop = config->stop,
        .http = config->http,
        .exec_cache = config->exec_cache,
    };
    live->api = api_create(&api);
    live->entry = api_entry(live->api);
    live->store = store_create(live->api);
    live->warnings = live_warnings_create();
    pthread_mutex_init(&live->identity_lock, NULL);
    kube_cond_init(&live->identity_changed);
    return &live->cluster;
}
