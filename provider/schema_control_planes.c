/* SPDX-License-Identifier: Apache-2.0
 *
 * The data source glm_control_planes: its attributes.
 */
#include "schemas.h"

static const struct glm_attr revision_attrs[] = {
    {
        .name = "namespace",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The namespace of istiod; null when it runs outside of the cluster.",
    },
    {
        .name = "name",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The Deployment of istiod, such as `istiod-1-24`; null when it runs outside of the "
               "cluster.",
    },
    {
        .name = "tag",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The tag of istiod's image, such as `1.24.2-distroless`; null when it is not known.",
    },
    {
        .name = "version",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The version of Istio in the tag, such as `1.24.2`; null when the tag has none.",
    },
    {
        .name = "ready",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether istiod is available. One that runs outside of the cluster cannot be looked "
               "at and counts as ready.",
    },
    {
        .name = "external",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether istiod runs outside of the cluster: only a webhook speaks of the revision.",
    },
    {
        .name = "tags",
        .type = &glm_type_list_of_string,
        .use = GLM_COMPUTED,
        .doc = "The revision tags that stand for the revision, such as `prod`, sorted.",
    },
    {
        .name = "operator_ready",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether an operator is ready that takes up IstioOperators of this revision in the "
               "`operator_namespace` of the cluster: whether a gateway can be installed.",
    },
    {.name = NULL},
};

static const struct glm_attr operator_attrs[] = {
    {
        .name = "namespace",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The namespace of its Deployment.",
    },
    {
        .name = "name",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The name of its Deployment.",
    },
    {
        .name = "revision",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The revision whose IstioOperators it takes up; null when it takes up those of "
               "every revision.",
    },
    {
        .name = "watched_namespaces",
        .type = &glm_type_list_of_string,
        .use = GLM_COMPUTED,
        .doc = "The namespaces whose IstioOperators it takes up; empty when it takes up those of "
               "every namespace.",
    },
    {
        .name = "ready",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether the operator is available.",
    },
    {.name = NULL},
};

static const struct glm_attr cluster_attrs[] = {
    {
        .name = "reachable",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether the cluster answered. False also where nobody can be asked: in clusters "
               "with a `directory`, and in decommissioned ones.",
    },
    {
        .name = "message",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "Why the cluster did not answer, or what could not be looked up; empty when there "
               "is nothing to say.",
    },
    {
        .name = "istio_operator_api",
        .type = &glm_type_bool,
        .use = GLM_COMPUTED,
        .doc = "Whether the cluster serves the IstioOperator API.",
    },
    {
        .name = "revisions",
        .nesting = GLM_NEST_MAP,
        .nested = revision_attrs,
        .use = GLM_COMPUTED,
        .doc = "The control planes, by revision; `default` when it has none.",
    },
    {
        .name = "operators",
        .nesting = GLM_NEST_LIST,
        .nested = operator_attrs,
        .use = GLM_COMPUTED,
        .doc = "The Istio operators that run in the cluster. They are found by the names that "
               "they are installed under: `istio-operator` and `istio-operator-REVISION`, in any "
               "namespace.",
    },
    {.name = NULL},
};

static const struct glm_attr control_planes_attrs[] = {
    {
        .name = "clusters",
        .type = &glm_type_list_of_string,
        .use = GLM_OPTIONAL,
        .doc = "The clusters to look at, by their name in the provider's `clusters`. Defaults to "
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
        .name = "control_planes",
        .nesting = GLM_NEST_MAP,
        .nested = cluster_attrs,
        .use = GLM_COMPUTED,
        .doc = "What each cluster has, by the name of the cluster.",
    },
    {.name = NULL},
};

const struct glm_schema glm_control_planes_schema = {
    .name = "glm_control_planes",
    .attrs = control_planes_attrs,
    .doc = "The Istio control planes and operators of the provider's clusters, by revision: what a "
           "gateway needs before it can be installed. A cluster that does not answer is reported "
           "in `message`; the cluster's `on_unreachable` decides whether that is an error too.",
};
