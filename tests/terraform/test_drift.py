# SPDX-License-Identifier: Apache-2.0
"""What people do to our files by hand: shown, and repaired."""
import re
import shutil

from harness import equal, resource, true


def installed(w):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply()


def edit(path, old, new):
    """Replaces one text; returns what the file was."""
    before = path.read_text()
    true(old in before, f"{old!r} is in {path}:\n{before}")
    path.write_text(before.replace(old, new, 1))
    return before


def repaired(w, path, before):
    w.apply()
    equal(path.read_text(), before, "the file after apply")
    w.no_changes()


def test_an_edited_file_is_drift_in_that_field_and_repaired(w):
    """The changed field is shown and no other."""
    installed(w)
    path = w.operator_file("east")
    before = edit(path, "\n  hub: example.com/istio", "\n  hub: example.com/other")
    shown = w.plan("-refresh-only").has("example.com/other", "east")
    changed = [line.strip() for line in shown.text.splitlines() if line.strip()[:2] in
               ("~ ", "+ ", "- ") and " = " in line and not line.endswith("{")]
    equal([re.sub(" +", " ", line) for line in changed],
          ['+ "spec.hub" = "example.com/other (should be example.com/istio)"'], "one field")
    shown.lacks("west")
    repaired(w, path, before)


def test_a_deleted_file_is_recreated(w):
    """Only the one that is missing is planned."""
    installed(w)
    path = w.operator_file("east")
    before = path.read_text()
    path.unlink()
    w.plan("-refresh-only").has("objects", '- "east" = {').lacks("west")
    repaired(w, path, before)


def test_our_labels_removed_or_changed_are_drift(w):
    """Ownership labels are part of what is ours."""
    installed(w)
    path = w.operator_file("east")
    label = "    app.kubernetes.io/managed-by: terraform-provider-glm\n"
    for new in ("", label.replace("terraform-provider-glm", "helm")):
        before = edit(path, label, new)
        w.plan("-detailed-exitcode", code=2)
        repaired(w, path, before)
    for path in (path, w.service_file("east")):
        for what in ("name: istio-ingressgateway", "namespace: gloo-mesh", "cluster: east"):
            before = edit(path, f"    terraform-provider-glm/{what}\n", "")
            w.plan("-detailed-exitcode", code=2)
            repaired(w, path, before)


def test_a_foreign_label_or_field_is_drift(w):
    """The whole file is ours."""
    installed(w)
    path = w.operator_file("east")
    for old, new in (("  labels:\n", "  labels:\n    team: blue\n"),
                     ("spec:\n", "spec:\n  namespace: elsewhere\n")):
        before = edit(path, old, new)
        w.plan("-detailed-exitcode", code=2)
        repaired(w, path, before)


def test_garbage_in_a_file_is_a_warning_and_repaired(w):
    """The file is named."""
    installed(w)
    path = w.operator_file("east")
    before = path.read_text()
    path.write_text("{]: this is not yaml\n")
    w.plan("-detailed-exitcode", code=2).has("Warning", path.name)
    repaired(w, path, before)


def test_an_edited_annotation_is_drift(w):
    """The annotation from which import rebuilds is restored."""
    installed(w)
    path = w.operator_file("east")
    before = path.read_text()
    at = before.index("annotations:")
    value = before.index(": ", at) + 2
    path.write_text(before[:value] + "x" + before[before.index("\n", value):])
    w.plan("-detailed-exitcode", code=2)
    repaired(w, path, before)


def test_an_edited_service_is_drift(w):
    """Shown under services."""
    installed(w)
    path = w.service_file("west")
    before = edit(path, "port: 80\n", "port: 81\n")
    w.plan("-refresh-only").has("services", "81 (should be 80)").lacks("east")
    repaired(w, path, before)


def test_all_files_of_all_clusters_deleted_is_not_gone_either(w):
    """They may not be mounted; all of them are written again."""
    installed(w)
    shutil.rmtree(w.path("clusters"))
    w.plan().has("0 to add, 1 to change, 0 to destroy")
    w.apply()
    w.no_changes()


def test_all_files_of_one_cluster_deleted_is_not_gone(w):
    """Only that cluster is written again."""
    installed(w)
    inode = w.operator_file("west").stat().st_ino
    shutil.rmtree(w.path("clusters", "east"))
    w.plan().has("0 to add, 1 to change, 0 to destroy")
    w.apply()
    equal(w.operator_file("west").stat().st_ino, inode, "west's file")
    true(w.service_file("east").exists(), "the Service is back")
    w.no_changes()


def test_apply_refresh_only_does_not_hide_drift(w):
    """The plan after it still repairs."""
    installed(w)
    path = w.operator_file("east")
    before = edit(path, "\n  hub: example.com/istio", "\n  hub: example.com/other")
    w.apply("-refresh-only")
    w.plan("-detailed-exitcode", code=2).has("example.com/istio")
    repaired(w, path, before)
