# SPDX-License-Identifier: Apache-2.0
"""The API reference's own examples in real clusters, from the first apply to destroy."""
import gateways as g
from gateways import EGRESS, GATEWAY, equal, true
from workspace import harness, one_cluster, whole


def test_both_reference_examples_become_healthy_everywhere(w, estate):
    """Applied, HEALTHY by the real operator, five plans say no changes, destroy leaves nothing."""
    g.both(w)
    w.apply().has("2 added")
    equal(g.states(w), g.everywhere(w), "ingress")
    equal(g.states(w, EGRESS), g.everywhere(w), "egress")
    for cluster in estate:
        equal(g.service(cluster)["spec"]["selector"],
              {"app": GATEWAY, "istio": "ingressgateway", "revision": "1-24"}, "selector")
        true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), "the Service must have endpoints")
        equal(g.deployment(cluster)["status"]["readyReplicas"], 1, "ready replicas")
        equal(cluster.get("Deployment", "istiod-1-24", "istio-system")["metadata"]["annotations"]
              .get("glm.test/stand-in") is None, False, "the egress example installed an istiod")
    before = estate.each(g.versions)
    mark = estate.marks()
    for _ in range(5):
        w.no_changes()
    w.apply().has("0 added, 0 changed, 0 destroyed")
    g.silent(estate, mark)
    equal(estate.each(g.versions), before, "objects")
    w.destroy().has("2 destroyed")
    for cluster in estate:
        equal(g.left(cluster), [], f"left in {cluster.name}")


@one_cluster
def test_the_addresses_of_a_load_balancer_are_in_the_state(w, estate):
    """Addresses, once the cloud has given one; an address is not drift."""
    cluster = g.one(w)
    w.apply()
    equal(w.services()[cluster.name][f"{g.GATEWAYS}/{GATEWAY}"]["addresses"], [], "none")
    cluster.give_address(GATEWAY, g.GATEWAYS, hostname="lb.example.com")
    w.apply("-refresh-only")
    equal(w.services()[cluster.name][f"{g.GATEWAYS}/{GATEWAY}"]["addresses"],
          ["lb.example.com"], "addresses")
    w.no_changes()


def test_an_edited_field_is_updated_in_place_in_its_cluster_alone(w, estate):
    """The plan shows one field of one cluster; the other clusters get no write."""
    clusters = {c.name: True for c in estate}
    g.ingress(w, clusters)
    w.apply()
    first, *others = estate.clusters
    uid = g.operator(first)["metadata"]["uid"]
    clusters[first.name] = {"active_gateway": True, "trust_domain": "first.example.com"}
    g.ingress(w, clusters)
    change = w.change()
    equal(change["actions"], ["update"], "actions")
    differing = harness.differences(whole.documents(change["before"]),
                                    whole.documents(change["after"]))
    equal(list(differing.values()), [(first.name, "first.example.com")], "planned difference")
    mark = estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    written = g.writes(estate, mark)
    equal({name: written[name] for name in (c.name for c in others)},
          {c.name: [] for c in others}, "writes elsewhere")
    equal(written[first.name], [f"patch istiooperators {GATEWAY}-1-24"], "writes")
    live = g.operator(first)
    equal(live["metadata"]["uid"], uid, "the same object")
    equal(live["spec"]["meshConfig"]["trustDomain"], "first.example.com", "trust domain")
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


def test_the_switch_to_inactive_removes_the_service_of_that_cluster(w, estate):
    """And back; the gateway itself runs on."""
    clusters = {c.name: True for c in estate}
    g.ingress(w, clusters)
    w.apply()
    first, *others = estate.clusters
    uid = g.deployment(first)["metadata"]["uid"]
    clusters[first.name] = False
    g.ingress(w, clusters, extra='  timeouts = { update = "1m" }')
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.service(first), None, "the Service")
    equal(w.services()[first.name], {}, "services in the state")
    for cluster in others:
        true(g.service(cluster), f"{cluster.name} must keep its Service")
    w.no_changes()
    clusters[first.name] = True
    g.ingress(w, clusters, extra='  timeouts = { update = "1m" }')
    w.apply().has("0 added, 1 changed, 0 destroyed")
    true(first.ready_endpoints(GATEWAY, g.GATEWAYS), "the Service must have endpoints again")
    equal(g.deployment(first)["metadata"]["uid"], uid, "the same Deployment")
    w.no_changes()


