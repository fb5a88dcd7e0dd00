/* SPDX-License-Identifier: Apache-2.0
 *
 * One LIST of an API server, page by page.
 *
 * Owner:  a list has an arena of its own, with the diagnostics that say why it is none.
 * Errors: in the list.
 * Thread: any; what is held does not change.
 */
#include "store.h"

#include <string.h>

#define PAGE "500"
#define BEGINNINGS 3 /* how often a list that became too old half-way begins again */

static const char *query_of(struct glm_arena *arena, const struct glm_selection *selection,
                            const char *from, bool paged)
{
    struct glm_text query;
    glm_text_init(&query, arena, SIZE_MAX / 4);
    if (paged)
        url_query(&query, "limit", PAGE);
    if (selection->labels)
        url_query(&query, "labelSelector", selection->labels);
    if (selection->fields)
        url_query(&query, "fieldSelector", selection->fields);
    if (from)
        url_query(&query, "continue", from);
    return query.data;
}

/* Some servers write an empty list as null, and a CustomResourceDefinition names its lists itself.
 * A list whose continuation cannot be read would end too soon. */
static bool is_list(const struct glm_value *page, enum glm_object_kind of)
{
    const struct glm_value *items = glm_get(page, "items");
    const struct glm_value *more = glm_get_path(page, "metadata", "continue", NULL);
    const char *kind = glm_string_or(glm_get(page, "kind"), "");
    size_t len = strlen(kind);
    return (glm_is_list(items) || glm_is_null(items)) &&
           (glm_is_string(more) || glm_is_null(more)) && len > 4 &&
           strcmp(kind + len - 4, "List") == 0 &&
           glm_string_is(glm_get(page, "apiVersion"), glm_object_api_version(of));
}

/* One item that is not what was asked for makes the list somebody else's. */
static bool add_page(struct held *held, struct kube_api *api, const struct kube_request *request,
                     const struct glm_value *page, struct glm_list_builder *objects)
{
    const struct glm_value *items = glm_get(page, "items");
    for (size_t i = 0; glm_is_list(items) && i < items->len; i++) {
        const struct glm_value *item =
            answer_item(held->arena, items->as.list[i], request->kind, request->namespace_);
        if (!item)
            return answer_error(&held->diags, kube_api_access(api), request, items->as.list[i],
                                NULL);
        glm_list_add(objects, item);
    }
    return true;
}

static enum listed refused(struct held *held, struct kube_api *api,
                           const struct kube_request *request, const struct kube_answer *answer)
{
    if (answer->status == 200)
        answer_no_list(&held->diags, kube_api_access(api), request);
    else
        refusal_error(&held->diags, kube_api_access(api), request, answer);
    if (refusal_is_no_api(answer))
        return LISTED_NO_API;
    return answer->status == 403 ? LISTED_FORBIDDEN : LISTED_FAILED;
}

/* One page; *from becomes the place of the next, or NULL. */
static bool ask(struct held *held, struct kube_api *api, const struct glm_selection *selection,
                bool paged, const char **from, struct kube_request *request,
                struct kube_answer *answer)
{
    request->query = query_of(held->arena, selection, *from, paged);
    if (!kube_perform(api, held->arena, request, answer, &held->diags))
        return false;
    const char *next =
        glm_string_or(glm_get_path(answer->object, "metadata", "continue", NULL), "");
    *from = answer->status == 200 && *next ? next : NULL;
    return true;
}

struct held *list_fetch(struct kube_api *api, enum glm_object_kind kind,
                        const struct glm_selection *selection, const atomic_bool *cancel,
                        int64_t until_ms)
{
    struct held *held = held_create();
    struct kube_request request = {
        .method = "GET",
        .kind = kind,
        .namespace_ = selection->namespace_,
        .safe_to_repeat = true,
        .cancel = cancel,
        .until_ms = until_ms,
    };
    struct glm_list_builder objects;
    glm_list_init(&objects, held->arena);
    const char *from = NULL;
    for (unsigned beginnings = 1;;) {
        struct kube_answer answer;
        bool first = !from;
        held->outcome = LISTED_FAILED;
        /* The last beginning asks for all at once, which cannot become too old half-way. */
        if (!ask(held, api, selection, beginnings < BEGINNINGS, &from, &request, &answer)) {
            held->late = answer.late || kube_late(until_ms);
            return held;
        }
        if (answer.status == 410 && !first && beginnings < BEGINNINGS) {
            beginnings++;
            glm_list_init(&objects, held->arena);
            continue;
        }
        if (answer.status != 200 || !is_list(answer.object, kind)) {
            held->outcome = refused(held, api, &request, &answer);
            return held;
        }
        if (!add_page(held, api, &request, answer.object, &objects))
            return held; /* FAILED */
        held->version =
            glm_string_or(glm_get_path(answer.object, "metadata", "resourceVersion", NULL), "");
        if (!from)
            break;
    }
    held->value = glm_list_finish(&objects);
    held->outcome = LISTED;
    return held;
}
