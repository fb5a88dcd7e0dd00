/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `make tables` (tests/peers/tables): what is allowed beyond the types.
 */
/* clang-format off */
#include "table.h"

const struct glm_spec_limit glm_spec_limits[] = {
    {.format = GLM_SPEC_NO_FORMAT}, /* 0 */
    {.format = GLM_SPEC_RANGE, .min = 1, .max = 86400}, /* 1 */
    {.format = GLM_SPEC_NO_FORMAT, .required = true}, /* 2 */
    {.format = GLM_SPEC_NO_FORMAT, .whole = true}, /* 3 */
    {.format = GLM_SPEC_ENV_NAME, .required = true}, /* 4 */
    {.format = GLM_SPEC_REFUSED,
     .note = "The operator has no way to name the object here that Kubernetes would accept: add the variable with an entry under overlays instead (path spec.template.spec.containers.[name:istio-proxy].env.[-1])."}, /* 5 */
    {.format = GLM_SPEC_REFUSED,
     .note = "This is autoscaling/v2beta1, which no Kubernetes serves since 1.25. Write metric: {name: ..., selector: ...} instead."}, /* 6 */
    {.format = GLM_SPEC_REFUSED,
     .note = "This is autoscaling/v2beta1, which no Kubernetes serves since 1.25. Write target: {type: Value, value: 100} instead."}, /* 7 */
    {.format = GLM_SPEC_HUB}, /* 8 */
    {.format = GLM_SPEC_LABELS}, /* 9 */
    {.format = GLM_SPEC_TAG}, /* 10 */
    {.format = GLM_SPEC_RANGE, .required = true, .min = 1, .max = 1800}, /* 11 */
    {.format = GLM_SPEC_RANGE, .required = true, .min = 1, .max = 2147483647}, /* 12 */
    {.format = GLM_SPEC_RANGE, .max = 3600}, /* 13 */
    {.format = GLM_SPEC_PORT_OR_NAME, .whole = true, .min = 1, .max = 65535}, /* 14 */
    {.format = GLM_SPEC_RANGE, .whole = true, .min = 1, .max = 2147483647}, /* 15 */
    {.format = GLM_SPEC_RANGE, .min = 1, .max = 2147483647}, /* 16 */
    {.format = GLM_SPEC_DROPPED}, /* 17 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "name"}, /* 18 */
    {.format = GLM_SPEC_ANNOTATIONS}, /* 19 */
    {.format = GLM_SPEC_DNS_SUBDOMAIN}, /* 20 */
    {.format = GLM_SPEC_RANGE, .max = 2147483647}, /* 21 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "mountPath"}, /* 22 */
    {.format = GLM_SPEC_QUANTITY_TEXT}, /* 23 */
    {.format = GLM_SPEC_LABEL_KEY, .required = true}, /* 24 */
    {.format = GLM_SPEC_FIELD_PATH, .required = true}, /* 25 */
    {.format = GLM_SPEC_DNS_LABEL}, /* 26 */
    {.format = GLM_SPEC_COUNT_OR_PERCENT, .max = 100}, /* 27 */
    {.format = GLM_SPEC_REFUSED,
     .note = "This is autoscaling/v2beta1, which no Kubernetes serves since 1.25. Write target: {type: AverageValue, averageValue: 100} instead."}, /* 28 */
    {.format = GLM_SPEC_RANGE, .required = true, .min = 1, .max = 100}, /* 29 */
    {.format = GLM_SPEC_REFUSED,
     .note = "This is autoscaling/v2beta1, which no Kubernetes serves since 1.25. Write target: {type: Utilization, averageUtilization: 80} instead."}, /* 30 */
    {.format = GLM_SPEC_REFUSED,
     .note = "This is autoscaling/v2beta1, which no Kubernetes serves since 1.25. Write target: {type: AverageValue, averageValue: 500Mi} instead."}, /* 31 */
    {.format = GLM_SPEC_COUNT_OR_PERCENT}, /* 32 */
    {.format = GLM_SPEC_LABEL_KEY}, /* 33 */
    {.format = GLM_SPEC_RANGE, .max = 65535}, /* 34 */
    {.format = GLM_SPEC_RANGE, .required = true, .min = 1, .max = 65535}, /* 35 */
    {.format = GLM_SPEC_PORT_OR_NAME, .max = 65535}, /* 36 */
    {.format = GLM_SPEC_IP_OR_NONE}, /* 37 */
    {.format = GLM_SPEC_IP}, /* 38 */
    {.format = GLM_SPEC_CIDR}, /* 39 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "port,protocol=TCP;name"}, /* 40 */
    {.format = GLM_SPEC_LABEL_VALUE}, /* 41 */
    {.format = GLM_SPEC_DNS_LABEL, .required = true}, /* 42 */
    {.format = GLM_SPEC_DNS_SUBDOMAIN, .required = true}, /* 43 */
    {.format = GLM_SPEC_CONFIG_KEY, .required = true}, /* 44 */
    {.format = GLM_SPEC_RANGE, .max = 511}, /* 45 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "containerPort,protocol=TCP"}, /* 46 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "devicePath"}, /* 47 */
    {.format = GLM_SPEC_PORT_NAME}, /* 48 */
    {.format = GLM_SPEC_RANGE, .whole = true, .min = 1, .max = 65535}, /* 49 */
    {.format = GLM_SPEC_IP, .required = true}, /* 50 */
    {.format = GLM_SPEC_PATH_ABSOLUTE, .required = true}, /* 51 */
    {.format = GLM_SPEC_NO_FORMAT, .required = true, .list_key = "name"}, /* 52 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "ip"}, /* 53 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "name="}, /* 54 */
    {.format = GLM_SPEC_RANGE, .max = INT64_C(9223372036854775807)}, /* 55 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "topologyKey,whenUnsatisfiable"}, /* 56 */
    {.format = GLM_SPEC_RANGE, .min = 1, .max = INT64_C(9223372036854775807)}, /* 57 */
    {.format = GLM_SPEC_RANGE, .min = 600, .max = INT64_C(4294967296)}, /* 58 */
    {.format = GLM_SPEC_NO_FORMAT, .list_key = "uid"}, /* 59 */
    {.format = GLM_SPEC_CIDR, .required = true}, /* 60 */
    {.format = GLM_SPEC_RANGE, .min = 1, .max = 65535}, /* 61 */
    {.format = GLM_SPEC_PORT_OR_NAME, .min = 1, .max = 65535}, /* 62 */
    {.format = GLM_SPEC_TAG_OR_DIGEST}, /* 63 */
    {.format = GLM_SPEC_CIDRS}, /* 64 */
    {.format = GLM_SPEC_PORTS}, /* 65 */
    {.format = GLM_SPEC_RANGE, .min = 1, .max = 3600000}, /* 66 */
    {.format = GLM_SPEC_TRUST_DOMAIN}, /* 67 */
    {.format = GLM_SPEC_HOST_PORT}, /* 68 */
};
