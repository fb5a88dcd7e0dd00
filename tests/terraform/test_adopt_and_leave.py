# SPDX-License-Identifier: Apache-2.0
"""Create never adopts; import, destroy, rename, and clusters that come and go."""
import re

from harness import INGRESS, RESOURCE, equal, resource, true, unboxed

FOREIGN = """apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: istio-ingressgateway-1-24
  namespace: istio-system
spec:
  profile: empty
  revision: 1-24
  hub: example.com/istio
  tag: 1.24.0
  components:
    ingressGateways:
    - name: istio-ingressgateway-1-24
      namespace: gloo-mesh-gateways
      enabled: true
      label:
        app: istio-ingressgateway
        istio: ingressgateway
        revision: 1-24
"""
NAMESPACES = ["cluster/namespace-gloo-mesh-gateways.yaml", "cluster/namespace-istio-system.yaml"]


def start(w, extra=""):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}, extra=extra))


def forget(w):
    for path in w.dir.glob("terraform.tfstate*"):
        path.unlink()


def foreign(w):
    return w.write("clusters/west/namespaces/istio-system/"
                   "istiooperator-istio-ingressgateway-1-24.yaml", FOREIGN)


def printed_import(out):
    """The import block in an error, for the address of these tests."""
    found = re.search(r"import \{.*?\n *\}", unboxed(out.text), re.S)
    true(found, f"an import block to paste\n{out.text}")
    return found.group(0).replace(f"{RESOURCE}.NAME", INGRESS) + "\n"


def test_a_foreign_object_is_refused_before_any_write(w):
    """West has an IstioOperator of that name: nothing is written in east either."""
    start(w)
    foreign(w)
    out = w.apply(code=1)
    out.has('"west"', "istio-system/istio-ingressgateway-1-24", "adopt_existing", "import {",
            'id = "gloo-mesh/istio-ingressgateway"')
    equal(w.state(), None, "state")
    true(not w.path("clusters/east").exists(), "nothing may be written in east")
    equal(foreign(w).read_text(), FOREIGN, "the foreign file")


def test_an_import_is_offered_only_where_it_works(w):
    """Not for a Service alone, and not to a resource that is in the state already."""
    start(w)
    service = w.write("clusters/west/namespaces/gloo-mesh-gateways/service-istio-ingressgateway.yaml",
                      "apiVersion: v1\nkind: Service\nmetadata:\n  name: istio-ingressgateway\n"
                      "  namespace: gloo-mesh-gateways\nspec:\n  ports:\n  - port: 80\n")
    w.apply(code=1).has("Objects are already there", "adopt_existing = true").lacks("import {")
    service.unlink()
    foreign(w)
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply(code=1).has("Objects are already there", "adopt_existing = true").lacks("import {")
    w.main(resource({"1-24": {"east": True, "west": True}}, extra="  adopt_existing = true"))
    w.apply().has("1 changed")
    w.no_changes()


def test_our_own_leftovers_are_refused_too(w):
    """The state was lost; the labels are ours, but a create takes over nothing."""
    start(w)
    w.apply()
    forget(w)
    before = w.tree("east"), w.tree("west")
    out = w.apply(code=1)
    out.has('"east"', '"west"', "import {")
    equal(w.state(), None, "state")
    equal((w.tree("east"), w.tree("west")), before, "files")


def test_the_printed_import_block_converges(w):
    """Paste it, plan: 1 to import and nothing else; apply; no changes."""
    start(w)
    w.apply()
    forget(w)
    before = w.tree("east"), w.tree("west")
    block = printed_import(w.apply(code=1))
    w.write("import.tf", block)
    w.plan().has("1 to import, 0 to add, 0 to change, 0 to destroy")
    w.apply()
    equal((w.tree("east"), w.tree("west")), before, "files")
    w.path("import.tf").unlink()
    w.no_changes()


def test_the_printed_import_block_takes_over_a_foreign_object(w):
    """Imported as it is, then brought to what the configuration says."""
    start(w)
    foreign(w)
    w.write("import.tf", printed_import(w.apply(code=1)))
    w.plan().has("1 to import", "0 to destroy")
    w.apply()
    true("tag: 1.24.1" in w.operator_file("west").read_text(), "west is what we say")
    w.no_changes()


