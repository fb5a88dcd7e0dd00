# SPDX-License-Identifier: Apache-2.0
"""States that pass: the operator is stopped in the middle of its work, so that they can be seen by
a refresh and by the data source."""
import time

import gateways as g
from gateways import GATEWAY, equal, true
from objects import SYSTEM
from workspace import harness, one_cluster

LIVE = f"{GATEWAY}-1-24"
DATA = (f'data "{g.RESOURCE}" "found" {{\n  name = "{GATEWAY}"\n}}\n'
        f'output "found" {{ value = data.{g.RESOURCE}.found.status }}\n')


def caught(cluster, status):
    """The operator, stopped when the status says so."""
    cluster.wait_status(LIVE, status)
    cluster.stop_operator()
    equal(g.operator(cluster)["status"]["status"], status, "the status that it left")


def seen(w, cluster):
    """(state, message) in the state after a refresh, and as the data source has it."""
    w.write("data.tf", DATA)
    result = w.apply("-refresh-only")
    found = w.output("found")["clusters"][cluster.name]["installations"]["1-24"]
    here = g.pair(w, cluster)
    return result, here["state"], found["state"], here["message"]


@one_cluster
def test_an_update_that_the_operator_is_at_is_updating(w, _):
    """The pods of the new version are not ready yet; the old ones run on."""
    cluster = g.one(w)
    w.apply()
    cluster.start_operator(wait_for_resources="120s")
    cluster.wait_status(LIVE)
    g.one(w, extra="  wait_for_healthy = false", edit=[("tag: 1.24.1", "tag: 1.24.2-missing")])
    w.apply()
    cluster.wait("Deployment", LIVE, g.GATEWAYS, lambda d: d["status"].get("unavailableReplicas"))
    caught(cluster, "RECONCILING")
    result, state, by_data, message = seen(w, cluster)
    equal((state, by_data), ("UPDATING_GATEWAY", "UPDATING_GATEWAY"), "states")
    true("is updating" in message and LIVE in message, f"message: {message}")
    result.has("Warning", f"{cluster.name}, 1-24: UPDATING_GATEWAY")
    w.no_changes()
    g.one(w, edit=[("tag: 1.24.1", "tag: 1.24.3")])
    cluster.start_operator(wait_for_resources="10s")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")


@one_cluster
def test_who_begins_to_wait_waits_for_what_was_not_waited_for(w, estate):
    """wait_for_healthy = false leaves it as it is without a change; taken away, apply waits."""
    cluster = g.one(w, extra="  wait_for_healthy = false")
    cluster.stop_operator()
    w.apply()
    w.no_changes().has(f"{cluster.name}, 1-24: PENDING")
    w.apply("-refresh-only")
    w.no_changes()
    g.one(w)
    change = w.change()
    equal(harness.unknowns(change["after_unknown"]), [], "what is not known")
    equal(change["after"]["status"]["clusters"][cluster.name]["installations"]["1-24"]["state"],
          "HEALTHY", "what is waited for")
    cluster.start_operator()
    mark = estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    g.silent(estate, mark)
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


@one_cluster
def test_the_same_spec_that_the_operator_is_at_again_is_reconciling(w, _):
    """As after its restart, while pods are not ready, and when they are again."""
    cluster = g.one(w)
    w.apply()
    cluster.crash_pods(g.GATEWAYS)
    cluster.wait("Deployment", LIVE, g.GATEWAYS, lambda d: not d["status"].get("readyReplicas"))
    cluster.start_operator(wait_for_resources="120s")
    caught(cluster, "RECONCILING")
    result, state, _, message = seen(w, cluster)
    equal(state, "RECONCILING_GATEWAY", "state")
    true("is reconciling" in message and "0 of 1" in message, f"message: {message}")
    result.has("Warning", f"{cluster.name}, 1-24: RECONCILING_GATEWAY")
    cluster.fail_pods(g.GATEWAYS, on=False)
    cluster.wait("Deployment", LIVE, g.GATEWAYS, lambda d: d["status"].get("readyReplicas"))
    _, state, by_data, _ = seen(w, cluster)
    equal((state, by_data), ("RECONCILING_GATEWAY", "RECONCILING_GATEWAY"), "states")
    cluster.start_operator()
    cluster.wait_status(LIVE)
    w.apply("-refresh-only").lacks("RECONCILING_GATEWAY:")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


