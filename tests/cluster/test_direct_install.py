# SPDX-License-Identifier: Apache-2.0
"""The API reference's own examples in clusters without an operator, from the first apply to destroy."""
import direct
import gateways as g
from direct import LIVE, REVISION
from gateways import EGRESS, GATEWAY, equal, true
from workspace import harness, one_cluster, whole

OPERATOR = "none"


def test_both_reference_examples_become_healthy_everywhere(w, estate):
    """With today's Istio; five plans say no changes, an apply writes nothing, destroy leaves nothing."""
    direct.both(w)
    w.apply().has("2 added")
    for address in (g.INGRESS, EGRESS):
        equal(g.states(w, address, REVISION), g.everywhere(w), address)
    for cluster in estate:
        equal(g.service(cluster)["spec"]["selector"],
              {"app": GATEWAY, "istio": "ingressgateway", "revision": REVISION}, "selector")
        for name in (GATEWAY, "istio-egressgateway"):
            true(cluster.ready_endpoints(name, g.GATEWAYS), f"{name} must have endpoints")
        equal(direct.image(cluster), "example.com/istio/proxyv2:1.30.3", "image")
        equal(cluster.get("CustomResourceDefinition", "istiooperators.install.istio.io"), None,
              "nobody defines IstioOperators")
    before = estate.each(direct.versions)
    mark = estate.marks()
    for _ in range(5):
        w.no_changes()
    w.apply().has("0 added, 0 changed, 0 destroyed")
    g.silent(estate, mark)
    equal(estate.each(direct.versions), before, "objects")
    w.destroy().has("2 destroyed")
    for cluster in estate:
        equal(direct.left(cluster), [], f"left in {cluster.name}")


@one_cluster
def test_the_objects_say_whose_they_are_and_pods_do_not(w, _):
    """Our labels on every object and none of istioctl's; the pods' template is exactly istioctl's."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    things = direct.found(cluster)
    equal({what.partition(" ")[0] for what in things}, set(direct.KINDS), "one of every kind")
    for what, thing in things.items():
        labels = thing["metadata"]["labels"]
        equal(labels["app.kubernetes.io/managed-by"], "terraform-provider-glm", what)
        equal(labels["terraform-provider-glm/cluster"], cluster.name, what)
        for key in ("operator.istio.io/component", "operator.istio.io/managed", "helm.sh/chart",
                    "install.operator.istio.io/owning-resource-namespace"):
            true(key not in labels, f"{what} has the label {key}")
    template = direct.deployment(cluster)["spec"]["template"]["metadata"]
    true(not any("terraform" in key for key in (*template["labels"], *template["annotations"])),
         f"something of ours in pods: {template}")
    equal(template["labels"]["install.operator.istio.io/owning-resource"], "unknown", "istioctl's")
    equal(template["labels"]["helm.sh/chart"], "istio-ingress-1.30.3", "istioctl's")


def test_an_edited_field_is_updated_in_place_in_its_cluster_alone(w, estate):
    """The plan shows the fields of one cluster; the other clusters get no write."""
    clusters = {c.name: True for c in estate}
    direct.ingress(w, clusters)
    w.apply()
    first = estate.clusters[0]
    before = direct.uids(first)
    clusters[first.name] = {"active_gateway": True, "trust_domain": "first.example.com"}
    direct.ingress(w, clusters)
    change = w.change()
    equal(change["actions"], ["update"], "actions")
    differing = harness.differences(whole.objects(change["before"]),
                                    whole.objects(change["after"]))
    equal({path[:2] for path in differing}, {(first.name, f"Deployment {g.GATEWAYS}/{LIVE}")},
          f"planned: {differing}")
    mark = estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal({c.name: direct.written(c, since) for c, since in zip(estate, mark)},
          {c.name: [f"patch serviceaccounts {LIVE}-service-account", f"patch deployments {LIVE}"]
           if c is first else [] for c in estate}, "writes")
    equal(direct.uids(first), before, "the same objects")
    env = direct.deployment(first)["spec"]["template"]["spec"]["containers"][0]["env"]
    equal([e["value"] for e in env if e["name"] == "TRUST_DOMAIN"], ["first.example.com"], "value")
    direct.healthy(w)
    w.no_changes()


def test_a_cluster_in_the_middle_is_removed_alone(w, estate):
    """Its objects are gone, its neighbours are not touched."""
    first, middle, last = estate.clusters[:3]
    direct.ingress(w)
    w.apply()
    before = {c.name: direct.versions(c) for c in (first, last)}
    direct.ingress(w, {first.name: True, last.name: True})
    mark = middle.mark()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(direct.left(middle), [], f"left in {middle.name}")
    order = [what.split()[1] for what in direct.written(middle, mark)]
    equal((order[0], set(order[1:3]), order[-1]), (
        "services", {"deployments", "horizontalpodautoscalers"}, "serviceaccounts"),
        "traffic goes first, and last what Pods stand on")
    equal({c.name: direct.versions(c) for c in (first, last)}, before, "objects of the neighbours")
    w.no_changes()


def test_the_data_source_reads_what_is_installed(w, estate):
    """Its status is HEALTHY, and it finds the installation again, from another workspace too."""
    direct.ingress(w)
    w.apply()
    w.main(f'data "{g.RESOURCE}" "found" {{\n  name = "{GATEWAY}"\n}}\n'
           'output "found" { value = data.glm_gateway_lifecycle_manager.found }\n')
    w.run("state", "rm", g.INGRESS)
    w.apply()
    found = w.output("found")
    for cluster in estate:
        entry = found["status"]["clusters"][cluster.name]["installations"][REVISION]
        equal((entry["state"], entry["observed_revision"]), ("HEALTHY", REVISION), cluster.name)
    equal(sorted(found["installations"][REVISION]["clusters"]), sorted(c.name for c in estate),
          "clusters found")


def test_a_refresh_lists_each_kind_once_in_a_cluster(w, estate):
    """However many resources there are."""
    w.connect(extra=direct.INSTALLER)
    w.edit(w.fixture("api-ingress.yaml", "ingress.yaml"), "tag: 1.24.1", "tag: 1.30.3")
    clusters = {c.name: True for c in estate}
    w.main("".join(harness.resource(
        {REVISION: (clusters, f'replace(file("ingress.yaml"), "- name: {GATEWAY}", "- name: gw-{i}")',
                    "")}, f"gateway-{i}", f"gateway{i}") for i in range(5)))
    w.apply().has("5 added")
    mark = estate.marks()
    w.no_changes()
    for name, requests in estate.requests(mark, user_agent=g.AGENT).items():
        kinds = [r.resource for r in requests if r.verb == "list"]
        equal(sorted(kinds), sorted(set(kinds)), f"kinds listed in {name}")
        true(len(requests) <= 16, f"too many requests to {name}: {requests}")
