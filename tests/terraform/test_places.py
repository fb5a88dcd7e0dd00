# SPDX-License-Identifier: Apache-2.0
"""Where a directory is: one by whatever name, in whatever working directory Terraform runs."""
import ctypes
import os
import shutil

from harness import INGRESS, Skip, Workspace, equal, resource, true

HERE = {"1-24": {"east": True}}
BOTH = {"1-24": {"east": True, "west": False}}


def start(w, installations=HERE):
    w.fixture("ingress.yaml")
    w.main(resource(installations))
    w.apply()


def checkout(w, name, *without):
    """Another working directory with what a repository has, and the same state."""
    other = Workspace(name, w.plugin, w.terraform, w.valgrind)
    for entry in ("provider.tf", "main.tf", "ingress.yaml", "terraform.tfstate", "clusters"):
        if entry in without:
            continue
        source, target = w.path(entry), other.path(entry)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    return other


def test_another_checkout_of_the_same_repository_is_no_change(w):
    """As in each job of a CI: the state is shared, the files came along. Not a word of it."""
    start(w, BOTH)
    for name in ("job1", "job2"):
        other = checkout(w, name)
        try:
            other.no_changes().lacks("moved", "Warning: Cluster")
            other.no_changes("-refresh=false").lacks("moved")
            files = other.tree("east")
            other.apply().lacks("moved")
            equal(other.tree("east"), files, "the files are untouched")
        finally:
            other.close()


def test_a_change_from_another_checkout_is_made_there(w):
    """What is not wanted any more goes from there too."""
    start(w, {"1-23": {"east": False}, **HERE})
    other = checkout(w, "job")
    try:
        other.main(resource(HERE))
        other.apply().lacks("moved")
        equal([p for p in other.cluster_files("east") if "1-23" in p], [], "files of what is gone")
        true(other.operator_file("east").exists(), "the other one is there")
        other.no_changes()
    finally:
        other.close()


def test_a_plan_of_one_checkout_is_applied_in_another(w):
    """Two jobs: the plan is handed on as a file."""
    start(w, {"1-23": {"east": False}, **HERE})
    w.edit(w.path("ingress.yaml"), "1.24.1", "1.24.1-debug")
    w.main(resource(HERE))
    w.plan("-out=plan.bin")
    other = checkout(w, "job")
    try:
        shutil.copy(w.path("plan.bin"), other.path("plan.bin"))
        other.run("apply", "-no-color", "plan.bin").lacks("moved")
        true("1.24.1-debug" in other.operator_file("east").read_text(), "the change was made")
        equal([p for p in other.cluster_files("east") if "1-23" in p], [], "files of what is gone")
        other.no_changes()
    finally:
        other.close()


def test_another_working_directory_without_the_files_drops_nothing(w):
    """The warning names both places; everything is written to the new one; the old one stays."""
    start(w)
    files = w.tree("east")
    other = checkout(w, "elsewhere", "clusters")
    try:
        for more in ([], ["-refresh=false"]):
            other.plan(*more).has("Cluster has moved", str(w.path("clusters/east")),
                                  str(other.path("clusters/east")), "working directory",
                                  "IstioOperator istio-system/istio-ingressgateway-1-24")
        other.run("apply", "-refresh-only", "-auto-approve", "-no-color")
        true(other.state(INGRESS) is not None, "the resource was dropped")
        # Back where the files are, nothing has happened.
        shutil.copy(other.path("terraform.tfstate"), w.path("terraform.tfstate"))
        w.no_changes().lacks("moved")
        other.apply().has("Cluster has moved")
        equal(other.cluster_files("east"), w.cluster_files("east"), "files in the new place")
        equal(w.tree("east"), files, "files in the old place")
        other.no_changes().lacks("moved")
    finally:
        other.close()


def test_a_destroy_from_another_working_directory_says_what_it_leaves(w):
    """Both places by name."""
    start(w)
    other = checkout(w, "elsewhere", "clusters")
    try:
        other.destroy().has("Cluster has moved", str(w.path("clusters/east")), "left alone")
        true(w.operator_file("east").exists(), "the file in the old place")
    finally:
        other.close()


def test_files_of_somebody_else_in_the_other_place_are_not_taken_over(w):
    """The recorded name alone makes a file nobody's."""
    start(w)
    other = checkout(w, "elsewhere")
    try:
        path = other.operator_file("east")
        path.write_text("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n"
                        "  name: istio-ingressgateway-1-24\n  namespace: istio-system\nspec: {}\n")
        other.service_file("east").unlink()
        before = path.read_text()
        other.apply(code=1).has("Objects are already there", "was not made by this provider")
        equal(path.read_text(), before, "the file of somebody else")
        true(other.state(INGRESS) is not None, "the resource was dropped")
    finally:
        other.close()


