# SPDX-License-Identifier: Apache-2.0
"""The states of an installation without an operator, and what is said. Pods that cannot start are
made so by KWOK's stages, by an admission plugin, or by a scripted webhook."""
import direct
import gateways as g
from direct import LIVE, NEXT, REVISION
from gateways import GATEWAY, GATEWAYS, equal, true
from objects import SYSTEM, thing
from webhook import Injector
from workspace import one_cluster

OPERATOR = "none"
INJECTED = ("profile: empty\n", """profile: empty
values:
  gateways:
    istio-ingressgateway:
      injectionTemplate: gateway
""")


def quick(seconds=6, more=""):
    return (f'  timeouts = {{ create = "{seconds}s", update = "{seconds}s", '
            f'delete = "{seconds}s" }}\n{more}')


def impatient(seconds=3):
    """An overlay with which Kubernetes itself gives up soon."""
    return ("      k8s:\n", f"""      k8s:
        overlays:
          - kind: Deployment
            name: {GATEWAY}
            patches:
              - path: spec.progressDeadlineSeconds
                value: {seconds}
""")


def tag(text):
    return ("tag: 1.30.3", f"tag: {text}")


def settles(w):
    """One more apply makes it HEALTHY, without a replacement."""
    if w.tainted():
        w.run("untaint", g.INGRESS)
    w.apply().has("0 destroyed")
    direct.healthy(w)
    w.no_changes()


def states(w):
    return g.states(w, revision=REVISION)


def message(w, cluster):
    return g.pair(w, cluster, REVISION)["message"]


@one_cluster
def test_an_image_that_is_missing_is_failed_and_says_so(w, _):
    """When Kubernetes gives up, not after the whole timeout; a corrected tag makes it HEALTHY."""
    cluster = direct.one(w, edit=[impatient(), tag("1.30.3-missing")])
    w.apply(code=1).has("A gateway is not installed", f"{REVISION}: FAILED", "manifest unknown", LIVE)
    equal(states(w), {cluster.name: "FAILED"}, "states")
    true(LIVE in message(w, cluster), f"message: {message(w, cluster)}")
    direct.one(w)
    settles(w)


@one_cluster
def test_an_image_that_is_missing_at_an_update_is_unhealthy(w, _):
    """It was healthy before; the old Pods serve on, and going back is allowed."""
    cluster = direct.one_healthy(w, edit=[impatient()])
    pods = direct.pods(cluster)
    direct.one(w, edit=[impatient(), tag("1.30.4-missing")])
    w.apply(code=1).has("A gateway is not healthy", f"{REVISION}: UNHEALTHY", "manifest unknown")
    equal(states(w), {cluster.name: "UNHEALTHY"}, "states")
    true(pods.items() <= direct.pods(cluster).items(), "the old Pods serve on")
    direct.one(w, edit=[impatient()])
    settles(w)


@one_cluster
def test_a_timeout_says_why_pods_are_not_ready(w, _):
    """INSTALLING_GATEWAY, with the Pods' own words and their events."""
    cluster = direct.one(w, extra=quick())
    cluster.namespace(GATEWAYS)
    cluster.fail_pods(GATEWAYS)
    w.apply(code=1).has("Waiting has timed out", f"{REVISION}: INSTALLING_GATEWAY",
                        "MinimumReplicasUnavailable", "Unschedulable").lacks(
                            "FailedGetResourceMetric", "No operator")
    equal(states(w), {cluster.name: "INSTALLING_GATEWAY"}, "states")
    cluster.fail_pods(GATEWAYS, on=False)
    direct.one(w)
    settles(w)


@one_cluster
def test_a_quota_that_allows_no_pod_is_failed_and_named(w, _):
    """There is no Pod to look at: the ReplicaSet says what keeps them from being made."""
    cluster = direct.one(w)
    cluster.namespace(GATEWAYS)
    none = {"hard": {"pods": "0"}}
    cluster.apply(thing("ResourceQuota", "none-left", GATEWAYS, spec=none))
    # What the controller of quotas would count.
    cluster.patch("ResourceQuota", "none-left", {"status": {**none, "used": {"pods": "0"}}},
                  GATEWAYS, "status")
    w.apply(code=1).has(f"{REVISION}: FAILED", "ReplicaFailure", "none-left")
    equal(states(w), {cluster.name: "FAILED"}, "states")
    cluster.delete("ResourceQuota", "none-left", GATEWAYS)
    # Its controller waits longer and longer before it tries again.
    cluster.delete("ReplicaSet", cluster.list("ReplicaSet", GATEWAYS)[0]["metadata"]["name"], GATEWAYS)
    settles(w)


@one_cluster
def test_an_injected_gateway_is_healthy_when_somebody_injects(w, _):
    """By a scripted webhook in the place of istiod's."""
    cluster = direct.one(w, edit=[INJECTED])
    with Injector(cluster, REVISION, "example.com/istio/proxyv2:1.30.3"):
        w.apply()
        direct.healthy(w)
        equal(direct.image(cluster), "auto", "image")
        w.no_changes()
        w.destroy()


@one_cluster
def test_without_an_injector_an_injected_gateway_is_refused_before_a_write(w, _):
    """No webhook would ask for its Pods: it says for which revision there is none."""
    cluster = direct.one(w, edit=[INJECTED])
    mark = cluster.mark()
    w.apply(code=1).has("inject", f'"{REVISION}"', f'"{cluster.name}"')
    equal(direct.written(cluster, mark), [], "writes")


