/* SPDX-License-Identifier: Apache-2.0
 *
 * What the rules on the overlays of one gateway share.
 */
#ifndef GLM_MESH_RULES_OVERLAY_H
#define GLM_MESH_RULES_OVERLAY_H

#include "overlays.h"

struct glm_overlay_rules {
    struct glm_arena *arena;
    const struct glm_installation *installation;
    const struct glm_value *spec;
    const struct glm_gateways *gateways;
    const struct glm_gateway *g;
    struct glm_spec_report *report;
    const char *revision;
    enum glm_overlay_dialect dialect; /* of the Istio that renders the gateway */
    const struct glm_value *list;     /* k8s.overlays */
};

/* Overlays that are for one object. */
struct glm_overlaid {
    const struct glm_value *base;
    const struct glm_value **overlays;
    size_t *numbers; /* in the list */
    size_t count;
    const struct glm_overlay_fault *(*judge)(struct glm_arena *arena, const struct glm_value *base,
                                             const struct glm_value *object);
};

/* ---- rules_overlay_patch.c: what patches make of an object, and how it is said ---- */

/* components.ingressGateways[0].k8s.overlays[2] */
const char *mesh_overlay_where(struct glm_overlay_rules *r, size_t overlay);
/* What the operator stops at is an error; what a newer Istio passes over, a warning. */
void mesh_overlay_complain(struct glm_overlay_rules *r, const struct glm_value *at,
                           const char *where, const char *summary, const char *text);
/* What becomes of an overlay that does not fit: the end of a sentence. */
const char *mesh_overlay_and_then(struct glm_overlay_rules *r);
/* What does not fit; counts: also what the result is not to be. Patches to blame are set aside. */
void mesh_overlaid_check(struct glm_overlay_rules *r, struct glm_overlaid *o, bool counts);

/* ---- rules_overlay_object.c: all overlays of one object ---- */

void mesh_overlay_rules_service(struct glm_overlay_rules *r, const struct mesh_overlay_kind *kind);
void mesh_overlay_rules_rendered(struct glm_overlay_rules *r, const struct mesh_overlay_kind *kind);
/* A ServiceAccount that is called otherwise leaves the pods without theirs. */
void mesh_overlay_rules_account(struct glm_overlay_rules *r);

#endif
