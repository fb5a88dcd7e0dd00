/* SPDX-License-Identifier: Apache-2.0
 *
 * One LIST of an API server, page by page.
 *
 * Owner:  a list has an arena of its own, with the diagnostics that say why it is none.
 * Errors: in the list.
 * Thread: any; what is held does not change.
 */
#include "internal.h"

#include <string.h>

#define PAGE 500     /* objects asked for at a time; fewer, when that many are too large */
#define PAGE_LEAST 8 /* of the largest that etcd takes, they fit */
#define BEGINNINGS 3 /* how often a list that became too old half-way begins again */
#define PAGES 400    /* of one list: of 500 objects, but servers may give fewer */
#define EMPTY_PAGES 10
#define TOKEN_MAX ((size_t)16 << 10) /* real ones have a few hundred bytes */
/* What one list may take: five times what 50 000 events have as text. */
#define MEMORY_MAX ((size_t)256 << 20)

static const char *query_of(struct glm_arena *arena, const struct glm_selection *selection,
                            const char *from, unsigned page)
{
    struct glm_text query;
    glm_text_init(&query, arena, SIZE_MAX / 4);
    if (page)
        api_url_query(&query, "limit", glm_sprintf(arena, "%u", page));
    if (selection->labels)
        api_url_query(&query, "labelSelector", selection->labels);
    if (selection->fields)
        api_url_query(&query, "fieldSelector", selection->fields);
    if (from)
        api_url_query(&query, "continue", from);
    return query.data;
}

/* Some servers write an empty list as null, and a CustomResourceDefinition names its lists itself.
 * A list whose continuation cannot be read would end too soon. */
static bool is_list(const struct glm_value *page, const struct glm_object_kind *of)
{
    const struct glm_value *items = glm_get(page, "items");
    const struct glm_value *more = glm_get_path(page, "metadata", "continue", NULL);
    const char *kind = glm_string_or(glm_get(page, "kind"), "");
    size_t len = strlen(kind);
    return (glm_is_list(items) || glm_is_null(items)) &&
           (glm_is_string(more) || glm_is_null(more)) && len > 4 &&
           strcmp(kind + len - 4, "List") == 0 &&
           glm_string_is(glm_get(page, "apiVersion"), of->api_version);
}

/* One item that is not what was asked for makes the list somebody else's. */
static bool add_page(struct held *held, struct kube_api *api, const struct kube_request *request,
                     const struct glm_value *page, struct glm_list_builder *objects)
{
    const struct glm_value *items = glm_get(page, "items");
    for (size_t i = 0; glm_is_list(items) && i < items->len; i++) {
        const struct glm_value *item =
            api_answer_item(held->arena, items->as.list[i], request->kind, request->namespace_);
        if (!item)
            return api_answer_error(&held->diags, api_access(api), request, items->as.list[i],
                                    NULL);
        glm_list_add(objects, item);
    }
    return true;
}

static enum listed refused(struct held *held, struct kube_api *api,
                           const struct kube_request *request, const struct kube_answer *answer)
{
    if (answer->status == 200)
        api_answer_no_list(&held->diags, api_access(api), request);
    else
        api_refusal_error(&held->diags, api_access(api), request, answer);
    if (api_refusal_is_no_api(answer))
        return LISTED_NO_API;
    return answer->status == 403 ? LISTED_FORBIDDEN : LISTED_FAILED;
}

/* One page of at most so many objects (0: all that is left), fewer where they are too large; *from
 * becomes the place of the next, or NULL. */
static bool ask(struct held *held, struct kube_api *api, const struct glm_selection *selection,
                unsigned *page, const char **from, struct kube_request *request,
                struct kube_answer *answer)
{
    struct glm_diags said;
    for (;; *page /= 5) {
        glm_diags_init(&said, held->arena);
        request->query = query_of(held->arena, selection, *from, *page);
        bool ok = api_perform(api, held->arena, request, answer, &said);
        if (ok || answer->http.outcome != HTTP_TOO_LARGE || *page <= PAGE_LEAST) {
            glm_diags_append(&held->diags, NULL, &said);
            if (!ok)
                return false;
            break;
        }
    }
    const char *next =
        glm_string_or(glm_get_path(answer->object, "metadata", "continue", NULL), "");
    *from = answer->status == 200 && *next ? next : NULL;
    return true;
}

/* A list on its way, and what says that it ends. */
struct listing {
    struct held *held;
    struct glm_list_builder objects;
    size_t count, pages, empty;
    uint64_t tokens[PAGES]; /* those that were used: their hashes */
};