THEIRS = """apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: edge-1-24
  namespace: istio-system
spec:
  profile: empty
  revision: 1-24
  tag: 1.23.6
  meshConfig: {trustDomain: east}
  components:
    ingressGateways:
    - {name: edge-1-24, namespace: gw, enabled: true, label: {istio: edge, revision: 1-24}}
  values: {global: {multiCluster: {clusterName: east}}}
"""


def test_the_import_of_an_object_that_was_never_ours_plans_no_changes(w):
    """It is theirs byte by byte until something is changed; the first write makes it ours."""
    path = w.write("clusters/east/namespaces/istio-system/istiooperator-edge-1-24.yaml", THEIRS)
    w.main(f'import {{\n  to = {INGRESS}\n  id = "gloo-mesh/edge"\n}}\n')
    w.plan_generated().has("1 to import, 0 to add, 0 to change, 0 to destroy")
    w.apply()
    w.no_changes()
    equal(path.read_text(), THEIRS, "the file")
    w.edit(w.path("generated.tf"), "1.23.6", "1.23.7")
    w.apply().has("0 added, 1 changed")
    text = path.read_text()
    true("tag: 1.23.7" in text and "terraform-provider-glm/name: edge" in text, text)
    w.no_changes()
    path.write_text(text.replace("    terraform-provider-glm/name: edge\n", ""))
    w.plan("-detailed-exitcode", code=2).has("labels")


def test_an_imported_object_keeps_labels_of_its_own_until_a_change_shows_that_they_go(w):
    """The whole file becomes ours with the first change."""
    w.write("clusters/east/namespaces/istio-system/istiooperator-edge-1-24.yaml",
            THEIRS.replace("  name: edge-1-24\n", "  name: edge-1-24\n  labels: {team: net}\n", 1))
    w.main(f'import {{\n  to = {INGRESS}\n  id = "gloo-mesh/edge"\n}}\n')
    w.plan_generated().has("1 to import, 0 to add, 0 to change")
    w.apply()
    w.no_changes()
    w.edit(w.path("generated.tf"), "1.23.6", "1.23.7")
    w.plan().has("0 to add, 1 to change", '- "metadata.labels.team"', '"net" -> null')


def test_the_first_change_of_an_import_says_which_services_of_the_chart_go(w):
    """The chart makes one by what was found, and none by what would be written."""
    theirs = THEIRS.replace("revision: 1-24}}", "revision: 1-24},\n       "
                            "k8s: {service: {type: LoadBalancer, ports: [{name: http, port: 80}]}}}")
    true(theirs != THEIRS, "a Service")
    w.write("clusters/east/namespaces/istio-system/istiooperator-edge-1-24.yaml", theirs)
    w.main(f'import {{\n  to = {INGRESS}\n  id = "gloo-mesh/edge"\n}}\n')
    w.plan_generated().has("1 to import, 0 to add, 0 to change").lacks("gateway chart go")
    w.apply()
    w.no_changes()
    w.edit(w.path("generated.tf"), "1.23.6", "1.23.7")
    w.plan().has("Services of the gateway chart go", "east: Service gw/edge-1-24")


def test_an_imported_object_that_was_never_ours_is_removed_by_destroy(w):
    """Importing is taking over."""
    path = w.write("clusters/east/namespaces/istio-system/istiooperator-edge-1-24.yaml", THEIRS)
    w.main(f'import {{\n  to = {INGRESS}\n  id = "gloo-mesh/edge"\n}}\n')
    w.plan_generated()
    w.apply()
    w.path("main.tf").unlink()
    w.destroy().has("1 destroyed").lacks("left alone")
    true(not path.exists(), "their file is gone")


def test_adopt_existing_takes_over_a_foreign_object(w):
    """It becomes ours, and the rest is created."""
    start(w, "  adopt_existing = true")
    foreign(w)
    w.apply().has("1 added")
    text = w.operator_file("west").read_text()
    true("tag: 1.24.1" in text and "terraform-provider-glm/name" in text, text)
    w.no_changes()


def test_adopt_existing_takes_over_our_leftovers_without_writing(w):
    """They are as wanted already: zero writes."""
    start(w)
    w.apply()
    forget(w)
    before = w.tree("east"), w.tree("west")
    start(w, "  adopt_existing = true")
    w.apply()
    equal((w.tree("east"), w.tree("west")), before, "files")
    w.no_changes()


