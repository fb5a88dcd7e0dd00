/* SPDX-License-Identifier: Apache-2.0
 *
 * An installer around another: counts and writes down the calls of its slots, holds the lifecycle to what
 * installer.h promises them, holds the pure ones to the same answer twice, and fails where it is told to.
 *
 * Thread: any.
 */
#ifndef GLM_TRACED_INSTALLER_H
#define GLM_TRACED_INSTALLER_H

#include "glm/installer.h"

enum glm_slot {
    GLM_SLOT_SEAT,
    GLM_SLOT_CHECK,
    GLM_SLOT_RENDER,
    GLM_SLOT_TRAITS,
    GLM_SLOT_LOSES,
    GLM_SLOT_MAKES,
    GLM_SLOT_TARGETS,
    GLM_SLOT_JUDGE,
    GLM_SLOT_PROJECT,
    GLM_SLOT_STEPS,
    GLM_SLOT_YIELDS,
    GLM_SLOT_INHERITS,
    GLM_SLOT_PODS,
    GLM_SLOT_NAMESAKE,
    GLM_SLOT_RECALL,
    GLM_SLOT_PREFLIGHT,
    GLM_SLOT_GIVE_UP,
    GLM_SLOT_EXPLAIN,
    GLM_SLOTS,
};

extern const char *const glm_slot_names[GLM_SLOTS];

/* A row with the slots that the other has. It is the process's. */
const struct glm_installer *glm_traced_create(const struct glm_installer *inner);
/* From now on: nothing was called yet. */
void glm_traced_reset(const struct glm_installer *traced);
unsigned glm_traced_calls(const struct glm_installer *traced, enum glm_slot slot);
/* "render east 2 -> 8", a line for each call, in the order in which they came back. */
const char *glm_traced_log(struct glm_arena *arena, const struct glm_installer *traced);
/* The nth call of the slot from now (1 is the next) fails as it can: with an error where it returns bool or a
 * name, else with the emptiest answer that is allowed. 0: none does. */
void glm_traced_fail(const struct glm_installer *traced, enum glm_slot slot, unsigned nth);

#endif
