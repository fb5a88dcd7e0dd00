# SPDX-License-Identifier: Apache-2.0
"""Updates in place, and every way to fail half-way: the next apply does the rest and no more."""
import gateways as g
import objects
from gateways import GATEWAY, INGRESS, equal, true
from walks import Traffic, revisions
from workspace import whole

UPDATED = [f"patch istiooperators {GATEWAY}-1-24"]
NOTHING = []


def patch_level(w, tag, extra=""):
    revisions(w, {"1-24": True}, tags={"1-24": tag}, extra=extra)


def image(cluster):
    template = g.deployment(cluster)["spec"]["template"]
    return template["spec"]["containers"][0]["image"].rpartition(":")[2]


def everything(estate):
    """Names of all that a gateway consists of, by cluster: nothing orphaned, nothing twice."""
    whole = [f"Deployment {GATEWAY}-1-24", f"IstioOperator {GATEWAY}-1-24", f"Service {GATEWAY}"]
    equal({c.name: g.left(c) for c in estate}, {c.name: whole for c in estate}, "objects")


def test_a_patch_level_is_raised_in_place(w, estate):
    """One write in each cluster, the same gateway, and traffic never stops."""
    patch_level(w, "1.24.1")
    w.apply()
    traffic = [Traffic(cluster) for cluster in estate]
    before = estate.each(lambda c: (g.deployment(c)["metadata"]["uid"],
                                    g.service(c)["metadata"]["resourceVersion"]))
    patch_level(w, "1.24.2")
    change = w.change()
    equal(change["actions"], ["update"], "actions")
    mark = estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.writes(estate, mark), {c.name: UPDATED for c in estate}, "writes")
    equal(estate.each(lambda c: (g.deployment(c)["metadata"]["uid"],
                                 g.service(c)["metadata"]["resourceVersion"])), before, "objects")
    equal(estate.each(image), ["1.24.2"] * len(estate.clusters), "images")
    equal(g.states(w), g.everywhere(w), "states")
    for one in traffic:
        one.check("1-24")
    w.no_changes()


def test_a_patch_level_that_does_not_run_ends_the_wait_and_goes_back(w, estate):
    """When the operator gives up, not after the whole timeout; the old Pods serve on."""
    patch_level(w, "1.24.1")
    w.apply()
    traffic = [Traffic(cluster) for cluster in estate]
    patch_level(w, "1.24.2-missing")
    result = w.apply(code=1).has("A gateway is not healthy", "UNHEALTHY", "manifest unknown")
    result.lacks("Waiting has timed out")
    equal(g.states(w), g.everywhere(w, "UNHEALTHY"), "states")
    patch_level(w, "1.24.1")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(estate.each(image), ["1.24.1"] * len(estate.clusters), "images")
    for one in traffic:
        one.check("1-24")
    w.no_changes()


def without_control_plane(cluster):
    true(cluster.delete("Deployment", "istiod-1-24", objects.SYSTEM), "the control plane")
    cluster.wait_gone("Deployment", "istiod-1-24", objects.SYSTEM)
    # With this one left, istiod is taken to run elsewhere.
    cluster.delete("MutatingWebhookConfiguration", "istio-sidecar-injector-1-24")


def with_control_plane(cluster):
    for one in objects.control_plane("1-24", cluster.control_planes["1-24"]):
        cluster.apply(one)
    cluster.wait_for_control_planes()


def partly_created(w, estate):
    """A create that failed in the middle cluster, whose trouble is over by now."""
    bad = estate.clusters[1]
    without_control_plane(bad)
    patch_level(w, "1.24.1")
    w.apply(code=1).has(f'Cluster "{bad.name}"', "terraform untaint")
    true(w.tainted(), "Terraform taints what was partly created")
    equal({c.name: bool(g.left(c)) for c in estate}, {c.name: c is not bad for c in estate},
          "what is there")
    with_control_plane(bad)
    return bad


def the_rest(w, estate, bad, mark, before, count="0 added, 1 changed, 0 destroyed"):
    """Applies: written is only what was missing."""
    w.apply().has(count)
    written = g.writes(estate, mark)
    equal({n: lines for n, lines in written.items() if n != bad.name},
          {c.name: NOTHING for c in estate if c is not bad}, "writes in healthy clusters")
    true(not any("delete" in line for line in written[bad.name]), f"removed: {written}")
    equal({c.name: g.versions(c) for c in estate if c is not bad}, before, "healthy gateways")
    equal(g.states(w), g.everywhere(w), "states")
    everything(estate)
    w.no_changes()


def test_a_create_that_failed_in_one_cluster_is_finished_after_untaint(w, estate):
    """The plan shows only the rest, and healthy clusters are not touched."""
    bad = partly_created(w, estate)
    before = {c.name: g.versions(c) for c in estate if c is not bad}
    w.run("untaint", INGRESS)
    change = w.change()
    equal(change["actions"], ["update"], "actions")
    old, new = (whole.documents(change[side]) for side in ("before", "after"))
    equal([n for n in new if new[n] != old[n]], [bad.name], "clusters that differ in the plan")
    the_rest(w, estate, bad, estate.marks(), before)


def test_a_tainted_resource_is_replaced_without_removing_a_gateway(w, estate):
    """Terraform announces a replacement; nothing healthy is written or removed."""
    bad = partly_created(w, estate)
    before = {c.name: g.versions(c) for c in estate if c is not bad}
    traffic = [Traffic(cluster) for cluster in estate if cluster is not bad]
    w.plan().has("must be replaced")
    the_rest(w, estate, bad, estate.marks(), before, "1 added, 0 changed, 1 destroyed")
    for one in traffic:
        one.check("1-24")
    true(not w.tainted(), "no longer tainted")


def test_an_update_that_failed_in_one_cluster_is_finished_by_the_next(w, estate):
    """Its API server was away: the others were updated, and the next plan shows only it."""
    patch_level(w, "1.24.1")
    w.apply()
    bad = estate.clusters[1]
    bad.stop_apiserver()
    patch_level(w, "1.24.2", 'timeouts = { update = "1m", read = "5s" }')
    mark = [0 if c is bad else c.mark() for c in estate]
    w.apply(code=1).has(f'Cluster "{bad.name}"')
    bad.start_apiserver()
    equal({n: lines for n, lines in g.writes(estate, mark).items() if n != bad.name},
          {c.name: UPDATED for c in estate if c is not bad}, "writes")
    before = {c.name: g.versions(c) for c in estate if c is not bad}
    change = w.change()
    old, new = (whole.documents(change[side]) for side in ("before", "after"))
    equal([n for n in new if new[n] != old[n]], [bad.name], "clusters that differ in the plan")
    the_rest(w, estate, bad, estate.marks(), before)
    equal(estate.each(image), ["1.24.2"] * len(estate.clusters), "images")
