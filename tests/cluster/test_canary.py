# SPDX-License-Identifier: Apache-2.0
"""A canary upgrade as ordinary edits: no request is ever without a gateway to go to."""
import gateways as g
from gateways import GATEWAY, equal, true
from walks import Traffic, revisions
from workspace import harness

SWITCH = [f"patch services {GATEWAY}"]


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
    differing = harness.differences(change["before"], change["after"])
    selectors = {path[1]: pair for path, pair in differing.items() if path[0] == "services"}
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