/* Why a list is not read on; NULL: it is. page: what has just come; next: where it goes on. */
static const char *problem_of(struct listing *l, const struct glm_value *page, const char *next)
{
    size_t here = glm_is_list(glm_get(page, "items")) ? glm_get(page, "items")->len : 0;
    struct glm_arena *arena = l->held->arena;
    l->count += here;
    l->empty = here ? 0 : l->empty + 1;
    if (l->count > STORE_OBJECTS_MAX)
        return glm_sprintf(arena, "it has more than %d objects", STORE_OBJECTS_MAX);
    if (glm_arena_used(arena) > MEMORY_MAX)
        return glm_sprintf(arena, "its %zu objects take more memory than one list may", l->count);
    if (!next)
        return NULL;
    if (l->empty >= EMPTY_PAGES)
        return glm_sprintf(arena, "%d pages in a row had no object", EMPTY_PAGES);
    if (strlen(next) > TOKEN_MAX)
        return glm_sprintf(arena, "the place to go on from is longer than %zu bytes", TOKEN_MAX);
    uint64_t token = store_collection_hash(next);
    for (size_t i = 0; i < l->pages; i++)
        if (l->tokens[i] == token)
            return "it goes on from a place that it has gone on from before";
    if (l->pages == PAGES)
        return glm_sprintf(arena, "it has more than %d pages", PAGES);
    l->tokens[l->pages++] = token;
    return NULL;
}

static void begin(struct listing *l, struct held *held)
{
    *l = (struct listing){.held = held};
    glm_list_init(&l->objects, held->arena);
}

static void never_ends(struct held *held, struct kube_api *api, const struct kube_request *request,
                       const char *problem)
{
    glm_error(
        &held->diags, NULL,
        glm_sprintf(held->arena, "Cannot %s", api_refusal_doing(held->arena, request)),
        "API server %s gives a list that is not read to its end: %s. No Kubernetes API server "
        "has such a list of what this provider looks for: check the address, and what is "
        "between here and the cluster.",
        api_access(api)->server, problem);
}

/* All that is kept of all clusters has a ceiling, too, and whose list is one too many need not be the one
 * that has too much. */
static bool no_room(struct held *held, struct kube_api *api, const struct kube_request *request,
                    size_t count)
{
    return glm_error(
        &held->diags, NULL,
        glm_sprintf(held->arena, "Cannot %s", api_refusal_doing(held->arena, request)),
        "API server %s gives a list that is not read to its end: its %zu objects take %zu MiB of "
        "memory, beside %zu MiB of what other lists have. Look for the cluster that has far more "
        "objects than it should, or lower `max_parallel_clusters`.",
        api_access(api)->server, count, glm_arena_used(held->arena) >> 20,
        (http_keeps(api_http(api)) - held->kept.bytes) >> 20);
}

static struct held *fetch(struct kube_api *api, const struct glm_object_kind *kind,
                          const struct glm_selection *selection, const atomic_bool *cancel,
                          int64_t until_ms)
{
    struct held *held = store_held_create();
    struct kube_request request = {
        .method = "GET",
        .kind = kind,
        .namespace_ = selection->namespace_,
        .safe_to_repeat = true,
        .cancel = cancel,
        .until_ms = until_ms,
        .answer_max = KUBE_PAGE_MAX,
    };
    struct listing l;
    begin(&l, held);
    const char *from = NULL;
    unsigned page = PAGE;
    for (unsigned beginnings = 1;;) {
        struct kube_answer answer;
        bool first = !from;
        held->outcome = LISTED_FAILED;
        /* The last beginning asks for all at once, which cannot become too old half-way. */
        if (beginnings == BEGINNINGS)
            page = 0;
        if (!ask(held, api, selection, &page, &from, &request, &answer)) {
            held->late = answer.late || kube_late(until_ms);
            return held;
        }
        if (answer.status == 410 && !first && beginnings < BEGINNINGS) {
            beginnings++;
            begin(&l, held);
            continue;
        }
        if (answer.status != 200 || !is_list(answer.object, kind)) {
            held->outcome = refused(held, api, &request, &answer);
            return held;
        }
        const char *problem = problem_of(&l, answer.object, from);
        if (problem) {
            never_ends(held, api, &request, problem);
            return held; /* FAILED */
        }
        if (!store_held_keep(held, api)) {
            no_room(held, api, &request, l.count);
            return held; /* FAILED */
        }
        if (!add_page(held, api, &request, answer.object, &l.objects))
            return held; /* FAILED */
        held->version = api_answer_version(answer.object);
        if (!from)
            break;
    }
    held->value = glm_list_finish(&l.objects);
    held->outcome = LISTED;
    return held;
}

/* Of a list that came to nothing only the words are kept. */
struct held *store_list_fetch(struct kube_api *api, const struct glm_object_kind *kind,
                              const struct glm_selection *selection, const atomic_bool *cancel,
                              int64_t until_ms)
{
    struct held *held = fetch(api, kind, selection, cancel, until_ms), *words;
    if (held->outcome == LISTED)
        return held;
    words = store_held_create();
    words->outcome = held->outcome;
    words->late = held->late;
    glm_diags_append(&words->diags, NULL, &held->diags);
    store_held_drop(held);
    return words;
}
