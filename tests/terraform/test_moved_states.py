# SPDX-License-Identifier: Apache-2.0
"""`moved` blocks from resources of other types: kubectl_manifest, kubernetes_manifest."""
import json

from harness import FIXTURES, INGRESS, equal, resource, true

MOVED = FIXTURES / "moved"
OPERATOR = (MOVED / "operator.yaml").read_text()
FILE = "namespaces/istio-system/istiooperator-istio-ingressgateway-1-24.yaml"
SPEC = """jsonencode({
      profile = "empty", hub = "example.com/istio", tag = "1.24.1"
      components = { ingressGateways = [{
        name  = "istio-ingressgateway", namespace = "gloo-mesh-gateways", enabled = true
        label = { app = "istio-ingressgateway", istio = "ingressgateway" } }] }
      values = { gateways = { istio-ingressgateway = { customService = true } } } })"""


def instance(name):
    """What a provider has written into a state: the type of the resource, the provider, the instances."""
    found = json.loads((MOVED / f"{name}.json").read_text())
    return found["type"], found["provider"], found["instances"]


def state(w, kind, provider, instances, name="ingress"):
    """A state with the resource of another provider in it."""
    host = "registry.opentofu.org" if w.is_tofu else "registry.terraform.io"
    w.stand_in(provider)
    w.write("terraform.tfstate", json.dumps({
        "version": 4, "terraform_version": "1.9.0", "serial": 1,
        "lineage": "2d6cbb7c-6b1e-4d4b-9b0e-3f6f9a4d8f10", "outputs": {}, "check_results": None,
        "resources": [{"mode": "managed", "type": kind, "name": name, "instances": instances,
                       "provider": f'provider["{host}/{provider}"]'}]}))


def moved(kind, clusters=("east",), extra="", name="istio-ingressgateway", more=""):
    return (f"moved {{\n  from = {kind}.ingress\n  to   = {INGRESS}\n}}\n" +
            resource({"1-24": ({c: False for c in clusters}, SPEC, more)}, extra=extra, name=name))


def there(w, *clusters, text=OPERATOR):
    for cluster in clusters:
        w.write(f"clusters/{cluster}/{FILE}", text)


def begin(w, fixture="kubectl-gavinbunney-1.19.0", clusters=("east",)):
    kind, provider, instances = instance(fixture)
    there(w, *clusters)
    state(w, kind, provider, instances)
    return kind, instances


def moves(w, fixture):
    """No change in the plan, nothing written by the apply, and none in the plan after that."""
    kind, _ = begin(w, fixture)
    w.main(moved(kind))
    before = w.tree("east")
    w.plan().has(f"{kind}.ingress has moved to {INGRESS}", "0 to add, 0 to change, 0 to destroy")
    w.apply().has("0 added, 0 changed, 0 destroyed")
    equal(w.tree("east"), before, "files")
    equal(w.state()["id"], "gloo-mesh/istio-ingressgateway", "id")
    w.no_changes()
    w.edit(w.path("main.tf"), "moved {", "/*")
    w.edit(w.path("main.tf"), f"{INGRESS}\n}}", "*/")
    w.no_changes()


def test_a_state_of_gavinbunney_kubectl_moves(w):
    """As it wrote it."""
    moves(w, "kubectl-gavinbunney-1.19.0")


def test_a_state_of_alekc_kubectl_moves(w):
    """As release 3 wrote it, which is another schema; of gateways whose control plane has another revision."""
    kind, _ = begin(w, "kubectl-alekc-3.0.0-beta3")
    there(w, "east", text=OPERATOR.replace("  revision: 1-24\n  hub", "  revision: 1-23\n  hub"))
    w.main(moved(kind, more='      control_plane_revision = "1-23"'))
    w.plan().has("0 to add, 0 to change, 0 to destroy")


