/* SPDX-License-Identifier: Apache-2.0
 *
 * References to Kubernetes objects: what the lifecycle and every kind of cluster agree on.
 *
 * Owner:  texts are made in the arena given; a reference borrows from the object it is of.
 * Errors: none.
 * Thread: no shared state.
 */
#include "glm/look.h"
#include "glm/object.h"
#include "glm/shown.h"

#include <string.h>

const char *glm_object_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    const char *kind = ref->kind->name;
    const char *name = glm_shown(arena, ref->name);
    return ref->namespace_
               ? glm_sprintf(arena, "%s %s/%s", kind, glm_shown(arena, ref->namespace_), name)
               : glm_sprintf(arena, "%s %s", kind, name);
}

/* A string that C code sees whole: not empty, no NUL bytes in it. */
static const char *plain_text(const struct glm_value *v)
{
    const char *text = glm_string_or(v, "");
    return *text && strlen(text) == v->len ? text : NULL;
}

bool glm_object_ref_as(const struct glm_value *object, const struct glm_object_kind *kind,
                       struct glm_object_ref *ret_ref)
{
    const char *name = plain_text(glm_get_path(object, "metadata", "name", NULL));
    const char *namespace_ = plain_text(glm_get_path(object, "metadata", "namespace", NULL));
    if (!kind)
        return glm_object_ref_of(object, ret_ref);
    if (!name || (kind->namespaced && !namespace_) ||
        !glm_string_is(glm_get(object, "apiVersion"), kind->api_version) ||
        !glm_string_is(glm_get(object, "kind"), kind->name))
        return false;
    *ret_ref = (struct glm_object_ref){
        .kind = kind, .namespace_ = kind->namespaced ? namespace_ : NULL, .name = name};
    return true;
}

bool glm_object_ref_of(const struct glm_value *object, struct glm_object_ref *ret_ref)
{
    for (const struct glm_object_kind *kind = glm_object_kinds; kind->name; kind++)
        if (glm_object_ref_as(object, kind, ret_ref))
            return true;
    return false;
}

bool glm_object_ref_same(const struct glm_object_ref *a, const struct glm_object_ref *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 &&
           strcmp(a->namespace_ ? a->namespace_ : "", b->namespace_ ? b->namespace_ : "") == 0;
}

const char *glm_object_not_its_own(const struct glm_value *object)
{
    static const char own[] = "terraform-provider-glm/";
    static const char *const maps[] = {"labels", "annotations"};
    static const char *const fields[] = {"uid",           "resourceVersion",   "generation",
                                         "managedFields", "creationTimestamp", "deletionTimestamp",
                                         "selfLink"};
    const struct glm_value *metadata = glm_get(object, "metadata");
    for (size_t m = 0; m < sizeof maps / sizeof *maps; m++) {
        const struct glm_value *map = glm_get(metadata, maps[m]);
        for (size_t i = 0; glm_is_map(map) && i < map->len; i++)
            if (strncmp(map->as.map[i].key, own, sizeof own - 1) == 0)
                return map->as.map[i].key;
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (glm_has(metadata, fields[i]))
            return fields[i];
    return glm_has(object, "status") ? "status" : NULL;
}

bool glm_object_is(const struct glm_value *object, const struct glm_object_ref *ref)
{
    struct glm_object_ref is;
    return glm_object_ref_as(object, ref->kind, &is) && glm_object_ref_same(&is, ref);
}

const struct glm_value *glm_object_bare(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    struct glm_map_builder b, metadata;
    glm_map_init(&metadata, arena);
    glm_map_set(&metadata, "name", glm_string(arena, ref->name));
    if (ref->namespace_)
        glm_map_set(&metadata, "namespace", glm_string(arena, ref->namespace_));
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_string(arena, ref->kind->api_version));
    glm_map_set(&b, "kind", glm_string(arena, ref->kind->name));
    glm_map_set(&b, "metadata", glm_map_finish(&metadata, NULL));
    return glm_map_finish(&b, NULL);
}

#define UID_MAX ((size_t)128) /* those of API servers have 36 characters */

const char *glm_object_generation(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *metadata = glm_get(object, "metadata");
    const char *uid = glm_string_or(glm_get(metadata, "uid"), "");
    int64_t generation = glm_live_integer(metadata, "generation", -1);
    return *uid && strlen(uid) <= UID_MAX && generation >= 0
               ? glm_sprintf(arena, "%.*s/%lld", GLM_GENERATION_UID, uid, (long long)generation)
               : NULL;
}
