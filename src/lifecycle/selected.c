/* SPDX-License-Identifier: Apache-2.0
 *
 * Services that are not managed here and send traffic to a pair's Pods by their revision. Nothing
 * touches such a Service, and so nothing switches it. Whoever removes the revision has to hear of it.
 */
#include "lifecycle_internal.h"

#include "glm/shown.h"
#include "seam.h"

#include <string.h>

/* What is kept of it in the private state: what people write, and no more of anything else. */
#define SERVICES_MAX 20
#define LABELS_MAX 16
#define LABEL_MAX ((size_t)320) /* a key with its prefix */

/* The selector names the revision, and contradicts no label that is given to the Pods. What else
 * it asks for is taken to match: they get more labels on their way. */
static bool selects(const struct glm_value *service, const struct glm_value *labels,
                    const char *revision_label)
{
    const struct glm_value *selector = glm_get_path(service, "spec", "selector", NULL);
    if (!glm_is_map(selector) || !glm_has(selector, revision_label))
        return false;
    for (size_t i = 0; i < selector->len; i++) {
        const struct glm_value *label = glm_get(labels, selector->as.map[i].key);
        if (glm_is_string(label) && !glm_equal(label, selector->as.map[i].value))
            return false;
    }
    return true;
}

/* Neither by this provider, nor made with the Pods, so that it goes together with them. */
static bool is_strangers(const struct glm_value *service, const struct glm_installer_pods *pods)
{
    const struct glm_value *labels = glm_get_path(service, "metadata", "labels", NULL);
    return !glm_string_is(glm_get(labels, GLM_LABEL_MANAGED_BY), GLM_MANAGED_BY) &&
           !(pods->label && glm_string_is(glm_get(labels, pods->label), pods->value));
}

static const struct glm_value *kept_selector(struct glm_arena *arena,
                                             const struct glm_value *selector)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < selector->len && b.len < LABELS_MAX; i++) {
        const struct glm_pair *pair = &selector->as.map[i];
        const char *value = glm_string_or(pair->value, "");
        glm_map_set(&b, glm_shown_n(arena, pair->key, strlen(pair->key), LABEL_MAX),
                    glm_string(arena, glm_shown_n(arena, value, strlen(value), LABEL_MAX)));
    }
    return glm_map_finish(&b, NULL);
}

/* Returns how many more than are kept there are. */
static size_t add_services(struct glm_list_builder *selected, const struct glm_value *services,
                           const struct glm_installer_pods *pods, const char *revision_label)
{
    struct glm_arena *arena = selected->arena;
    size_t more = 0;
    for (size_t i = 0; i < services->len; i++) {
        const struct glm_value *service = services->as.list[i];
        struct glm_object_ref ref;
        if (!glm_object_ref_of(service, &ref) || !is_strangers(service, pods) ||
            !selects(service, pods->labels, revision_label))
            continue;
        if (selected->len >= SERVICES_MAX) {
            more++;
            continue;
        }
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        const char *name = record_ref_text(arena, &ref);
        glm_map_set(&b, "service",
                    glm_string(arena, glm_shown_n(arena, name, strlen(name), 2 * LABEL_MAX)));
        glm_map_set(&b, "selector",
                    kept_selector(arena, glm_get_path(service, "spec", "selector", NULL)));
        glm_list_add(selected, glm_map_finish(&b, NULL));
    }
    return more;
}

static bool any_strangers(const struct glm_installer_pods *pods, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (pods[i].strangers)
            return true;
    return false;
}

const struct glm_value *selected_by(const struct glm_installer_call *call,
                                    const struct glm_value *object, bool strangers)
{
    struct glm_arena *arena = call->arena;
    const struct glm_installer_pods *pods;
    struct glm_list_builder selected;
    size_t more = 0, count = seam_pods(call, object, &pods);
    glm_list_init(&selected, arena);
    if (!call->self->revision_label || (strangers && !any_strangers(pods, count)))
        return &glm_empty_list;
    for (size_t i = 0; i < count; i++) {
        /* Not afresh: every refresh of every gateway asks for the same few namespaces. */
        const struct glm_selection selection = {.namespace_ = pods[i].namespace_};
        more += add_services(
            &selected,
            glm_cluster_list_if_allowed(call->cluster, arena, GLM_KIND_SERVICE, &selection),
            &pods[i], call->self->revision_label);
    }
    if (more > 0)
        glm_list_add(&selected,
                     glm_with(arena, &glm_empty_map, "more", glm_integer(arena, (int64_t)more)));
    return glm_list_finish(&selected);
}

const char *selected_text(struct glm_arena *arena, const struct glm_value *selected)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; glm_is_list(selected) && i < selected->len; i++) {
        const struct glm_value *service = glm_get(selected->as.list[i], "service");
        int64_t more = 0;
        if (text.len && glm_number_int64(glm_get(selected->as.list[i], "more"), &more))
            glm_text_addf(&text, " and %lld more", (long long)more);
        else if (glm_is_string(service))
            glm_text_addf(&text, "%sService %s (selector %s)", text.len ? ", " : "",
                          glm_shown(arena, service->as.text),
                          glm_shown(arena, glm_live_selector(
                                               arena, glm_get(selected->as.list[i], "selector"))));
    }
    return text.data;
}

const char *selected_message(struct glm_arena *arena, const char *message,
                             const struct glm_value *selected)
{
    const char *names = selected_text(arena, selected);
    return *names ? glm_sprintf(arena, "%s%sSelected by %s, which is not managed here.", message,
                                *message ? " " : "", names)
                  : message;
}
