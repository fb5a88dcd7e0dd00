# SPDX-License-Identifier: Apache-2.0
"""Whose an object is, and what is never overwritten or removed."""
import re

from harness import INGRESS, RESOURCE, equal, resource, true, unboxed

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
    refusal = w.apply(code=1).has("already there", "was made for this resource before",
                               "the state has lost them")
    equal(w.state(), None, "state")
    block = re.search(r"import {\n.*?}", unboxed(refusal.text), re.S).group(0)
    w.write("import.tf", block.replace(f"{RESOURCE}.NAME", INGRESS) + "\n")
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


def given_away(w, path, owner="somebody-else"):
    """Another resource's labels on a file."""
    key = "terraform-provider-glm/name: "
    text = path.read_text().replace(key + "istio-ingressgateway", key + owner)
    true(owner in text, "the label was replaced")
    path.write_text(text)
    return text


def test_a_plan_repairs_nothing_that_belongs_to_another_resource(w):
    """It says who has it, and changes nothing of it, as the apply does."""
    configure(w)
    w.apply()
    for path in (w.operator_file("west"), w.service_file("west")):
        before = path.read_text()
        text = given_away(w, path)
        w.plan(code=0).has("Warning: Objects belong to another resource (istio-ingressgateway in west)",
                           "belongs to gloo-mesh/somebody-else", "adopt_existing = true", "No changes")
        w.apply()
        equal(path.read_text(), text, "their file")
        path.write_text(before)
        w.plan(code=0).has("No changes").lacks("another resource")


def test_a_plan_that_cannot_be_applied_for_objects_of_another_resource_is_refused(w):
    """Whatever it changes; until they are given back, left to it, or taken back."""
    configure(w)
    w.apply()
    path = w.operator_file("west")
    text = given_away(w, path)
    w.main(resource({"1-24": {"east": False, "west": True}}))
    w.plan(code=1).has("Error: Objects belong to another resource", "belongs to gloo-mesh/somebody-else",
                       "This plan cannot be applied")
    w.destroy(code=1).has("Before a destroy", "terraform destroy -refresh=false")
    w.main(resource({"1-24": {"east": False}}))
    w.apply().has("An object was left alone")
    equal(path.read_text(), text, "their file")
    w.no_changes()


def test_a_destroy_without_the_plan_before_it_leaves_what_another_resource_has_taken(w):
    """That plan is refused where something would change."""
    configure(w)
    w.apply()
    path = w.operator_file("west")
    text = given_away(w, path)
    w.main(resource({"1-24": {"east": False, "west": True}}))
    w.destroy("-refresh=false").has("An object was left alone", "somebody-else")
    equal(w.state(), None, "state")
    equal(path.read_text(), text, "their file")
    true(not w.operator_file("east").exists(), "what is ours has gone")


def test_adopt_existing_takes_back_what_another_resource_has_taken(w):
    """The plan says so, and the apply does it."""
    configure(w)
    w.apply()
    path = w.operator_file("west")
    given_away(w, path)
    configure(w, extra="  adopt_existing = true")
    w.plan().has("metadata.labels['terraform-provider-glm/name']", "somebody-else (should be")
    w.apply()
    true("somebody-else" not in path.read_text(), "it is ours again")
    w.no_changes()


def two_with_one_gateway(w, **settings):
    w.fixture("ingress.yaml")
    clusters = {"east": False, "west": False}
    w.main(resource({"1-24": clusters}) +
           resource({"1-24": clusters}, name="second", label="second", **settings))


def test_a_gateway_has_one_owner_in_a_cluster(w):
    """Two resources of other names that render the same gateway: the second is refused, by name."""
    two_with_one_gateway(w, extra="  depends_on = [glm_gateway_lifecycle_manager.ingress]")
    w.apply(code=1).has(
        "A gateway has an owner already",
        "gateway gloo-mesh-gateways/istio-ingressgateway-1-24: rendered by IstioOperator "
        "istio-system/istio-ingressgateway-1-24, of the gateway lifecycle manager "
        "gloo-mesh/istio-ingressgateway",
        "Nothing was written in any cluster")
    equal(w.state("glm_gateway_lifecycle_manager.second"), None, "state of the second")
    true(not w.operator_file("east", "second").exists(), "no file of the second")
    w.write("second.yaml", w.path("ingress.yaml").read_text().replace(
        "- name: istio-ingressgateway", "- name: second"))
    w.main(resource({"1-24": {"east": False, "west": False}}) +
           resource({"1-24": ({"east": False, "west": False}, 'file("second.yaml")', "")},
                    name="second", label="second"))
    w.apply()
    w.no_changes()


def test_a_gateway_made_twice_in_one_run_is_refused(w):
    """Both are applied at once, and neither finds anything there."""
    w.use({"east": {}})
    w.fixture("ingress.yaml")
    w.main("".join(resource({"1-24": {"east": False}}, name=f"r{i}", label=f"r{i}")
                   for i in range(6)))
    w.apply(code=1).has("A gateway has an owner already")
    files = [f for f in w.cluster_files("east") if "istiooperator-" in f]
    equal(len(files), 1, f"IstioOperators {files}")
    kept = [i for i in range(6) if w.state(f"glm_gateway_lifecycle_manager.r{i}")]
    equal(len(kept), 1, "resources in the state")


def test_a_gateway_of_an_istio_operator_by_hand_is_refused(w):
    """Another name, the same gateway; where the operator leaves it alone, it is no rival."""
    configure(w)
    rival = w.write("clusters/west/namespaces/istio-system/istiooperator-by-hand.yaml",
                    "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n"
                    "  name: by-hand\n  namespace: istio-system\nspec:\n  profile: empty\n"
                    "  components:\n    ingressGateways:\n    - name: istio-ingressgateway-1-24\n"
                    "      namespace: gloo-mesh-gateways\n      enabled: true\n")
    w.apply(code=1).has("rendered by IstioOperator istio-system/by-hand")
    equal(w.cluster_files("east"), [], "files in the other cluster")
    w.edit(rival, "enabled: true", "enabled: false")
    w.apply()
    w.no_changes()
