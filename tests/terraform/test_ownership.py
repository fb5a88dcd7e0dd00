# SPDX-License-Identifier: Apache-2.0
"""Whose an object is, and what is never overwritten or removed."""
from harness import equal, resource, true

FOREIGN = ("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n"
           "  name: istio-ingressgateway-1-24\n  namespace: istio-system\nspec:\n  hub: theirs\n")


def configure(w, **settings):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}, **settings))


def foreign(w, cluster="west"):
    path = w.operator_file(cluster)
    return w.write(str(path.relative_to(w.dir)), FOREIGN)


def lose_state(w):
    for path in w.dir.glob("terraform.tfstate*"):
        path.unlink()


def test_create_refuses_a_foreign_object_before_any_write(w):
    """In no cluster is anything written; no state, no taint."""
    configure(w)
    path = foreign(w)
    w.apply(code=1).has("already there", "import {", 'id = "gloo-mesh/istio-ingressgateway"')
    equal(w.cluster_files("east"), [], "east")
    equal(path.read_text(), FOREIGN, "their file")
    equal(w.state(), None, "state")


def test_create_refuses_our_own_leftovers(w):
    """The state file was lost; the printed import block brings it back."""
    configure(w)
    w.apply()
    lose_state(w)
    w.apply(code=1).has("already there", "is not in the state", "import {")
    equal(w.state(), None, "state")
    w.write("import.tf", "import {\n  to = glm_gateway_lifecycle_manager.ingress\n"
                         '  id = "gloo-mesh/istio-ingressgateway"\n}\n')
    w.apply()
    w.path("import.tf").unlink()
    w.no_changes()


def test_adopt_existing_takes_over(w):
    """Of the wanted names."""
    configure(w, extra="  adopt_existing = true")
    path = foreign(w)
    w.apply()
    true("theirs" not in path.read_text(), "the file is ours")
    w.no_changes()


def test_a_foreign_object_at_a_new_place_of_an_update_is_kept(w):
    """Refused, not overwritten."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    path = foreign(w)
    configure(w)
    w.apply(code=1).has("already there")
    equal(path.read_text(), FOREIGN, "their file")


def test_destroy_leaves_a_foreign_replacement(w):
    """What somebody else put at our object's place stays."""
    configure(w)
    w.apply()
    path = foreign(w)
    w.destroy(code=None)
    equal(path.read_text(), FOREIGN, "their file")


def test_destroy_leaves_what_belongs_to_another_resource(w):
    """By its owner labels."""
    configure(w)
    w.apply()
    path = w.operator_file("west")
    key = "terraform-provider-glm/name: "
    text = path.read_text().replace(key + "istio-ingressgateway", key + "somebody-else")
    true("somebody-else" in text, "the label was replaced")
    path.write_text(text)
    w.destroy().has("An object was left alone")
    equal(path.read_text(), text, "their file")
