# SPDX-License-Identifier: Apache-2.0
"""Installations that are described by values of Istio's `gateway` chart, in a cluster: injected gateways."""
import direct
from direct import NEXT, REVISION
from gateways import GATEWAY, GATEWAYS, equal, pair, service, true
from process import wait_until
from webhook import Injector
from workspace import harness, one_cluster

OPERATOR = "none"
NEW = f"{GATEWAY}-{NEXT}"
SHARED = [f"{kind} {GATEWAY}" for kind in ("Role", "RoleBinding", "Service", "ServiceAccount")]
OWN = ("Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget")
IMAGE = "example.com/istio/proxyv2:1.30.3"


def write(w, wanted):
    """wanted: {key: whether it has the traffic}. Both are injected by one control plane."""
    cluster = w.estate.clusters[0]
    w.connect(extra=direct.INSTALLER)
    w.write("values.yaml", "autoscaling: {minReplicas: 2}\npodDisruptionBudget: {minAvailable: 1}\n"
            "service: {type: NodePort}\n")
    w.main(harness.block({"name": GATEWAY, "namespace": GATEWAYS, "installations": {
        key: {"control_plane_revision": REVISION, "clusters": {cluster.name: {"active_gateway": active}},
              "istio_version": direct.TAGS[REVISION],
              "gateway_chart_values": harness.HCL('file("values.yaml")')}
        for key, active in wanted.items()}}))
    return cluster


def leads_to(cluster):
    """The label `app` of the Pods that get the traffic, of which some are ready."""
    true(cluster.ready_endpoints(GATEWAY, GATEWAYS), "ready endpoints")
    return service(cluster)["spec"]["selector"]["app"]


@one_cluster
def test_a_canary_of_the_chart_is_switched_to_and_back_and_takes_over(w, _):
    """From nothing through a canary to the next revision: Service and account stay what they are."""
    cluster = write(w, {"default": True})
    with Injector(cluster, REVISION, IMAGE):
        w.apply().has("1 added")
        equal(pair(w, cluster, "default")["state"], "HEALTHY", "state")
        wait_until(lambda: cluster.ready_endpoints(GATEWAY, GATEWAYS), "endpoints")
        equal(direct.left(cluster), sorted([*SHARED, *(f"{kind} {GATEWAY}" for kind in OWN)]), "objects")
        w.no_changes()
        found = direct.found(cluster)
        before = {name: found[name]["metadata"]["uid"] for name in SHARED}
        first = found[f"Deployment {GATEWAY}"]["metadata"]["generation"]
        for wanted, app in (({"default": True, NEXT: False}, GATEWAY),
                            ({"default": False, NEXT: True}, NEW),
                            ({"default": True, NEXT: False}, GATEWAY)):
            write(w, wanted)
            w.apply().has("0 added, 1 changed, 0 destroyed")
            equal(leads_to(cluster), app, "traffic")
        equal(pair(w, cluster, NEXT)["state"], "HEALTHY", "state")
        equal(direct.found(cluster)[f"Deployment {GATEWAY}"]["metadata"]["generation"], first,
              "generation of the first")
        w.no_changes()
        write(w, {NEXT: True})
        w.apply().has("0 added, 1 changed, 0 destroyed")
        equal(leads_to(cluster), NEW, "traffic")
        equal(direct.left(cluster), sorted([*SHARED, *(f"{kind} {NEW}" for kind in OWN)]), "objects")
        found = direct.found(cluster)
        equal({name: found[name]["metadata"]["uid"] for name in SHARED}, before, "the same objects")
        w.no_changes()
        cluster.patch("HorizontalPodAutoscaler", NEW, {"spec": {"minReplicas": 1}}, GATEWAYS)
        w.plan().has("minReplicas")
        w.apply()
        w.no_changes()
        w.destroy()
    equal(direct.left(cluster), [], "left")
