/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions: what differs between releases of the chart, a row each. Everything else is the same in all of them.
 *
 * Source: the text of the chart of every release from 1.22.0 on, compared.
 */
#include "internal.h"

static const struct part_switch rows[CHART_SWITCHES] = {
    [CHART_COMMON_LABELS] = {{{24, 0}}, 0},
    [CHART_POD_NAME] = {{{23, 0}}, 0},
    [CHART_DERIVED_NULL] = {{{23, 0}}, 0},
    [CHART_INTERNAL_DEFAULTS] = {{{24, 0}}, 0},
    [CHART_PLATFORM_FILES] = {{{24, 0}}, 0},
    [CHART_FLAT_GLOBAL] = {{{24, 3}, {25, 0}}, 0},
    [CHART_STRATEGY] = {{{24, 0}}, 0},
    [CHART_DATAPLANE_MODE] = {{{25, 0}}, 0},
    [CHART_ROOT_PLATFORM] = {{{25, 0}}, 0},
    [CHART_NO_REPLICAS] = {{{26, 0}}, 0},
    [CHART_POD_NETWORK] = {{{26, 0}}, 0},
    [CHART_BALANCER_CLASS] = {{{26, 0}}, 0},
    [CHART_MORE_CONTAINERS] = {{{27, 0}}, 0},
    [CHART_SPARSE_RESOURCES] = {{{28, 6}, {29, 1}, {30, 0}}, 0},
    [CHART_BUDGET_GUARD] = {{{28, 0}}, 0},
    [CHART_NETWORK_POLICY] = {{{28, 0}}, 0},
    [CHART_POLICY_FROM_ANYBODY] = {{{28, 0}}, 29},
    [CHART_RUN_AS_USER] = {{{PART_OLDEST, 0}}, 29},
    [CHART_SELECTOR_LABELS] = {{{27, 6}, {28, 3}, {29, 0}}, 0},
    [CHART_CLUSTER_IP] = {{{28, 0}}, 0},
    [CHART_NETWORK_PORTS] = {{{30, 0}}, 0},
    [CHART_DNS] = {{{31, 0}}, 0},
    [CHART_HEALTH_PORT] = {{{31, 0}}, 0},
    [CHART_QUOTED_NAMESPACE] = {{{31, 0}}, 0},
    [CHART_STRICT] = {{{25, 5}, {26, 4}, {27, 1}, {28, 0}}, 0},
};

bool chart_has(const struct chart_release *release, enum chart_switch which)
{
    return part_has(&rows[which], release->number);
}
