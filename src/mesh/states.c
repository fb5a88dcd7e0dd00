/* SPDX-License-Identifier: Apache-2.0
 *
 * States: the names and numbers of the API's thirteen installation states.
 */
#include "glm/mesh.h"

static const char *const names[] = {
    [GLM_STATE_PENDING] = "PENDING",
    [GLM_STATE_FAILED] = "FAILED",
    [GLM_STATE_NO_CONTROL_PLANE_AVAILABLE] = "NO_CONTROL_PLANE_AVAILABLE",
    [GLM_STATE_INSTALLING_GATEWAY] = "INSTALLING_GATEWAY",
    [GLM_STATE_HEALTHY] = "HEALTHY",
    [GLM_STATE_UNHEALTHY] = "UNHEALTHY",
    [GLM_STATE_ACTION_REQUIRED] = "ACTION_REQUIRED",
    [GLM_STATE_UPDATING_GATEWAY] = "UPDATING_GATEWAY",
    [GLM_STATE_RECONCILING_GATEWAY] = "RECONCILING_GATEWAY",
    [GLM_STATE_UNKNOWN] = "UNKNOWN",
    [GLM_STATE_UNINSTALLING_GATEWAY] = "UNINSTALLING_GATEWAY",
    [GLM_STATE_UNINSTALLED_GATEWAY] = "UNINSTALLED_GATEWAY",
    [GLM_STATE_INSTALL_PENDING] = "INSTALL_PENDING",
};
_Static_assert(sizeof names / sizeof *names == GLM_STATES, "a name for each state");

const char *glm_state_name(enum glm_state state)
{
    return (size_t)state < GLM_STATES ? names[state] : "UNKNOWN";
}
