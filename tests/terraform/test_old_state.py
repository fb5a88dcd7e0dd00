# SPDX-License-Identifier: Apache-2.0
"""States that 0.1.0 wrote go on without a change, whatever the record looks like by now.

fixtures/state-0.1.0/CASE has the configuration, the state and the files of the clusters as 0.1.0
left them. In state.json the private state stands as JSON instead of base64, @DIRECTORY@ is the
working directory and @PROVIDER@ the provider's address."""
import base64
import json
import shutil

from harness import FIXTURES, INGRESS, SOURCE, equal, true


def start(w, case):
    """The workspace as 0.1.0 left it."""
    shutil.copytree(FIXTURES / "state-0.1.0" / case, w.dir, dirs_exist_ok=True)
    host = "registry.opentofu.org" if w.is_tofu else "registry.terraform.io"
    text = w.path("state.json").read_text().replace("@DIRECTORY@", str(w.dir)).replace(
        "@PROVIDER@", f"provider[\\\"{host}/{SOURCE}\\\"]")
    state = json.loads(text)
    for resource in state["resources"]:
        for instance in resource["instances"]:
            record = json.dumps(instance["private"], ensure_ascii=False, separators=(",", ":"))
            instance["private"] = base64.b64encode(record.encode()).decode()
    w.write("terraform.tfstate", json.dumps(state))


def files(w):
    return {cluster.name: w.tree(cluster.name) for cluster in sorted(w.path("clusters").iterdir())}


def record(w):
    """The private state as it is now."""
    state = json.loads(w.path("terraform.tfstate").read_text())
    private, = [i["private"] for r in state["resources"] for i in r["instances"]]
    return json.loads(base64.b64decode(private))


def goes_on(w):
    """Nothing is planned, an apply touches no file, and the record is written anew."""
    before = files(w)
    w.no_changes()
    w.apply().has("0 added, 0 changed, 0 destroyed")
    w.apply("-refresh-only")
    w.no_changes()
    equal(files(w), before, "files")
    equal(record(w)["version"], 2, "version of the record")
    state = json.loads(w.path("terraform.tfstate").read_text())
    equal(state["resources"][0]["instances"][0]["schema_version"], 1, "version of the state")


def is_destroyed(w):
    """All goes but the Namespaces."""
    w.destroy().has("1 destroyed").lacks("left alone")
    for cluster, tree in files(w).items():
        equal([f for f in tree if not f.startswith("cluster/namespace-")], [], f"left in {cluster}")
    equal(w.leftovers(), [], "temporary files")


def test_two_installations_and_their_active_service_go_on(w):
    """A canary upgrade half-way: each cluster has another revision active."""
    start(w, "canary")
    goes_on(w)
    is_destroyed(w)


def test_an_upgrade_goes_on_where_it_was(w):
    """The next step switches each Service, the one after it removes the old revision."""
    start(w, "canary")
    text = w.path("main.tf").read_text()
    w.main(text.replace("active_gateway = true", "active_gateway = now").replace(
        "active_gateway = false", "active_gateway = true").replace(
            "active_gateway = now", "active_gateway = false"))
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for cluster, revision in (("east", "1-23"), ("west", "1-24")):
        true(f"revision: {revision}" in w.service_file(cluster).read_text(), f"Service of {cluster}")
    w.main(text.replace("        east = { active_gateway = false }\n", ""))
    w.apply().has("0 added, 1 changed, 0 destroyed")
    true(not w.operator_file("east", revision="1-23").exists(), "the old revision of east is gone")
    true(w.operator_file("west", revision="1-23").exists(), "the old revision of west is there")
    w.no_changes()


def test_what_was_imported_from_somebody_else_stays_as_it_is(w):
    """It is theirs byte by byte until a change is planned, and goes with a destroy."""
    start(w, "foreign")
    goes_on(w)
    is_destroyed(w)


def test_the_first_change_of_an_import_makes_it_ours(w):
    """As it would have been before."""
    start(w, "foreign")
    w.edit(w.path("generated.tf"), "1.23.6", "1.23.7")
    w.apply().has("0 added, 1 changed")
    true("terraform-provider-glm/name: edge" in w.operator_file("east", "edge").read_text(), "owner")
    w.no_changes()
    is_destroyed(w)


def test_what_could_not_be_removed_goes_when_it_can(w):
    """The IstioOperators were moved to another namespace, and nobody could remove the old ones then."""
    start(w, "leaver")
    before = files(w)
    w.edit(w.path("ingress.yaml"), "port: 80\n", "port: 8000\n")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for cluster in ("east", "west"):
        equal(sorted(before[cluster].keys() - files(w)[cluster].keys()),
              ["namespaces/istio-system/istiooperator-istio-ingressgateway-1-24.yaml"], cluster)
    w.no_changes()


def test_what_could_not_be_removed_goes_with_the_rest(w):
    """A destroy knows of it too."""
    start(w, "leaver")
    is_destroyed(w)


def test_a_failed_create_is_completed_after_untaint(w):
    """Only what is missing is written."""
    start(w, "tainted")
    east = w.tree("east")
    w.run("untaint", INGRESS)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(w.tree("east"), east, "files of east")
    equal(w.cluster_files("west"), w.cluster_files("east"), "west is complete")
    w.no_changes()
    is_destroyed(w)


def test_a_failed_create_is_completed_without_untaint(w):
    """The replacement that Terraform plans removes nothing."""
    start(w, "tainted")
    east = w.tree("east")
    w.apply().has("1 added, 0 changed, 1 destroyed")
    equal(w.tree("east"), east, "files of east")
    equal(w.cluster_files("west"), w.cluster_files("east"), "west is complete")
    w.no_changes()
