/* SPDX-License-Identifier: Apache-2.0
 *
 * The installer "direct": what a release of Istio makes of a gateway is rendered here (glm/render.h) and
 * written object by object, so that no operator is needed.
 *
 * What:   its row, constant.
 * Thread: no shared state.
 */
#ifndef GLM_INSTALLER_DIRECT_H
#define GLM_INSTALLER_DIRECT_H

#include "glm/installer.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct glm_installer glm_installer_direct;

#ifdef __cplusplus
}
#endif
#endif
