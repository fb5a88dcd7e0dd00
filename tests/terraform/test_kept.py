# SPDX-License-Identifier: Apache-2.0
"""What the state has stays there, whatever has become of the configuration and of what the provider keeps
beside it."""
import base64
import json

import harness

true, equal = harness.true, harness.equal


def installed(w):
    w.fixture("ingress.yaml")
    w.main(harness.resource({"1-24": {"east": True}}))
    w.apply()


def edit_private(w, change):
    """Somebody edits the state: change(record) gives another one."""
    path = w.path("terraform.tfstate")
    state = json.loads(path.read_text())
    instance = next(r for r in state["resources"] if r["type"] == harness.RESOURCE)["instances"][0]
    record = json.loads(base64.b64decode(instance["private"]))
    instance["private"] = base64.b64encode(change(record)).decode()
    state["serial"] += 1
    path.write_text(json.dumps(state))


def test_a_destroy_without_known_clusters_removes_nothing(w):
    """What they come from has left the state: an error, and all stays in the state until they are known."""
    main = ('resource "terraform_data" "clusters" {\n'
            '  input = { east = { directory = "./clusters/east" } }\n}\n')
    w.provider('provider "glm" {\n  clusters = terraform_data.clusters.output\n}\n')
    w.fixture("ingress.yaml")
    w.main(main)
    w.apply()
    w.main(main + harness.resource({"1-24": {"east": True}}))
    w.apply()
    files = w.tree("east")
    true(files, "there must be files")
    w.run("state", "rm", "terraform_data.clusters")
    w.destroy(code=1).has("The clusters are not known yet")
    equal(w.tree("east"), files, "the files")
    true(w.state(), "the resource must be in the state")
    w.apply("-target=terraform_data.clusters")
    w.no_changes()
    w.destroy()
    equal([f for f in w.cluster_files("east") if "namespace-" not in f], [], "what is left")


def test_an_edited_private_state_loses_no_objects(w):
    """What the state shows is removed by a destroy, whatever the private state says."""
    for damage in (lambda r: json.dumps({**r, "clusters": {"east": {}}}).encode(),
                   lambda r: json.dumps({**r, "version": 1, "clusters": {"east": {
                       "istio_operators": {"1-24": "nonsense"}, "services": [None]}}}).encode(),
                   lambda r: json.dumps({**r, "clusters": {"east": {
                       "objects": {"nonsense": {}, "IstioOperator a/b": 7}, "pairs": []}}}).encode(),
                   lambda r: json.dumps({**r, "clusters": {}}).encode(),
                   lambda r: json.dumps({**r, "version": "99"}).encode(),
                   lambda r: json.dumps(r).encode()[:-20],
                   lambda r: b"\0\xff"):
        installed(w)
        edit_private(w, damage)
        w.no_changes()
        w.destroy()
        equal([f for f in w.cluster_files("east") if "namespace-" not in f], [], "what is left")


def test_the_private_state_of_a_newer_release_is_left_as_it_is(w):
    """No verb reads or changes anything, and the state stays, to the byte."""
    installed(w)
    was = w.path("terraform.tfstate").read_text()
    edit_private(w, lambda r: json.dumps({**r, "version": 3, "what": "we do not know"}).encode())
    newer, files = w.path("terraform.tfstate").read_text(), w.tree("east")
    for verb in (("plan",), ("plan", "-refresh=false"), ("plan", "-destroy", "-refresh=false"),
                 ("apply", "-auto-approve"), ("apply", "-auto-approve", "-refresh-only"),
                 ("destroy", "-auto-approve")):
        w.run(*verb, "-no-color", code=1).has("Private state of a newer release", "is of version 3",
                                 "versions up to 2", "terraform state rm")
        equal(w.path("terraform.tfstate").read_text(), newer, f"the state after {verb}")
        equal(w.tree("east"), files, f"the files after {verb}")
    w.path("terraform.tfstate").write_text(was)
    w.no_changes()
