/* SPDX-License-Identifier: Apache-2.0
 *
 * The resource glm_gateway_lifecycle_manager: its attributes.
 *
 * What:   const tables. What src/mesh checks has no check here, so that nothing is said twice.
 *         A default needs OPTIONAL|COMPUTED: Terraform takes a planned value for an
 *         attribute left out from no other.
 * Checks: what an installation, a name or a revision must be is for src/mesh, which sees them
 *         together; here are only the checks of what it does not know.
 * Source: `crd` names are those of the GatewayLifecycleManager API, admin.gloo.solo.io/v2.
 */
#include "schemas.h"

#include "checks.h"

static const struct glm_attr cluster_attrs[] = {
    {
        .name = "active_gateway",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "false",
        .crd = "activeGateway",
        .doc = "Whether this revision gets the traffic in this cluster. Defaults to `false`. When "
               "`true` and the spec defines a service, the service of the gateway's own name "
               "selects this revision. At most one revision of a gateway is active in a cluster; "
               "switching is a change of two of these flags in one apply.",
    },
    {
        .name = "trust_domain",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .crd = "trustDomain",
        .doc = "The trust domain of the gateway in this cluster. Defaults to "
               "`meshConfig.trustDomain` of the spec, and without that to the cluster's name. "
               "DNS-1123 labels with dots between them, without `spiffe://`. It is shown in "
               "`objects`, "
               "also where Terraform knows it as sensitive. Refused with `gateway_chart_values`: "
               "injected proxies have that of their control plane.",
    },
    {
        .name = "network",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .doc = "The network of the gateway in this cluster, as in multi-network meshes: it becomes "
               "`values.global.network`, whatever the spec says there, and stands where the spec "
               "has a label `topology.istio.io/network` or a variable `ISTIO_META_NETWORK`. With "
               "`gateway_chart_values` it stands where these say `networkGateway`, that label or "
               "that variable, one of which has to be there.",
    },
    {.name = NULL},
};

static const struct glm_attr installation_attrs[] = {
    {
        .name = "gateway_revision",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = GLM_FALLBACK_KEY,
        .crd = "gatewayRevision",
        .doc = "The Istio revision of the gateway, such as `1-24`: lower-case letters, digits and "
               "`-`. Defaults to the key of the installation. `auto` is the provider's "
               "`default_distribution`; `default` is a gateway without a revision. Set it where "
               "two installations have the same revision in different clusters.",
    },
    {
        .name = "control_plane_revision",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .crd = "controlPlaneRevision",
        .doc = "The revision of the control plane that the gateway belongs to. Defaults to the "
               "gateway revision. No gateway is created in a cluster that has no such control "
               "plane. A revision tag is refused: name the revision it stands for.",
    },
    {
        .name = "istio_version",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .doc = "The version of Istio that the gateways are of, such as `1.30.3` or `1.30`, in "
               "quotes. Defaults to the version that the tag begins with. Set it where the tag "
               "says none, such as `latest` or a digest: upgrades are checked by it, and the "
               "installer `direct` renders what this version of Istio makes of the spec.",
    },
    {
        .name = "skip_upgrade_validation",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "false",
        .crd = "skipUpgradeValidation",
        .doc = "Allows every change in place. Otherwise, in place, only the patch version of the "
               "tag may be raised and configuration of the same version may change. A plan refuses "
               "another minor version, a downgrade, a tag in place of `auto` or of none, and a "
               "changed name, namespace or label of a gateway, and shows the steps of a canary "
               "upgrade. Where the last apply failed, going back is no downgrade. Tags without a "
               "version, such as `latest`, are not compared where `istio_version` says none. "
               "It also lets a gateway be newer than its control plane. Defaults to `false`. Try "
               "such an upgrade somewhere else first.",
    },
    {
        .name = "clusters",
        .nesting = GLM_NEST_MAP,
        .nested = cluster_attrs,
        .use = GLM_REQUIRED,
        .crd = "clusters",
        .crd_key = "name",
        .doc = "The clusters to install into, by their name in the provider's `clusters`. `{}` is "
               "enough for a cluster: `cluster1 = {}`.",
    },
    {
        .name = "gateway_chart_values",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .doc =
            "In the place of `istio_operator_spec`, in clusters with the installer `direct`: "
            "values of "
            "Istio's own Helm chart `gateway`, as YAML or JSON: `file(\"values.yaml\")`. They are "
            "checked as strictly as by the chart of that `istio_version`, which has to be said, "
            "and "
            "what comes of them is what helm makes of them, for a release of the name of this "
            "resource in its `namespace`. Its proxies are injected by the control plane. An "
            "installation with `gateway_revision = \"default\"` has the chart's own names; one "
            "with a revision is a canary beside it: its Deployment and its label `app` are called "
            "by the name and the revision, it has the same label `istio` and the same account, and "
            "the Service of the release's name leads to whichever is active. The control plane is "
            "that of `control_plane_revision` or of the gateway's revision; in an installation "
            "without a revision it may stand in the values (`revision`). `kind: DaemonSet` is "
            "refused.",
    },
    {
        .name = "istio_operator_spec",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .crd = "istioOperatorSpec",
        .crd_document = true,
        .crd_required = true,
        .doc =
            "Required unless `gateway_chart_values` is set: the spec of the IstioOperator that "
            "describes the gateway, as YAML or JSON: "
            "`file(\"ingress.yaml\")`, `yamlencode({...})` or a heredoc; at most 16 MiB. A whole "
            "IstioOperator is taken too, alone, in a `List` or beside other documents: its "
            "`spec` counts, and a warning says what of the rest would have meant something. "
            "Where one gateway of a type has `k8s.service`, the others get the Service that the "
            "chart would make of `service: {}`, so that `active_gateway` switches all of them. "
            "A gateway that does not say whether it is `enabled` counts as on since Istio 1.24 and "
            "as "
            "off before, by `istio_version` or the tag, whatever its profile; where neither says a "
            "version, it is off. What is said twice counts as in Istio: `values` lie over `hub`, "
            "`tag` and `meshConfig`, `unvalidatedValues` over both; what contradicts an attribute "
            "is refused. Labels under `values.gateways` are added to each gateway's `label`. "
            "References to a gateway's own name, as in `hpaSpec.scaleTargetRef`, get the "
            "revision's suffix as the name does. "
            "Formatting, comments, the order of keys and the choice of YAML or JSON are no "
            "change. Typos are found during plan, with line and column. Components other than "
            "gateways are left out. The text is kept in the state and is not secret: refer to "
            "Secrets with `valueFrom`.",
    },
    {.name = NULL},
};

