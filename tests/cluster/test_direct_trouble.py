# SPDX-License-Identifier: Apache-2.0
"""Clusters without an operator that are in trouble, and other owners of the same fields."""
import argparse
import json

import direct
import gateways as g
import reach
from direct import LIVE, REVISION
from gateways import GATEWAY, GATEWAYS, equal, true
from servers import ScriptedFaults
from test_forbidden import proposals
from workspace import Workspace, one_cluster

OPERATOR = "none"
LOG = ("      k8s:\n", "      k8s:\n        priorityClassName: system-cluster-critical\n")


def test_a_cluster_that_cannot_be_reached_keeps_its_state_and_the_others_go_on(w, estate):
    """UNKNOWN and a warning at a refresh, an error of that cluster alone at an apply."""
    first, *others = estate.clusters
    direct.ingress(w)
    w.apply()
    before = w.state()
    bad = {first.name: {"host": "https://127.0.0.1:1", "token": "none",
                        "cluster_ca_certificate": first.ca.read_text()},
           **{c.name: {"context": c.context} for c in others}}
    w.connect(bad, extra=direct.INSTALLER)
    w.apply("-refresh-only").has("Warning", f'Cluster "{first.name}" cannot be read')
    equal(w.state()["objects"], before["objects"], "objects")
    equal(g.states(w, revision=REVISION), {**g.everywhere(w), first.name: "UNKNOWN"}, "states")
    g.ingress(w, revision=REVISION, edit=[("tag: 1.24.1", "tag: 1.30.4")])
    w.apply(code=1).has(f'Cluster "{first.name}"').lacks(
        *(f'Error: Cluster "{c.name}"' for c in others))
    equal([direct.image(c) for c in others], ["example.com/istio/proxyv2:1.30.4"] * len(others),
          "images of the others")
    w.connect(extra=direct.INSTALLER)
    before = {c.name: direct.versions(c) for c in others}
    w.apply().has("0 added, 1 changed, 0 destroyed")
    direct.healthy(w)
    equal({c.name: direct.versions(c) for c in others}, before, "objects of the others")
    w.no_changes()


def service_of(*lines):
    """Lines more in the example's Service."""
    return [("type: LoadBalancer\n", "type: LoadBalancer\n" + "".join(
        f"          {line}\n" for line in lines))]


@one_cluster
def test_what_the_server_lets_nobody_change_is_said_by_the_plan(w, _):
    """The apply is refused as the plan says; a Service that is made anew takes it."""
    one, two = "loadBalancerClass: example.com/one", "loadBalancerClass: example.com/two"
    cluster = direct.one_healthy(w, edit=service_of(one))
    w.no_changes()
    for edit, change in (
            (service_of(), "spec.loadBalancerClass from example.com/one to nothing"),
            (service_of(one, "clusterIP: 10.96.77.7"), "spec.clusterIP from nothing to 10.96.77.7"),
            (service_of(two), "spec.loadBalancerClass from example.com/one to example.com/two")):
        direct.one(w, edit=edit)
        w.plan().has("API servers will refuse a change", change, f'fail in cluster "{cluster.name}"')
        w.apply(code=1)
    cluster.delete("Service", GATEWAY, GATEWAYS)
    cluster.wait_gone("Service", GATEWAY, GATEWAYS)
    w.apply().lacks("refuse")
    equal(g.service(cluster)["spec"]["loadBalancerClass"], "example.com/two", "class")
    w.no_changes()


def test_a_decommissioned_cluster_leaves_the_state_without_being_asked(w, estate):
    """With a warning; its neighbours are not touched."""
    first, *others = estate.clusters
    direct.ingress(w)
    w.apply()
    before = {c.name: direct.versions(c) for c in others}
    entries = {c.name: {"context": c.context} for c in estate}
    entries[first.name]["decommissioned"] = True
    w.connect(entries, extra=direct.INSTALLER)
    g.ingress(w, {c.name: True for c in others}, REVISION, edit=direct.tagged(REVISION))
    mark = estate.marks()
    w.apply().has("Warning", first.name)
    equal(first.requests(mark[0], user_agent=g.AGENT), [], "requests to it")
    equal({c.name: direct.versions(c) for c in others}, before, "objects of the others")
    equal(sorted(g.states(w, revision=REVISION)), sorted(c.name for c in others), "clusters")
    w.no_changes()
    true(direct.left(first), "what was there is there")


