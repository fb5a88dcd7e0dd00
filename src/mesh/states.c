/* SPDX-License-Identifier: Apache-2.0
 *
 * States: the names and numbers of the API's thirteen installation states.
 */
#include "glm/mesh.h"

#include <string.h>

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
#define STATES (sizeof names / sizeof *names)

const char *glm_state_name(enum glm_state state)
{
    return (size_t)state < STATES ? names[state] : "UNKNOWN";
}

bool glm_state_from_name(const char *name, enum glm_state *ret_state)
{
    for (size_t i = 0; i < STATES; i++)
        if (strcmp(names[i], name) == 0) {
            *ret_state = (enum glm_state)i;
            return true;
        }
    return false;
}
