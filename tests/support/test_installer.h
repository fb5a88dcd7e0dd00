/* SPDX-License-Identifier: Apache-2.0
 *
 * Installers of the tests' own, beside those of the product, and what tests of the lifecycle ask about the one
 * they run with.
 *
 * config_map: what Istio's operator would get, in a ConfigMap of the same name, its spec as a text; a state
 * that somebody puts beside it is the gateway's. elsewhere: the same, all of it in the first of the clusters, with names that end with the cluster's where
 * it is another.
 *
 * A test of the lifecycle speaks of main objects as IstioOperators, and runs with any installer:
 * GLM_TEST_INSTALLER=config_map says which, GLM_TEST_TRACE=1 puts traced_installer.h around it.
 */
#ifndef GLM_TEST_INSTALLER_H
#define GLM_TEST_INSTALLER_H

#include "glm/installer.h"

extern const struct glm_object_kind glm_test_config_map;
extern const struct glm_installer glm_test_installer_config_map;
extern const struct glm_installer glm_test_installer_elsewhere;

/* A state by its name; false: there is none. */
bool glm_test_state(const char *name, enum glm_state *ret_state);

/* An IstioOperator as the installer config_map keeps it. */
const struct glm_value *glm_test_config_map_of(struct glm_arena *arena,
                                               const struct glm_value *istio_operator);

/* True when the tests run with the installer of that name. */
bool glm_test_is(const char *installer);
/* The kind of the main objects. */
const struct glm_object_kind *glm_test_main_kind(void);
/* An IstioOperator as the main object that says the same, and back; the null value of what is none. */
const struct glm_value *glm_test_main(struct glm_arena *arena,
                                      const struct glm_value *istio_operator);
const struct glm_value *glm_test_main_read(struct glm_arena *arena, const struct glm_value *main);
/* What a person with kubectl would do in a fake cluster, and what there is: an IstioOperator, whatever it is
 * kept as; the null value when it is absent. */
void glm_test_main_put(struct glm_arena *arena, struct glm_cluster *cluster,
                       const struct glm_value *istio_operator);
const struct glm_value *glm_test_main_get(struct glm_arena *arena, struct glm_cluster *cluster,
                                          const char *ns, const char *name);

#endif
