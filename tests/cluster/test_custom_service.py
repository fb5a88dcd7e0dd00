# SPDX-License-Identifier: Apache-2.0
"""values.gateways.*.customService: true: the Service is the user's, and nobody touches it."""
import gateways as g
from gateways import equal, true
from objects import thing
from walks import revisions

CUSTOM = [("profile: empty\n", "profile: empty\nvalues:\n  gateways:\n    istio-ingressgateway:\n"
           "      customService: true\n")]
MINE = "my-load-balancer"


def make(cluster, revision="1-23", name=MINE, **selector):
    cluster.namespace(g.GATEWAYS)
    wanted = {"istio": "ingressgateway", "revision": revision, **selector}
    cluster.apply(thing("Service", name, g.GATEWAYS, spec={
        "type": "LoadBalancer", "ports": [{"name": "http2", "port": 80, "targetPort": 8080}],
        "selector": wanted}))
    return cluster.get("Service", name, g.GATEWAYS)


def custom(w, wanted):
    revisions(w, wanted, edit=CUSTOM)


def test_a_service_of_the_user_is_never_touched(w, estate):
    """Through install, upgrade, removal and destroy."""
    before = estate.each(make)
    custom(w, {"1-23": True})
    w.apply()
    custom(w, {"1-23": False, "1-24": True})
    w.apply()
    w.no_changes()
    for cluster in estate:
        true(cluster.ready_endpoints(MINE, g.GATEWAYS), f"endpoints in {cluster.name}")
        equal(g.service(cluster), None, "a Service of ours")
    w.destroy()
    equal([c.get("Service", MINE, g.GATEWAYS)["spec"] for c in estate],
          [one["spec"] for one in before], "the users' Services")


def test_removing_the_revision_that_it_selects_is_warned_of(w, estate):
    """The status says who selects a revision, and so does the apply that removes it."""
    first, second, third = estate.clusters
    make(first)
    make(second, "1-24")
    make(third, istio="somebody-else")
    custom(w, {"1-23": False, "1-24": True})
    w.apply().lacks("A Service selects")
    w.apply("-refresh-only")
    service = f"Service {g.GATEWAYS}/{MINE} (selector istio=ingressgateway,revision=1-23)"
    selected = f"Selected by {service}, which is not managed here."
    moved = selected.replace("1-23", "1-24")
    said = {c: [g.pair(w, c, key)["message"] or "" for key in ("1-23", "1-24")] for c in estate}
    equal([[said[c][0].count(selected), said[c][1].count(moved)] for c in estate],
          [[1, 0], [0, 1], [0, 0]], "messages of the status")
    equal(g.pair(w, first, "1-23")["state"], "HEALTHY", "state")
    w.no_changes()

    custom(w, {"1-24": True})
    w.plan().has(selected, "A Service selects what is to be removed", f"{first.name}, 1-23: {service}")
    result = w.apply().has("A Service selects what was removed", f'Cluster "{first.name}"',
                           f"Service {g.GATEWAYS}/{MINE}", f"{g.GATEWAY}-1-23 is removed")
    result.lacks(f'Cluster "{second.name}"', f'Cluster "{third.name}"')
    equal(first.get("Service", MINE, g.GATEWAYS)["spec"]["selector"]["revision"], "1-23",
          "the user's selector")


def test_one_that_was_pointed_elsewhere_before_is_not_named(w, estate):
    """As the warning asks for: first the selector, then the removal. Traffic keeps a gateway."""
    cluster = estate.clusters[0]
    make(cluster)
    one = {cluster.name: True}
    custom(w, {"1-23": one})
    w.apply()
    custom(w, {"1-23": {cluster.name: False}, "1-24": one})
    w.apply()
    make(cluster, "1-24")
    custom(w, {"1-24": one})
    w.apply().lacks("A Service selects")
    true(cluster.ready_endpoints(MINE, g.GATEWAYS), "endpoints")
