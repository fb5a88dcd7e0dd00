# SPDX-License-Identifier: Apache-2.0
"""A canary upgrade as ordinary edits: no request is ever without a gateway to go to."""
import gateways as g
from gateways import GATEWAY, equal, true
from walks import Traffic, revisions
from workspace import harness, one_cluster, whole

SWITCH = [f"patch services {GATEWAY}"]
STAYS = (f'The traffic stays where it is: Service {g.GATEWAYS}/{GATEWAY} selects revision "1-23". '
         "Nothing is removed in this cluster.")


def installed(w, wanted=None, **rest):
    """The old revision, active and healthy everywhere."""
    revisions(w, wanted or {"1-23": True}, **rest)
    w.apply().has("1 added")
    return [Traffic(cluster) for cluster in w.estate]


def step(w, wanted, traffic, *walk, **rest):
    """One edit and its apply, watched. Returns what the provider wrote, by cluster."""
    revisions(w, wanted, **rest)
    mark = w.estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for one in traffic:
        true(one.check(*walk) > 1 or len(walk) == 1, "a switch has more than one moment")
    return g.writes(w.estate, mark)


def services(written):
    """Of writes by cluster: those of Services."""
    return {name: [line for line in lines if " services " in line]
            for name, lines in written.items()}


def test_a_canary_walks_by_three_edits_and_traffic_never_stops(w, estate):
    """Beside the old one, inactive; the flip; the old one removed."""
    traffic = installed(w)
    before = {c.name: g.versions(c) for c in estate}
    written = step(w, {"1-23": True, "1-24": False}, traffic, "1-23")
    equal(written, {c.name: [f"patch istiooperators {GATEWAY}-1-24"] for c in estate}, "installed")
    for cluster in estate:
        now = g.versions(cluster)
        equal({key: now[key] for key in before[cluster.name]}, before[cluster.name], "old objects")
    equal(g.states(w, revision="1-24"), g.everywhere(w), "states of the new revision")

    change_to = {"1-23": False, "1-24": True}
    revisions(w, change_to)
    change = w.change()
    differing = harness.differences(whole.services(change["before"]),
                                    whole.services(change["after"]))
    selectors = {path[0]: pair for path, pair in differing.items()}
    equal(selectors, {c.name: ("1-23", "1-24") for c in estate}, "the plan of the switch")
    written = step(w, change_to, traffic, "1-23", "1-24")
    equal(services(written), {c.name: SWITCH for c in estate}, "the switch is one write")

    written = step(w, {"1-24": True}, traffic, "1-24")
    equal(written, {c.name: [f"delete istiooperators {GATEWAY}-1-23"] for c in estate}, "removed")
    for cluster in estate:
        equal(g.left(cluster), [f"Deployment {GATEWAY}-1-24", f"IstioOperator {GATEWAY}-1-24",
                                f"Service {GATEWAY}"], f"left in {cluster.name}")
    w.no_changes()


def test_everything_in_one_apply_and_traffic_never_stops(w, estate):
    """1-24 instead of 1-23: installed, switched to and cleared away, in this order."""
    traffic = installed(w)
    uids = {c.name: g.service(c)["metadata"]["uid"] for c in estate}
    written = step(w, {"1-24": True}, traffic, "1-23", "1-24")
    equal(written, {c.name: [f"patch istiooperators {GATEWAY}-1-24", *SWITCH,
                             f"delete istiooperators {GATEWAY}-1-23"] for c in estate}, "order")
    equal({c.name: g.service(c)["metadata"]["uid"] for c in estate}, uids, "the same Services")
    equal(g.states(w, revision="1-24"), g.everywhere(w), "states")
    w.no_changes()


def test_a_cluster_at_a_time(w, estate):
    """The flip of one cluster writes in no other."""
    traffic = installed(w, {"1-23": True, "1-24": False})
    first = estate.clusters[0]
    clusters = {c.name: c is not first for c in estate}
    written = step(w, {"1-23": clusters, "1-24": {n: not on for n, on in clusters.items()}},
                   traffic[:1], "1-23", "1-24")
    equal(services(written), {c.name: SWITCH if c is first else [] for c in estate}, "writes")
    equal([written[c.name] for c in estate.clusters[1:]], [[]] * (len(estate.clusters) - 1),
          "writes in the other clusters")
    for one in traffic[1:]:
        one.check("1-23")
    w.no_changes()


