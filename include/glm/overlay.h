/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlay: k8s.overlays of a component, applied to an object as Istio applies them.
 *
 * What:   pure: the whole path and value language, for the Services made here and for rendering
 *         alike. Istio 1.23 and older refuse the whole document when a patch does not fit; since
 *         1.24 such a patch is passed over without a word. Every patch says what became of it.
 * Owner:  results live in the arena given and share every subtree that is not changed.
 * Errors: none of its own: the outcome of each patch, for the caller to judge and to place.
 * Thread: no shared state.
 * Source: operator/pkg/{tpath,util,patch,render} of Istio 1.22 to 1.31, whose walk is the same in
 *         all of them; tests/peers/run-overlay holds this against the original.
 */
#ifndef GLM_OVERLAY_H
#define GLM_OVERLAY_H

#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- ceilings: what is beyond them is GLM_OVERLAY_REFUSED ---- */

#define GLM_OVERLAY_PATH_MAX ((size_t)4096)     /* bytes of one path */
#define GLM_OVERLAY_STEPS_MAX ((size_t)100)     /* steps of one path */
#define GLM_OVERLAY_PATCHES_MAX ((size_t)10000) /* patches of one object */
#define GLM_OVERLAY_WORK_MAX ((size_t)50000000) /* elements looked at for one object */

/* ---- paths: spec.template.spec.containers.[name:istio-proxy].env.[-1] ---- */

enum glm_overlay_step_kind {
    GLM_OVERLAY_KEY,   /* a field of a map: name; also brackets that are not closed */
    GLM_OVERLAY_INDEX, /* [3], [-1]: an element by its place; outside: a new one at the end */
    GLM_OVERLAY_PAIR,  /* [name:http2]: the first element with this key and value */
    GLM_OVERLAY_TEXT,  /* [:10.0.0.1], [vv]: the first scalar that the expression is found in */
};

/* In a map every step is a plain key, brackets and all. */
struct glm_overlay_step {
    enum glm_overlay_step_kind kind;
    const char *text;  /* as a key: "[name:http2]" */
    const char *key;   /* PAIR */
    const char *value; /* PAIR; TEXT and PAIR: what is searched for in a list of scalars */
    const char *expression;
    int64_t index; /* INDEX */
};

struct glm_overlay_path {
    const struct glm_overlay_step *steps;
    size_t count;
};

/* False when it is beyond a ceiling. A path without steps means the object itself. */
bool glm_overlay_path_read(struct glm_arena *arena, const struct glm_value *path,
                           struct glm_overlay_path *ret_path);
/* The path without what does not count: steps joined by dots. */
const char *glm_overlay_path_text(struct glm_arena *arena, const struct glm_overlay_path *path);
/* Why the path can be meant for nothing that exists, whatever the object: NULL when it may be. */
const char *glm_overlay_path_mistake(struct glm_arena *arena, const struct glm_overlay_path *path);

/* ---- applying ---- */

enum glm_overlay_dialect {
    GLM_OVERLAY_OPERATOR, /* Istio 1.23 and older: a patch that does not fit ends the render */
    GLM_OVERLAY_ISTIOCTL, /* 1.24 and newer: it is passed over */
};

enum glm_overlay_effect {
    GLM_OVERLAY_APPLIED,
    GLM_OVERLAY_IDLE,    /* there is nothing to do: no path, or deleting what is not there */
    GLM_OVERLAY_UNSEEN,  /* leads into an unknown value: nobody can say */
    GLM_OVERLAY_MISFIT,  /* does not fit the object */
    GLM_OVERLAY_CRASH,   /* Istio itself ends with a panic */
    GLM_OVERLAY_CHANCE,  /* what Istio does with it is left to chance */
    GLM_OVERLAY_REFUSED, /* beyond a ceiling, or an expression that is not understood here */
};

struct glm_overlay_outcome {
    size_t overlay, patch; /* the patch: overlays[overlay].patches[patch] */
    enum glm_overlay_effect effect;
    const char *step;     /* from MISFIT on: the step that does not fit, "" when there is none */
    const char *why;      /* from MISFIT on: for people, a clause without a full stop */
    const char *reason;   /* MISFIT: in Istio's own words */
    bool text_became_map; /* the value was text that reads as a YAML map, and is a map now */
};

struct glm_overlay_result {
    const struct glm_value *object;
    const struct glm_overlay_outcome *outcomes; /* in order, one for each patch */
    size_t count;
    size_t failed; /* how many of them are MISFIT or worse */
};

/* Applies the first `limit` patches (SIZE_MAX: all) of the overlays to a map. Each patch stands
 * alone: one that fails does not keep the next from its turn. Whether overlay and object belong
 * together is not asked. What an overlay put in earlier is walked by other rules than what was
 * there before, so overlays must be given as they are in the document.
 * Unlike the operator of Istio 1.23, which starts every overlay of one object from the object as
 * rendered, so that the last overlay wins, overlays add up in both dialects. */
void glm_overlay_apply(struct glm_arena *arena, const struct glm_value *object,
                       const struct glm_value *const *overlays, size_t count, size_t limit,
                       enum glm_overlay_dialect dialect, struct glm_overlay_result *ret_result);

#ifdef __cplusplus
}
#endif
#endif
