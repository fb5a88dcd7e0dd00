/* SPDX-License-Identifier: Apache-2.0
 *
 * Control planes: which revisions of istiod a cluster has, and which tags stand for them.
 *
 * Source: istiod's Deployment is labelled app=istiod and istio.io/rev; an injector's webhook
 *         configuration istio.io/rev, that of a tag istio.io/tag too. Where istiod runs elsewhere
 *         only the webhook speaks of it.
 */
#include "glm/observe.h"
#include "judge.h"

#include <stdlib.h>
#include <string.h>

static const char *label(const struct glm_value *object, const char *name)
{
    return glm_string_or(glm_get_path(object, "metadata", "labels", name, NULL), "");
}

static const char *revision_of(const struct glm_value *object)
{
    const char *revision = label(object, "istio.io/rev");
    return strcmp(revision, "default") == 0 ? "" : revision;
}

/* The tag of an image: "docker.io/istio/pilot:1.24.2@sha256:..." has 1.24.2. */
static const char *tag_of_image(struct glm_arena *arena, const char *image)
{
    size_t len = strcspn(image, "@");
    for (size_t i = len; i > 0 && image[i - 1] != '/'; i--)
        if (image[i - 1] == ':')
            return glm_strndup(arena, image + i, len - i);
    return "";
}

/* "1.24.2" of "1.24.2-solo"; "" of what does not begin with two numbers. */
static const char *version_of_tag(struct glm_arena *arena, const char *tag)
{
    size_t len = strspn(tag, "0123456789.");
    bool two = len > 0 && memchr(tag, '.', len) && tag[0] != '.';
    while (len > 0 && tag[len - 1] == '.')
        len--;
    return two ? glm_strndup(arena, tag, len) : "";
}

static void from_deployment(struct glm_arena *arena, const struct glm_value *d,
                            struct glm_control_plane *plane)
{
    const struct glm_value *containers =
        glm_get_path(d, "spec", "template", "spec", "containers", NULL);
    const char *image = glm_string_or(glm_get(glm_at(containers, 0), "image"), "");
    for (size_t i = 0; glm_is_list(containers) && i < containers->len; i++)
        if (glm_string_is(glm_get(containers->as.list[i], "name"), "discovery"))
            image = glm_string_or(glm_get(containers->as.list[i], "image"), "");
    int64_t available = 0;
    glm_number_int64(glm_get_path(d, "status", "availableReplicas", NULL), &available);
    *plane = (struct glm_control_plane){
        .revision = revision_of(d),
        .namespace_ = glm_string_or(glm_get_path(d, "metadata", "namespace", NULL), ""),
        .name = glm_string_or(glm_get_path(d, "metadata", "name", NULL), ""),
        .tag = tag_of_image(arena, image),
        .ready = available > 0};
    plane->version = version_of_tag(arena, plane->tag);
}

static struct glm_control_plane *find(struct glm_control_plane *planes, size_t count,
                                      const char *revision)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(planes[i].revision, revision) == 0)
            return &planes[i];
    return NULL;
}

static int by_revision(const void *a, const void *b)
{
    const struct glm_control_plane *x = a, *y = b;
    return strcmp(x->revision, y->revision);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_tags(struct glm_arena *arena, const struct glm_value *webhooks,
                     struct glm_control_plane *plane)
{
    const char **tags = GLM_NEW_ARRAY(arena, webhooks->len, const char *);
    size_t count = 0;
    for (size_t i = 0; i < webhooks->len; i++) {
        const char *tag = label(webhooks->as.list[i], "istio.io/tag");
        if (*tag && strcmp(revision_of(webhooks->as.list[i]), plane->revision) == 0)
            tags[count++] = tag;
    }
    if (count > 1)
        qsort(tags, count, sizeof *tags, by_text);
    plane->tags = tags;
    plane->tag_count = count;
}

size_t glm_control_planes(struct glm_arena *arena, const struct glm_value *deployments,
                          const struct glm_value *webhooks,
                          const struct glm_control_plane **ret_planes)
{
    size_t d = glm_is_list(deployments) ? deployments->len : 0;
    if (!glm_is_list(webhooks))
        webhooks = &glm_empty_list;
    struct glm_control_plane *planes =
        GLM_NEW_ARRAY(arena, d + webhooks->len, struct glm_control_plane);
    size_t count = 0;
    for (size_t i = 0; i < d; i++)
        if (strcmp(label(deployments->as.list[i], "app"), "istiod") == 0 &&
            !find(planes, count, revision_of(deployments->as.list[i])))
            from_deployment(arena, deployments->as.list[i], &planes[count++]);
    for (size_t i = 0; i < webhooks->len; i++) {
        const struct glm_value *w = webhooks->as.list[i];
        /* That of a tag may have outlived the revision it points to. */
        if (*label(w, "istio.io/rev") && !*label(w, "istio.io/tag") &&
            !find(planes, count, revision_of(w)))
            planes[count++] = (struct glm_control_plane){.revision = revision_of(w),
                                                         .namespace_ = "",
                                                         .name = "",
                                                         .tag = "",
                                                         .version = "",
                                                         .ready = true,
                                                         .external = true};
    }
    for (size_t i = 0; i < count; i++)
        add_tags(arena, webhooks, &planes[i]);
    if (count > 1)
        qsort(planes, count, sizeof *planes, by_revision);
    *ret_planes = planes;
    return count;
}

const struct glm_control_plane *glm_control_plane_find(const struct glm_control_plane *planes,
                                                       size_t count, const char *revision,
                                                       const struct glm_control_plane **ret_tag_of)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(planes[i].revision, revision) == 0)
            return &planes[i];
    for (size_t i = 0; i < count && ret_tag_of; i++)
        for (size_t t = 0; t < planes[i].tag_count; t++)
            if (strcmp(planes[i].tags[t], revision) == 0)
                *ret_tag_of = &planes[i];
    return NULL;
}
