# SPDX-License-Identifier: Apache-2.0
"""Import by id."""
from harness import equal, resource, true
from test_ownership import lose_state

ADDRESS = "glm_gateway_lifecycle_manager.ingress"
ID = "gloo-mesh/istio-ingressgateway"


def lost(w):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply()
    lose_state(w)


def test_import_then_no_changes(w):
    """With the original configuration."""
    lost(w)
    w.run("import", "-no-color", ADDRESS, ID)
    w.no_changes()


def test_generated_configuration_changes_nothing(w):
    """An import block and -generate-config-out."""
    lost(w)
    w.main(f'import {{\n  to = {ADDRESS}\n  id = "{ID}"\n}}\n')
    w.plan_generated().has("1 to import, 0 to add, 0 to change")
    text = w.path("generated.tf").read_text()
    true("istio_operator_spec" in text and "jsonencode({" in text, f"a readable spec:\n{text}")
    true("\\n" not in text, f"no escaped lines:\n{text}")
    w.run("validate", "-no-color")
    w.apply()
    w.no_changes()


def test_networks_and_versions_are_imported(w):
    """From what is written with the objects; where there are none, none is made up."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": ({"east": {"active_gateway": True, "network": "network1"}, "west": {}},
                              None, '      istio_version = "1.24"')}))
    w.apply()
    lose_state(w)
    w.run("import", "-no-color", ADDRESS, ID)
    w.no_changes()
    lose_state(w)
    w.main(f'import {{\n  to = {ADDRESS}\n  id = "{ID}"\n}}\n')
    w.plan_generated().has("1 to import, 0 to add, 0 to change")
    text = w.path("generated.tf").read_text()
    true(text.count('network1"') == 1 and 'istio_version           = "1.24"' in text, text)
    w.apply()
    w.no_changes()


def test_the_original_configuration_goes_on_after_an_import(w):
    """Its YAML and what import found are the same spec; a change shows as that change."""
    lost(w)
    w.run("import", "-no-color", ADDRESS, ID)
    w.no_changes()
    w.edit(w.path("ingress.yaml"), "tag: 1.24.1", "tag: 1.24.2")
    change = w.change()
    equal(change["actions"], ["update"], "actions")
    w.apply()
    w.no_changes()


def test_a_malformed_id_is_explained(w):
    """What was expected, with an example."""
    lost(w)
    w.run("import", "-no-color", ADDRESS, "x", code=1).has("Malformed import ID", ID)


def test_nothing_found_is_an_error(w):
    """With the id."""
    lost(w)
    w.run("import", "-no-color", ADDRESS, "gloo-mesh/other", code=1).has("gloo-mesh/other")


def test_import_when_one_cluster_lacks_the_installation(w):
    """Only that cluster is planned."""
    lost(w)
    w.operator_file("west").unlink()
    w.service_file("west").unlink()
    w.run("import", "-no-color", ADDRESS, ID)
    w.plan().has("0 to add, 1 to change").lacks('~ "east"')
    w.apply()
    w.no_changes()
