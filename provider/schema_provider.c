/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider's configuration: where the clusters are and how they are reached.
 *
 * What:   const tables. A default is in `fallback` and in the words; Terraform itself knows no
 *         defaults of a provider, so none of these is COMPUTED.
 */
#include "schemas.h"

#include "checks.h"

static const struct glm_attr exec_attrs[] = {
    {
        .name = "api_version",
        .type = &glm_type_string,
        .use = GLM_REQUIRED,
        .check = glm_check_exec_api_version,
        .doc = "The version of the credential that the command prints: "
               "`client.authentication.k8s.io/v1` or `client.authentication.k8s.io/v1beta1`.",
    },
    {
        .name = "command",
        .type = &glm_type_string,
        .use = GLM_REQUIRED,
        .check = glm_check_not_empty,
        .doc = "The program to run, such as `aws`, `gke-gcloud-auth-plugin` or `kubelogin`. A bare "
               "name is looked up on `PATH`, and `~` is the home directory. No shell is involved.",
    },
    {
        .name = "args",
        .type = &glm_type_list_of_string,
        .use = GLM_OPTIONAL,
        .doc = "The arguments, each passed on exactly as it is, for example "
               "`[\"eks\", \"get-token\", \"--cluster-name\", \"east\"]`.",
    },
    {
        .name = "env",
        .type = &glm_type_map_of_string,
        .use = GLM_OPTIONAL | GLM_SENSITIVE,
        .doc = "Environment variables that the program gets in addition to those of Terraform, for "
               "example `{ AWS_PROFILE = \"ops\" }`.",
    },
    {.name = NULL},
};

static const struct glm_attr impersonate_attrs[] = {
    {
        .name = "user",
        .type = &glm_type_string,
        .use = GLM_REQUIRED,
        .check = glm_check_not_empty,
        .doc = "The user to act as.",
    },
    {
        .name = "groups",
        .type = &glm_type_list_of_string,
        .use = GLM_OPTIONAL,
        .doc = "The groups to act in.",
    },
    {
        .name = "uid",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .doc = "The UID of the user to act as.",
    },
    {
        .name = "extra",
        .type = &glm_type_map_of_list_of_string,
        .use = GLM_OPTIONAL,
        .doc = "Further fields of the user to act as, for example "
               "`{ scopes = [\"view\", \"edit\"] }`.",
    },
    {.name = NULL},
};

