# SPDX-License-Identifier: Apache-2.0
"""Gateways of `istioctl install`: taken over while traffic runs, imported, and not mistaken for ours
by `istioctl uninstall`."""
import direct
import gateways as g
import istioctl
from direct import NEXT, REVISION
from gateways import GATEWAY, GATEWAYS, equal, true
from process import wait_until
from test_import import IMPORT, service_by_hand
from walks import Traffic
from workspace import one_cluster

OPERATOR = "none"
NEW = f"{GATEWAY}-{NEXT}"


def theirs(w, cluster):
    """A gateway that istioctl has installed, and the user's own Service before it."""
    cluster.namespace(GATEWAYS)
    istioctl.install(w, cluster, istioctl.document(cluster=cluster.name))
    service = service_by_hand()
    service["spec"]["selector"]["revision"] = NEXT
    cluster.apply(service)
    cluster.give_address(GATEWAY, GATEWAYS)
    wait_until(lambda: cluster.ready_endpoints(GATEWAY, GATEWAYS), "endpoints")


def ours_alone(cluster):
    """Nothing of istioctl's is left on any object."""
    for what, thing in direct.found(cluster).items():
        labels = thing["metadata"]["labels"]
        equal(labels["app.kubernetes.io/managed-by"], "terraform-provider-glm", what)
        for key in ("operator.istio.io/component", "operator.istio.io/managed",
                    "install.operator.istio.io/owning-resource-namespace"):
            true(key not in labels, f"{what} still has the label {key}")
        true("istio-operator" not in direct.managers(thing), f"{what} has managers {direct.managers(thing)}")


@one_cluster
def test_adoption_takes_over_what_istioctl_installed(w, estate):
    """The same objects, the same address, and at every moment a ready endpoint."""
    cluster = estate.clusters[0]
    theirs(w, cluster)
    uids = direct.uids(cluster)
    direct.one(w, revision=NEXT)
    mark = cluster.mark()
    w.apply(code=1).has("Objects are already there", NEW, "adopt_existing")
    equal(direct.written(cluster, mark), [], "writes")
    traffic = Traffic(cluster)
    direct.one(w, revision=NEXT, extra="  adopt_existing = true")
    w.apply().has("1 added")
    traffic.check(NEXT)
    equal(direct.uids(cluster), uids, "the same objects")
    equal(g.service(cluster)["status"]["loadBalancer"]["ingress"][0]["ip"], "203.0.113.10", "address")
    ours_alone(cluster)
    direct.healthy(w, NEXT)
    w.no_changes()
    istioctl.run(cluster, "uninstall", "--purge", "-y")
    equal(direct.uids(cluster), uids, "after istioctl uninstall --purge")
    w.no_changes()
    w.destroy()
    equal(direct.left(cluster), [], "left")


@one_cluster
def test_an_import_finds_what_istioctl_installed(w, estate):
    """The generated configuration plans no other specification; an apply makes it ours."""
    cluster = estate.clusters[0]
    theirs(w, cluster)
    uids = direct.uids(cluster)
    w.connect(extra=direct.INSTALLER)
    w.main(IMPORT)
    w.plan_generated().has("1 to import, 0 to add")
    w.apply().has("1 imported")
    direct.healthy(w, NEXT)
    equal(direct.uids(cluster), uids, "the same objects")
    w.no_changes()


@one_cluster
def test_our_gateway_survives_istioctl_uninstall(w, _):
    """By revision and purged: somebody else's gateways go, our objects are not touched. What --purge
    deletes are Pods too, by a label of their template: they are made again."""
    cluster = direct.one_healthy(w)
    before = direct.versions(cluster)
    pods = direct.pods(cluster)
    for how in (("--revision", REVISION), ("--purge",)):
        istioctl.install(w, cluster, istioctl.document("other-gateway", REVISION, "istio-system",
                                                       cluster.name, app="other", istio="other"))
        true(cluster.get("Deployment", "other-gateway", "istio-system"), "theirs is there")
        istioctl.run(cluster, "uninstall", *how, "-y")
        cluster.wait_gone("Deployment", "other-gateway", "istio-system")
        equal(direct.versions(cluster), before, f"objects after {how}")
        if "--purge" not in how:
            equal(direct.pods(cluster), pods, "Pods")
    cluster.wait("Deployment", direct.LIVE, GATEWAYS, lambda d: d["status"].get("readyReplicas"))
    w.no_changes().lacks("UNHEALTHY")