static const struct glm_attr repo_secret_attrs[] = {
    {
        .name = "name",
        .type = &glm_type_string,
        .use = GLM_REQUIRED,
        .crd = "name",
        .doc = "The name of the Secret.",
    },
    {
        .name = "namespace",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_dns_label,
        .crd = "namespace",
        .doc = "The namespace of the Secret.",
    },
    {.name = NULL},
};

static const struct glm_attr helm_global_attrs[] = {
    {
        .name = "repo",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .crd = "repo",
        .doc = "The repository of the Helm charts; it begins with `oci://`.",
    },
    {
        .name = "repo_secrets",
        .nesting = GLM_NEST_LIST,
        .nested = repo_secret_attrs,
        .use = GLM_OPTIONAL,
        .crd = "repoSecrets",
        .doc = "The Secrets to log in to the repository with: references, never the secrets "
               "themselves.",
    },
    {
        .name = "repo_skip_tls_verify",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "false",
        .crd = "repoSkipTlsVerify",
        .doc = "Does not check the certificate of the repository. Defaults to `false`.",
    },
    {.name = NULL},
};

static const struct glm_attr timeout_attrs[] = {
    {
        .name = "create",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_duration,
        .doc = "For creating the resource. Nothing is written before every cluster was looked at, "
               "for which there is half of it: one that is not done then is an error, and the "
               "others go on without it. Defaults to `20m`.",
    },
    {
        .name = "update",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_duration,
        .doc = "For changing it, in the same way. Defaults to `20m`.",
    },
    {
        .name = "delete",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_duration,
        .doc = "For destroying it. Defaults to `15m`.",
    },
    {
        .name = "read",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_duration,
        .doc = "For reading it, as a refresh does, in all clusters together. What has not been "
               "read by then is kept, with status UNKNOWN. Defaults to `2m`, which an import "
               "always has.",
    },
    {.name = NULL},
};

/* ---- the types of what is computed ---- */

static const struct glm_type entries_type = {.kind = GLM_TYPE_MAP, .element = &glm_type_string};
static const struct glm_type per_cluster_type = {.kind = GLM_TYPE_MAP, .element = &entries_type};
static const struct glm_field object_fields[] = {
    {"manifest", &glm_type_string},
    {"per_cluster", &per_cluster_type},
};
static const struct glm_type object_type = {
    .kind = GLM_TYPE_OBJECT, .fields = object_fields, .len = 2};