def test_an_update_into_a_cluster_that_has_a_foreign_object_is_refused(w):
    """Adding west to the clusters is an update, and west has the name taken."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    foreign(w)
    start(w)
    w.apply(code=1).has('"west"', "istio-ingressgateway-1-24")
    equal(foreign(w).read_text(), FOREIGN, "the foreign file")
    true(not w.tainted(), "an update never taints")


def test_import_by_id_then_no_changes(w):
    """terraform import into an empty state."""
    start(w)
    w.apply()
    forget(w)
    w.run("import", INGRESS, "gloo-mesh/istio-ingressgateway")
    w.no_changes()


def test_import_of_what_does_not_exist_is_refused(w):
    """And so are IDs of another form."""
    start(w)
    w.run("import", INGRESS, "gloo-mesh/nothing", code=1).has("Nothing to import", "gloo-mesh")
    for wrong in ("istio-ingressgateway", "a/b/c", "/x", "x/"):
        w.run("import", INGRESS, wrong, code=1).has("namespace/name")


def generated(w):
    forget(w)
    w.main(f'import {{\n  to = {INGRESS}\n  id = "gloo-mesh/istio-ingressgateway"\n}}\n')
    w.path("generated.tf").unlink(missing_ok=True)
    out = w.plan_generated()
    out.has("1 to import, 0 to add, 0 to change, 0 to destroy")
    w.apply()
    w.no_changes()


def test_generated_configuration_plans_no_changes(w):
    """-generate-config-out writes what apply takes as it is."""
    start(w)
    w.apply()
    generated(w)


def test_generated_configuration_of_a_complicated_resource_plans_no_changes(w):
    """Two installations, trust domains, helm_global, a namespace of its own spec."""
    w.fixture("ingress.yaml")
    w.write("old.yaml", w.path("ingress.yaml").read_text().replace("1.24.1", "1.23.6"))
    w.main(resource({
        "canary": ({"east": {"active_gateway": True, "trust_domain": "corp"}, "west": {}}, None,
                   '      gateway_revision = "1-24"\n      control_plane_revision = "1-24-1"\n'
                   "      skip_upgrade_validation = true"),
        "1-23": ({"west": True}, 'file("old.yaml")', ""),
    }, extra='  helm_global = { repo = "oci://x", repo_secrets = [{ name = "pull" }] }'))
    w.apply()
    generated(w)


def test_generated_configuration_of_a_revisionless_gateway_plans_no_changes(w):
    """Revisionless is written as "default"."""
    w.fixture("ingress.yaml")
    w.main(resource({"plain": ({"east": True}, None, '      gateway_revision = "default"')}))
    w.apply()
    true(w.operator_file("east", revision="").exists(), "the file has no revision in its name")
    equal(list(w.documents()["east"]), ["default"], "key of a revisionless gateway")
    generated(w)


def test_destroy_removes_every_file_of_ours_and_leaves_the_namespaces(w):
    """Nothing but Namespace files stays, and destroying takes one apply."""
    start(w)
    w.apply()
    w.destroy().has("1 destroyed")
    for cluster in ("east", "west"):
        equal(w.cluster_files(cluster), NAMESPACES, cluster)
    equal(w.leftovers(), [], "temporary files")
    w.apply()
    w.no_changes()


def test_deletion_protection_refuses_destroy_and_rename_at_plan(w):
    """The state's value counts, not that of the configuration."""
    start(w, "  deletion_protection = true")
    w.apply()
    before = w.tree("east")
    w.plan("-destroy", code=1).has("deletion_protection", "gloo-mesh/istio-ingressgateway")
    w.destroy(code=1).has("deletion_protection")
    w.main(resource({"1-24": {"east": True, "west": True}}, name="renamed"))
    w.plan(code=1).has("deletion_protection")
    start(w)
    w.destroy(code=1).has("deletion_protection")
    equal(w.tree("east"), before, "files")
    w.apply()
    w.destroy()


def test_removing_the_block_under_deletion_protection_is_refused(w):
    """No configuration at all is a destroy."""
    start(w, "  deletion_protection = true")
    w.apply()
    w.main("")
    w.plan(code=1).has("deletion_protection")