def test_the_whole_path_and_the_relative_one_are_one_place(w):
    """Written either way: no move, no change of files."""
    start(w)
    files = w.tree("east")
    w.use({"east": {"directory": str(w.path("clusters/east"))}})
    w.apply().lacks("moved")
    equal(w.tree("east"), files, "files")
    w.use({"east": {}})
    w.apply().lacks("moved")
    equal(w.tree("east"), files, "files")


def refused(w, one, two):
    w.use({"east": {"directory": one}, "west": {"directory": two}})
    w.plan(code=1).has("Two clusters in one directory", "east")


def test_one_directory_by_two_ways_is_refused(w):
    """A link, the whole path, a link above it; there already or not yet."""
    w.fixture("ingress.yaml")
    w.main(resource(BOTH))
    w.path("link").symlink_to("clusters/east")
    w.path("folder").symlink_to("clusters")
    w.path("clusters").mkdir()
    for there in (False, True):
        if there:
            w.path("clusters/east").mkdir()
            refused(w, "./clusters/east", "./link")
        refused(w, "./clusters/east", "./folder/east")
        refused(w, "./clusters/east", str(w.path("clusters/east")))
        refused(w, "./folder/x/../east", "clusters//east/")
    equal(w.cluster_files("east"), [], "files")


def test_one_directory_by_two_mounts_is_refused(w):
    """Device and inode are compared, not names."""
    libc = ctypes.CDLL(None, use_errno=True)
    w.fixture("ingress.yaml")
    w.main(resource(BOTH))
    one, two = w.path("clusters/east"), w.path("clusters/west")
    one.mkdir(parents=True)
    two.mkdir()
    if libc.mount(str(one).encode(), str(two).encode(), None, 4096, None) != 0:  # MS_BIND
        raise Skip(f"no mounts here: {os.strerror(ctypes.get_errno())}")
    try:
        w.plan(code=1).has("Two clusters in one directory", "east")
    finally:
        libc.umount2(str(two).encode(), 2)


def test_one_directory_that_becomes_so_later_is_refused_before_the_first_write(w):
    """Between the plan and the apply."""
    w.fixture("ingress.yaml")
    w.main(resource(BOTH))
    w.plan("-out=plan.bin")
    w.path("clusters/east").mkdir(parents=True)
    w.path("clusters/west").symlink_to("east")
    w.run("apply", "-no-color", "plan.bin", code=1).has("Two clusters in one directory")
    equal(w.cluster_files("east"), [], "files")


def test_a_directory_inside_of_another_clusters_is_warned_of(w):
    """kubectl apply -R takes both."""
    w.fixture("ingress.yaml")
    w.main(resource(BOTH))
    w.use({"east": {"directory": "./clusters"}, "west": {"directory": "./clusters/west"}})
    w.plan().has("A directory inside of another cluster's",
                 "kubectl apply -R").lacks("more similar")
    w.use({"east": {"directory": "./clusters"}, "west": {"directory": "./clusters-west"}})
    w.plan().lacks("inside of another")


def test_what_is_wrong_with_the_directory_itself_is_said_as_it_is(w):
    """A loop of links, a link to nothing, a link to a file, a file; never taken for an empty one."""
    start(w)
    place = w.path("clusters/east")
    place.rename(w.path("away"))
    w.write("file", "")
    for target, words in (("east", "leads back to itself"), ("../nothing", "does not exist"),
                          ("../file", "something that is not a directory")):
        place.symlink_to(target)
        w.plan().has("cannot be read", words).lacks("not followed", "inside of the directory")
        w.apply(code=1).has(words).lacks("not followed")
        true(w.state(INGRESS) is not None, "the resource was dropped")
        place.unlink()
    w.path("away").rename(place)
    files = w.tree("east")
    w.apply()
    equal(w.tree("east"), files, "files")
    w.no_changes()


def test_a_refused_create_leaves_no_directory_behind(w):
    """West is made for the look, and is empty."""
    start(w)
    w.run_shell("rm", "-rf", "clusters/west", "terraform.tfstate", "terraform.tfstate.backup")
    w.main(resource(BOTH))
    w.use({"east": {}, "west": {"directory": "./deep/er/west"}})
    w.apply(code=1).has("Objects are already there")
    true(not w.path("deep").exists(), "a directory was left behind")


def test_paths_with_control_characters_are_refused(w):
    """Named by number, never shown."""
    w.fixture("ingress.yaml")
    w.main(resource(HERE))
    for bad in ("a\tb", "a\u007fb", "\u001b[31mred"):
        w.use({"east": {"directory": bad}})
        w.plan(code=1).has("Not a path", "control character").lacks("\x1b[31m")
    w.use({"east": {"directory": "x" * 5000}})
    w.plan(code=1).has("Not a path", "4095")
