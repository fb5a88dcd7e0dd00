/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that judge live objects share: how Kubernetes objects are read.
 */
#ifndef GLM_MESH_OBSERVED_H
#define GLM_MESH_OBSERVED_H

#include "glm/observe.h"
#include "glm/text.h"

/* ---- live.c: looking at objects ---- */

/* Longest text of somebody else's that a message of ours carries, in bytes. */
#define GLM_SAID_MAX ((size_t)1000)

const char *glm_live_name(const struct glm_value *object);      /* "" when it has none */
const char *glm_live_namespace(const struct glm_value *object); /* "" when it has none */
const char *glm_live_label(const struct glm_value *object, const char *label); /* "" likewise */
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
/* The reader of a list of objects: what is no list is an empty one. */
static inline size_t glm_live_count(const struct glm_value *list)
{
    return glm_is_list(list) ? list->len : 0;
}

/* ---- rollout.c: how a gateway's Deployment stands ---- */

struct glm_rollout {
    bool exists;
    bool ours;           /* the labels say that this IstioOperator made it */
    bool complete;       /* every pod is of the newest template, ready and available */
    bool image;          /* it has the wanted image, as far as that can be told */
    bool once_available; /* it has worked before, whether or not it does now */
    const char *trouble; /* what keeps it from being healthy; NULL: nothing */
};
void glm_rollout_read(struct glm_arena *arena, const struct glm_value *istio_operator,
                      const struct glm_target *target, const struct glm_value *deployment,
                      struct glm_rollout *ret_rollout);

/* ---- reconciler.c ---- */

#define GLM_ISTIO_FINALIZER "istio-finalizer.install.istio.io"

/* ---- pending.c ---- */

/* Why an IstioOperator has no status, as far as it shows. */
const char *glm_why_pending(struct glm_arena *arena, const struct glm_value *istio_operator);

#endif