@one_cluster
def test_an_image_that_nobody_replaced_names_the_injection_that_did_not_happen(w, _):
    """The Pod has the image "auto": the webhook was asked, and has done nothing."""
    cluster = direct.one(w, edit=[INJECTED])
    with Injector(cluster, REVISION, "auto"):
        w.apply(code=1).has("A gateway is not installed", '"auto"', "inject", f'"{REVISION}"')
        true(states(w)[cluster.name] in ("FAILED", "INSTALLING_GATEWAY"), f"states: {states(w)}")
    with Injector(cluster, REVISION, "example.com/istio/proxyv2:1.30.3"):
        for pod in cluster.list("Pod", GATEWAYS):
            cluster.delete("Pod", pod["metadata"]["name"], GATEWAYS)
        settles(w)


@one_cluster
def test_an_injector_that_is_down_is_named(w, _):
    """No Pod is made: the API server's words about the webhook are in the error."""
    cluster = direct.one(w, extra=quick(60), edit=[INJECTED])
    with Injector(cluster, REVISION, "example.com/istio/proxyv2:1.30.3") as injector:
        injector.down()
        w.apply(code=1).has(f"{REVISION}: FAILED", "failed calling webhook",
                            "glm-test-injector.example.com")
        equal(states(w), {cluster.name: "FAILED"}, "states")


@one_cluster
def test_pods_that_begin_to_crash_are_unhealthy(w, _):
    """Was healthy, and is not any more: a warning at each read, with the reason."""
    cluster = direct.one_healthy(w)
    cluster.fail_pods(GATEWAYS)
    cluster.wait("Deployment", LIVE, GATEWAYS, lambda d: not d["status"].get("readyReplicas"))
    w.apply("-refresh-only").has(
        f"{cluster.name}, {REVISION}: UNHEALTHY: Deployment {GATEWAYS}/{LIVE}")
    equal(states(w), {cluster.name: "UNHEALTHY"}, "states")
    w.no_changes().has("Warning", "UNHEALTHY")
    cluster.fail_pods(GATEWAYS, on=False)
    cluster.wait("Deployment", LIVE, GATEWAYS, lambda d: d["status"].get("readyReplicas"))
    w.apply("-refresh-only")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_a_deployment_scaled_to_zero_is_unhealthy(w, _):
    """Every read warns and says what is missing, though there is nothing to change."""
    cluster = direct.one_healthy(w)
    cluster.kubectl("-n", GATEWAYS, "scale", "deployment", LIVE, "--replicas=0")
    cluster.wait("Deployment", LIVE, GATEWAYS, lambda d: not d["status"].get("readyReplicas"))
    w.apply("-refresh-only").has("Warning", "UNHEALTHY", f"{GATEWAYS}/{LIVE}")
    w.no_changes().has("Warning", "UNHEALTHY")


@one_cluster
def test_what_nobody_has_looked_at_yet_is_pending(w, _):
    """The controllers are stopped: applied, and nothing observed; apply waits until they are back."""
    cluster = direct.one(w, extra="  wait_for_healthy = false")
    cluster.controllers.stop()
    w.apply()
    equal(states(w), {cluster.name: "PENDING"}, "states")
    w.no_changes().has(f"{cluster.name}, {REVISION}: PENDING")
    cluster.controllers.start()
    direct.one(w)
    w.apply("-refresh=false").has("0 added, 1 changed, 0 destroyed")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_an_update_whose_pods_are_not_ready_yet_is_updating(w, _):
    """wait_for_healthy = false: the state as it is; later reads bring it up to date."""
    cluster = direct.one_healthy(w)
    direct.one(w, extra="  wait_for_healthy = false", edit=[tag("1.30.4-missing")])
    w.apply()
    w.apply("-refresh-only").has("Warning", f"{cluster.name}, {REVISION}: UPDATING_GATEWAY")
    equal(states(w), {cluster.name: "UPDATING_GATEWAY"}, "states")
    direct.one(w, edit=[tag("1.30.5")])
    settles(w)


@one_cluster
def test_a_revision_without_istiod_is_no_control_plane_available(w, _):
    """Nothing is created there, and the error lists what is there."""
    cluster = direct.one(w)
    for kind, name in (("Deployment", f"istiod-{REVISION}"), ("Service", f"istiod-{REVISION}"),
                       ("MutatingWebhookConfiguration", f"istio-sidecar-injector-{REVISION}")):
        cluster.delete(kind, name, SYSTEM)
    # The tag that stands for it.
    cluster.delete("MutatingWebhookConfiguration", "istio-revision-tag-stable")
    mark = cluster.mark()
    w.apply(code=1).has("No control plane available", f'"{cluster.name}"', NEXT,
                        "control_plane_revision")
    equal(direct.asked(cluster, mark), [], "writes")


@one_cluster
def test_a_revision_tag_is_refused_with_the_revision_it_stands_for(w, _):
    """stable is 1-30."""
    cluster = direct.one(w, more='      control_plane_revision = "stable"')
    w.apply(code=1).has("A revision tag is not a control plane", '"stable"',
                        f'control_plane_revision = "{REVISION}"')
    equal(direct.left(cluster), [], "created")


@one_cluster
def test_a_delete_that_a_finalizer_holds_names_it(w, _):
    """UNINSTALLING_GATEWAY; the finalizer stays, and when it has gone, destroy goes on."""
    cluster = direct.one(w, extra=quick(8))
    w.apply()
    cluster.patch("Deployment", LIVE, {"metadata": {"finalizers": ["example.com/hold"]}}, GATEWAYS)
    w.destroy(code=1).has("Objects are not gone", LIVE, "example.com/hold")
    true(direct.deployment(cluster)["metadata"]["finalizers"], "the finalizer must stay")
    w.apply("-refresh-only")
    equal(states(w), {cluster.name: "UNINSTALLING_GATEWAY"}, "states")
    cluster.patch("Deployment", LIVE, {"metadata": {"finalizers": None}}, GATEWAYS)
    w.destroy()
    equal(direct.left(cluster), [], "left")
