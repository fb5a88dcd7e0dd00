/* SPDX-License-Identifier: Apache-2.0
 *
 * Ownership: the labels and the annotation that say which resource an object belongs to.
 */
#include "internal.h"

#include <string.h>

static const char *const owner_labels[] = {
    GLM_LABEL_MANAGED_BY, GLM_LABEL_NAME,     GLM_LABEL_NAMESPACE,
    GLM_LABEL_CLUSTER,    GLM_LABEL_REVISION,
};

const struct glm_value *glm_own(struct glm_arena *arena, const struct glm_value *object,
                                const char *name, const char *namespace_, const char *cluster,
                                const char *revision, const char *view)
{
    const struct glm_value *metadata = glm_get(object, "metadata");
    struct glm_map_builder labels;
    glm_map_init_from(&labels, arena, glm_get(metadata, "labels"));
    glm_map_set(&labels, GLM_LABEL_MANAGED_BY, glm_string(arena, GLM_MANAGED_BY));
    glm_map_set(&labels, GLM_LABEL_NAME, glm_string(arena, name));
    glm_map_set(&labels, GLM_LABEL_NAMESPACE, glm_string(arena, namespace_));
    glm_map_set(&labels, GLM_LABEL_CLUSTER, glm_string(arena, cluster));
    if (revision)
        glm_map_set(&labels, GLM_LABEL_REVISION, glm_string(arena, glm_revision_key(revision)));
    metadata = glm_with(arena, metadata, "labels", glm_map_finish(&labels, NULL));
    if (view)
        metadata = glm_with(arena, metadata, "annotations",
                            glm_with(arena, glm_get(metadata, "annotations"), GLM_ANNOTATION_VIEW,
                                     glm_string(arena, view)));
    return glm_with(arena, object, "metadata", metadata);
}

const struct glm_value *glm_disown(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *metadata = glm_get(object, "metadata");
    const struct glm_value *labels = glm_get(metadata, "labels");
    const struct glm_value *annotations = glm_get(metadata, "annotations");
    bool ours = false;
    for (size_t i = 0; i < sizeof owner_labels / sizeof *owner_labels; i++) {
        ours |= glm_has(labels, owner_labels[i]);
        /* Somebody else's tool may be the one that manages it. */
        if (i > 0 || glm_string_is(glm_get(labels, GLM_LABEL_MANAGED_BY), GLM_MANAGED_BY))
            labels = glm_without(arena, labels, owner_labels[i]);
    }
    if (!ours && !glm_has(annotations, GLM_ANNOTATION_VIEW))
        return object;
    annotations = glm_without(arena, annotations, GLM_ANNOTATION_VIEW);
    metadata = glm_is_map(labels) && labels->len ? glm_with(arena, metadata, "labels", labels)
                                                 : glm_without(arena, metadata, "labels");
    metadata = glm_is_map(annotations) && annotations->len
                   ? glm_with(arena, metadata, "annotations", annotations)
                   : glm_without(arena, metadata, "annotations");
    return glm_with(arena, object, "metadata", metadata);
}

/* A label that is gone says nothing of anybody; ret_whole: none is. */
static bool may_say(const struct glm_value *labels, const char *label, const char *what,
                    bool *ret_whole)
{
    const char *said = glm_string_or(glm_get(labels, label), "");
    *ret_whole &= *said != '\0';
    return !*said || strcmp(said, what) == 0;
}

enum glm_owner glm_owner_of(struct glm_arena *arena, const struct glm_value *object,
                            const char *name, const char *namespace_, const char *cluster,
                            const char **ret_owner)
{
    const struct glm_value *labels = glm_get_path(object, "metadata", "labels", NULL);
    const char *owner = glm_string_or(glm_get(labels, GLM_LABEL_NAME), "");
    if (ret_owner)
        *ret_owner = NULL;
    if (!glm_string_is(glm_get(labels, GLM_LABEL_MANAGED_BY), GLM_MANAGED_BY) || !*owner)
        return GLM_OWNER_FOREIGN;
    bool whole = true;
    bool ours = may_say(labels, GLM_LABEL_NAME, name, &whole) &&
                may_say(labels, GLM_LABEL_NAMESPACE, namespace_, &whole);
    bool here = may_say(labels, GLM_LABEL_CLUSTER, cluster, &whole);
    if (ours && here && !whole)
        return GLM_OWNER_FOREIGN;
    const char *owner_namespace = glm_string_or(glm_get(labels, GLM_LABEL_NAMESPACE), "");
    const char *there = glm_string_or(glm_get(labels, GLM_LABEL_CLUSTER), "");
    if (ret_owner && ours && !here)
        *ret_owner = glm_sprintf(arena, "%s/%s in cluster %s", owner_namespace, owner, there);
    else if (ret_owner)
        *ret_owner = glm_sprintf(arena, "%s/%s", owner_namespace, owner);
    return ours && here ? GLM_OWNER_US : GLM_OWNER_OTHER_RESOURCE;
}
