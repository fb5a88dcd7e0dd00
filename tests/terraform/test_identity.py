# SPDX-License-Identifier: Apache-2.0
"""Resource identity: in the state from the first apply on, never changing, and import by it."""
import json

from harness import INGRESS, equal, resource, tofu_only, true
from test_import import ADDRESS, ID, lost
from test_ownership import lose_state
from test_partial import half_created

IDENTITY = {"name": "istio-ingressgateway", "namespace": "gloo-mesh"}


def import_block(w, identity):
    w.main(f"import {{\n  to = {ADDRESS}\n  identity = {identity}\n}}\n")


def has_identity(w, identity=None):
    shown = w.shown()
    equal(shown.get("identity"), identity or IDENTITY, "identity in the state")
    equal(shown.get("identity_schema_version"), 2, "its version")


@tofu_only
def test_the_state_has_the_identity_through_the_whole_life(w):
    """Create, refresh, update, and a create that fails half-way."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    has_identity(w)
    w.apply("-refresh-only")
    has_identity(w)
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply().has("1 changed")
    has_identity(w)
    w.no_changes()
    w.destroy()


@tofu_only
def test_a_create_that_fails_half_way_has_the_identity(w):
    """So that the retry does not find it changed."""
    half_created(w)
    true(w.tainted(), "tainted")
    has_identity(w)
    w.path("clusters/west").unlink()
    w.run("untaint", INGRESS)
    w.apply()
    has_identity(w)
    w.no_changes()


@tofu_only
def test_a_rename_brings_the_new_identity(w):
    """It replaces."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.main(resource({"1-24": {"east": True}}, name="renamed"))
    w.apply().has("1 added, 0 changed, 1 destroyed")
    has_identity(w, {"name": "renamed", "namespace": "gloo-mesh"})
    w.no_changes()


@tofu_only
def test_a_name_that_is_known_only_after_apply_has_an_identity_then(w):
    """The plan has none."""
    w.fixture("ingress.yaml")
    w.main('resource "terraform_data" "name" {\n  input = "late"\n}\n' +
           resource({"1-24": {"east": True}}).replace('"istio-ingressgateway"\n',
                                                      "terraform_data.name.output\n"))
    w.apply()
    has_identity(w, {"name": "late", "namespace": "gloo-mesh"})
    w.no_changes()


@tofu_only
def test_nulls_stored_as_identity_do_not_disturb(w):
    """As other providers write them after failures."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    state = json.loads(w.path("terraform.tfstate").read_text())
    instance = state["resources"][0]["instances"][0]
    instance["identity"] = {"name": None, "namespace": None}
    state["serial"] += 1
    w.path("terraform.tfstate").write_text(json.dumps(state))
    w.no_changes()
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply()
    has_identity(w)


@tofu_only
def test_import_by_identity_then_no_changes(w):
    """The namespace may be left out."""
    for identity in ('{ name = "istio-ingressgateway", namespace = "gloo-mesh" }',
                     '{ name = "istio-ingressgateway" }'):
        lost(w)
        main = w.path("main.tf").read_text()
        import_block(w, identity)
        w.main(w.path("main.tf").read_text() + main)
        w.apply().has("1 imported, 0 added, 0 changed, 0 destroyed")
        has_identity(w)
        w.main(main)
        w.no_changes()
        lose_state(w)
        w.run_shell("rm", "-r", "clusters")


@tofu_only
def test_import_by_id_brings_the_identity_too(w):
    """With the command."""
    lost(w)
    w.run("import", "-no-color", ADDRESS, ID)
    has_identity(w)


@tofu_only
def test_configuration_generated_from_an_identity_changes_nothing(w):
    """It is readable, it validates and plans to nothing but the import."""
    lost(w)
    import_block(w, '{ name = "istio-ingressgateway" }')
    w.plan_generated().has("1 to import, 0 to add, 0 to change")
    w.run("validate", "-no-color")
    w.apply()
    has_identity(w)
    w.no_changes()


@tofu_only
def test_a_wrong_identity_is_explained(w):
    """Malformed, or of nothing that is there."""
    lost(w)
    main = w.path("main.tf").read_text()
    for identity, words in (('{ name = "Not A Name" }', ["Not a Kubernetes name", "Not A Name"]),
                            ('{ name = "x", namespace = "A" }', ["identity.namespace:"]),
                            ('{ name = "other" }', ["Nothing to import", "gloo-mesh/other"])):
        import_block(w, identity)
        w.main(w.path("main.tf").read_text() + main)
        w.plan(code=1).has(*words)
