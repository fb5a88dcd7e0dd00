/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider object: what lives longer than a call.
 *
 * What:   the configuration in force, the cluster names that validation has seen, the states that
 *         replacements hand over, the stop flag.
 * Owner:  the provider. A call borrows the estate: a configuration is never freed while the
 *         process lives, so that a call under way keeps what it started with.
 * Thread: every function may be called from any thread.
 */
#ifndef GLM_PROVIDER_STATE_H
#define GLM_PROVIDER_STATE_H

#include "glm/lifecycle.h"
#include "provider.h"

/* The estate that calls use now; before Configure one in which nothing is known. The stop flag in
 * it is the provider's. */
const struct glm_estate *glm_provider_estate(struct glm_provider *provider);
/* Replaces it. The estate and all it points to live in config_arena, which the provider takes. */
void glm_provider_set_estate(struct glm_provider *provider, struct glm_arena *config_arena,
                             struct glm_estate *estate);

/* The mesh configuration for checks before Configure: the cluster names that the validation of
 * the provider's configuration saw in this process. config_arena: taken, may be NULL. */
const struct glm_mesh_config *glm_provider_seen(struct glm_provider *provider);
void glm_provider_set_seen(struct glm_provider *provider, struct glm_arena *config_arena,
                           struct glm_mesh_config *seen);

/* Hand-over: the delete half of a same-identity replacement leaves its state here, the create half
 * in the same process takes it, once. */
void glm_provider_hand_over(struct glm_provider *provider, const char *id,
                            const struct glm_value *state, const struct glm_value *record);
bool glm_provider_take_over(struct glm_provider *provider, struct glm_arena *arena, const char *id,
                            const struct glm_value **ret_state,
                            const struct glm_value **ret_record);

/* Adoption: what a create with adopt_existing has taken over, until the process ends. Under
 * create_before_destroy, and where another resource gives it up in the same run, a destroy of the
 * same objects follows, which must not take them away again. */
void glm_provider_adopted(struct glm_provider *provider, const char *id,
                          const struct glm_value *state);
/* True when a create of that id has adopted objects in one of the clusters of the state. */
bool glm_provider_has_adopted(struct glm_provider *provider, const char *id,
                              const struct glm_value *state);

/* What live clusters need besides their configuration. */
struct glm_surroundings {
    const char *user_agent;
    const atomic_bool *stop;
    struct glm_http *http; /* NULL: none is to be reached */
    struct glm_exec_cache *exec_cache;
    struct glm_directory_turns *turns; /* NULL: its directories wait for none */
};
struct glm_surroundings glm_provider_surroundings(struct glm_provider *provider);

/* configure.c: a configuration's estate, built in the arena given; unknown parts stay unknown. */
struct glm_estate *glm_estate_from_config(struct glm_arena *arena, const struct glm_value *config,
                                          const struct glm_surroundings *around);

#endif