def test_a_rename_replaces_and_warns(w):
    """The gateways of the old name go, those of the new one come."""
    start(w)
    w.apply()
    w.main(resource({"1-24": {"east": True, "west": True}}, name="renamed"))
    out = w.plan()
    out.has("must be replaced", "removes live gateways", "forces replacement")
    w.apply()
    true(not w.operator_file("east").exists(), "the old name is gone")
    true(w.operator_file("east", name="renamed").exists(), "the new name is there")
    true(w.service_file("east").exists(), "the Service is there")
    w.no_changes()


def test_a_namespace_change_replaces(w):
    """The namespace is half of the identity; files have the same names, owners differ."""
    start(w)
    w.apply()
    start(w, '  namespace = "other"')
    w.plan().has("must be replaced")
    w.apply()
    equal(w.state()["id"], "other/istio-ingressgateway", "id")
    true("terraform-provider-glm/namespace: other" in w.operator_file("east").read_text(), "owner")
    w.no_changes()


def test_a_cluster_that_leaves_the_provider_first_is_refused_with_the_ways_out(w):
    """Plan, apply and destroy say which objects and what to do."""
    start(w)
    w.apply()
    west = w.tree("west")
    w.use({"east": {}})
    w.main(resource({"1-24": {"east": True}}))
    for command in (["plan"], ["plan", "-destroy"], ["destroy", "-auto-approve"]):
        w.run(*command, "-no-color", code=1).has(
            '"west"', "istio-system/istio-ingressgateway-1-24", "Put the entry back",
            "decommissioned = true")
    equal(w.tree("west"), west, "files of west")
    w.use({"east": {}, "west": {}})
    w.apply()
    w.use({"east": {}})
    w.no_changes()


def test_a_decommissioned_cluster_leaves_the_state_with_a_warning(w):
    """Its files stay as they are."""
    start(w)
    w.apply()
    west = w.tree("west")
    w.use({"east": {}, "west": {"directory": "./clusters/west", "decommissioned": True}})
    w.main(resource({"1-24": {"east": True}}))
    w.plan().has("Warning", '"west"', "decommissioned")
    w.apply()
    equal(w.tree("west"), west, "files of west")
    equal(sorted(w.documents()), ["east"], "clusters in the state")
    w.use({"east": {}})
    w.no_changes()


def test_a_decommissioned_cluster_that_is_still_listed_gets_nothing(w):
    """The resource keeps a key for it, empty; the next plan has no changes."""
    start(w)
    w.apply()
    west = w.tree("west")
    w.use({"east": {}, "west": {"decommissioned": True}})
    w.plan().has('"west"', "decommissioned")
    w.apply()
    equal(w.tree("west"), west, "files of west")
    equal(w.documents()["west"], {}, "west in the state")
    w.no_changes()


def test_a_destroy_with_a_decommissioned_cluster_works(w):
    """East is removed, west is left."""
    start(w)
    w.apply()
    west = w.tree("west")
    w.use({"east": {}, "west": {"decommissioned": True}})
    w.destroy()
    equal(w.cluster_files("east"), NAMESPACES, "east")
    equal(w.tree("west"), west, "files of west")


def test_a_moved_cluster_counts_as_new_and_the_old_place_is_left_alone(w):
    """A warning names the old place; everything is written to the new one in one apply."""
    start(w)
    w.apply()
    old, east = w.tree("west"), w.tree("east")
    w.use({"east": {}, "west": {"directory": "./clusters/moved"}})
    w.plan().has("Warning", "clusters/west", "clusters/moved")
    w.apply()
    equal(w.tree("west"), old, "the old place")
    equal(w.tree("east"), east, "files of east")
    equal(w.cluster_files("moved"), sorted(old), "the new place")
    w.no_changes()


def test_another_spelling_of_the_directory_is_no_move(w):
    """./a/../b/ is b."""
    start(w)
    w.apply()
    w.use({"east": {"directory": "clusters/../clusters//east/"}, "west": {}})
    w.no_changes().lacks("Warning: Cluster")


def test_the_operator_namespace_may_change(w):
    """IstioOperators move to the new namespace, the old files go."""
    start(w)
    w.apply()
    w.use({"east": {}, "west": {}}, '  operator_namespace = "gm-iop-{revision}"\n')
    w.plan().lacks("(known after apply)")
    w.apply()
    true(not w.operator_file("east").exists(), "the old file is gone")
    true(w.path("clusters/east/namespaces/gm-iop-1-24/"
                "istiooperator-istio-ingressgateway-1-24.yaml").exists(), "the new file is there")
    w.no_changes()