def test_a_state_of_kubernetes_manifest_moves(w):
    """As release 3 wrote it, with an identity of its own where that is kept, to a resource that is in another namespace: nothing said which one it is in."""
    kind, _ = begin(w, "kubernetes-3.2.1", clusters=("east", "west"))
    w.main(moved(kind, ("east", "west"), extra='  namespace = "mesh"'))
    w.plan().has("0 to add, 1 to change, 0 to destroy", '"gloo-mesh" -> "mesh"')
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for cluster in ("east", "west"):
        true("terraform-provider-glm/namespace: mesh" in w.path("clusters", cluster, FILE).read_text(), cluster)
    equal(w.state()["id"], "mesh/istio-ingressgateway", "id")
    w.no_changes()


def test_what_a_move_finds_and_nobody_names_is_left_alone(w):
    """Nothing is planned, and what to do is said: of another cluster, another name, without a look, to be destroyed."""
    kind, _ = begin(w, clusters=("east", "west"))
    w.main(moved(kind))
    w.plan(code=1).has("More was moved than the configuration names", "west: revision 1-24", "adopt_existing")
    w.plan("-refresh=false", code=1).has("What was moved has not been looked for yet", "-refresh=false")
    w.main(moved(kind, ("east", "west"), name="other"))
    w.plan(code=1).has("What was moved has another name", 'name = "istio-ingressgateway"')
    w.main(moved(kind, ("east", "west")))
    w.use({"east": {}, "west": {"directory": "./clusters/west", "operator_namespace": "elsewhere"}})
    w.plan(code=1).has("What was moved would be removed",
                       "west: IstioOperator istio-system/istio-ingressgateway-1-24", "operator_namespace")
    w.use({"east": {}, "west": {}})
    w.destroy(code=1).has("What was moved just now would be destroyed")
    there_still = [w.path("clusters", c, FILE).read_text() for c in ("east", "west")]
    equal(there_still, [OPERATOR, OPERATOR], "files")
    w.apply().has("0 added, 0 changed, 0 destroyed")
    w.main(resource({"1-24": ({"east": False}, SPEC, "")}))
    w.apply().has("0 added, 1 changed, 0 destroyed")
    true(not w.path("clusters", "west", FILE).exists(), "what was named once, and is not any more, goes")


def test_what_is_this_providers_already_moves_to_its_resource(w):
    """A manifest that somebody has applied with kubectl_manifest once more, without a revision."""
    w.fixture("ingress.yaml")
    alone = {"default": ({"east": True}, None, '      gateway_revision = "default"')}
    w.main(resource(alone))
    w.apply()
    kind, provider, instances = instance("kubectl-gavinbunney-1.19.0")
    instances[0]["attributes"]["yaml_body"] = w.operator_file("east", revision="").read_text()
    state(w, kind, provider, instances)
    w.main(f"moved {{\n  from = {kind}.ingress\n  to   = {INGRESS}\n}}\n" + resource(alone))
    w.plan().has("0 to add, 0 to change, 0 to destroy")


def test_what_is_not_there_cannot_be_moved(w):
    """An IstioOperator in no cluster of the provider; and a GatewayLifecycleManager, which Terraform forgets."""
    kind, _ = begin(w, clusters=())
    w.main(moved(kind))
    w.plan(code=1).has("What was moved is not there", "operator_namespace", "destroy = false")
    w.use({"east": {}, "west": {"host": "https://127.0.0.1:1", "token": "x"}})  # it may be there
    w.plan(code=1).has('Cluster "west" cannot be searched').lacks("What was moved is not there")
    w.use({"east": {}})
    manager = {"apiVersion": "admin.gloo.solo.io/v2", "kind": "GatewayLifecycleManager",
               "metadata": {"name": "istio-ingressgateway", "namespace": "gloo-mesh"}, "spec": {}}
    state(w, "kubernetes_manifest", "hashicorp/kubernetes",
          [{"schema_version": 1, "attributes": {"manifest": {"type": "dynamic", "value": manager}}}])
    w.main(moved("kubernetes_manifest"))
    w.plan().has("A GatewayLifecycleManager was moved", "1 to add, 0 to change, 0 to destroy")