def other_manager(cluster, spec):
    """What somebody's kubectl apply --server-side --force-conflicts makes of our Deployment."""
    cluster.kubectl("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f",
                    "-", data=json.dumps({
                        "apiVersion": "apps/v1", "kind": "Deployment",
                        "metadata": {"name": LIVE, "namespace": GATEWAYS}, "spec": spec}))


@one_cluster
def test_a_conflict_names_the_manager_and_the_field(w, _):
    """A field that another manager has, and that our configuration newly sets otherwise."""
    cluster = direct.one_healthy(w)
    theirs = {"template": {"spec": {"priorityClassName": "system-node-critical"}}}
    other_manager(cluster, theirs)
    cluster.wait("Deployment", LIVE, GATEWAYS, lambda d: d["status"].get("readyReplicas"))
    w.no_changes()
    direct.one(w, edit=[LOG])
    mark = cluster.mark()
    w.apply(code=1).has("other", "priorityClassName", "force_conflicts", LIVE, f'"{cluster.name}"')
    equal(direct.written(cluster, mark), [], "writes")
    spec = direct.deployment(cluster)["spec"]["template"]["spec"]
    equal(spec["priorityClassName"], "system-node-critical", "their value")
    direct.one(w, edit=[LOG], extra="  force_conflicts = true")
    w.apply().has("1 changed")
    spec = direct.deployment(cluster)["spec"]["template"]["spec"]
    equal(spec["priorityClassName"], "system-cluster-critical", "our value")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_a_second_workspace_cannot_create_what_the_first_has(w, estate):
    """Its create is refused before any write, and the first one's objects stay as they are."""
    cluster = direct.one_healthy(w)
    before = direct.versions(cluster)
    options = argparse.Namespace(plugin=w.plugin, terraform=w.terraform, valgrind=w.valgrind)
    second = Workspace("second", options, estate)
    try:
        direct.one(second)
        mark = cluster.mark()
        second.apply(code=1).has("Objects are already there", LIVE, "import {", "adopt_existing")
        equal(second.state(), None, "state of the second")
        equal(direct.written(cluster, mark), [], "writes")
        second.check_the_checkers()
    finally:
        second.close()
    equal(direct.versions(cluster), before, "objects")
    w.no_changes()


@one_cluster
def test_rights_that_are_missing_are_named_and_enough_when_they_are_given(w, estate):
    """The role that the error proposes, applied as it is printed: install, refresh, removal work."""

    cluster = estate.clusters[0]
    cluster.namespace(GATEWAYS)
    w.connect({cluster.name: reach.by_token(cluster, "nobody", installer="direct")})
    g.ingress(w, {cluster.name: True}, REVISION, edit=direct.tagged(REVISION))
    result = w.apply(code=1).has('"nobody" cannot', "403")
    (role, binding), = proposals(result.text)
    cluster.kubectl("apply", "-f", "-", data=role)
    cluster.kubectl(*binding)
    w.apply()
    direct.healthy(w)
    w.no_changes()
    w.destroy()
    equal(direct.left(cluster), [], "left")


@one_cluster
def test_an_api_server_that_fails_for_a_while_is_tried_again(w, estate):
    """Scripted: 503 and 429 for trials and writes; one apply, everything once."""
    cluster = estate.clusters[0]
    gone = (503, "Retry-After: 0\r\n", "overloaded\n")
    much = (429, "Retry-After: 0\r\n", "too many\n")
    with ScriptedFaults(cluster, {("PATCH", "/deployments/"): [gone, much],
                                  ("PATCH", "/roles/"): [much],
                                  ("GET", "/rolebindings"): [gone]}) as front:
        w.connect({cluster.name: reach.by_token(cluster, host=front.server, installer="direct")})
        g.ingress(w, {cluster.name: True}, REVISION, edit=direct.tagged(REVISION))
        w.apply()
        direct.healthy(w)
        true(len(front.answered) >= 3, f"answered: {front.answered}")
        equal(direct.left(cluster), sorted([*direct.names(), f"Service {GATEWAY}"]), "objects")
        w.no_changes()


@one_cluster
def test_without_an_operator_the_default_installer_says_what_to_do(w, estate):
    """At the first apply, before anything is written."""
    cluster = estate.clusters[0]
    w.connect()
    g.ingress(w, {cluster.name: True}, REVISION, edit=direct.tagged(REVISION))
    mark = cluster.mark()
    w.apply(code=1).has('installer = "direct"', f'"{cluster.name}"', "operator")
    equal(direct.asked(cluster, mark), [], "writes")
    equal(cluster.get("Namespace", GATEWAYS), None, "the Namespace")
    direct.one(w)
    w.apply()
    direct.healthy(w)
