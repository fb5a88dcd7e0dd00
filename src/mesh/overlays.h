/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlays of gateways: which objects they are for, what they make of them, and what they must
 * leave as it is. How a patch is applied is the business of overlay.h.
 */
#ifndef GLM_MESH_OVERLAYS_H
#define GLM_MESH_OVERLAYS_H

#include "glm/overlay.h"
#include "internal.h"

/* ---- overlay_object.c: what the chart renders ---- */

/* A kind of object that the chart of a gateway renders. */
struct mesh_overlay_kind {
    const char *kind, *api_version;
    const char *suffix; /* of the gateway's name: "-service-account" */
};

extern const struct mesh_overlay_kind mesh_overlay_kinds[];
extern const size_t mesh_overlay_kind_count;

/* By its kind as written; NULL when the chart renders no such thing. */
const struct mesh_overlay_kind *mesh_overlay_kind(const char *kind);
/* True for the name of that object of the gateway, with the revision or bare. */
bool mesh_overlay_names(struct glm_arena *arena, const struct mesh_overlay_kind *kind,
                        const char *name, const struct glm_gateway *gateway, const char *revision);
/* The object before its overlays, as far as it is known: what only the chart and the rest of k8s
 * decide is unknown, what they never set is not there. */
const struct glm_value *mesh_overlay_object(struct glm_arena *arena,
                                            const struct mesh_overlay_kind *kind,
                                            const struct glm_value *spec,
                                            const struct glm_gateway *gateway,
                                            const char *revision);

/* ---- overlay_judge.c: what overlays must leave as it is ---- */

/* What is wrong with an object after its overlays: the end of a sentence ("its kind is ..."), and
 * what to do; where that is "", the sentence is whole. */
struct glm_overlay_fault {
    const char *summary, *why, *remedy;
};

#define GLM_OVERLAY_REFUSED_BY_TYPE "An overlay that Kubernetes refuses"

/* A Service of ours: it keeps its identity, the revision in its selector, a port, and the types of
 * Kubernetes. base: before the overlays. */
const struct glm_overlay_fault *mesh_overlay_judge_service(struct glm_arena *arena,
                                                           const struct glm_value *base,
                                                           const struct glm_value *object);
/* An object that the chart renders: a Deployment stays one that can become healthy and is found
 * again; any keeps the types of Kubernetes. */
const struct glm_overlay_fault *mesh_overlay_judge_rendered(struct glm_arena *arena,
                                                            const struct glm_value *base,
                                                            const struct glm_value *object);

/* A patch that leads to where the object is unknown: what Kubernetes refuses whatever is there. */
const struct glm_overlay_fault *mesh_overlay_judge_unseen(struct glm_arena *arena,
                                                          const struct glm_value *base,
                                                          const struct glm_value *patch,
                                                          bool *ret_text_became_map);

/* ---- overlay_reference.c ---- */

/* The overlay with references in its values to the gateway's own objects suffixed like its name. */
const struct glm_value *mesh_overlay_references(struct glm_arena *arena,
                                                const struct glm_value *overlay,
                                                const struct glm_gateway *gateway,
                                                const char *revision);

/* ---- overlay.c ---- */

/* ---- rules_overlay.c ---- */

/* Of an installation: who applies its overlays. It is looked for in all gateways, so ask once. */
enum glm_overlay_dialect mesh_overlay_dialect(const struct glm_rules *rules,
                                              const struct glm_installation *installation);
void mesh_rules_overlays(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, const struct glm_gateway *gateway,
                         enum glm_overlay_dialect dialect, struct glm_spec_report *report);

#endif
