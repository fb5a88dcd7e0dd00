/* SPDX-License-Identifier: Apache-2.0
 *
 * Two installers of the tests' own that make the same, so that a pair can go from one to the other, and a program
 * in a fake cluster that acts for the first. None of them is a real one.
 *
 * asks: a ConfigMap, of which the actor makes an Account and a Worker. does: those two by itself.
 */
#ifndef GLM_HANDS_INSTALLER_H
#define GLM_HANDS_INSTALLER_H

#include "glm/installer.h"

#define GLM_TEST_ACTOR "actor"

extern const struct glm_object_kind glm_test_account, glm_test_worker;
extern const struct glm_installer glm_test_installer_asks, glm_test_installer_does;

/* The actor of a cluster: applies what its ConfigMaps ask for where that is not what it has applied last, by its
 * memory; removes it with them; does nothing for one that it is kept away from. */
struct glm_test_actor {
    struct glm_cluster *cluster;
    struct glm_arena *arena;
    struct glm_map_builder remembered; /* by name: what was applied last; kept when it is let go */
    unsigned applied;
    bool busy;    /* it comes to no end */
    bool heedful; /* it sees at once what others have changed, and applies that again */
};
void glm_test_actor_begin(struct glm_test_actor *actor, struct glm_arena *arena,
                          struct glm_cluster *cluster);
/* Everything that there is to do now. context: the actor. */
void glm_test_actor_act(void *context);

#endif
