# SPDX-License-Identifier: Apache-2.0
"""What was changed behind Terraform's back: shown at field level, and repaired."""
import re

from harness import equal, resource, true


def start(w):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply()
    return w.operator_file("east").read_bytes()


def repaired(w, path, wanted):
    w.apply()
    equal(path.read_bytes(), wanted, str(path))
    w.no_changes()


def test_an_edited_field_is_shown_by_refresh_only_and_repaired_by_apply(w):
    """The old and the new value of that field of that cluster, and nothing else."""
    wanted = start(w)
    path = w.operator_file("east")
    w.edit(path, "\n  tag: 1.24.1", "\n  tag: 9.9.9")
    out = w.plan("-refresh-only")
    out.has('+ "spec.tag" = "9.9.9 (should be 1.24.1)"', "east").lacks('~ "west"', "~ west", "~ hub")
    west = w.tree("west")
    out = w.plan()
    out.has('- "spec.tag" = "9.9.9 (should be 1.24.1)" -> null').lacks("(known after apply)")
    repaired(w, path, wanted)
    equal(w.tree("west"), west, "west is left alone")


def test_refresh_only_apply_takes_the_drift_into_the_state_and_apply_repairs_it(w):
    """Drift accepted into the state is still not what the configuration says."""
    wanted = start(w)
    path = w.operator_file("east")
    w.edit(path, "\n  tag: 1.24.1", "\n  tag: 9.9.9")
    w.apply("-refresh-only")
    equal(w.plan("-detailed-exitcode", code=None).code, 2, "the plan wants to repair")
    repaired(w, path, wanted)


def test_a_deleted_file_is_recreated(w):
    """One of the four objects goes missing."""
    wanted = start(w)
    path = w.operator_file("east")
    path.unlink()
    w.plan("-refresh-only").has("east")
    equal(w.change()["actions"], ["update"], "it is an update, not a create")
    repaired(w, path, wanted)


def test_a_deleted_service_is_recreated(w):
    """The active Service of one cluster."""
    start(w)
    path = w.service_file("west")
    wanted = path.read_bytes()
    path.unlink()
    repaired(w, path, wanted)


def test_an_edited_service_is_shown_and_repaired(w):
    """Somebody switched the selector by hand."""
    start(w)
    path = w.service_file("west")
    wanted = path.read_bytes()
    w.edit(path, "revision: 1-24", "revision: 1-99")
    w.plan("-refresh-only").has('"spec.selector.revision" = "1-99 (should be 1-24)"')
    repaired(w, path, wanted)


def test_a_cluster_whose_files_are_all_gone_is_written_again(w):
    """rm -r of one directory; the other one stays untouched."""
    start(w)
    files = {f: w.path("clusters", "east", f).read_bytes() for f in w.cluster_files("east")}
    west = w.tree("west")
    w.run_shell("rm", "-r", "clusters/east")
    w.plan("-refresh-only")
    equal(w.change()["actions"], ["update"], "it is an update, not a create")
    w.apply()
    equal({f: w.path("clusters", "east", f).read_bytes() for f in w.cluster_files("east")}, files,
          "files of east")
    equal(w.tree("west"), west, "west is left alone")
    w.no_changes()


def test_a_resource_whose_files_are_gone_everywhere_is_written_again(w):
    """They may only not be mounted: the resource stays in the state, and the plan writes everything."""
    start(w)
    w.run_shell("rm", "-r", "clusters")
    equal(w.change()["actions"], ["update"], "actions")
    w.apply()
    w.no_changes()


def test_labels_of_ownership_removed_by_hand_are_shown_and_put_back(w):
    """The file is still ours: the state says so."""
    wanted = start(w)
    path = w.operator_file("east")
    text = path.read_text()
    path.write_text("".join(line for line in text.splitlines(True)
                            if not re.match(r" +(terraform-provider-glm/(name|namespace|cluster|"
                                            r"revision)|app.kubernetes.io/managed-by):", line)
                            ).replace("  labels:\n", "", 1))
    equal(w.plan("-detailed-exitcode", code=None).code, 2, "the plan wants to repair")
    repaired(w, path, wanted)


