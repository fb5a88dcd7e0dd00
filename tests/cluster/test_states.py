# SPDX-License-Identifier: Apache-2.0
"""The states of an installation, each as the real operator brings it about, and what is said."""
import time

import gateways as g
from gateways import GATEWAY, equal, true
from objects import SYSTEM, thing
from workspace import one_cluster

LIVE = f"{GATEWAY}-1-24"
CRD = "istiooperators.install.istio.io"


def quick(seconds=5, more=""):
    return (f'  timeouts = {{ create = "{seconds}s", update = "{seconds}s", '
            f'delete = "{seconds}s" }}\n{more}')


def settles(w, estate):
    """One more apply makes everything HEALTHY, without a replacement."""
    w.run("untaint", g.INGRESS)
    w.apply().has("0 destroyed").lacks("must be replaced")
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


def test_a_revision_without_istiod_is_no_control_plane_available(w, estate):
    """No IstioOperator is created there, the error lists what is there, other clusters go on."""
    first, *others = estate.clusters
    for kind, name in (("Deployment", "istiod-1-24"), ("Service", "istiod-1-24"),
                       ("MutatingWebhookConfiguration", "istio-sidecar-injector-1-24")):
        first.delete(kind, name, SYSTEM)
    g.ingress(w)
    w.apply(code=1).has("No control plane available", f'"{first.name}"', "1-22, 1-23",
                        "control_plane_revision", "untaint")
    equal(g.states(w), {**g.everywhere(w), first.name: "NO_CONTROL_PLANE_AVAILABLE"}, "states")
    equal(g.left(first), [], "created without a control plane")
    for cluster in others:
        true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), f"{cluster.name} must go on")


@one_cluster
def test_a_revision_tag_is_refused_with_the_revision_it_stands_for(w, _):
    """stable is 1-23."""
    cluster = g.one(w, more='      control_plane_revision = "stable"')
    w.apply(code=1).has("A revision tag is not a control plane", '"stable"',
                        'control_plane_revision = "1-23"')
    equal(g.left(cluster), [], "created")


@one_cluster
def test_without_an_operator_it_is_pending_and_the_next_apply_goes_on(w, _):
    """The error says what could be wrong; once the operator runs, apply waits again."""
    cluster = g.one(w, extra=quick())
    cluster.stop_operator()
    w.apply(code=1).has("Waiting has timed out", "PENDING", "No operator has taken up",
                        "REVISION", "WATCH_NAMESPACE", "untaint")
    equal(g.states(w), {cluster.name: "PENDING"}, "states")
    equal(g.service(cluster)["spec"]["selector"]["revision"], "1-24", "a Service takes no traffic")
    w.run("untaint", g.INGRESS)
    equal(w.plan("-detailed-exitcode", code=None).code, 2, "it must not hide behind no changes")
    before = g.operator(cluster)["metadata"]
    cluster.start_operator()
    g.one(w)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    after = g.operator(cluster)["metadata"]
    equal((after["uid"], after["generation"]), (before["uid"], before["generation"]), "unwritten")
    w.no_changes()


@one_cluster
def test_an_operator_that_comes_late_is_waited_for(w, _):
    """It is not known to the cluster, and nobody has touched the object for half a minute."""
    cluster = g.one(w)
    cluster.stop_operator()
    apply = w.start("apply", "-auto-approve", "-no-color")
    try:
        cluster.wait("IstioOperator", LIVE, SYSTEM, bool)
        time.sleep(35)
        equal(apply.poll(), None, f"apply has ended: {w.path('started.log').read_text()}")
        cluster.start_operator()
        equal(apply.wait(120), 0, f"apply: {w.path('started.log').read_text()}")
    finally:
        w.kill_group(apply)
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


@one_cluster
def test_when_nobody_takes_it_up_apply_ends_early_and_says_what_to_do(w, _):
    """Long before a long timeout: since when, for whom an operator would have to be there."""
    cluster = g.one(w, extra=quick(480))
    cluster.stop_operator()
    began = time.monotonic()
    w.apply(code=1).has("A gateway is not installed", "1-24: PENDING", "No operator has taken up",
                        "Nobody has touched it for 2m", 'revision "1-24"', SYSTEM,
                        "timeouts.create")
    true(time.monotonic() - began < 400, "it waited for the whole timeout")
    equal(g.states(w), {cluster.name: "PENDING"}, "states")


