/* SPDX-License-Identifier: Apache-2.0
 *
 * Look: reading what Kubernetes objects have in common, tolerantly, and words about it.
 *
 * What:   pure functions; whatever is missing or of another type counts as absent.
 * Owner:  texts live in the arena given or are the object's own.
 * Errors: none.
 * Thread: no shared state.
 */
#ifndef GLM_LOOK_H
#define GLM_LOOK_H

#include "glm/arena.h"
#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest text of somebody else's that a message of ours carries, in bytes. */
#define GLM_SAID_MAX ((size_t)1000)

const char *glm_live_name(const struct glm_value *object);      /* "" when it has none */
const char *glm_live_namespace(const struct glm_value *object); /* "" when it has none */
const char *glm_live_label(const struct glm_value *object, const char *label); /* "" likewise */
/* True when a field manager owns fields of it, or has; operation: "Apply", NULL: whatever it has done. */
bool glm_live_is_managed(const struct glm_value *object, const char *manager,
                         const char *operation);
/* "namespace/name", "name" when it has no namespace. */
const char *glm_live_place(struct glm_arena *arena, const struct glm_value *object);
/* The integer at key of a map, fallback when there is none. */
int64_t glm_live_integer(const struct glm_value *map, const char *key, int64_t fallback);
/* The condition of this type in status.conditions; the null value when there is none. */
const struct glm_value *glm_live_condition(const struct glm_value *object, const char *type);
/* Somebody else's text for a message of ours: one line, no white space around, not endless. */
const char *glm_said(struct glm_arena *arena, const char *text);
/* " since TIME", "" when time is "". */
const char *glm_since(struct glm_arena *arena, const char *time);
/* The tag of an image, "" when it has none ("auto", a digest alone). */
const char *glm_image_tag(struct glm_arena *arena, const char *image);
/* The container of this name, else the first one; the null value when there is none. */
const struct glm_value *glm_live_container(const struct glm_value *deployment, const char *name);
/* "app=x,istio=y": labels as a selection takes them; "" of what is no map. */
const char *glm_live_selector(struct glm_arena *arena, const struct glm_value *labels);
/* The reader of a list of objects: what is no list is an empty one. */
static inline size_t glm_live_count(const struct glm_value *list)
{
    return glm_is_list(list) ? list->len : 0;
}

#ifdef __cplusplus
}
#endif
#endif
