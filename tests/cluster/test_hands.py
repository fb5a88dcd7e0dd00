# SPDX-License-Identifier: Apache-2.0
"""A gateway that changes hands, from Istio's operator to the provider and back: nothing is replaced,
nothing restarts at one Istio version, and traffic never stops."""

import signal

import direct
import gateways as g
import reach
from direct import asked, managers
from gateways import GATEWAY, GATEWAYS, equal, true
from policies import refusing
from servers import Gate
from test_direct_interrupted import attempt, kill
from test_direct_order import NO, autoscaler
from walks import Traffic
from workspace import one_cluster

REVISION = "1-22"
LIVE = f"{GATEWAY}-{REVISION}"
# The operator of the estate was cut from Istio's source shortly before 1.22.0, when there was this
# variable, at the head of all others.
SPEC = [("tag: 1.24.1", "tag: 1.22.8"),
        ("      k8s:\n", "      k8s:\n        env:\n          - name: JWT_POLICY\n"
         "            value: third-party-jwt\n")]
MOST = 60


def to(w, installer, gate=None, clusters=None, edit=(), extra=""):
    """The same gateway by this installer, in the first cluster or in these."""
    cluster = w.estate.clusters[0]
    for one in w.estate:
        one.allow("direct")
    if gate:
        w.connect({cluster.name: reach.by_token(cluster, host=gate.server, installer=installer)})
    else:
        w.connect(extra=f'  installer = "{installer}"\n')
    g.ingress(w, clusters or {cluster.name: True}, REVISION, edit=[*SPEC, *edit], extra=extra)


def by_operator(w, **more):
    """Installed by the operator, HEALTHY."""
    for cluster in w.estate:
        cluster.renew_operator = True
    to(w, "istio_operator", **more)
    w.apply()
    direct.healthy(w, REVISION)
    return w.estate.clusters[0]


def identity(cluster):
    """What must not change: objects, their generations, which Kubernetes raises for annotations of a Deployment
    too, what that says of Pods, and the Pods."""
    found = direct.found(cluster)
    return ({what: thing["metadata"]["uid"] for what, thing in found.items()},
            {what: thing["metadata"].get("generation") for what, thing in found.items()},
            g.deployment(cluster, revision=REVISION)["spec"], direct.pods(cluster))


def owners(cluster):
    """{what: managers of its fields}, without those of its status."""
    return {what: managers(thing) for what, thing in direct.found(cluster).items()
            if what != f"Service {GATEWAY}"}


def is_ours(w, cluster):
    """HEALTHY by us, with nothing of the operator's left."""
    direct.healthy(w, REVISION)
    equal(cluster.list("IstioOperator"), [], "IstioOperators")
    for what, found in owners(cluster).items():
        true("istio-operator" not in found, f"{what} has managers {found}")
    for what, thing in direct.found(cluster).items():
        labels = thing["metadata"]["labels"]
        equal(labels.get("app.kubernetes.io/managed-by"), "terraform-provider-glm", what)
        true("operator.istio.io/component" not in labels, f"{what} has the operator's label")
    w.no_changes()


def is_the_operators(w, cluster):
    """HEALTHY by the operator, with nothing of ours left but the Service that always is."""
    direct.healthy(w, REVISION)
    live = g.operator(cluster, revision=REVISION)
    equal(live["status"]["status"], "HEALTHY", "status")
    true("install.istio.io/ignoreReconcile" not in live["metadata"].get("annotations", {}),
         "the annotation is gone")
    for what, found in owners(cluster).items():
        true("istio-operator" in found and g.AGENT not in found, f"{what} has managers {found}")
    w.no_changes()


def test_there_and_back_and_nothing_restarts(w, estate):
    """In three clusters, under a watch; the plan says what happens."""
    clusters = {c.name: True for c in estate}
    by_operator(w, clusters=clusters)
    before = estate.each(identity)
    traffic = [Traffic(c) for c in estate]
    to(w, "direct", clusters=clusters)
    plan = w.plan()
    for cluster in estate:
        plan.has(f'Cluster "{cluster.name}"')
    plan.has("takes over from", "nothing restarts")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for cluster, one in zip(estate, traffic):
        is_ours(w, cluster)
        one.check(REVISION)
    equal(estate.each(identity), before, "objects, generation and Pods")
    estate.each(lambda c: c.start_operator())  # a new one believes nothing, and finds nothing
    mark = estate.marks()
    w.apply().has("0 added, 0 changed, 0 destroyed")
    g.silent(estate, mark)
    equal(estate.each(identity), before, "objects, generation and Pods")

    to(w, "istio_operator", clusters=clusters)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for cluster, one in zip(estate, traffic):
        is_the_operators(w, cluster)
        one.check(REVISION)
    equal(estate.each(identity), before, "objects, generation and Pods")
    w.destroy()
    equal(estate.each(direct.left), [[] for _ in estate], "left")


@one_cluster
def test_back_to_an_operator_that_remembers_the_gateway(w, _):
    """It reports HEALTHY without applying anything: nothing is let go before it has."""
    cluster = by_operator(w)
    before = identity(cluster)
    traffic = Traffic(cluster)
    for _ in range(2):
        to(w, "direct")
        w.apply().has("0 added, 1 changed, 0 destroyed")
        is_ours(w, cluster)
        to(w, "istio_operator")  # the same process, with its memory
        w.apply().has("0 added, 1 changed, 0 destroyed")
        is_the_operators(w, cluster)
        equal(identity(cluster), before, "objects, generation and Pods")
    traffic.check(REVISION)


