# SPDX-License-Identifier: Apache-2.0
"""Replicas: the autoscaler's where there is one, the configuration's where there is none."""
import direct
from api import path_of
from direct import LIVE, REVISION
from gateways import GATEWAYS, equal, true
from workspace import one_cluster

OPERATOR = "none"


def values(text):
    return ("profile: empty\n", "profile: empty\nvalues:\n  gateways:\n    istio-ingressgateway:\n" +
            "".join(f"      {line}\n" for line in text.splitlines()))


def fixed(number):
    """So many replicas, and no autoscaler."""
    return [values("autoscaleEnabled: false"),
            ("      k8s:\n", f"      k8s:\n        replicaCount: {number}\n")]


class Replicas:
    """How many replicas the Deployment should have had at each moment from here to seen()."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.since = cluster.request("GET", path_of("Deployment", GATEWAYS))["metadata"]["resourceVersion"]

    def seen(self):
        """The numbers, one after the other."""
        live = direct.deployment(self.cluster)
        numbers = [thing["spec"]["replicas"] for _, thing in
                   self.cluster.watch("Deployment", GATEWAYS, self.since, 1)
                   if thing["metadata"]["name"] == LIVE]
        found = [n for n, before in zip(numbers, [None, *numbers]) if n != before]
        equal(found[-1:], [live["spec"]["replicas"]] if numbers else [], "the last number")
        return found


def ready(cluster, number):
    cluster.wait("Deployment", LIVE, GATEWAYS,
                 lambda d: d["status"].get("readyReplicas") == number, f"{number} ready replicas")


@one_cluster
def test_replicas_belong_to_the_autoscaler(w, _):
    """What it sets is no drift, and an apply of something else leaves it."""
    cluster = direct.one_healthy(w)
    true("replicas" not in str(direct.everything(w.state())[cluster.name][
        f"Deployment {GATEWAYS}/{LIVE}"]["spec"].keys()), "replicas are not written")
    cluster.kubectl("-n", GATEWAYS, "scale", "deployment", LIVE, "--replicas=3")
    ready(cluster, 3)
    equal(direct.drift(w), {}, "drift")
    w.no_changes()
    watched = Replicas(cluster)
    direct.one(w, edit=[("hub: example.com/istio", "hub: elsewhere.example.com")])
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(watched.seen(), [3], "replicas")
    w.no_changes()


@one_cluster
def test_a_gateway_is_healthy_with_the_pods_that_its_autoscaler_wants_at_least(w, _):
    """The autoscaler's controller comes round some seconds after the first Pod is ready."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    live = direct.deployment(cluster)
    equal((live["spec"]["replicas"], live["status"]["readyReplicas"]), (2, 2), "ready when HEALTHY")
    w.no_changes()
    # More of them, in an update: the apply ends when they are ready.
    direct.one(w, edit=[(direct.EVERY_KIND[0], direct.EVERY_KIND[1].replace("autoscaleMin: 2", "autoscaleMin: 4"))])
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(direct.deployment(cluster)["status"]["readyReplicas"], 4, "ready when HEALTHY")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_from_an_autoscaler_to_a_number_and_back_keeps_the_replicas(w, _):
    """At every moment: first those that the autoscaler left, then the number."""
    cluster = direct.one_healthy(w)
    autoscaler = f"HorizontalPodAutoscaler {LIVE}"
    cluster.kubectl("-n", GATEWAYS, "scale", "deployment", LIVE, "--replicas=3")
    ready(cluster, 3)
    uids = direct.uids(cluster)
    watched = Replicas(cluster)
    direct.one(w, edit=fixed(4))
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal([n for n in watched.seen() if n != 3], [4], "replicas")
    equal(direct.uids(cluster), {k: v for k, v in uids.items() if k != autoscaler},
          "the autoscaler has gone, and nothing else")
    w.no_changes()
    watched = Replicas(cluster)
    direct.one(w)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal([n for n in watched.seen() if n != 4], [], "replicas")
    equal(direct.deployment(cluster)["spec"]["replicas"], 4, "replicas")
    true(autoscaler in direct.uids(cluster), "the autoscaler is there again")
    direct.healthy(w)
    w.no_changes()
    # And once more: what was handed over is no obstacle.
    direct.one(w, edit=fixed(2))
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(direct.deployment(cluster)["spec"]["replicas"], 2, "replicas")
    watched = Replicas(cluster)
    direct.one(w)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal([n for n in watched.seen() if n != 2], [], "replicas")
    w.no_changes()


@one_cluster
def test_a_number_of_replicas_that_somebody_changed_is_drift(w, _):
    """There is no autoscaler: it is ours, and comes back."""
    cluster = direct.one_healthy(w, edit=fixed(2))
    cluster.kubectl("-n", GATEWAYS, "scale", "deployment", LIVE, "--replicas=1")
    equal(direct.drift(w), {(cluster.name, f"Deployment {GATEWAYS}/{LIVE}", "spec", "replicas"):
                            (2, 1)}, "drift")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    ready(cluster, 2)
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_what_is_no_longer_rendered_goes_and_what_is_new_comes(w, _):
    """Autoscaler, budget and network policy, off and on again, beside the same Deployment."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    before = direct.uids(cluster)
    gone = {f"PodDisruptionBudget {LIVE}", f"NetworkPolicy {LIVE}-{REVISION}"}
    pods = direct.pods(cluster)
    mark = cluster.mark()
    direct.one(w)
    w.plan().has("PodDisruptionBudget", "NetworkPolicy")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(direct.uids(cluster), {k: v for k, v in before.items() if k not in gone}, "left")
    equal(direct.written(cluster, mark)[-2:],
          [f"delete networkpolicies {LIVE}-{REVISION}", f"delete poddisruptionbudgets {LIVE}"],
          "removed last, in reverse")
    w.no_changes()
    direct.one(w, edit=[direct.EVERY_KIND])
    w.apply().has("0 added, 1 changed, 0 destroyed")
    now = direct.uids(cluster)
    equal(sorted(now), sorted(before), "there again")
    equal({k for k in now if now[k] != before[k]}, gone, "new objects")
    true(pods.items() <= direct.pods(cluster).items(), "no Pod was replaced")
    w.no_changes()