def test_the_annotation_removed_by_hand_is_put_back(w):
    """Without it an import could not rebuild the configuration."""
    wanted = start(w)
    path = w.operator_file("east")
    text = path.read_text()
    path.write_text(re.sub(r"  annotations:\n(    .*\n)+", "", text, count=1))
    true(path.read_text() != text, "the test must remove something")
    equal(w.plan("-detailed-exitcode", code=None).code, 2, "the plan wants to repair")
    repaired(w, path, wanted)


def test_a_foreign_field_is_shown_and_removed(w):
    """The whole file is ours."""
    wanted = start(w)
    path = w.operator_file("east")
    w.edit(path, "\n  tag: 1.24.1", "\n  tag: 1.24.1\n  compatibilityVersion: \"1.22\"")
    w.plan("-refresh-only").has("compatibilityVersion")
    repaired(w, path, wanted)


def test_a_foreign_label_and_annotation_are_shown_and_removed(w):
    """metadata is ours too."""
    wanted = start(w)
    path = w.operator_file("east")
    w.edit(path, "  labels:\n", "  labels:\n    team: red\n")
    w.plan("-refresh-only").has("team")
    repaired(w, path, wanted)


def test_garbage_in_place_of_a_file_is_named_and_written_over(w):
    """No YAML, empty, binary, another object: each time a warning, then the right file."""
    wanted = start(w)
    path = w.operator_file("east")
    for garbage in (b"{{{ nonsense", b"", b"\0\x01\xff\xfe", b"- a list\n", b"kind: Pod\n",
                    b"a: *nowhere\n"):
        path.write_bytes(garbage)
        out = w.plan()
        out.has("east", "istiooperator-istio-ingressgateway-1-24.yaml")
        repaired(w, path, wanted)


def test_whitespace_and_comments_in_a_file_are_no_drift(w):
    """A linter that reformats the tree changes nothing that matters."""
    start(w)
    path = w.operator_file("east")
    path.write_text("# a comment\n---\n" + path.read_text() + "\n")
    w.no_changes()


def test_foreign_files_in_the_directory_are_left_alone(w):
    """A kustomization, a README, another team's object: not ours, not touched, no drift."""
    start(w)
    others = [w.write("clusters/east/kustomization.yaml", "resources: []\n"),
              w.write("clusters/east/README.md", "hello\n"),
              w.write("clusters/east/namespaces/istio-system/istiooperator-other.yaml",
                      "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n"
                      "  name: other\n  namespace: istio-system\nspec: {}\n")]
    before = [p.read_bytes() for p in others]
    w.no_changes()
    w.destroy()
    equal([p.read_bytes() for p in others], before, "foreign files")


def test_refresh_false_trusts_the_state(w):
    """plan -refresh=false does not look at the files."""
    start(w)
    w.operator_file("east").unlink()
    w.no_changes("-refresh=false")


def test_what_somebody_wrote_into_an_object_moves_no_cursor(w):
    """Terraform prints the lines of a text as they are: control and bidirectional characters are
    written out in what the state shows, and the repair is planned and made as for any edit."""
    wanted = start(w)
    path = w.operator_file("east")
    w.edit(path, "\n  tag: 1.24.1", '\n  tag: "9.9\\e[31m\\u202e\\nx\\e]0;t\\a"')
    for out in (w.plan("-refresh-only"), w.plan()):
        out.has(r"9.9\\x1B[31m\\u202E", r"x\\x1B]0;t\\x07")
        true(not re.search("[\\x00-\\x09\\x0b-\\x1f\\x7f\\u202e]", out.text), repr(out.text))
    w.apply("-refresh-only")
    repaired(w, path, wanted)