@one_cluster
def test_rollback_is_the_flip_backwards(w, estate):
    """And the new revision can be removed again; the old gateway was never touched."""
    traffic = installed(w, {"1-23": True, "1-24": False})
    before = {c.name: g.operator(c, revision="1-23")["metadata"]["uid"] for c in estate}
    step(w, {"1-23": False, "1-24": True}, traffic, "1-23", "1-24")
    written = step(w, {"1-23": True, "1-24": False}, traffic, "1-24", "1-23")
    equal(services(written), {c.name: SWITCH for c in estate}, "the switch back is one write")
    written = step(w, {"1-23": True}, traffic, "1-23")
    equal(written, {c.name: [f"delete istiooperators {GATEWAY}-1-24"] for c in estate}, "removed")
    equal({c.name: g.operator(c, revision="1-23")["metadata"]["uid"] for c in estate}, before,
          "the old gateways")
    w.no_changes()


@one_cluster
def test_rollback_in_one_apply_when_the_old_revision_is_gone(w, estate):
    """It is installed again first."""
    traffic = installed(w)
    step(w, {"1-24": True}, traffic, "1-23", "1-24")
    step(w, {"1-23": True}, traffic, "1-24", "1-23", extra='  timeouts = { update = "2m" }')
    equal(g.states(w, revision="1-23"), g.everywhere(w), "states")
    w.no_changes()


@one_cluster
def test_the_load_balancer_keeps_its_address(w, estate):
    """uid, clusterIP, node ports and the cloud's address outlive every switch."""
    traffic = installed(w, {"1-23": True, "1-24": False})

    def identity(cluster):
        service = g.service(cluster)
        return (service["metadata"]["uid"], service["spec"]["clusterIP"], service["spec"]["ports"],
                service["status"]["loadBalancer"]["ingress"])
    for number, cluster in enumerate(estate):
        cluster.give_address(GATEWAY, g.GATEWAYS, ip=f"203.0.113.{number + 1}")
    before = {c.name: identity(c) for c in estate}
    step(w, {"1-23": False, "1-24": True}, traffic, "1-23", "1-24")
    step(w, {"1-23": True, "1-24": False}, traffic, "1-24", "1-23")
    step(w, {"1-24": True}, traffic, "1-23", "1-24")
    equal({c.name: identity(c) for c in estate}, before, "load balancers")
    w.apply("-refresh-only")
    key = f"{g.GATEWAYS}/{GATEWAY}"
    equal({name: entry[key]["addresses"] for name, entry in w.services().items()},
          {c.name: [f"203.0.113.{i + 1}"] for i, c in enumerate(estate)}, "addresses")


def refused(w, wanted, bad, **rest):
    """An apply that must fail for one cluster alone; what the provider wrote, and the output."""
    revisions(w, wanted, **rest)
    mark = w.estate.marks()
    result = w.apply(code=1).has(f'Cluster "{bad.name}"')
    for cluster in w.estate:
        if cluster is not bad:
            result.lacks(f'Cluster "{cluster.name}"')
    return g.writes(w.estate, mark), result


