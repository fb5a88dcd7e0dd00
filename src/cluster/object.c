/* SPDX-License-Identifier: Apache-2.0
 *
 * References to Kubernetes objects: what the lifecycle and every kind of cluster agree on.
 *
 * Owner:  texts are made in the arena given; a reference borrows from the object it is of.
 * Errors: none.
 * Thread: no shared state.
 */
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

bool glm_object_is(const struct glm_value *object, const struct glm_object_ref *ref)
{
    struct glm_object_ref is;
    return glm_object_ref_as(object, ref->kind, &is) && glm_object_ref_same(&is, ref);
}
