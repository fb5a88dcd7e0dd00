/* SPDX-License-Identifier: Apache-2.0
 *
 * What a change takes away: the Service that the gateway chart makes is an object like any other, and plans show that
 * it goes; here it is said why.
 */
#include "direct.h"

uint64_t direct_traits(const struct glm_installer_call *call, const struct glm_value *deployment)
{
    (void)call;
    (void)deployment;
    return 0; /* a Deployment says nothing of Services */
}

const char *direct_loses(const struct glm_installer_call *call, const struct glm_value *was,
                         uint64_t is, const char **ret_why)
{
    (void)call;
    (void)was;
    (void)is;
    *ret_why =
        "customService has become true, by itself or because some gateway has k8s.service now, so "
        "the chart makes none any more. To keep it, say what k8s.service says (type, ports) in "
        "values.gateways.istio-ingressgateway or istio-egressgateway instead, and leave "
        "k8s.service out.";
    return "";
}
