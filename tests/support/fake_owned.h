/* SPDX-License-Identifier: Apache-2.0
 *
 * What server-side apply makes of an object, for fake clusters that own fields. Less than an API server: lists are
 * owned whole, nothing is defaulted, and metadata.managedFields says no more of fields than that there are some.
 *
 * Thread: pure.
 */
#ifndef GLM_FAKE_OWNED_H
#define GLM_FAKE_OWNED_H

#include "glm/cluster.h"

struct glm_owned {
    const struct glm_value *live;    /* as everybody sees it; null: there is none */
    const struct glm_value *applied; /* {field manager: what it has applied} */
};

/* Applies an object as a manager. false: a conflict, and *ret is as it was. */
bool glm_owned_apply(struct glm_arena *arena, const struct glm_owned *was,
                     const struct glm_value *object, const char *manager, bool force,
                     struct glm_owned *ret, struct glm_conflict *ret_conflict);
/* As an update by somebody who owns nothing (a status), with a resourceVersion of its own. */
const struct glm_value *glm_owned_touched(struct glm_arena *arena, const struct glm_value *was,
                                          const struct glm_value *object);

/* Whether a list has the object. */
bool glm_owned_is_selected(const struct glm_object_ref *ref, const struct glm_value *object,
                           const struct glm_selection *selection);

#endif
