# SPDX-License-Identifier: Apache-2.0
"""Other owners of the same objects: people, field managers, workspaces, webhooks."""
import argparse
import json

import gateways as g
from gateways import GATEWAY, equal, true
from objects import SYSTEM
from webhook import Webhook
from workspace import Workspace, one_cluster

LIVE = f"{GATEWAY}-1-24"
OWN = ("app.kubernetes.io/managed-by", "terraform-provider-glm/name",
       "terraform-provider-glm/namespace", "terraform-provider-glm/cluster",
       "terraform-provider-glm/revision")
LOG = ("profile: empty", "profile: empty\nmeshConfig:\n  accessLogFile: /dev/stdout")


def one_healthy(w, **rest):
    cluster = g.one(w, **rest)
    w.apply()
    return cluster


def other_manager(cluster, spec):
    """What somebody's kubectl apply --server-side --force-conflicts makes of our object."""
    cluster.kubectl("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f",
                    "-", data=json.dumps({
                        "apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator",
                        "metadata": {"name": LIVE, "namespace": SYSTEM}, "spec": spec}))


@one_cluster
def test_labels_of_ours_that_a_human_removed_come_back(w, _):
    """The object is still ours, the plan says so, and destroy removes it."""
    cluster = one_healthy(w)
    for kind, name, namespace in (("istiooperator", LIVE, SYSTEM),
                                  ("service", GATEWAY, g.GATEWAYS)):
        cluster.kubectl("-n", namespace, "label", kind, name, *(f"{key}-" for key in OWN))
    plan = w.plan("-detailed-exitcode", code=None)
    equal(plan.code, 2, "there is something to do")
    for key in OWN:
        plan.has(f"\"metadata.labels['{key}']\"")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for thing in (g.operator(cluster), g.service(cluster)):
        true(all(key in thing["metadata"]["labels"] for key in OWN), f"labels of {thing['kind']}")
    w.no_changes()
    cluster.kubectl("-n", SYSTEM, "label", "istiooperator", LIVE, *(f"{key}-" for key in OWN))
    w.destroy()
    equal(g.left(cluster), [], "left")


@one_cluster
def test_a_deployment_scaled_to_zero_is_unhealthy(w, _):
    """Every read warns and says what is missing, though there is nothing to change."""
    cluster = one_healthy(w)
    cluster.kubectl("-n", g.GATEWAYS, "scale", "deployment", LIVE, "--replicas=0")
    cluster.wait("Deployment", LIVE, g.GATEWAYS, lambda d: not d["status"].get("readyReplicas"))
    w.apply("-refresh-only").has("Warning", "UNHEALTHY", f"{g.GATEWAYS}/{LIVE}")
    equal(g.states(w), {cluster.name: "UNHEALTHY"}, "states")
    w.no_changes().has("Warning", "UNHEALTHY", f"{g.GATEWAYS}/{LIVE}")
    cluster.kubectl("-n", g.GATEWAYS, "scale", "deployment", LIVE, "--replicas=1")
    cluster.wait("Deployment", LIVE, g.GATEWAYS, lambda d: d["status"].get("readyReplicas"))
    w.apply("-refresh-only").lacks(f"{cluster.name}, 1-24: UNHEALTHY")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


@one_cluster
def test_a_conflict_names_the_manager_and_the_field(w, _):
    """A field that another manager has, and that our configuration newly sets otherwise."""
    cluster = one_healthy(w)
    other_manager(cluster, {"meshConfig": {"accessLogFile": "/dev/stderr"}})
    w.no_changes()
    g.one(w, edit=[LOG])
    w.apply(code=1).has("other", "meshConfig.accessLogFile", "force_conflicts", LIVE,
                        f'"{cluster.name}"')
    live = g.operator(cluster)
    equal(live["spec"]["meshConfig"]["accessLogFile"], "/dev/stderr", "their value")
    g.one(w, edit=[LOG], extra="  force_conflicts = true")
    w.apply().has("1 changed")
    equal(g.operator(cluster)["spec"]["meshConfig"]["accessLogFile"], "/dev/stdout", "our value")
    w.no_changes()


