/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps: the retry of an IstioOperator whose status is ERROR. The operator retries for a new
 * generation only, and an annotation does not make one: the spec gets something that has no effect,
 * and loses it again. And the first write of one whose gateway the operator is to take up from somebody else.
 */
#include "operator.h"

size_t operator_steps(const struct glm_installer_call *call, const struct glm_installer_object *o,
                      const struct glm_value *live, enum glm_installer_write why,
                      const struct glm_installer_step **ret)
{
    bool stuck = why == GLM_INSTALLER_RETRY &&
                 glm_string_is(glm_get_path(live, "status", "status", NULL), "ERROR");
    if (!o->main || (!stuck && !call->predecessor && !operator_is_kept_away(call, live)))
        return 0;
    struct glm_installer_step *step = GLM_NEW(call->arena, struct glm_installer_step);
    *ret = step;
    if (stuck && !call->predecessor)
        *step = (struct glm_installer_step){
            .when = GLM_INSTALLER_BEFORE,
            .object = glm_with_path(call->arena, o->object, &glm_true, "spec", "unvalidatedValues",
                                    "terraformProviderGlmRetry", NULL)};
    else
        *step = (struct glm_installer_step){
            .when = call->predecessor ? GLM_INSTALLER_INSTEAD : GLM_INSTALLER_BEFORE,
            .object = operator_taking_up(call->arena, o->object, live)};
    return 1;
}
