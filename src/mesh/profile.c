/* SPDX-License-Identifier: Apache-2.0
 *
 * Profiles: what each installation profile of Istio 1.23 turns on by itself, so that a gateway's
 * IstioOperator can turn it off again.
 */
#include "internal.h"

#include <string.h>

#define CONTROL_PLANE (GLM_PROFILE_BASE | GLM_PROFILE_PILOT)

const char *const mesh_profile_names[] = {
    "ambient",   "default",           "demo",    "empty",  "minimal",
    "openshift", "openshift-ambient", "preview", "remote", "stable",
};
const size_t mesh_profile_count = sizeof mesh_profile_names / sizeof *mesh_profile_names;

/* In the order of the names. */
static const unsigned parts[] = {
    CONTROL_PLANE | GLM_PROFILE_CNI | GLM_PROFILE_ZTUNNEL,
    CONTROL_PLANE | GLM_PROFILE_INGRESS,
    CONTROL_PLANE | GLM_PROFILE_INGRESS | GLM_PROFILE_EGRESS,
    0,
    CONTROL_PLANE,
    CONTROL_PLANE | GLM_PROFILE_CNI | GLM_PROFILE_INGRESS,
    CONTROL_PLANE | GLM_PROFILE_CNI | GLM_PROFILE_ZTUNNEL,
    CONTROL_PLANE | GLM_PROFILE_INGRESS,
    GLM_PROFILE_REMOTE,
    CONTROL_PLANE | GLM_PROFILE_INGRESS,
};

unsigned mesh_profile_parts(const char *profile, bool *ret_known)
{
    *ret_known = true;
    for (size_t i = 0; i < mesh_profile_count; i++)
        if (strcmp(mesh_profile_names[i], profile) == 0)
            return parts[i];
    *ret_known = false;
    return (1U << 7) - 1;
}