static const struct glm_attr cluster_attrs[] = {
    {
        .name = "context",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_not_empty,
        .doc = "The name of a context in one of the `config_paths`. It may be any text, such as an "
               "ARN; it need not be the key.",
    },
    {
        .name = "host",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_host,
        .doc = "The URL of the API server, such as `https://10.0.0.1:6443`. It may be unknown "
               "during plan: the installations are planned all the same.",
    },
    {
        .name = "kubeconfig",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL | GLM_SENSITIVE,
        .check = glm_check_kubeconfig,
        .doc = "The content of a kubeconfig, not its path: `file(\"lab.kubeconfig\")`, or an "
               "attribute of the resource that makes the cluster.",
    },
    {
        .name = "in_cluster",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL,
        .doc = "Set to `true` where Terraform runs in a Pod of this very cluster: the Pod's "
               "service account is used. `false` is the same as leaving it out.",
    },
    {
        .name = "directory",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_path,
        .doc = "A directory instead of an API server: every object is written there as one YAML "
               "file, for GitOps or for `kubectl apply -R -f`. Relative to Terraform's working "
               "directory, `~` is the home directory, and it is created when it is not there. Two "
               "clusters cannot share one, by whatever names. Another checkout of a repository "
               "that has the files is the same place; a working directory without them is a new "
               "one, which the plan says. The "
               "files are the provider's own: an edited file shows as drift. Those of Namespaces, "
               "which are "
               "written where there are none, are in no plan, and stay.",
    },
    {
        .name = "operator_namespace",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_operator_namespace,
        .doc = "Where the IstioOperators of this cluster go. Defaults to the provider's "
               "`operator_namespace`, and takes the same `{revision}`.",
    },
    {
        .name = "installer",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_installer,
        .doc = "How gateways get into this cluster. Defaults to the provider's `installer`. In a "
               "`directory` it says of what there are files: `istio_operator` writes "
               "IstioOperators, `direct` ready manifests for every Istio.",
    },
    {
        .name = "cluster_ca_certificate",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_pem,
        .doc = "The certificate authority of the API server, as PEM text. Cloud APIs give it in "
               "base64: wrap it in `base64decode(...)`.",
    },
    {
        .name = "client_certificate",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_pem,
        .doc = "A client certificate to log in with, as PEM text. It needs `client_key`.",
    },
    {
        .name = "client_key",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL | GLM_SENSITIVE,
        .check = glm_check_pem,
        .doc = "The private key of `client_certificate`, as PEM text, not encrypted.",
    },
    {
        .name = "token",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL | GLM_SENSITIVE,
        .check = glm_check_secret,
        .doc = "A bearer token. A token that expires during a long apply is better had from "
               "`exec` or `token_file`, which are asked again.",
    },
    {
        .name = "token_file",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_path,
        .doc =
            "The path of a file that holds a bearer token; `~` is the home directory. It is read "
            "again when it changes.",
    },
    {
        .name = "username",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_not_empty,
        .doc = "The user name for basic authentication, which some proxies in front of API "
               "servers take.",
    },
    {
        .name = "password",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL | GLM_SENSITIVE,
        .check = glm_check_secret,
        .doc =
            "The password for basic authentication. Where an API server repeats it, it is starred; "
            "shorter than eight characters only as a word of its own, shorter than three not.",
    },
    {
        .name = "exec",
        .nesting = GLM_NEST_SINGLE,
        .nested = exec_attrs,
        .use = GLM_OPTIONAL,
        .doc = "A program that prints credentials, as in a kubeconfig. It is run when the cluster "
               "is first reached and again when the credentials expire; never when nothing needs "
               "the cluster.",
    },
    {
        .name = "insecure",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL,
        .fallback = "false",
        .doc = "Does not check the API server's certificate. Defaults to `false`. It cannot be set "
               "together with `cluster_ca_certificate`.",
    },
    {
        .name = "tls_server_name",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_dns_subdomain,
        .doc = "The name that the API server's certificate must have, where it is not the one in "
               "the URL: behind a tunnel, for example.",
    },
    {
        .name = "proxy_url",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_proxy_url,
        .doc = "A proxy to reach the API server through: `http://`, `https://`, `socks5://` or "
               "`socks5h://`, for example `socks5h://127.0.0.1:1080`. Defaults to the environment "
               "(`HTTPS_PROXY`, `NO_PROXY`). With `socks5://` names are looked up here, with "
               "`socks5h://` by the proxy; `proxy-url: socks5://` in a kubeconfig means the "
               "latter, as it does for kubectl. The certificate of an `https://` proxy is verified "
               "with the cluster's authorities and the system's, and like the server's not at all "
               "where the entry is `insecure`.",
    },
    {
        .name = "impersonate",
        .nesting = GLM_NEST_SINGLE,
        .nested = impersonate_attrs,
        .use = GLM_OPTIONAL,
        .doc = "Acts as another user, as `kubectl --as` does. The credentials must be allowed to "
               "impersonate.",
    },
    {
        .name = "request_timeout",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_duration,
        .doc = "How long one request to the API server may take, such as `10s` or `1m`. Defaults "
               "to `30s`. When it is set it is also how long a credential plugin (`exec`) may "
               "take, which is `60s` otherwise: everything in this cluster waits for it, and a "
               "create looks at every cluster before it writes to any.",
    },
    {
        .name = "on_unreachable",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .fallback = "\"warn\"",
        .check = glm_check_on_unreachable,
        .doc = "What a refresh or a data source does when this cluster cannot be read: `warn` "
               "keeps what is in the state, with the status `UNKNOWN`, and warns; `error` fails. "
               "Defaults to `warn`. A change that must be written to a cluster out of reach is an "
               "error either way.",
    },
    {
        .name = "decommissioned",
        .type = &glm_type_bool,
        .use = GLM_OPTIONAL,
        .fallback = "false",
        .doc = "Set to `true` when the cluster is gone for good: it is never reached any more, and "
               "its installations leave the state with a warning. Defaults to `false`. Remove the "
               "entry after the next apply.",
    },
    {.name = NULL},
};