def test_a_cluster_in_the_middle_is_removed_alone(w, estate):
    """Its objects are gone, its neighbours are not touched."""
    first, middle, last = estate.clusters[:3]
    g.ingress(w)
    w.apply()
    before = {c.name: g.versions(c) for c in (first, last)}
    g.ingress(w, {first.name: True, last.name: True})
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.left(middle), [], f"left in {middle.name}")
    equal({c.name: g.versions(c) for c in (first, last)}, before, "objects of the neighbours")
    equal(g.states(w), {first.name: "HEALTHY", last.name: "HEALTHY"}, "states")
    w.no_changes()


def five(w, estate):
    """Five resources of the fixture ingress.yaml, each with a gateway of its own."""
    clusters = {c.name: True for c in estate}
    w.main("".join(harness.resource(
        {"1-24": (clusters, f'replace(file("ingress.yaml"), "- name: {GATEWAY}", "- name: gw-{i}")',
                  "")}, f"gateway-{i}", f"gateway{i}") for i in range(5)))
    w.apply().has("5 added")


def each_kind_listed_once(w, estate):
    mark = estate.marks()
    w.no_changes()
    for name, requests in estate.requests(mark, user_agent=g.AGENT).items():
        asked = [f"{r.verb} {r.resource} {r.namespace} {r.name}" for r in requests]
        lists = [f"{r.resource} {r.namespace}" for r in requests if r.verb == "list"]
        equal(sorted(lists), sorted(set(lists)), f"lists in {name}, of {asked}")
        kinds = [r.resource for r in requests if r.verb == "list"]
        equal(sorted(kinds), sorted(set(kinds)), f"kinds listed in {name}")
        true(len(requests) <= 10, f"too many requests to {name}: {asked}")


def test_a_refresh_lists_each_kind_once_in_a_cluster(w, estate):
    """However many resources there are."""
    w.fixture("api-ingress.yaml", "ingress.yaml")
    five(w, estate)
    each_kind_listed_once(w, estate)


def test_a_refresh_lists_the_services_of_users_once_in_a_cluster(w, estate):
    """However many gateways have a Service that is not ours."""
    text = (harness.FIXTURES / "api-ingress.yaml").read_text()
    w.write("ingress.yaml", text.replace(
        "profile: empty\n", "profile: empty\nvalues:\n  gateways:\n    istio-ingressgateway:\n"
        "      customService: true\n"))
    five(w, estate)
    each_kind_listed_once(w, estate)


def test_the_data_source_reads_what_is_installed(w, estate):
    """Its status is HEALTHY, and it finds the installation again, from another workspace too."""
    g.ingress(w)
    w.apply()
    data = f'data "{g.RESOURCE}" "found" {{\n  name = "{GATEWAY}"\n}}\n'
    outputs = 'output "found" { value = data.glm_gateway_lifecycle_manager.found }\n'
    w.main(data + outputs)
    w.run("state", "rm", g.INGRESS)
    w.apply()
    found = w.output("found")
    for cluster in estate:
        entry = found["status"]["clusters"][cluster.name]["installations"]["1-24"]
        equal((entry["state"], entry["observed_revision"]), ("HEALTHY", "1-24"), cluster.name)
        true("observed_operator" in entry, "the operator as JSON")
    equal(sorted(found["installations"]["1-24"]["clusters"]), sorted(c.name for c in estate),
          "clusters found")
