# SPDX-License-Identifier: Apache-2.0
"""Import from real clusters: of what was ours, and of what never was; adoption."""
import json

import gateways as g
from gateways import GATEWAY, equal, true
from objects import SYSTEM
from workspace import harness, one_cluster, whole

LIVE = f"{GATEWAY}-1-24"
ID = f"gloo-mesh/{GATEWAY}"
IMPORT = f'import {{\n  to = {g.INGRESS}\n  id = "{ID}"\n}}\n'


def forget(w):
    for path in w.dir.glob("terraform.tfstate*"):
        path.unlink()


def gateway_by_hand():
    """What somebody has installed with kubectl: an IstioOperator without anything of ours."""
    return {"apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator",
            "metadata": {"name": LIVE, "namespace": SYSTEM},
            "spec": {"profile": "empty", "revision": "1-24", "hub": "example.com/istio",
                     "tag": "1.24.1", "meshConfig": {"trustDomain": "by-hand.example.com"},
                     "components": {"ingressGateways": [{
                         "name": LIVE, "namespace": g.GATEWAYS, "enabled": True,
                         "label": {"app": GATEWAY, "istio": "ingressgateway",
                                   "revision": "1-24"}}]},
                     "values": {"gateways": {"istio-ingressgateway": {"customService": True}},
                                "global": {"multiCluster": {"clusterName": "cluster1"}}}}}


def service_by_hand():
    return {"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": GATEWAY, "namespace": g.GATEWAYS},
            "spec": {"type": "LoadBalancer",
                     "selector": {"app": GATEWAY, "istio": "ingressgateway"},
                     "ports": [{"name": "http2", "port": 80, "targetPort": 8080}]}}


def by_hand(cluster, *things):
    cluster.namespace(g.GATEWAYS)
    cluster.kubectl("apply", "-f", "-", data=json.dumps(
        {"apiVersion": "v1", "kind": "List", "items": list(things)}))


def test_an_import_into_an_empty_state_changes_nothing(w, estate):
    """By id, of all clusters; the apply afterwards writes nothing."""
    g.ingress(w)
    w.apply()
    before = w.state()
    forget(w)
    w.run("import", "-no-color", g.INGRESS, ID)
    after = w.state()
    for attribute in ("id", *whole.shown(before), "status"):
        equal(harness.differences(before[attribute], after[attribute]), {}, attribute)
    w.no_changes()
    mark = estate.marks()
    w.apply().has("0 added, 0 changed, 0 destroyed")
    g.silent(estate, mark)


def test_generated_configuration_of_both_examples_changes_nothing(w, estate):
    """An import block with -generate-config-out: it plans to import and nothing else."""
    g.both(w)
    w.apply()
    forget(w)
    w.main(f'import {{\n  to = {g.INGRESS}\n  id = "{ID}"\n}}\n'
           f'import {{\n  to = {g.EGRESS}\n  id = "gloo-mesh/istio-egressgateway"\n}}\n')
    w.plan_generated().has("2 to import, 0 to add, 0 to change, 0 to destroy")
    mark = estate.marks()
    w.apply().has("2 imported, 0 added, 0 changed, 0 destroyed")
    g.silent(estate, mark)
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


def test_a_service_of_the_chart_does_not_go_without_a_word(w, estate):
    """An import leaves it. The first change of the specification would not: the plan says so, and
    with what to say instead it stays the very same."""
    cluster = estate.clusters[0]
    mine = gateway_by_hand()
    ports = [{"name": "http2", "port": 80, "targetPort": 8080}]
    mine["spec"]["values"]["gateways"] = {}
    mine["spec"]["components"]["ingressGateways"][0]["k8s"] = {
        "service": {"type": "LoadBalancer", "ports": ports}}
    by_hand(cluster, mine)
    cluster.wait_status(LIVE)
    before = cluster.get("Service", LIVE, g.GATEWAYS)
    w.main(IMPORT)
    w.plan_generated().has("1 to import, 0 to add, 0 to change, 0 to destroy")
    mark = estate.marks()
    w.apply().has("1 imported, 0 added, 0 changed, 0 destroyed")
    w.no_changes()
    g.silent(estate, mark)
    w.edit(w.path("generated.tf"), "1.24.1", "1.24.2")
    w.plan().has("Services of the gateway chart go", f"Service {g.GATEWAYS}/{LIVE}")
    spec = {"profile": "empty", "hub": "example.com/istio", "tag": "1.24.1",
            "meshConfig": mine["spec"]["meshConfig"],
            "components": {"ingressGateways": [{
                "name": GATEWAY, "namespace": g.GATEWAYS, "enabled": True,
                "label": {"app": GATEWAY, "istio": "ingressgateway"}}]},
            "values": {"gateways": {"istio-ingressgateway": {"type": "LoadBalancer",
                                                             "ports": ports}}}}
    w.path("generated.tf").unlink()
    w.main(IMPORT + g.resource({"1-24": ({cluster.name: False}, f"jsonencode({json.dumps(spec)})",
                                         "")}))
    w.plan().lacks("Services of the gateway chart go")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    cluster.wait_status(LIVE)
    after = cluster.get("Service", LIVE, g.GATEWAYS)
    equal(after["metadata"]["uid"], before["metadata"]["uid"], "Service")
    equal(after["spec"]["ports"], before["spec"]["ports"], "ports")


