# SPDX-License-Identifier: Apache-2.0
"""Clusters that do not answer, do not serve IstioOperators, or do not allow it."""
import faults
import gateways as g
import reach
from gateways import GATEWAY, equal, true
from workspace import harness, one_cluster, whole

LIVE = f"{GATEWAY}-1-24"
CRD = "istiooperators.install.istio.io"


def ways(estate, **first):
    """The provider's clusters, with more attributes for the first."""
    clusters = {c.name: {"context": c.context} for c in estate}
    clusters[estate.clusters[0].name].update(first)
    return clusters


def test_a_cluster_that_is_down_at_refresh_keeps_its_state(w, estate):
    """A warning that names it, status UNKNOWN, and nothing to change."""
    g.ingress(w)
    w.apply()
    before = w.state()
    first = estate.clusters[0]
    first.stop_apiserver()
    out = w.apply("-refresh-only")
    out.has("Warning", f'Cluster "{first.name}" cannot be read', "refused", str(first.port))
    equal(g.states(w), {**g.everywhere(w), first.name: "UNKNOWN"}, "states")
    changed = harness.differences(before, w.state())
    true(all(path[0] == "status" for path in changed), f"only status changes: {changed}")
    w.no_changes().has(f'Cluster "{first.name}" cannot be read')
    first.start_apiserver()
    w.apply("-refresh-only").lacks("cannot be read")
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


def test_a_cluster_that_is_down_at_apply_fails_alone(w, estate):
    """The others are updated; afterwards only the one that was down is."""
    g.ingress(w)
    w.apply()
    first, *others = estate.clusters
    first.stop_apiserver()
    g.ingress(w, edit=[("port: 80\n", "port: 8080\n")])
    w.apply(code=1).has(f'Cluster "{first.name}"', "refused", str(first.port))
    for cluster in others:
        equal(g.service(cluster)["spec"]["ports"][1]["port"], 8080, cluster.name)
    before = {c.name: g.versions(c) for c in others}
    first.resume()
    w.apply()
    equal(g.service(first)["spec"]["ports"][1]["port"], 8080, first.name)
    equal({c.name: g.versions(c) for c in others}, before, "objects of the others")
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


def test_a_destroy_with_a_cluster_that_is_down_goes_on_there_later(w, estate):
    """The others are emptied; the error says whose objects are left and how to give up on them."""
    first, *others = estate.clusters
    g.ingress(w)
    w.apply()
    first.stop_apiserver()
    w.destroy(code=1).has(f'Cluster "{first.name}": The API server cannot be reached',
                          f"gloo-mesh/{GATEWAY} stays in the state", "decommissioned = true")
    for cluster in others:
        equal(g.left(cluster), [], f"left in {cluster.name}")
    first.resume()
    w.destroy().has("1 destroyed")
    equal(g.left(first), [], "left")


def test_a_create_with_a_cluster_that_is_down_goes_on_in_the_others(w, estate):
    """FAILED there; after untaint the next apply brings it up alone."""
    first, *others = estate.clusters
    first.stop_apiserver()
    g.ingress(w)
    w.apply(code=1).has(f'Cluster "{first.name}"', "refused", "untaint")
    equal(g.states(w), {**g.everywhere(w), first.name: "FAILED"}, "states")
    true("refused" in g.pair(w, first)["message"] and
         "untaint" not in g.pair(w, first)["message"], f"message: {g.pair(w, first)['message']}")
    first.resume()
    w.run("untaint", g.INGRESS)
    mark = estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    written = g.writes(estate, mark)
    equal({c.name: written[c.name] for c in others}, {c.name: [] for c in others}, "writes")
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


def test_on_unreachable_error_fails_the_refresh(w, estate):
    """And keeps the state as it was."""
    g.ingress(w)
    w.apply()
    before = w.state()
    first = estate.clusters[0]
    w.connect(ways(estate, on_unreachable="error"))
    w.no_changes()
    first.stop_apiserver()
    w.plan(code=1).has("Error", f'Cluster "{first.name}" cannot be read', "on_unreachable")
    equal(w.state(), before, "state")
    first.start_apiserver()
    w.no_changes()


def test_a_cluster_without_the_api_is_failed_with_the_remedies(w, estate):
    """No CustomResourceDefinition: an error that says how to get one; the others go on."""
    first, *others = estate.clusters
    first.delete("CustomResourceDefinition", CRD)
    first.wait_gone("CustomResourceDefinition", CRD)
    g.ingress(w)
    w.apply(code=1).has("does not serve IstioOperators", f'"{first.name}"', CRD,
                        "istioctl operator init")
    equal(g.states(w), {**g.everywhere(w), first.name: "FAILED"}, "states")
    for cluster in others:
        true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), f"{cluster.name} must go on")


@one_cluster
def test_an_api_that_went_away_is_not_a_resource_that_is_gone(w, _):
    """The CustomResourceDefinition was deleted: FAILED, said at each read, never a new create."""
    cluster = g.one(w)
    w.apply()
    cluster.delete("CustomResourceDefinition", CRD)
    cluster.wait_gone("CustomResourceDefinition", CRD)
    w.apply("-refresh-only").has("Warning", "does not serve IstioOperators")
    equal(g.states(w), {cluster.name: "FAILED"}, "states")
    true(g.INGRESS in w.run("state", "list").text, "still in the state")


def test_missing_rights_name_the_role_that_would_give_them(w, estate):
    """viewer may read and not write: 403, with the verbs, the resource, and nothing half done."""
    cluster = estate.clusters[0]
    w.provider(f'''provider "glm" {{
  config_paths = ["{cluster.kubeconfig_of("viewer")}"]
  clusters     = {{ {cluster.name} = {{ context = "{cluster.context}" }} }}
}}
''')
    g.ingress(w, {cluster.name: True})
    out = w.apply(code=1)
    out.has("forbidden", "viewer", "apiGroups", "resources", "verbs", "patch")
    out.lacks(cluster.token("viewer"))
    equal(g.left(cluster), [], "written")


def test_a_refresh_has_an_end(w, estate):
    """timeouts.read ends it, however long one request may take; the state is kept."""
    good, bad = faults.needs_two(estate)
    proxy = bad.proxy()
    entry = reach.by_token(bad, host=proxy.server, request_timeout="10m")
    faults.connect(w, estate, entry)
    reach.gateways(w, faults.WHOLE, extra='  timeouts = { read = "3s" }')
    w.apply()
    before = w.state()
    proxy.black_hole()
    words = (f'Cluster "{bad.name}" cannot be read', 'timeouts.read = "3.0s"')
    w.apply("-refresh-only").has("Warning: ", *words).lacks("Error: ", good.name)
    after = w.state()
    equal(whole.shown(after), whole.shown(before), "objects")
    equal(reach.state_of(w, bad.name), "UNKNOWN", bad.name)
    equal(reach.state_of(w, good.name), "HEALTHY", good.name)
    faults.connect(w, estate, {**entry, "on_unreachable": "error"})
    w.plan(code=1).has("Error: ", *words)
    proxy.clear()
    w.no_changes()