static const struct glm_attr distribution_attrs[] = {
    {
        .name = "revision",
        .type = &glm_type_string,
        .use = GLM_REQUIRED,
        .check = glm_check_distribution_revision,
        .doc = "The gateway revision, such as `1-24`: lower-case letters, digits and `-`.",
    },
    {
        .name = "hub",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_hub,
        .doc = "The registry and path of the images, such as `us-docker.pkg.dev/example/istio`.",
    },
    {
        .name = "tag",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_tag,
        .doc = "The tag of the images, such as `1.24.2-solo`. Write it in quotes: the number "
               "`1.10` would be `1.1`.",
    },
    {.name = NULL},
};

static const struct glm_attr provider_attrs[] = {
    {
        .name = "clusters",
        .nesting = GLM_NEST_MAP,
        .nested = cluster_attrs,
        .use = GLM_OPTIONAL,
        .check_key = glm_check_cluster_name,
        .doc = "The clusters, by the name under which resources speak of them. A name has lower-"
               "case letters, digits and `-`, at most 63; underscores are refused. Each cluster "
               "is reached in exactly one way: `context`, `host`, `kubeconfig`, `in_cluster` or "
               "`directory`. The current context of a kubeconfig is never used by itself. Values "
               "may be unknown during plan; the names must be known for a complete plan.",
    },
    {
        .name = "config_paths",
        .type = &glm_type_list_of_string,
        .use = GLM_OPTIONAL,
        .check = glm_check_config_paths,
        .doc = "The kubeconfig files in which a `context` is looked up, first match wins; `~` is "
               "the home directory. Defaults to those in `$KUBECONFIG`, then `~/.kube/config`.",
    },
    {
        .name = "operator_namespace",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .fallback = "\"istio-system\"",
        .check = glm_check_operator_namespace,
        .doc = "The namespace that IstioOperators go to, where the Istio operator looks for them. "
               "Defaults to `istio-system`. `{revision}` in it becomes the control-plane revision: "
               "`gm-iop-{revision}` is what Gloo Mesh uses. Without a revision, `{revision}` and "
               "the `-` before it are left out.",
    },
    {
        .name = "installer",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .fallback = "\"istio_operator\"",
        .check = glm_check_installer,
        .doc = "How gateways get into a cluster that does not say so itself. Defaults to "
               "`istio_operator`: an Istio operator in the cluster installs them, up to Istio "
               "1.23. `direct` needs none: this provider makes the gateways' own objects, as "
               "Istio 1.22 to 1.31 does, and applies them. `gloo` (a Gloo Mesh management "
               "cluster does it) is not in this release yet.",
    },
    {
        .name = "default_distribution",
        .nesting = GLM_NEST_SINGLE,
        .nested = distribution_attrs,
        .use = GLM_OPTIONAL,
        .doc = "The distribution of Istio that `gateway_revision = \"auto\"` stands for. Required "
               "where an installation says `auto`.",
    },
    {
        .name = "field_manager",
        .type = &glm_type_string,
        .use = GLM_OPTIONAL,
        .fallback = "\"terraform-provider-glm\"",
        .check = glm_check_field_manager,
        .doc = "The name under which fields are owned in server-side apply: 1 to 128 printable "
               "characters. Defaults to `terraform-provider-glm`. It has no effect on clusters "
               "with a `directory`.",
    },
    {
        .name = "max_parallel_clusters",
        .type = &glm_type_number,
        .use = GLM_OPTIONAL,
        .fallback = "32",
        .check = glm_check_max_parallel,
        .doc = "How many clusters one resource works on at the same time, from 1 to 1000. Defaults "
               "to `32`.",
    },
    {.name = NULL},
};

const struct glm_schema glm_provider_schema = {
    .name = "",
    .attrs = provider_attrs,
    .doc = "Installs Istio ingress and egress gateways, by revision, into many clusters, and "
           "upgrades them from revision to revision. One provider block serves all clusters; a "
           "plan needs none of them. [Which Istio have I got?](which-istio.md) tells which "
           "`installer` "
           "a cluster needs, and [permissions](permissions.md) has the rights that go with it.",
};
