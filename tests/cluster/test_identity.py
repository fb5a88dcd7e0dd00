# SPDX-License-Identifier: Apache-2.0
"""Import from real clusters by identity, which OpenTofu 1.12 has."""
import gateways as g
from gateways import GATEWAY, equal
from test_import import LIVE, by_hand, forget, gateway_by_hand
from workspace import harness

IDENTITY = {"name": GATEWAY, "namespace": "gloo-mesh"}


def block(identity):
    return f"import {{\n  to = {g.INGRESS}\n  identity = {identity}\n}}\n"


@harness.tofu_only
def test_an_import_by_identity_changes_nothing(w, estate):
    """Of all clusters, without a write; the namespace may be left out."""
    g.ingress(w)
    w.apply()
    main = w.path("main.tf").read_text()
    for identity in (f'{{ name = "{GATEWAY}", namespace = "gloo-mesh" }}',
                     f'{{ name = "{GATEWAY}" }}'):
        forget(w)
        w.main(block(identity) + main)
        mark = estate.marks()
        w.apply().has("1 imported, 0 added, 0 changed, 0 destroyed")
        g.silent(estate, mark)
        equal(w.shown()["identity"], IDENTITY, "identity in the state")
        equal(g.states(w), g.everywhere(w), "states")
        w.main(main)
        w.no_changes()


@harness.tofu_only
def test_what_was_never_ours_is_imported_by_identity(w, estate):
    """With generated configuration."""
    cluster = estate.clusters[0]
    by_hand(cluster, gateway_by_hand())
    cluster.wait_status(LIVE)
    w.main(block(f'{{ name = "{GATEWAY}" }}'))
    w.plan_generated().has("1 to import, 0 to add, 0 to change, 0 to destroy")
    w.apply().has("1 imported")
    equal(w.shown()["identity"], IDENTITY, "identity in the state")
    w.no_changes()


@harness.tofu_only
def test_an_identity_of_nothing_says_what_was_looked_for(w, estate):
    """No object of that name in any cluster."""
    g.ingress(w)
    w.main(block('{ name = "other" }') + w.path("main.tf").read_text())
    w.plan(code=1).has("Nothing to import", "gloo-mesh/other")
    equal([g.left(c) for c in estate], [[] for _ in estate], "written")
