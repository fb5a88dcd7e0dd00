# SPDX-License-Identifier: Apache-2.0
"""Values that are known only after apply: of the resource, and of the provider."""
from harness import HCL, INGRESS, Failure, block, equal, hcl, true, unknowns

# What each optional attribute is given by another resource. A new attribute fails the test below
# until it has a line here: None where this release refuses any value.
RESOURCE_VALUES = {
    "namespace": "gloo-mesh", "wait_for_healthy": False, "deletion_protection": False,
    "adopt_existing": True, "force_conflicts": True,
    "helm_global": {"repo": "oci://charts.example.com/istio"},
    "helm_global.repo": "oci://charts.example.com/istio",
    "helm_global.repo_secrets": [{"name": "pull", "namespace": "gloo-mesh"}],
    "helm_global.repo_secrets.namespace": "gloo-mesh",
    "helm_global.repo_skip_tls_verify": True,
    "timeouts": {"create": "3m"}, "timeouts.create": "3m", "timeouts.update": "3m",
    "timeouts.delete": "3m", "timeouts.read": "3m",
    "installations.gateway_revision": "1-24", "installations.control_plane_revision": "1-24",
    "installations.skip_upgrade_validation": True,
    "installations.clusters.active_gateway": True,
    "installations.istio_version": "1.24.1",
    "installations.gateway_chart_values": None,
    "installations.istio_operator_spec": HCL('file("ingress.yaml")'),
    "installations.clusters.trust_domain": "corp.example.com",
    "installations.clusters.network": "network1",
}
PROVIDER_VALUES = {
    "clusters": {"east": {"directory": "./clusters/east"}},
    "config_paths": ["kubeconfig"], "operator_namespace": "istio-operators",
    "installer": "istio_operator", "field_manager": "someone", "max_parallel_clusters": 3,
    "default_distribution": {"revision": "1-24"},
    "default_distribution.hub": "example.com/istio", "default_distribution.tag": "1.24.1",
    "clusters.directory": "./clusters/east", "clusters.operator_namespace": "istio-operators",
    "clusters.installer": "directory", "clusters.on_unreachable": "error",
    "clusters.decommissioned": False,
    **{f"clusters.{name}": None for name in (
        "context", "host", "kubeconfig", "in_cluster", "cluster_ca_certificate",
        "client_certificate", "client_key", "token", "token_file", "username", "password", "exec",
        "exec.args", "exec.env", "insecure", "tls_server_name", "proxy_url", "impersonate",
        "impersonate.groups", "impersonate.uid", "impersonate.extra", "request_timeout")},
}


def source(value):
    """A resource whose output is unknown during plan, with this value under v."""
    return f'resource "terraform_data" "u" {{\n  input = {{ v = {hcl(value)} }}\n}}\n'


UNKNOWN = HCL("terraform_data.u.output.v")


def optional(attributes, prefix=""):
    """Dotted names of every optional attribute of a schema, nested ones too."""
    for name, a in sorted(attributes.items()):
        if a.get("optional"):
            yield prefix + name
        if "nested_type" in a and (a.get("optional") or a.get("required")):
            yield from optional(a["nested_type"]["attributes"], f"{prefix}{name}.")


def base():
    return {"name": "istio-ingressgateway", "installations": {"1-24": {
        "clusters": {"east": {"active_gateway": True}, "west": {}},
        "istio_operator_spec": HCL('file("ingress.yaml")')}}}


def with_value(name, value):
    """The resource's attributes with one, by its dotted name, set to value."""
    attributes = base()
    if name.startswith("installations.clusters."):
        attributes["installations"]["1-24"]["clusters"]["west"][name.split(".")[2]] = value
    elif name.startswith("installations."):
        attributes["installations"]["1-24"][name.split(".")[1]] = value
    elif name.startswith("helm_global.repo_secrets."):
        attributes["helm_global"] = {"repo_secrets": [{"name": "x", name.split(".")[2]: value}]}
    elif "." in name:
        attributes[name.split(".")[0]] = {name.split(".")[1]: value}
    else:
        attributes[name] = value
    return attributes


