/* SPDX-License-Identifier: Apache-2.0
 *
 * The data source glm_gateway_lifecycle_manager: its attributes.
 */
#include "schemas.h"

#include "checks.h"

static const struct glm_attr cluster_attrs[] = {
    {
        .name = "active_gateway",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether this revision gets the traffic in this cluster.",
    },
    {
        .name = "trust_domain",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The trust domain, where the installation overrides it for this cluster.",
    },
    {
        .name = "network",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The network, where the installation sets it for this cluster.",
    },
    {.name = NULL},
};

static const struct glm_attr installation_attrs[] = {
    {
        .name = "gateway_revision",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The revision of the gateway; `default` when it has none.",
    },
    {
        .name = "control_plane_revision",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The revision of the control plane, where it is not that of the gateway.",
    },
    {
        .name = "istio_version",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The version of Istio, where the installation says it itself.",
    },
    {
        .name = "skip_upgrade_validation",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether changes in place are allowed without checks.",
    },
    {
        .name = "clusters",
        .nesting = GLM_NEST_MAP,
        .nested = cluster_attrs,
        .use = GLM_COMPUTED,
        .doc = "The clusters that have this installation, by name.",
    },
    {
        .name = "gateway_chart_values",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The values of the chart `gateway`, as JSON, of an installation in that form.",
    },
    {
        .name = "istio_operator_spec",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc =
            "The spec of the IstioOperator, as JSON: what was written, or what was reconstructed "
            "from the cluster where nothing else is known. Decode it with `jsondecode`.",
    },
    {.name = NULL},
};

static const struct glm_field state_fields[] = {
    {"message", &glm_type_string},
    {"observed_operator", &glm_type_string},
    {"observed_revision", &glm_type_string},
    {"state", &glm_type_string},
};
static const struct glm_type state_type = {
    .kind = GLM_TYPE_OBJECT, .fields = state_fields, .len = 4};
static const struct glm_type states_type = {.kind = GLM_TYPE_MAP, .element = &state_type};
static const struct glm_field status_cluster_fields[] = {{"installations", &states_type}};
static const struct glm_type status_cluster_type = {
    .kind = GLM_TYPE_OBJECT, .fields = status_cluster_fields, .len = 1};
static const struct glm_type status_clusters_type = {.kind = GLM_TYPE_MAP,
                                                     .element = &status_cluster_type};
static const struct glm_field status_fields[] = {{"clusters", &status_clusters_type}};
static const struct glm_type status_type = {
    .kind = GLM_TYPE_OBJECT, .fields = status_fields, .len = 1};

const struct glm_attr glm_data_source_timeout_attrs[] = {
    {
        .name = "read",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_duration,
        .doc = "For all that is asked, in all clusters together: what has not answered by then "
               "counts as unreachable. Defaults to `2m`.",
    },
    {.name = NULL},
};

static const struct glm_attr data_source_attrs[] = {
    {
        .name = "name",
        .type = &glm_type_string,
        .use = GLM_REQUIRED,
        .check = glm_check_dns_subdomain,
        .doc = "The name of the gateway lifecycle manager to look for, such as "
               "`istio-ingressgateway`.",
    },
    {
        .name = "namespace",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "\"gloo-mesh\"",
        .check = glm_check_dns_label,
        .doc = "Its namespace. Defaults to `gloo-mesh`.",
    },
    {
        .name = "clusters",
        .type = &glm_type_list_of_string,
        .use = GLM_OPTIONAL,
        .doc = "The clusters to look in, by their name in the provider's `clusters`. Defaults to "
               "all of them.",
    },
    {
        .name = "timeouts",
        .nesting = GLM_NEST_SINGLE,
        .nested = glm_data_source_timeout_attrs,
        .use = GLM_OPTIONAL,
        .doc = "How long reading may take, as a number with a unit: `90s`, `2m`.",
    },
    {
        .name = "id",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The namespace and the name, such as `gloo-mesh/istio-ingressgateway`.",
    },
    {
        .name = "installations",
        .nesting = GLM_NEST_MAP,
        .nested = installation_attrs,
        .use = GLM_COMPUTED,
        .doc = "The installations as found, in the form that the resource takes.",
    },
    {
        .name = "status",
        .type = &status_type,
        .use = GLM_COMPUTED,
        .doc = "The status of every installation, by cluster and revision. `observed_operator` is "
               "the spec of the IstioOperator that is deployed, as JSON: decode it with "
               "`jsondecode`.",
    },
    {.name = NULL},
};

const struct glm_schema glm_data_source_schema = {
    .name = "glm_gateway_lifecycle_manager",
    .attrs = data_source_attrs,
    .doc = "The gateways of one gateway lifecycle manager as they are in the clusters, whoever "
           "made them: another workspace's too.",
};
