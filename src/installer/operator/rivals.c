/* SPDX-License-Identifier: Apache-2.0
 *
 * Rivals: which gateways an IstioOperator makes Istio's operator render.
 */
#include "../istio/istio.h"
#include "operator.h"

size_t operator_makes(const struct glm_installer_call *call, const struct glm_value *object,
                      const char *const **ret)
{
    return istio_makes(call->arena, object, ret);
}