static const struct glm_type objects_of_key_type = {.kind = GLM_TYPE_MAP, .element = &object_type};
static const struct glm_type objects_type = {.kind = GLM_TYPE_MAP, .element = &objects_of_key_type};
static const struct glm_type strings_type = {.kind = GLM_TYPE_MAP, .element = &glm_type_string};
static const struct glm_field service_fields[] = {
    {"active", &strings_type},
    {"manifests", &strings_type},
    {"per_cluster", &per_cluster_type},
};
static const struct glm_type service_type = {
    .kind = GLM_TYPE_OBJECT, .fields = service_fields, .len = 3};
static const struct glm_type services_type = {.kind = GLM_TYPE_MAP, .element = &service_type};
static const struct glm_type addresses_of_service_type = {.kind = GLM_TYPE_MAP,
                                                          .element = &glm_type_list_of_string};
static const struct glm_type addresses_type = {.kind = GLM_TYPE_MAP,
                                               .element = &addresses_of_service_type};

static const struct glm_field state_fields[] = {
    {"message", &glm_type_string},
    {"observed_revision", &glm_type_string},
    {"state", &glm_type_string},
};
static const struct glm_type state_type = {
    .kind = GLM_TYPE_OBJECT, .fields = state_fields, .len = 3};
static const struct glm_type states_type = {.kind = GLM_TYPE_MAP, .element = &state_type};
static const struct glm_field status_cluster_fields[] = {{"installations", &states_type}};
static const struct glm_type status_cluster_type = {
    .kind = GLM_TYPE_OBJECT, .fields = status_cluster_fields, .len = 1};
static const struct glm_type status_clusters_type = {.kind = GLM_TYPE_MAP,
                                                     .element = &status_cluster_type};
static const struct glm_field status_fields[] = {{"clusters", &status_clusters_type}};
static const struct glm_type status_type = {
    .kind = GLM_TYPE_OBJECT, .fields = status_fields, .len = 1};

