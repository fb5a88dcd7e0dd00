/* SPDX-License-Identifier: Apache-2.0
 *
 * What attributes of the resource show of objects.
 */
#ifndef GLM_TEST_SHOWN_H
#define GLM_TEST_SHOWN_H

#include "glm/value.h"

/* The attributes that show objects, for a list of names. */
#define GLM_TEST_SHOWN "objects", "services", "addresses"

/* All that is shown of objects, Services apart, or of Services: to be held against another's. */
const struct glm_value *glm_test_objects(const struct glm_value *attributes);
const struct glm_value *glm_test_services(const struct glm_value *attributes);

/* Of one cluster: a text for each installation, or for each Service by its "namespace/name". No program
 * is to read it, but all that is shown is in it. The null value where the cluster is not shown at all. */
const struct glm_value *glm_test_objects_of(struct glm_arena *arena,
                                            const struct glm_value *attributes,
                                            const char *cluster);
const struct glm_value *glm_test_services_of(struct glm_arena *arena,
                                             const struct glm_value *attributes,
                                             const char *cluster);

#endif
