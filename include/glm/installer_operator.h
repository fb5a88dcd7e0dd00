/* SPDX-License-Identifier: Apache-2.0
 *
 * The installer "istio_operator": Istio's operator in the cluster makes of an IstioOperator what it
 * says.
 *
 * What:   its row, constant.
 * Thread: no shared state.
 */
#ifndef GLM_INSTALLER_OPERATOR_H
#define GLM_INSTALLER_OPERATOR_H

#include "glm/installer.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct glm_installer glm_installer_operator;

#ifdef __cplusplus
}
#endif
#endif
