/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): what is allowed beyond the types.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_limit glm_spec_limits[] = {
    {.format = GLM_SPEC_NO_FORMAT}, /* 0 */
    {.format = GLM_SPEC_DROPPED}, /* 1 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "name"}, /* 2 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "containerPort,protocol=TCP"}, /* 3 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "devicePath"}, /* 4 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "mountPath"}, /* 5 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "ip"}, /* 6 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "name="}, /* 7 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "topologyKey,whenUnsatisfiable"}, /* 8 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "port,protocol=TCP"}, /* 9 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "uid"}, /* 10 */
};