def again(w):
    """Back to an empty workspace."""
    for path in w.dir.glob("terraform.tfstate*"):
        path.unlink()
    for path in sorted(w.path("clusters").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def plan_apply_plan(w, wrong, what):
    try:
        w.plan()
        w.apply()
        w.no_changes()
    except Failure as failure:
        wrong.append(f"---- {what}: {failure}")


def each_of_the_resource(w, part, parts):
    w.fixture("ingress.yaml")
    schema = w.schema()["resource_schemas"]["glm_gateway_lifecycle_manager"]
    names = list(optional(schema["block"]["attributes"]))
    equal([n for n in names if n not in RESOURCE_VALUES], [], "attributes without a test value")
    wrong = []
    for name in names[part::parts]:
        w.main(source(RESOURCE_VALUES[name]) + block(with_value(name, UNKNOWN)))
        plan_apply_plan(w, wrong, name)
        again(w)
    true(not wrong, "\n".join(wrong))


def test_every_optional_attribute_of_the_resource_may_be_unknown_first_half(w):
    """Each alone: plan, apply, no changes."""
    each_of_the_resource(w, 0, 2)


def test_every_optional_attribute_of_the_resource_may_be_unknown_second_half(w):
    """Each alone: plan, apply, no changes."""
    each_of_the_resource(w, 1, 2)


def test_all_optional_attributes_of_the_resource_may_be_unknown_at_once(w):
    """One configuration with every leaf fed by another resource."""
    w.fixture("ingress.yaml")
    v = {k.replace(".", "_"): x for k, x in RESOURCE_VALUES.items()}
    def at(name):
        return HCL(f"terraform_data.u.output.v.{name}")
    w.main(source(v) + block({
        "name": "istio-ingressgateway", "namespace": at("namespace"),
        "wait_for_healthy": at("wait_for_healthy"), "adopt_existing": at("adopt_existing"),
        "deletion_protection": at("deletion_protection"),
        "force_conflicts": at("force_conflicts"),
        "helm_global": {"repo": at("helm_global_repo"),
                        "repo_secrets": [{"name": at("namespace"), "namespace": at("namespace")}],
                        "repo_skip_tls_verify": at("helm_global_repo_skip_tls_verify")},
        "timeouts": {t: at(f"timeouts_{t}") for t in ("create", "update", "delete", "read")},
        "installations": {"1-24": {
            "gateway_revision": at("installations_gateway_revision"),
            "control_plane_revision": at("installations_control_plane_revision"),
            "skip_upgrade_validation": at("installations_skip_upgrade_validation"),
            "istio_version": at("installations_istio_version"),
            "clusters": {c: {"active_gateway": at("installations_clusters_active_gateway"),
                             "trust_domain": at("installations_clusters_trust_domain"),
                             "network": at("installations_clusters_network")}
                         for c in ("east", "west")},
            "istio_operator_spec": HCL('file("ingress.yaml")')}}}))
    w.plan()
    w.apply()
    w.no_changes()


def test_required_attributes_may_be_unknown(w):
    """The name, the spec, the clusters of an installation, an installation, all of them."""
    w.fixture("ingress.yaml")
    spec = HCL('file("ingress.yaml")')
    clusters = {"east": {"active_gateway": True}}
    whole = {"clusters": clusters, "istio_operator_spec": spec}
    cases = {
        "name": ("istio-ingressgateway", {**base(), "name": UNKNOWN}),
        "spec": (spec, {**base(), "installations": {"1-24": {
            "clusters": clusters, "istio_operator_spec": UNKNOWN}}}),
        "part of the spec": ("1.24.9", {**base(), "installations": {"1-24": {
            "clusters": clusters, "istio_operator_spec": HCL(
                'yamlencode(merge(yamldecode(file("ingress.yaml")), '
                '{ tag = terraform_data.u.output.v }))')}}}),
        "clusters": (clusters, {**base(), "installations": {"1-24": {
            "clusters": UNKNOWN, "istio_operator_spec": spec}}}),
        "one cluster": (clusters["east"], {**base(), "installations": {"1-24": {
            "clusters": {"east": UNKNOWN}, "istio_operator_spec": spec}}}),
        "one installation": (whole, {**base(), "installations": {"1-24": UNKNOWN}}),
        "installations": ({"1-24": whole}, {**base(), "installations": UNKNOWN}),
    }
    wrong = []
    for what, (value, attributes) in cases.items():
        w.main(source(value) + block(attributes))
        plan_apply_plan(w, wrong, what)
        again(w)
    true(not wrong, "\n".join(wrong))


def test_an_unknown_revision_of_one_installation_leaves_the_other_clusters_known(w):
    """Only its own objects and its cluster's status, and which Services there are."""
    w.fixture("ingress.yaml")
    spec = HCL('file("ingress.yaml")')
    w.main(source("1-23") + block({"name": "istio-ingressgateway", "installations": {
        "1-24": {"clusters": {"east": {}}, "istio_operator_spec": spec},
        "old": {"clusters": {"west": {}}, "gateway_revision": UNKNOWN,
                "istio_operator_spec": spec}}}))
    found = unknowns(w.change()["after_unknown"])
    equal([u for u in found if "west" not in u and "old" not in u], ["addresses", "services"],
          f"what is unknown besides west: {found}")
    w.apply()
    w.no_changes()


def test_whether_a_cluster_is_active_may_be_unknown(w):
    """Its own key alone, null where it is not; and nothing changes when the configuration says so itself."""
    w.fixture("ingress.yaml")
    service = "gloo-mesh-gateways/istio-ingressgateway"
    attributes = base()
    for active in (False, True):
        attributes["installations"]["1-24"]["clusters"]["west"]["active_gateway"] = UNKNOWN
        w.main(source(active) + block(attributes))
        change = w.change()
        found = [u for u in unknowns(change["after_unknown"]) if u.startswith("services")]
        equal(found, [f"services.{service}.active.west"], "what is unknown")
        w.apply()
        w.no_changes()
        equal(w.state()["services"][service]["active"],
              {"east": "1-24", "west": "1-24" if active else None}, "who is active")
        attributes["installations"]["1-24"]["clusters"]["west"]["active_gateway"] = active
        w.main(source(active) + block(attributes))
        w.no_changes()
        again(w)


def test_an_unknown_change_later_keeps_the_rest_known(w):
    """An update whose trust domain in one cluster is unknown: only there."""
    w.fixture("ingress.yaml")
    w.main(block(base()))
    w.apply()
    attributes = base()
    attributes["installations"]["1-24"]["clusters"]["west"]["trust_domain"] = UNKNOWN
    w.main(source("corp") + block(attributes))
    change = w.change()
    equal(change["actions"], ["update"], "actions")
    found = unknowns(change["after_unknown"])
    true(found and all("west" in u for u in found), f"only west may be unknown: {found}")
    w.apply()
    w.no_changes()


def provider_with(name, value):
    cluster, rest = {"directory": "./clusters/east"}, {}
    if name == "clusters":
        return {"clusters": value}
    if name.startswith("clusters.exec."):
        cluster = {"decommissioned": True, "exec": {
            "api_version": "client.authentication.k8s.io/v1", "command": "true",
            name.split(".")[2]: value}}
    elif name.startswith("clusters.impersonate."):
        cluster = {"decommissioned": True, "impersonate": {"user": "me",
                                                           name.split(".")[2]: value}}
    elif name.startswith("clusters."):
        cluster[name.split(".")[1]] = value
    elif "." in name:
        rest = {name.split(".")[0]: {"revision": "1-24", name.split(".")[1]: value}}
    else:
        rest = {name: value}
    return {"clusters": {"east": cluster}, **rest}


def each_of_the_provider(w, part, parts):
    w.fixture("ingress.yaml")
    names = list(optional(w.schema()["provider"]["block"]["attributes"]))
    equal([n for n in names if n not in PROVIDER_VALUES], [], "attributes without a test value")
    wrong = []
    for name in names[part::parts]:
        lines = "".join(f"  {k} = {hcl(v)}\n" for k, v in provider_with(name, UNKNOWN).items())
        w.provider(f'provider "glm" {{\n{lines}}}\n')
        w.main(source(PROVIDER_VALUES[name]) + block({
            "name": "istio-ingressgateway", "installations": {"1-24": {
                "clusters": {"east": {"active_gateway": True}},
                "istio_operator_spec": HCL('file("ingress.yaml")')}}}))
        plan_apply_plan(w, wrong, name)
        again(w)
    true(not wrong, "\n".join(wrong))


def test_every_optional_attribute_of_the_provider_may_be_unknown_first_third(w):
    """Each alone: plan, apply, no changes."""
    each_of_the_provider(w, 0, 3)


def test_every_optional_attribute_of_the_provider_may_be_unknown_second_third(w):
    """Each alone: plan, apply, no changes."""
    each_of_the_provider(w, 1, 3)


def test_every_optional_attribute_of_the_provider_may_be_unknown_last_third(w):
    """Each alone: plan, apply, no changes."""
    each_of_the_provider(w, 2, 3)


def test_a_provider_whose_whole_configuration_is_unknown_plans_and_applies(w):
    """Every attribute comes from another resource."""
    w.fixture("ingress.yaml")
    w.provider("""provider "glm" {
  clusters              = terraform_data.u.output.v.clusters
  operator_namespace    = terraform_data.u.output.v.operator_namespace
  max_parallel_clusters = terraform_data.u.output.v.max_parallel_clusters
  field_manager         = terraform_data.u.output.v.field_manager
  default_distribution  = terraform_data.u.output.v.default_distribution
}
""")
    values = {**PROVIDER_VALUES, "clusters": {c: {"directory": f"./clusters/{c}"}
                                              for c in ("east", "west")}}
    w.main(source({k: v for k, v in values.items() if "." not in k}) + block(base()))
    w.plan()
    w.apply()
    equal(w.state(INGRESS)["status"]["clusters"]["west"]["installations"]["1-24"]["state"],
          "INSTALL_PENDING", "state")
    true(w.path("clusters/west/namespaces/istio-operators").is_dir(), "operator namespace")
    w.no_changes()


def test_a_known_state_survives_a_provider_that_becomes_unknown(w):
    """A directory that depends on a resource being replaced: planned, applied, same files."""
    w.fixture("ingress.yaml")
    def use(version):
        w.provider('provider "glm" {\n  clusters = {\n'
                   '    east = { directory = terraform_data.d.output }\n'
                   '    west = { directory = "./clusters/west" }\n  }\n}\n')
        w.main('resource "terraform_data" "d" {\n  input = "./clusters/east"\n'
               f'  triggers_replace = {version}\n}}\n' + block(base()))
    use(1)
    w.apply()
    before = w.tree("east"), w.tree("west")
    use(2)
    w.plan()
    w.apply()
    equal((w.tree("east"), w.tree("west")), before, "files")
    w.no_changes()


