/* SPDX-License-Identifier: Apache-2.0
 *
 * Reconciler: who has taken an IstioOperator up, by the finalizer that is on it.
 *
 * Source: the operator of Istio 1.23 and that of Pluma add theirs before they do anything else.
 */
#include "glm/look.h"
#include "glm/observe.h"
#include "glm/text.h"

#define PLUMA_FINALIZER "iop.pluma.io/finalizer"

enum glm_reconciler_kind glm_reconciler_of(const struct glm_value *istio_operator)
{
    const struct glm_value *finalizers =
        glm_get_path(istio_operator, "metadata", "finalizers", NULL);
    enum glm_reconciler_kind kind = GLM_RECONCILER_NONE;
    for (size_t i = 0; i < glm_live_count(finalizers); i++) {
        if (glm_string_is(glm_at(finalizers, i), GLM_ISTIO_FINALIZER))
            return GLM_RECONCILER_ISTIO;
        if (glm_string_is(glm_at(finalizers, i), PLUMA_FINALIZER))
            kind = GLM_RECONCILER_PLUMA;
    }
    return kind;
}
