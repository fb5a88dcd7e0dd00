/* SPDX-License-Identifier: Apache-2.0
 *
 * The gateways' own objects as an installer: what the files of its row share.
 *
 * Source: Istio's charts (glm/render.h); Kubernetes' apps/v1 Deployment, whose controller says of which
 *         generation its status is, so that nothing here is ever out of date.
 */
#ifndef GLM_DIRECT_H
#define GLM_DIRECT_H

#include "glm/installer.h"
#include "glm/mesh.h"
#include "glm/render.h"

/* Labels by which Istio's operator and istioctl know what they have made of which IstioOperator. */
#define DIRECT_OWNER "install.operator.istio.io/owning-resource"
#define DIRECT_OWNER_NAMESPACE "install.operator.istio.io/owning-resource-namespace"

/* ---- identity.c: whose the objects are ---- */

/* An object as it is rendered, without what istioctl and the operator know their own by, and without
 * what is said to nobody: nulls, ports that are 0. The template of its pods stays as it is. */
const struct glm_value *direct_identity(struct glm_arena *arena, const struct glm_value *object);

/* ---- document.c, chart.c: what a pair is made of, by its form ---- */

struct direct_made {
    bool known;                   /* false: which objects there are is not known yet */
    struct glm_render_result own; /* in the order of writing, of kinds of the row */
    bool services_known;
    const struct glm_service *services; /* the active ones */
    size_t service_count;
    bool view_on_main; /* else it is on the accounts */
};
/* The version of Istio that a pair is of, "1.30.3"; NULL in ret: it is not known yet. False, having said why,
 * where there is none, or none that is rendered. */
bool direct_version(const struct glm_installer_call *call, const struct glm_installer_pair *pair,
                    const char **ret, struct glm_diags *d);
/* Of the spec of an IstioOperator. */
bool direct_of_spec(const struct glm_installer_call *call, const struct glm_installer_pair *pair,
                    struct direct_made *ret, struct glm_diags *d);
/* Of values of the gateway chart. */
bool direct_of_chart(const struct glm_installer_call *call, const struct glm_installer_pair *pair,
                     struct direct_made *ret, struct glm_diags *d);

/* ---- check.c ---- */

/* Whether an API server takes what has been rendered, as far as that shows in one object. */
bool direct_is_sound(struct glm_arena *arena, const struct glm_path *at,
                     const struct glm_render_object *o, struct glm_diags *d);

/* ---- owners.c: who owns what of a live object ---- */

/* Whether a field manager has applied some field of it. */
bool direct_applies(const struct glm_value *live, const char *manager);
/* Whether a field manager owns how many pods there are, by whatever operation. */
bool direct_owns_replicas(const struct glm_value *live, const char *manager);

/* ---- scale.c: the pods that an autoscaler wants at least ---- */

struct direct_scale {
    bool acts;        /* a controller has acted on the autoscaler before */
    const char *text; /* what is the matter, a clause */
};
/* True when the autoscaler of a gateway wants more pods than its Deployment is to have now. */
bool direct_scale_read(const struct glm_installer_call *call,
                       const struct glm_installer_sight *sight,
                       const struct glm_installer_look *gateway, struct direct_scale *ret);

/* ---- the slots of the row, see glm/installer.h ---- */

/* render.c */
bool direct_render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d);
/* loses.c */
uint64_t direct_traits(const struct glm_installer_call *call, const struct glm_value *deployment);
const char *direct_loses(const struct glm_installer_call *call, const struct glm_value *was,
                         uint64_t is, const char **ret_why);
/* steps.c */
size_t direct_steps(const struct glm_installer_call *call, const struct glm_installer_object *o,
                    const struct glm_value *live, enum glm_installer_write why,
                    const struct glm_installer_step **ret);
void direct_yields(const struct glm_installer_call *call, const struct glm_value *live,
                   struct glm_installer_yield *ret);
enum glm_installer_heir direct_inherits(const struct glm_installer_call *call,
                                        const struct glm_installer_sight *sight,
                                        const struct glm_installer_look *found);
/* rivals.c */
size_t direct_makes(const struct glm_installer_call *call, const struct glm_value *object,
                    const char *const **ret);
const char *direct_refuses(const struct glm_installer_call *call, const struct glm_value *object);
/* pods.c */
size_t direct_pods(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_installer_pods **ret);
/* recall.c */
bool direct_namesake(const struct glm_installer_call *call, const struct glm_value *object,
                     const char *name);
size_t direct_recall(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_value *traffic, const char *const **ret_clusters,
                     const struct glm_value *const **ret_views);
/* preflight.c */
bool direct_preflight(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sights, size_t count, void *const *notes,
                      struct glm_installer_verdict *ret, struct glm_diags *d);
/* explain.c */
bool direct_give_up(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                    void *notes);
const char *direct_explain(const struct glm_installer_call *call,
                           const struct glm_installer_sight *sight,
                           const struct glm_installer_judgement *judgement, const void *notes,
                           int64_t held_ms);
/* scale.c */
size_t direct_targets(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sight, const struct glm_object_ref **ret);
/* judge.c */
void direct_judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes, struct glm_installer_judgement *ret);

#endif