def script_action_required(cluster, message="proxies still point to it"):
    """Istio's operator never says so of gateways alone: only when it removes a control plane."""
    cluster.patch("IstioOperator", LIVE, {"status": {
        "status": "ACTION_REQUIRED", "message": message}}, SYSTEM, "status")


@one_cluster
def test_a_scripted_action_required_is_shown_with_its_message(w, _):
    """By a refresh and by the data source."""
    cluster = g.one(w)
    w.apply()
    cluster.stop_operator()
    script_action_required(cluster)
    result, state, by_data, message = seen(w, cluster)
    equal((state, by_data), ("ACTION_REQUIRED", "ACTION_REQUIRED"), "states")
    true("needs somebody to act since 2" in message and "proxies still point to it" in message,
         f"message: {message}")
    result.has("Warning", f"{cluster.name}, 1-24: ACTION_REQUIRED")


@one_cluster
def test_a_scripted_action_required_ends_the_wait(w, _):
    """Long before the timeout, with its message; when it has passed, the next apply goes on."""
    cluster = g.one(w)
    cluster.stop_operator()
    apply = w.start("apply", "-auto-approve", "-no-color")
    try:
        cluster.wait("IstioOperator", LIVE, SYSTEM, bool)
        script_action_required(cluster)
        equal(apply.wait(90), 1, "exit code")
    finally:
        w.kill_group(apply)
    text = " ".join(w.path("started.log").read_text().split())
    for words in ("A gateway is not installed", "1-24: ACTION_REQUIRED",
                  "proxies still point to it"):
        true(words in text, f"expected {words!r} in: {text}")
    equal(g.states(w), {cluster.name: "ACTION_REQUIRED"}, "states")
    w.run("untaint", g.INGRESS)
    w.run("plan", "-no-color", "-out=plan")  # before it passes: the operator may be faster than a refresh
    cluster.start_operator()
    w.run("apply", "-no-color", "plan").has("0 added, 1 changed, 0 destroyed")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


@one_cluster
def test_an_action_required_from_before_a_write_does_not_end_its_wait(w, _):
    """Scripted: the operator comes to the new spec only after the grace of an error."""
    cluster = g.one(w)
    w.apply()
    cluster.stop_operator()
    script_action_required(cluster)
    g.one(w, edit=[("tag: 1.24.1", "tag: 1.24.2")])
    apply = w.start("apply", "-auto-approve", "-no-color")
    try:
        cluster.wait("IstioOperator", LIVE, SYSTEM, lambda iop: iop["spec"]["tag"] == "1.24.2")
        time.sleep(8)
        cluster.start_operator()
        equal(apply.wait(90), 0, f"apply: {w.path('started.log').read_text()}")
    finally:
        w.kill_group(apply)
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")


def test_an_operator_object_that_somebody_deleted_is_install_pending(w, estate):
    """Until the next apply makes it again; nothing changes for the other clusters."""
    g.ingress(w)
    w.apply()
    first = estate.clusters[0]
    first.delete("IstioOperator", LIVE, SYSTEM)
    first.wait_gone("IstioOperator", LIVE, SYSTEM)
    w.apply("-refresh-only").has("Warning", f"{first.name}, 1-24: INSTALL_PENDING")
    equal(g.states(w), {**g.everywhere(w), first.name: "INSTALL_PENDING"}, "states")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.states(w), g.everywhere(w), "states")
