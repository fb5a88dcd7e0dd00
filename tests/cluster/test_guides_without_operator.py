# SPDX-License-Identifier: Apache-2.0
"""The guides of the installer direct, walked in real clusters that have no operator."""
import direct
import gateways as g
from gateways import equal
from test_guides import Live

OPERATOR = "none"


def test_the_guide_to_east_west_gateways(w, _):
    """A control plane finds the gateway of each network by its Service."""
    walk = Live(w, "east-west-gateways")
    walk.go()
    for number, cluster in enumerate(walk.clusters, 1):
        found = cluster.list("Service", "istio-system",
                             labels=f"topology.istio.io/network=network{number}")
        equal([s["metadata"]["name"] for s in found], ["istio-eastwestgateway"], cluster.name)


def test_the_guide_to_a_preview_of_an_upgrade(w, estate):
    """Nothing of it reaches a cluster."""
    walk = Live(w, "preview-an-istio-upgrade")
    # There is no control plane of 1.29 here, and the gateways may be one minor version older. The name
    # of a NetworkPolicy has the revision of the control plane in it, which the one here is without.
    w.edit(w.path("main.tf"), "      skip_upgrade_validation",
           '      control_plane_revision  = "default"\n      skip_upgrade_validation')
    mark = None
    for kind, path, block in walk.marks:
        if kind == "plan" and mark is None:
            walk.close()
            mark, before = w.estate.marks(), [direct.uids(c) for c in walk.clusters]
        if kind != "file":
            getattr(walk, kind)(path, block.replace("-1-29-1-29", "-1-29"))
    equal([direct.uids(c) for c in walk.clusters], before, "objects")
    g.silent(w.estate, mark)