@one_cluster
def test_an_image_that_is_missing_is_failed_and_says_so(w, _):
    """After a short grace, not after the whole timeout; a corrected tag makes it HEALTHY."""
    wrong = [("tag: 1.24.1", "tag: 1.24.1-missing")]
    cluster = g.one(w, edit=wrong)
    w.apply(code=1).has("A gateway is not installed", "1-24: FAILED", "manifest unknown", LIVE)
    equal(g.states(w), {cluster.name: "FAILED"}, "states")
    true(LIVE in g.pair(w, cluster)["message"], f"message: {g.pair(w, cluster)['message']}")
    g.one(w)
    w.run("untaint", g.INGRESS)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


def test_a_timeout_shows_each_cluster_with_its_pods_and_events(w, estate):
    """INSTALLING_GATEWAY, and why its Pods are not ready; the other clusters are HEALTHY."""
    first, *others = estate.clusters
    first.namespace(g.GATEWAYS)
    first.fail_pods(g.GATEWAYS)
    g.ingress(w, extra=quick(6))
    out = w.apply(code=1)
    out.has(f'Cluster "{first.name}": Waiting has timed out', "1-24: INSTALLING_GATEWAY",
            "MinimumReplicasUnavailable", "Unschedulable")
    out.lacks("FailedGetResourceMetric", "FailedComputeMetricsReplicas")
    for cluster in others:
        out.lacks(f'Cluster "{cluster.name}"')
    equal(g.states(w), {**g.everywhere(w), first.name: "INSTALLING_GATEWAY"}, "states")
    first.fail_pods(g.GATEWAYS, on=False)
    g.ingress(w)
    settles(w, estate)


@one_cluster
def test_a_quota_that_allows_no_pod_is_named(w, _):
    """There is no pod to look at: what keeps them from being made is in the text, not metrics."""
    cluster = g.one(w, extra=quick(8))
    cluster.namespace(g.GATEWAYS)
    none = {"hard": {"pods": "0"}}
    cluster.apply(thing("ResourceQuota", "none-left", g.GATEWAYS, spec=none))
    # What the controller of quotas would count.
    cluster.patch("ResourceQuota", "none-left", {"status": {**none, "used": {"pods": "0"}}},
                  g.GATEWAYS, "status")
    w.apply(code=1).has("Waiting has timed out", "1-24: INSTALLING_GATEWAY", "ReplicaFailure=True",
                        "FailedCreate", "none-left").lacks("FailedGetResourceMetric")
    cluster.delete("ResourceQuota", "none-left", g.GATEWAYS)


@one_cluster
def test_pods_that_begin_to_crash_are_unhealthy(w, _):
    """Was healthy, and is not any more: a warning at each read, with the reason."""
    cluster = g.one(w)
    w.apply()
    cluster.namespace(g.GATEWAYS)
    cluster.fail_pods(g.GATEWAYS)
    cluster.wait("Deployment", LIVE, g.GATEWAYS, lambda d: not d["status"].get("readyReplicas"))
    w.apply("-refresh-only").has(f"{cluster.name}, 1-24: UNHEALTHY: Deployment {g.GATEWAYS}/{LIVE}")
    equal(g.states(w), {cluster.name: "UNHEALTHY"}, "states")
    cluster.fail_pods(g.GATEWAYS, on=False)
    cluster.wait("Deployment", LIVE, g.GATEWAYS, lambda d: d["status"].get("readyReplicas"))
    w.apply("-refresh-only")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")


@one_cluster
def test_a_delete_without_an_operator_names_the_finalizer(w, _):
    """UNINSTALLING_GATEWAY; the finalizer stays; the next destroy goes on."""
    cluster = g.one(w, extra=quick())
    w.apply()
    cluster.stop_operator()
    w.destroy(code=1).has("Objects are not gone", LIVE, "istio-finalizer.install.istio.io",
                          "never takes off a finalizer")
    true(g.operator(cluster)["metadata"]["finalizers"], "the finalizer must stay")
    w.apply("-refresh-only")
    equal(g.states(w), {cluster.name: "UNINSTALLING_GATEWAY"}, "states")
    cluster.start_operator()
    w.destroy()
    equal(w.state(), None, "state")
    equal(g.left(cluster), [], "left")


@one_cluster
def test_nobody_waits_when_told_not_to(w, _):
    """wait_for_healthy = false: the state as it is; later reads bring it up to date."""
    cluster = g.one(w, extra="  wait_for_healthy = false")
    cluster.stop_operator()
    w.apply()
    equal(g.states(w), {cluster.name: "PENDING"}, "states")
    cluster.start_operator()
    cluster.wait_status(LIVE)
    w.apply("-refresh-only")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()