def steps(w, estate, first):
    """Every third step from this one, each way: interrupted once, and the apply repeated."""
    with Gate(estate.clusters[0]) as gate:
        cluster = by_operator(w, gate=gate)
        before = identity(cluster)
        traffic = Traffic(cluster)
        for at in range(first, MOST, 3):
            fired = []
            for installer, is_there in (("direct", is_ours), ("istio_operator", is_the_operators)):
                to(w, installer, gate)
                fired.append(attempt(w, gate, at, kill))
                if fired[-1]:
                    w.apply()
                is_there(w, cluster)
                equal(identity(cluster), before, f"objects, generation, Pods after step {at}, {installer}")
            traffic.check(REVISION)  # at every moment since the last one
            if not any(fired):
                break
        true(at > 10, f"only {at} steps")
        w.destroy()
        equal(direct.left(cluster), [], "left")


@one_cluster
def test_every_third_step_killed_and_repeated_from_the_first(w, estate):
    """kill -9 after each write of the change of hands, there and back."""
    steps(w, estate, 1)


@one_cluster
def test_every_third_step_killed_and_repeated_from_the_second(w, estate):
    """kill -9 after each write of the change of hands, there and back."""
    steps(w, estate, 2)


@one_cluster
def test_every_third_step_killed_and_repeated_from_the_third(w, estate):
    """kill -9 after each write of the change of hands, there and back."""
    steps(w, estate, 3)


@one_cluster
def test_what_was_stopped_half_way_is_destroyed_without_a_trace(w, estate):
    """Ctrl-C in the middle; then all goes, what is ours by us and the rest by the operator."""
    for at in (2, 7, 11):
        with Gate(estate.clusters[0]) as gate:
            cluster = by_operator(w, gate=gate)
            to(w, "direct", gate)
            true(attempt(w, gate, at, lambda w: w.kill_group(w.running, signal.SIGINT)), "it fires")
            w.destroy()
            equal(direct.left(cluster), [], f"left after {at} writes")
            equal(cluster.list("IstioOperator"), [], "IstioOperators")
            cluster.start_operator()  # the one that ran remembers what others have removed as its own


@one_cluster
def test_without_a_running_operator_the_way_out_is_open(w, _):
    """It is not needed to give a gateway up; when it comes back it takes nothing."""
    cluster = by_operator(w)
    before = identity(cluster)
    cluster.stop_operator()
    to(w, "direct")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    is_ours(w, cluster)
    cluster.start_operator()
    w.no_changes()
    equal(identity(cluster), before, "objects, generation and Pods")


@one_cluster
def test_an_operator_at_work_is_waited_for(w, _):
    """It is in the middle of a reconcile: nothing of the gateway is written until it is done."""
    cluster = by_operator(w)
    cluster.start_operator(wait_for_resources="6s")
    cluster.wait_status(LIVE)
    cluster.namespace(GATEWAYS)
    to(w, "istio_operator", edit=[("tag: 1.22.8", "tag: 1.22.9-missing")],
       extra="  wait_for_healthy = false")
    w.apply()
    cluster.wait_status(LIVE, "RECONCILING")
    to(w, "direct", edit=[("tag: 1.22.8", "tag: 1.22.10")])
    w.apply()
    is_ours(w, cluster)


@one_cluster
def test_a_refusal_in_the_middle_leaves_the_gateway_where_it_is(w, _):
    """A policy refuses one object at its trial: the operator keeps the gateway, and works on."""
    cluster = by_operator(w)
    before = identity(cluster)
    to(w, "direct")
    with refusing(cluster, autoscaler(), NO):
        w.apply(code=1).has(NO, f'"{cluster.name}"')
        equal(identity(cluster), before, "objects, generation and Pods")
        true(g.operator(cluster, revision=REVISION), "the IstioOperator stays")
    w.apply()
    is_ours(w, cluster)
    equal(identity(cluster), before, "objects, generation and Pods")


@one_cluster
def test_another_version_of_istio_is_one_rollout(w, _):
    """Together with the change of hands: the same objects, and traffic never stops."""
    cluster = by_operator(w)
    uids = direct.uids(cluster)
    generation = g.deployment(cluster, revision=REVISION)["metadata"]["generation"]
    traffic = Traffic(cluster)
    to(w, "direct", edit=[("tag: 1.22.8", "tag: 1.22.9")])
    w.apply().has("0 added, 1 changed, 0 destroyed")
    is_ours(w, cluster)
    equal(direct.uids(cluster), uids, "objects")
    equal(g.deployment(cluster, revision=REVISION)["metadata"]["generation"], generation + 1,
          "generation")
    traffic.check(REVISION)


@one_cluster
def test_a_cluster_with_an_operator_takes_gateways_without_it_too(w, estate):
    """It runs beside, and is not asked."""
    cluster = estate.clusters[0]
    to(w, "direct")
    mark = cluster.mark()
    w.apply().has("1 added")
    direct.healthy(w, REVISION)
    true(not any("istiooperators" in what for _, what in asked(cluster, mark)), "IstioOperators")
    cluster.start_operator()
    w.no_changes()
    w.destroy()
    equal(direct.left(cluster), [], "left")
