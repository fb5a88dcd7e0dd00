# SPDX-License-Identifier: Apache-2.0
"""A cluster that cannot be written fails alone, and the retry touches only what failed."""
from harness import INGRESS, equal, resource, true, unquoted


def in_the_way(w, cluster="west"):
    """A regular file where the cluster's directory should be: not even root can write there."""
    return w.write(f"clusters/{cluster}", "in the way\n")


def start(w, extra=""):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}, extra=extra))


def half_created(w, extra=""):
    start(w, extra)
    in_the_way(w)
    out = w.apply(code=1)
    return out


def test_one_cluster_fails_alone_and_the_state_has_the_truth(w):
    """East is installed and in the state; the error names west, why, and how to go on."""
    out = half_created(w)
    out.has('Cluster "west"', "clusters/west", "not a directory", "terraform untaint")
    equal(out.text.count("Error: "), 1, f"errors\n{out.text}")
    state = w.state()
    equal(list(w.documents()["east"]), ["1-24"], "east")
    equal(w.documents()["west"], {}, "west has no IstioOperator")
    equal(w.services()["west"], {}, "west has no Service")
    status = state["status"]["clusters"]
    equal(status["east"]["installations"]["1-24"]["state"], "INSTALL_PENDING", "east")
    equal(status["west"]["installations"]["1-24"]["state"], "FAILED", "west")
    true("clusters/west" in status["west"]["installations"]["1-24"]["message"], "message of west")
    true(w.operator_file("east").exists(), "east is installed")
    true(w.tainted(), "Terraform taints a partly failed create")


def test_the_error_ends_with_the_recipe(w):
    """`terraform untaint`, then apply: only what failed is touched."""
    words = half_created(w).words
    true(words.rfind("untaint") > words.rfind("not a directory"),
         f"the recipe comes after what is wrong: {words}")


def test_the_retry_after_untaint_touches_only_what_failed(w):
    """East's files keep inode and time."""
    half_created(w)
    east = w.tree("east")
    w.path("clusters/west").unlink()
    w.run("untaint", INGRESS)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(w.tree("east"), east, "files of east")
    equal(w.cluster_files("west"), w.cluster_files("east"), "west is complete")
    w.no_changes()


def test_the_retry_without_untaint_removes_nothing_healthy(w):
    """Terraform announces a replacement; the provider hands over instead of deleting."""
    half_created(w)
    east = w.tree("east")
    w.path("clusters/west").unlink()
    equal(w.change()["actions"], ["delete", "create"], "Terraform's plan for a taint")
    w.apply().has("1 added, 0 changed, 1 destroyed")
    equal(w.tree("east"), east, "files of east, never removed")
    equal(w.cluster_files("west"), w.cluster_files("east"), "west is complete")
    w.no_changes()


def test_the_retry_that_fails_again_loses_nothing(w):
    """Twice with the obstacle, without untaint: east stays, the third time it works."""
    half_created(w)
    east = w.tree("east")
    for _ in range(2):
        w.apply(code=1).has('Cluster "west"')
        equal(w.tree("east"), east, "files of east")
        true(w.state() is not None, "the resource must stay in the state")
    w.path("clusters/west").unlink()
    w.apply()
    equal(w.tree("east"), east, "files of east")
    w.no_changes()


def test_deletion_protection_does_not_stand_in_the_way_of_a_retry(w):
    """A replacement under the same name is no destroy."""
    half_created(w, "  deletion_protection = true")
    east = w.tree("east")
    w.path("clusters/west").unlink()
    w.apply()
    equal(w.tree("east"), east, "files of east")
    w.no_changes()


def test_a_tainted_resource_with_create_before_destroy_is_refused_without_harm(w):
    """The create cannot know what the later delete means, so it takes nothing."""
    start(w, "  lifecycle { create_before_destroy = true }")
    in_the_way(w)
    w.apply(code=1)
    east = w.tree("east")
    w.path("clusters/west").unlink()
    w.apply(code=1).has("already", "create_before_destroy is why")
    equal(w.tree("east"), east, "files of east")
    w.run("untaint", INGRESS)
    w.apply()
    equal(w.tree("east"), east, "files of east")
    w.no_changes()


def test_a_create_that_reaches_nothing_leaves_no_state(w):
    """Every cluster fails: nothing to taint, nothing to forget."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"west": True}}))
    blocker = in_the_way(w)
    w.apply(code=1).has('Cluster "west"')
    equal(blocker.read_text(), "in the way\n", "the file in the way")
    blocker.unlink()
    w.apply()
    w.no_changes()


def test_a_failed_update_keeps_what_was_reached_and_is_not_tainted(w):
    """West's directory breaks between two applies."""
    start(w)
    w.apply()
    w.run_shell("mv", "clusters/west", "elsewhere")
    in_the_way(w)
    w.edit(w.path("ingress.yaml"), "1.24.1", "1.24.2")
    out = w.apply(code=1)
    out.has('Cluster "west"', "not a directory")
    out.lacks("untaint")
    true(not w.tainted(), "an update never taints")
    true("tag: 1.24.2" in w.operator_file("east").read_text(), "east is updated")
    east = w.tree("east")
    w.path("clusters/west").unlink()
    w.run_shell("mv", "elsewhere", "clusters/west")
    w.apply()
    equal(w.tree("east"), east, "files of east")
    true("tag: 1.24.2" in w.operator_file("west").read_text(), "west is updated")
    w.no_changes()


def test_destroy_leaves_what_is_no_object_of_ours_with_a_warning(w):
    """A directory where our file was: named, not removed; the rest goes."""
    start(w)
    w.apply()
    # A directory at the place of the file cannot be unlinked, and is not ours.
    path = w.operator_file("west")
    path.unlink()
    path.mkdir()
    w.write(str(path / "x"), "")
    service = w.service_file("east")
    service.parent.rename(w.path("elsewhere"))
    service.parent.symlink_to(w.path("elsewhere"))
    out = w.destroy().has("left alone", "istio-system/istio-ingressgateway-1-24", '"west"')
    out.has("gloo-mesh-gateways/istio-ingressgateway", "is a symbolic link")
    equal(out.words.count("remove it by hand if nobody needs it"), 2, "remedies")
    true(path.is_dir() and service.is_file(), "what is not ours is left alone")
    true(not w.operator_file("east").exists(), "east is removed")


def test_a_failing_cluster_among_twenty_is_the_only_one_reported(w):
    """Nineteen are installed."""
    names = [f"c{i:02}" for i in range(20)]
    w.use({n: {} for n in names})
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": dict.fromkeys(names, True)}))
    in_the_way(w, "c07")
    out = w.apply(code=1)
    equal(out.text.count("Error: "), 1, f"errors\n{out.text}")
    said = unquoted(out.text)
    error = said[said.index("Error: "):]
    true("c07" in error and "c06" not in error and "c08" not in error, error)
    status = w.state()["status"]["clusters"]
    equal([n for n in names if status[n]["installations"]["1-24"]["state"] == "FAILED"], ["c07"],
          "failed")


def test_the_state_after_a_failure_is_refreshed_without_losing_the_failure(w):
    """A plan after the failed create, and a refresh, still know that west is missing."""
    half_created(w)
    w.run("untaint", INGRESS)
    w.path("clusters/west").unlink()
    w.apply("-refresh-only")
    equal(w.plan("-detailed-exitcode", code=None).code, 2, "west is still to be written")
    w.apply()
    w.no_changes()