def test_a_revision_that_does_not_become_ready_takes_no_traffic(w, estate):
    """Its cluster keeps the old one, active and untouched, and says so; others go on."""
    traffic = installed(w)
    bad, *others = estate.clusters
    before = g.versions(bad)
    bad.stop_operator()
    written, result = refused(w, {"1-24": True}, bad, extra='  timeouts = { update = "40s" }')
    result.has("1-24", STAYS)
    equal(written[bad.name], [f"patch istiooperators {GATEWAY}-1-24"], "writes where it fails")
    traffic[0].check("1-23")
    now = g.versions(bad)
    equal({key: now.get(key) for key in before}, before, "the old objects")
    for one in traffic[1:]:
        one.check("1-23", "1-24")
    known = w.documents()
    equal(sorted(known[bad.name]), ["1-23", "1-24"], "in the state")
    equal({c.name: sorted(known[c.name]) for c in others},
          {c.name: ["1-24"] for c in others}, "in the state elsewhere")
    change = w.change()
    differing = harness.differences(whole.services(change["before"]),
                                    whole.services(change["after"]))
    equal([(path[0], pair) for path, pair in differing.items()], [(bad.name, ("1-23", "1-24"))],
          "of Services the next plan shows the switch alone")

    bad.start_operator()
    mark = estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.writes(estate, mark), {
        c.name: [*SWITCH, f"delete istiooperators {GATEWAY}-1-23"] if c is bad else []
        for c in estate}, "the rest")
    traffic[0].check("1-23", "1-24")
    w.no_changes()


def test_an_image_that_is_missing_takes_no_traffic(w, estate):
    """The error says what the Pods say; repaired, the walk goes on."""
    traffic = installed(w)
    bad, *others = estate.clusters
    before = g.versions(bad)
    wanted = {"1-24": {c.name: True for c in others}, "1-24 bad": {bad.name: True}}
    written, result = refused(w, wanted, bad, tags={"1-24 bad": "1.24.2-missing"})
    result.has("1.24.2-missing", "manifest unknown", STAYS)
    equal(written[bad.name], [f"patch istiooperators {GATEWAY}-1-24"], "writes where it fails")
    traffic[0].check("1-23")
    now = g.versions(bad)
    equal({key: now.get(key) for key in before}, before, "the old objects")
    for one in traffic[1:]:
        one.check("1-23", "1-24")
    true(g.pair(w, bad, "1-24")["state"] != "HEALTHY", "the state must tell")
    equal(g.pair(w, bad, "1-23")["state"], "UNINSTALLING_GATEWAY", "the old one is to go")

    mark = estate.marks()
    revisions(w, wanted)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal({name: bool(lines) for name, lines in g.writes(estate, mark).items()},
          {c.name: c is bad for c in estate}, "writes")
    traffic[0].check("1-23", "1-24")
    w.no_changes()


@one_cluster
def test_a_selector_that_matches_no_pod_refuses_the_switch(w, estate):
    """The new gateway is healthy, but its Pods are not what the Service would select."""
    traffic = installed(w)
    before = {c.name: g.service(c) for c in estate}
    revisions(w, {"1-24": True}, edit=[("selector:\n            istio: ingressgateway",
                                       "selector:\n            istio: nobody")],
              extra='  timeouts = { update = "45s" }')
    result = w.apply(code=1)
    for cluster in estate:
        result.has(f'Cluster "{cluster.name}": Traffic was not switched over')
    result.has("istio=nobody", "no ready Pod matches", STAYS)
    equal({c.name: g.service(c) for c in estate}, before, "Services")
    for one in traffic:
        one.check("1-23")
    revisions(w, {"1-24": True})
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for one in traffic:
        one.check("1-23", "1-24")
    w.no_changes()


@one_cluster
def test_the_old_gateway_stays_when_pods_crash_after_the_new_one_was_healthy(w, estate):
    """Health of an earlier apply is not trusted: the switch looks for ready Pods itself."""
    installed(w, {"1-23": True, "1-24": False})
    bad = estate.clusters[0]
    before = g.service(bad)
    bad.fail_pods(g.GATEWAYS)
    bad.wait("Deployment", f"{GATEWAY}-1-24", g.GATEWAYS,
             lambda d: not d["status"].get("readyReplicas"), "no ready Pod")
    written, result = refused(w, {"1-23": False, "1-24": True}, bad,
                              extra='  timeouts = { update = "40s" }')
    result.has(STAYS)
    equal(services(written), {c.name: [] if c is bad else SWITCH for c in estate}, "switches")
    equal(g.service(bad)["spec"], before["spec"], "the Service")
    bad.fail_pods(g.GATEWAYS, False)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.service(bad)["spec"]["selector"]["revision"], "1-24", "selected in the end")
    w.no_changes()
