/* SPDX-License-Identifier: Apache-2.0
 *
 * Seam: the slots of installers. Nobody else in the lifecycle calls one. What is optional has its default
 * here, and what a slot answers is held against installer.h before anybody believes it: who breaks that is
 * named, as a mistake of the provider's, and what can be left out is.
 *
 * Arguments and results are those of the slots, of call->self. Slots that must not block get no cluster,
 * whatever is in the call.
 */
#ifndef GLM_LIFECYCLE_SEAM_H
#define GLM_LIFECYCLE_SEAM_H

#include "glm/installer.h"
#include "glm/lifecycle.h"

/* The installer of a cluster; config NULL: of one that is not configured, the default. NULL: there is none of
 * its name, of which provider and plan have to say so. */
const struct glm_installer *seam_installer(const struct glm_estate *estate,
                                           const struct glm_cluster_config *config);
/* A call about what is written to an entry of `clusters`. The caller adds what else it knows. */
struct glm_installer_call seam_call(struct glm_arena *arena, const struct glm_estate *estate,
                                    const struct glm_installer *installer, const char *seat);

/* An error in the name of an installer, false. what: "render gave no objects". */
bool seam_broken(const struct glm_installer_call *call, const struct glm_path *at, const char *what,
                 struct glm_diags *d);
/* The same as a warning: what it answered is passed over. */
void seam_warn_broken(const struct glm_installer_call *call, const char *what, struct glm_diags *d);
/* Of a slot that answered ok, when there were so many errors before: true where both say the same. One that
 * failed without a word gets one. */
bool seam_said_why(const struct glm_installer_call *call, const struct glm_path *at, bool ok,
                   size_t errors_before, const char *slot, struct glm_diags *d);

const char *seam_seat(const struct glm_installer_call *call, const char *cluster,
                      struct glm_diags *d);
bool seam_check(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                size_t count, bool warn, struct glm_diags *d);
/* ret->pairs is made here. whole: nothing may be unknown, as when it is to be written. */
bool seam_render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                 size_t count, bool whole, struct glm_installer_rendering *ret,
                 struct glm_diags *d);
uint64_t seam_traits(const struct glm_installer_call *call, const struct glm_value *main);
const char *seam_loses(const struct glm_installer_call *call, const struct glm_value *was,
                       uint64_t is, const char **ret_why);
size_t seam_makes(const struct glm_installer_call *call, const struct glm_value *object,
                  const char *const **ret);
size_t seam_targets(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                    const struct glm_object_ref **ret);
void seam_judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                void *notes, struct glm_installer_judgement *ret);
/* The null value where what the slot answers is no whole object, or another one: like nothing that is
 * owned. */
const struct glm_value *seam_project(const struct glm_installer_call *call,
                                     const struct glm_value *live, const struct glm_value *owned);
/* false: what it wants must not be written, and neither must the object. */
bool seam_steps(const struct glm_installer_call *call, const struct glm_path *at,
                const struct glm_installer_object *o, const struct glm_value *live,
                enum glm_installer_write why, const struct glm_installer_step **ret_steps,
                size_t *ret_count, struct glm_diags *d);
/* false: with an error. */
bool seam_yields(const struct glm_installer_call *call, const struct glm_path *at,
                 const struct glm_object_ref *ref, const struct glm_value *live,
                 struct glm_installer_yield *ret, struct glm_diags *d);
enum glm_installer_heir seam_inherits(const struct glm_installer_call *call,
                                      const struct glm_installer_sight *sight,
                                      const struct glm_installer_look *found);
/* NULL: it may be taken over. */
const char *seam_refuses(const struct glm_installer_call *call, const struct glm_value *object);
size_t seam_pods(const struct glm_installer_call *call, const struct glm_value *object,
                 const struct glm_installer_pods **ret);
bool seam_namesake(const struct glm_installer_call *call, const struct glm_value *object,
                   const char *name);
/* What it does not know how to say is passed over, with a warning. */
size_t seam_recall(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_value *traffic, const char *const **ret_clusters,
                   const struct glm_value *const **ret_views, struct glm_diags *d);

/* May block, by call->cluster. */
bool seam_preflight(const struct glm_installer_call *call, const struct glm_installer_sight *sights,
                    size_t count, void *const *notes, struct glm_installer_verdict *ret,
                    struct glm_diags *d);
bool seam_give_up(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes);
const char *seam_explain(const struct glm_installer_call *call,
                         const struct glm_installer_sight *sight,
                         const struct glm_installer_judgement *judgement, const void *notes,
                         int64_t held_ms);

#endif
