/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of the mesh: a resource's attributes and a provider's configuration out of YAML.
 */
#ifndef GLM_MESH_CASE_H
#define GLM_MESH_CASE_H

#include "glm/mesh.h"

/* v with every map {$unknown: true} as an unknown value. */
const struct glm_value *glm_case_unknowns(struct glm_arena *arena, const struct glm_value *v);

/* The file with its unknowns, or null when there is none. */
const struct glm_value *glm_case_yaml(struct glm_arena *arena, const char *path);

/* {known: bool, clusters: {east: {place: directory, live or unknown, operator_namespace: string,
 * decommissioned: bool, rendered: bool, installer: string, "" where none is said}}, operator_namespace: string (istio-system), default_distribution: {...}}. The null
 * value: the clusters cluster1 and cluster2, directories. */
const struct glm_mesh_config *glm_case_config(struct glm_arena *arena,
                                              const struct glm_value *provider);

/* The documents of a rendering as YAML; what is unknown reads "(known after apply)". */
const char *glm_case_rendering(struct glm_arena *arena, const struct glm_rendering *rendering);

/* The spec of a GatewayLifecycleManager document as attributes of the resource. */
const struct glm_value *glm_case_from_crd(struct glm_arena *arena,
                                          const struct glm_value *document);

#endif