static const struct glm_attr resource_attrs[] = {
    {
        .name = "name",
        .type = &glm_type_string,
        .use = GLM_REQUIRED | GLM_REPLACE,
        .doc = "The name of the gateway lifecycle manager, such as `istio-ingressgateway`: a "
               "Kubernetes name. IstioOperators are named after it, with the revision behind it; "
               "gateways have their own names in the spec. "
               "A change replaces the resource: the gateways of the old name are removed.",
    },
    {
        .name = "namespace",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL | GLM_COMPUTED | GLM_REPLACE,
        .fallback = "\"gloo-mesh\"",
        .doc = "The namespace of the gateway lifecycle manager; with the name it tells it apart "
               "from others. Gateways do not go there: their namespace is in the spec; those of "
               "`gateway_chart_values` do, it is the namespace of the release. Defaults "
               "to `gloo-mesh`. A change replaces the resource.",
    },
    {
        .name = "installations",
        .nesting = GLM_NEST_MAP,
        .nested = installation_attrs,
        .use = GLM_REQUIRED,
        .crd = "installations",
        .crd_key = "gatewayRevision",
        .crd_key_empty = "default",
        .doc = "The installations, by gateway revision; or by any label, when `gateway_revision` "
               "is set inside. For a canary upgrade add an installation of the new revision, "
               "apply, switch `active_gateway`, apply, and remove the old one.",
    },
    {
        .name = "helm_global",
        .nesting = GLM_NEST_SINGLE,
        .nested = helm_global_attrs,
        .use = GLM_OPTIONAL,
        .crd = "helmGlobal",
        .doc = "The API's defaults for installations by Helm. They are kept and checked, and a "
               "warning says that they have no effect on installations by IstioOperator.",
    },
    {
        .name = "wait_for_healthy",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "true",
        .doc =
            "Whether apply waits until every gateway is healthy. Defaults to `true`. What was not "
            "healthy at the end, or at an import, is planned as a change of its status until it "
            "is, and the next apply waits again. Where no Istio operator is known that would "
            "take an installation up, apply waits a quarter of the timeout for one, at least two "
            "minutes. Without it a plan does not know the status that an apply ends with. There is "
            "nothing to wait for in clusters with a `directory`.",
    },
    {
        .name = "deletion_protection",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "false",
        .doc = "Refuses to destroy the resource, and to rename it, as long as the state says "
               "`true`. Defaults to `false`. To destroy, set it to `false` and apply first.",
    },
    {
        .name = "adopt_existing",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "false",
        .doc =
            "Takes over IstioOperators and Services of the wanted names that are there already, "
            "when the resource is created, and with the installer `direct` the objects of "
            "gateways that `istioctl install` or an operator has left; a load balancer keeps its "
            "address. Defaults to "
            "`false`: creating is refused then, before anything is written anywhere.",
    },
    {
        .name = "force_conflicts",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL | GLM_COMPUTED,
        .fallback = "false",
        .doc =
            "Takes fields from whoever else has set them in the cluster. Defaults to `false`: "
            "such a conflict is an error that names the other manager and the fields. Drift that "
            "a plan has shown is written over all the same: whoever approved the plan has seen "
            "whose value goes.",
    },
    {
        .name = "timeouts",
        .nesting = GLM_NEST_SINGLE,
        .nested = timeout_attrs,
        .use = GLM_OPTIONAL,
        .doc = "How long operations may take, looks, writes and waiting in all clusters together, "
               "as a number with a unit: `90s`, `20m`, `1h30m`.",
    },
    {
        .name = "id",
        .type = &glm_type_string,
        .use = GLM_COMPUTED,
        .doc = "The namespace and the name, such as `gloo-mesh/istio-ingressgateway`; it is what "
               "`terraform import` takes.",
    },
    {
        .name = "objects",
        .type = &objects_type,
        .use = GLM_COMPUTED,
        .doc = "What each installation makes, by its key and by `Kind namespace/name`: the "
               "`manifest` as JSON, the same for every cluster, and `per_cluster`, with every "
               "cluster that gets the object: where its own is not as the manifest, a line for "
               "each field. After a refresh that is also what was changed behind Terraform's back, "
               "with what is there and what should be.",
    },
    {
        .name = "services",
        .type = &services_type,
        .use = GLM_COMPUTED,
        .doc = "The Services of the gateways, by `namespace/name`: `active`, the key of the "
               "installation that each cluster sends its traffic to, null of none; `manifests` as "
               "JSON, by the key of the installation, whether it is active or not; and "
               "`per_cluster`, where a cluster's Service is not as the manifest. After a refresh "
               "`active` is by the selector that the Service has, which somebody may have edited: "
               "null where it selects none of the installations.",
    },
    {
        .name = "addresses",
        .type = &addresses_type,
        .use = GLM_COMPUTED,
        .doc = "The addresses (host names or IP addresses) of the load balancers, by the "
               "`namespace/name` of the Service and by cluster: of every cluster that has a load "
               "balancer, empty until that has one.",
    },
    {
        .name = "status",
        .type = &status_type,
        .use = GLM_COMPUTED,
        .doc = "The status of every installation, by cluster and revision, in the API's own words: "
               "`HEALTHY`, `INSTALL_PENDING` (translated and not installing yet: the files of a "
               "`directory` are written, and whoever applies them installs it), `FAILED` and so "
               "on, with a message where there is more to say.",
    },
    {.name = NULL},
};

const struct glm_schema glm_resource_schema = {
    .name = "glm_gateway_lifecycle_manager",
    .version = 1,
    .attrs = resource_attrs,
    .doc =
        "Istio ingress and egress gateways, described once and installed by revision into many "
        "clusters. It is the GatewayLifecycleManager of Gloo Mesh as a Terraform resource: "
        "each installation becomes the gateway's own objects in each cluster, on every Istio from "
        "1.22 on, or an IstioOperator where Istio's operator is (`installer` of the cluster).",
};

/* ---- identity ---- */

static const struct glm_attr identity_attrs[] = {
    {
        .name = "name",
        .type = &glm_type_string,
        .use = GLM_REQUIRED,
        .check = glm_check_dns_subdomain,
        .doc = "The name of the gateway lifecycle manager, such as `istio-ingressgateway`.",
    },
    {
        .name = "namespace",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .fallback = "\"gloo-mesh\"",
        .check = glm_check_dns_label,
        .doc = "The namespace of the gateway lifecycle manager. Defaults to `gloo-mesh`.",
    },
    {.name = NULL},
};

/* Its attributes have never changed. OpenTofu hands on the identity of a resource of another type that a `moved` block
 * leads here from, and asks for an upgrade only where ours is of a higher version: that of kubernetes_manifest is 1. */
const struct glm_schema glm_resource_identity_schema = {
    .name = "glm_gateway_lifecycle_manager",
    .version = 2,
    .attrs = identity_attrs,
    .doc = "The name and the namespace of the gateway lifecycle manager.",
};
