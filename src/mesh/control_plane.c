/* SPDX-License-Identifier: Apache-2.0
 *
 * Control planes: which revisions of istiod a cluster has, and which names are only tags of one.
 *
 * What:   a revision is there when a Deployment of istiod carries it, or when a sidecar injector
 *         does that is no tag: istiod then runs outside the cluster. A tag alone is no revision:
 *         the chart of a gateway would dial a Service that does not exist.
 * Source: labels app, istio.io/rev and istio.io/tag as Istio's charts and istioctl set them.
 */
#include "glm/look.h"
#include "glm/observe.h"
#include "glm/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "default" is how Istio writes the revision of a control plane that has none. */
static const char *revision_of(const struct glm_value *object)
{
    const char *revision = glm_live_label(object, "istio.io/rev");
    return strcmp(revision, "default") == 0 ? "" : revision;
}

/* "1.24.2" of "1.24.2-distroless"; "" when it does not begin with at least two numbers. */
static const char *version_of(struct glm_arena *arena, const char *tag)
{
    size_t len = 0, numbers = 0;
    for (const char *s = tag; numbers < 3; s++) {
        size_t digits = strspn(s, "0123456789");
        if (digits == 0)
            break;
        s += digits;
        numbers++;
        len = (size_t)(s - tag);
        if (*s != '.')
            break;
    }
    return numbers >= 2 ? glm_strndup(arena, tag, len) : "";
}

static struct glm_control_plane from_deployment(struct glm_arena *arena,
                                                const struct glm_value *deployment)
{
    const struct glm_value *container = glm_live_container(deployment, "discovery");
    const char *tag = glm_image_tag(arena, glm_string_or(glm_get(container, "image"), ""));
    return (struct glm_control_plane){
        .revision = revision_of(deployment),
        .namespace_ = glm_live_namespace(deployment),
        .name = glm_live_name(deployment),
        .tag = tag,
        .version = version_of(arena, tag),
        .ready = glm_live_integer(glm_get(deployment, "status"), "availableReplicas", 0) > 0,
    };
}

static int by_revision(const void *a, const void *b)
{
    const struct glm_control_plane *x = a, *y = b;
    int order = strcmp(x->revision, y->revision);
    if (order == 0)
        order = (int)y->ready - (int)x->ready; /* the one that works is found first */
    if (order == 0)
        order = strcmp(x->namespace_, y->namespace_);
    return order ? order : strcmp(x->name, y->name);
}

/* One webhook that says that a name stands for a revision. */
struct tag {
    const char *revision, *name;
};

static int by_tag(const void *a, const void *b)
{
    const struct tag *x = a, *y = b;
    int order = strcmp(x->revision, y->revision);
    return order ? order : strcmp(x->name, y->name);
}

/* All tags, each once (there is one webhook for each namespace that has an istiod), sorted. */
static size_t tags_of(struct glm_arena *arena, const struct glm_value *webhooks,
                      struct tag **ret_tags)
{
    struct tag *tags = GLM_NEW_ARRAY(arena, glm_live_count(webhooks), struct tag);
    size_t count = 0, unique = 0;
    for (size_t i = 0; i < glm_live_count(webhooks); i++) {
        const char *tag = glm_live_label(glm_at(webhooks, i), "istio.io/tag");
        if (*tag)
            tags[count++] = (struct tag){revision_of(glm_at(webhooks, i)), tag};
    }
    if (count > 1)
        qsort(tags, count, sizeof *tags, by_tag);
    for (size_t i = 0; i < count; i++)
        if (unique == 0 || by_tag(&tags[unique - 1], &tags[i]) != 0)
            tags[unique++] = tags[i];
    *ret_tags = tags;
    return unique;
}

/* Both are sorted by revision. Planes of one revision share its tags. */
static void give_tags(struct glm_arena *arena, const struct tag *tags, size_t tag_count,
                      struct glm_control_plane *planes, size_t count)
{
    const char **names = GLM_NEW_ARRAY(arena, tag_count, const char *);
    size_t first = 0, end = 0;
    for (size_t t = 0; t < tag_count; t++)
        names[t] = tags[t].name;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(planes[i - 1].revision, planes[i].revision) != 0) {
            while (end < tag_count && strcmp(tags[end].revision, planes[i].revision) < 0)
                end++;
            first = end;
            while (end < tag_count && strcmp(tags[end].revision, planes[i].revision) == 0)
                end++;
        }
        planes[i].tags = names + first;
        planes[i].tag_count = end - first;
    }
}

/* Revisions that only a webhook knows. known: those of Deployments, and then these too. */
static size_t external_planes(const struct glm_value *webhooks, struct glm_map_builder *known,
                              struct glm_control_plane *planes)
{
    size_t count = 0;
    for (size_t i = 0; i < glm_live_count(webhooks); i++) {
        const struct glm_value *webhook = glm_at(webhooks, i);
        const char *revision = revision_of(webhook);
        bool is_tag = *glm_live_label(webhook, "istio.io/tag") != 0;
        bool is_revision = *glm_live_label(webhook, "istio.io/rev") != 0;
        if (!is_revision || is_tag || !glm_is_null(glm_map_peek(known, revision)))
            continue;
        glm_map_set(known, revision, &glm_true);
        planes[count++] = (struct glm_control_plane){
            .revision = revision,
            .namespace_ = "",
            .name = "",
            .tag = "",
            .version = "",
            .ready = true, /* taken at its word: from here it cannot be seen */
            .external = true,
        };
    }
    return count;
}

size_t glm_control_planes(struct glm_arena *arena, const struct glm_value *deployments,
                          const struct glm_value *webhooks,
                          const struct glm_control_plane **ret_planes)
{
    size_t limit = glm_live_count(deployments) + glm_live_count(webhooks), count = 0;
    struct glm_control_plane *planes = GLM_NEW_ARRAY(arena, limit, struct glm_control_plane);
    struct glm_map_builder known;
    struct tag *tags;
    glm_map_init(&known, arena);
    for (size_t i = 0; i < glm_live_count(deployments); i++)
        if (strcmp(glm_live_label(glm_at(deployments, i), "app"), "istiod") == 0) {
            planes[count] = from_deployment(arena, glm_at(deployments, i));
            glm_map_set(&known, planes[count++].revision, &glm_true);
        }
    count += external_planes(webhooks, &known, planes + count);
    if (count > 1)
        qsort(planes, count, sizeof *planes, by_revision);
    size_t tag_count = tags_of(arena, webhooks, &tags);
    give_tags(arena, tags, tag_count, planes, count);
    *ret_planes = planes;
    return count;
}

const struct glm_control_plane *glm_control_plane_find(const struct glm_control_plane *planes,
                                                       size_t count, const char *revision,
                                                       const struct glm_control_plane **ret_tag_of)
{
    const char *plain = strcmp(revision, "default") == 0 ? "" : revision;
    const char *as_tag = *revision ? revision : "default";
    if (ret_tag_of)
        *ret_tag_of = NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(planes[i].revision, plain) == 0)
            return &planes[i];
    for (size_t i = 0; ret_tag_of && i < count; i++) {
        bool again = i > 0 && strcmp(planes[i - 1].revision, planes[i].revision) == 0;
        for (size_t t = 0; !*ret_tag_of && !again && t < planes[i].tag_count; t++)
            if (strcmp(planes[i].tags[t], as_tag) == 0)
                *ret_tag_of = &planes[i];
    }
    return NULL;
}
