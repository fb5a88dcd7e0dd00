/* SPDX-License-Identifier: Apache-2.0
 *
 * Rivals: a Deployment is a gateway; an IstioOperator that an operator takes up makes its own, and would write
 * over ours. And gateways that are made in another way, by Helm, which has a chart of Istio's for them.
 */
#include "../istio/istio.h"
#include "direct.h"
#include "glm/look.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <string.h>

#define HELM_CHART "gateway-" /* and the version */

size_t direct_makes(const struct glm_installer_call *call, const struct glm_value *object,
                    const char *const **ret)
{
    const char *name = glm_live_name(object), *namespace_ = glm_live_namespace(object);
    if (!glm_string_is(glm_get(object, "kind"), GLM_KIND_DEPLOYMENT->name))
        return istio_makes(call->arena, object, ret);
    const char **names = GLM_NEW(call->arena, const char *);
    *names = istio_gateway_text(call->arena, namespace_, name);
    *ret = names;
    return 1;
}

/* That chart selects pods by other labels, which nobody can change in place, and Helm writes its own back with the
 * next upgrade. What istioctl renders has its owner's label beside Helm's. */
const char *direct_refuses(const struct glm_installer_call *call, const struct glm_value *object)
{
    const char *chart = glm_live_label(object, "helm.sh/chart");
    const struct glm_value *release =
        glm_get_path(object, "metadata", "annotations", "meta.helm.sh/release-name", NULL);
    if (strncmp(chart, HELM_CHART, strlen(HELM_CHART)) != 0 ||
        *glm_live_label(object, DIRECT_OWNER))
        return NULL;
    return glm_sprintf(
        call->arena,
        "Helm made it, of the chart \"%s\" (release \"%s\"), which selects its pods by "
        "other labels",
        glm_shown(call->arena, chart), glm_shown(call->arena, glm_string_or(release, "unknown")));
}