def test_what_was_never_ours_is_imported_by_its_content(w, estate):
    """A hand-written IstioOperator: the generated configuration plans no change to its spec."""
    cluster = estate.clusters[0]
    by_hand(cluster, gateway_by_hand())
    cluster.wait_status(LIVE)
    before = g.operator(cluster)
    w.main(IMPORT)
    w.plan_generated().has("1 to import, 0 to add, 0 to change, 0 to destroy")
    w.apply().has("1 imported")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    equal(g.operator(cluster)["spec"], before["spec"], "specification")
    w.no_changes()
    w.destroy()
    equal(g.left(cluster), [], "left")


def not_ready(w):
    """Ours, without a state: nobody has taken it up yet. The configuration waits."""
    cluster = g.one(w, extra="  wait_for_healthy = false")
    cluster.stop_operator()
    w.apply()
    forget(w)
    g.one(w)
    return cluster


@one_cluster
def test_an_imported_gateway_that_is_not_ready_is_waited_for(w, estate):
    """By the command: the plan changes its status alone, apply waits and writes nothing."""
    cluster = not_ready(w)
    w.run("import", "-no-color", g.INGRESS, ID)
    equal(g.states(w), {cluster.name: "PENDING"}, "states")
    change = w.change()
    equal(change["actions"], ["update"], "it must not hide behind no changes")
    equal({path[0] for path in harness.differences(change["before"], change["after"])},
          {"status"}, "what changes")
    cluster.start_operator()
    mark = estate.marks()
    # Without a refresh: the operator may be quicker than that, and then there is nothing to wait for.
    w.apply("-refresh=false").has("0 added, 1 changed, 0 destroyed")
    g.silent(estate, mark)
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


@one_cluster
def test_an_import_block_waits_for_what_is_not_ready_in_the_same_apply(w, _):
    """And fails when it does not become ready; the next apply goes on."""
    cluster = not_ready(w)
    g.one(w, extra='  timeouts = { update = "4s" }')
    w.main(IMPORT + w.path("main.tf").read_text())
    w.apply(code=1).has("Waiting has timed out", "1-24: PENDING")
    equal(w.tainted(), False, "tainted")
    equal(w.plan("-detailed-exitcode", code=None).code, 2, "it must not hide behind no changes")
    g.one(w)
    cluster.start_operator()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


def test_an_import_of_nothing_says_what_was_looked_for(w, estate):
    """No object of that name in any cluster."""
    g.ingress(w)
    w.run("import", "-no-color", g.INGRESS, ID, code=1).has(ID)
    equal(w.state(), None, "state")
    equal([g.left(c) for c in estate], [[] for _ in estate], "written")


def test_adoption_takes_over_and_keeps_the_address(w, estate):
    """adopt_existing: the same Service with its load balancer, and the same Deployment."""
    cluster = estate.clusters[0]
    by_hand(cluster, gateway_by_hand(), service_by_hand())
    cluster.wait_status(LIVE)
    cluster.give_address(GATEWAY, g.GATEWAYS)
    uids = [thing["metadata"]["uid"] for thing in
            (g.operator(cluster), g.service(cluster), g.deployment(cluster))]
    g.one(w)
    mark = estate.marks()
    w.apply(code=1).has("Objects are already there", LIVE, "adopt_existing")
    g.silent(estate, mark)
    g.one(w, extra="  adopt_existing = true")
    w.apply().has("1 added")
    equal([thing["metadata"]["uid"] for thing in
           (g.operator(cluster), g.service(cluster), g.deployment(cluster))], uids, "UIDs")
    entry = w.services()[cluster.name][f"{g.GATEWAYS}/{GATEWAY}"]
    equal(entry["addresses"], ["203.0.113.10"], "addresses")
    true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), "endpoints")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()