def test_a_conflict_in_one_cluster_leaves_the_others_to_go_on(w, estate):
    """They are updated and HEALTHY, and the next apply touches only what is left."""
    g.ingress(w)
    w.apply()
    first, *others = estate.clusters
    other_manager(first, {"meshConfig": {"accessLogFile": "/dev/stderr"}})
    g.ingress(w, edit=[LOG])
    w.apply(code=1).has(f'"{first.name}"', "meshConfig.accessLogFile")
    equal(g.states(w), {**g.everywhere(w), first.name: "FAILED"}, "states")
    before = {c.name: g.versions(c) for c in others}
    other_manager(first, {})  # they give it up
    w.apply()
    equal(g.states(w), g.everywhere(w), "states")
    equal({c.name: g.versions(c) for c in others}, before, "objects of the others")
    w.no_changes()


def test_a_gateway_of_another_resource_is_no_case_for_an_import(w, estate):
    """The refusal names the owner, and says what helps there: an import of it would not."""
    g.ingress(w)
    w.apply()
    mark = estate.marks()
    g.ingress(w, name="renamed")
    w.run("state", "rm", g.INGRESS)
    w.apply(code=1).has("Objects are already there", "One gateway has one owner",
                        f"it belongs to the gateway lifecycle manager gloo-mesh/{GATEWAY}"
                        ).lacks("import {")
    g.silent(estate, mark)


def test_a_second_workspace_cannot_create_what_the_first_has(w, estate):
    """Its create is refused before any write, and the first one's objects stay as they are."""
    g.ingress(w)
    w.apply()
    before = estate.each(g.versions)
    options = argparse.Namespace(plugin=w.plugin, terraform=w.terraform, valgrind=w.valgrind)
    second = Workspace("second", options, estate)
    try:
        g.ingress(second)
        mark = estate.marks()
        second.apply(code=1).has("Objects are already there", LIVE, "import {", "adopt_existing",
                                 'id = "gloo-mesh/istio-ingressgateway"')
        equal(second.state(), None, "state of the second")
        g.silent(estate, mark)
        second.check_the_checkers()
    finally:
        second.close()
    equal(estate.each(g.versions), before, "objects")
    w.no_changes()


@one_cluster
def test_what_a_mutating_webhook_adds_is_named_once(w, estate):
    """A field inside our list: a warning when it is written, then no changes, and no more writes."""
    cluster = estate.clusters[0]
    add = [{"op": "add", "path": "/spec/components/ingressGateways/0/k8s/priorityClassName",
            "value": "system-cluster-critical"}]
    with Webhook(cluster, add):
        g.one(w)
        said = "Something in the cluster changes what is written"
        w.apply().has(said, "components.ingressGateways", f'"{cluster.name}"')
        equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
        for _ in range(2):
            w.no_changes().lacks(said)
        mark = estate.marks()
        w.apply().lacks(said).has("0 added, 0 changed")
        g.silent(estate, mark)
        # Another change of the same object is drift still.
        cluster.kubectl("-n", SYSTEM, "patch", "istiooperator", LIVE, "--type=merge", "-p",
                        json.dumps({"spec": {"hub": "elsewhere.example.com"}}))
        w.plan().has("elsewhere.example.com")
        w.apply().has("1 changed").lacks(said)
        w.no_changes()


def test_one_cluster_under_two_names_is_refused_before_the_first_write(w, _):
    """Names and contexts do not tell; the kube-system namespace does."""
    cluster = w.estate.clusters[0]
    w.connect({"east": {"context": cluster.context}, "west": {"context": cluster.context}})
    g.ingress(w, {"east": True, "west": False})
    w.apply(code=1).has("Two names for one cluster", "\"east\"", "\"west\"")
    equal(g.left(cluster), [], "left")
    g.ingress(w, {"east": True})
    w.apply()
    w.no_changes()
