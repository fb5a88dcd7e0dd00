# SPDX-License-Identifier: Apache-2.0
"""Where a cluster is: one directory by whatever name, in whatever working directory Terraform runs, and
entries that lead to other places than before. API servers are scripted ones (tests/support/hostile)."""
import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import sys

from harness import INGRESS, Skip, Workspace, equal, resource, true

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from hostile.objects import Cluster  # noqa: E402
from hostile.server import Identity, Server  # noqa: E402

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
                          ("../file", "something that is not a directory"), (None, "it is not a directory")):
        place.symlink_to(target) if target else place.write_text("")
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


def test_a_directory_that_is_not_mounted_is_said_to_hold_nothing(w):
    """It looks like one that somebody has emptied: a warning asks, whether all of the resource seems to
    be gone or only a part of it; once it is mounted nothing has changed."""
    east, kept = w.path("clusters", "east"), w.path("kept")
    east.mkdir(parents=True)
    if subprocess.run(["mount", "-t", "tmpfs", "none", str(east)], check=False).returncode:
        raise Skip("nothing can be mounted here")
    try:
        start(w, BOTH)
        shutil.copytree(east, kept)
    finally:
        subprocess.run(["umount", str(east)], check=True)
    words = ('Cluster "east"', "holds none of the 2 files that were written there. Is it mounted?")
    w.plan().has(*words, "1 to change")
    shutil.copytree(kept, east, dirs_exist_ok=True)
    w.no_changes().lacks("Is it mounted?")
    shutil.rmtree(w.path("clusters"))
    one = w.plan().has('Cluster "east"', 'Cluster "west"', "Is it mounted?", "1 to change")
    equal(one.text.count("Is it mounted?"), 1, "questions")
    shutil.copytree(kept, east)
    w.plan().has("1 to change").lacks('Cluster "east": directory')


def lead(w, servers, identity):
    """Entries of `clusters` to API servers."""
    w.use({name: {"host": server.url, "token": "token-of-the-test", "request_timeout": "5s",
                  "cluster_ca_certificate": identity.ca.read_text()}
           for name, server in servers.items()})


def operators(*servers):
    return sum(key[0] == "istiooperators" for server in servers for key in server.cluster.objects)


def test_swapped_entries_of_api_servers_forget_nothing(w):
    """By mistake: refused, named by every plan and by a destroy, and as it was when it is put right."""
    identity = Identity(w.path("identity"))
    a, b = (Server(identity, Cluster(name, "1-24", "1.24.1")) for name in "ab")
    named = ("Cluster has moved", "a-uid-", "b-uid-", "left alone, also by a destroy",
             "IstioOperator istio-system/istio-ingressgateway-1-24",
             "Service gloo-mesh-gateways/istio-ingressgateway")
    try:
        w.fixture("ingress.yaml")
        w.main(resource({"1-24": {"east": True, "west": True}}))
        lead(w, {"east": a, "west": b}, identity)
        w.apply()
        lead(w, {"east": b, "west": a}, identity)
        w.run("apply", "-refresh-only", "-auto-approve", "-no-color").has(*named)
        for more in ([], ["-refresh=false"]):
            w.plan(*more).has(*named)
            w.apply(*more, code=1).has("already there", *named)
            w.plan("-destroy", *more).has(*named).lacks("Traffic ends")
        shutil.copy(w.path("terraform.tfstate"), w.path("kept.tfstate"))
        w.destroy().has(*named)
        equal(operators(a, b), 2, "the IstioOperators in both")
        shutil.copy(w.path("kept.tfstate"), w.path("terraform.tfstate"))
        lead(w, {"east": a, "west": b}, identity)
        w.apply().lacks("moved")
        w.no_changes().lacks("moved")
        w.destroy().lacks("moved")
        equal(operators(a, b), 0, "the IstioOperators in both")
    finally:
        a.stop()
        b.stop()


def test_a_directory_that_takes_the_place_of_an_api_server_is_in_order(w):
    """Also when it was one before, and has its files."""
    identity = Identity(w.path("identity"))
    server = Server(identity, Cluster("live", "1-24", "1.24.1"))
    try:
        start(w)
        lead(w, {"east": server}, identity)
        w.apply().has("Cluster has moved", str(w.path("clusters/east")), "live-uid-")
        w.no_changes().lacks("moved")
        w.use({"east": {}})
        w.apply().has("Cluster has moved", "live-uid-").lacks("in order", "HEALTHY:")
        w.no_changes().lacks("moved", "in order")
    finally:
        server.stop()


def unlabelled(text):
    """An object's file as somebody else would have written it."""
    return re.sub(r"(?m)^  (labels|annotations):\n(    .*\n)+", "", text)


def test_files_in_the_way_of_a_cluster_that_moves_back_are_said_by_the_plan(w):
    """Which names each of them and both ways out; either works."""
    start(w)
    w.use({"east": {"directory": "./clusters/moved"}})
    w.apply()
    path, service = w.operator_file("east"), w.service_file("east")
    path.write_text(unlabelled(path.read_text()))
    service.write_text("apiVersion: [")
    w.use({"east": {}})
    before = w.tree("east")
    w.plan().has("Cluster has moved", "There already: IstioOperator istio-system/istio-ingressgateway-1-24 (it was "
                 "not made by this provider), Service gloo-mesh-gateways/istio-ingressgateway (what is there is "
                 "not that object, and has to go)", "adopt_existing = true, and is refused without")
    w.apply(code=1).has("Objects are already there")
    equal(w.tree("east"), before, "what is in the way")
    kept = w.path("terraform.tfstate").read_text()
    service.unlink()
    w.main(resource(HERE, extra="  adopt_existing = true"))
    w.apply().lacks("has to go")
    true(unlabelled(path.read_text()) != path.read_text(), "the file is taken over")
    w.path("terraform.tfstate").write_text(kept)
    w.main(resource(HERE))
    path.unlink()
    service.unlink()
    w.plan().has("an apply writes everything to the new place").lacks("There already")
    w.apply()
    w.no_changes().lacks("moved")


def test_a_cluster_that_moves_back_finds_what_it_left_there(w):
    """What the state has too counts at once; what it does not have is named, and stays."""
    w.fixture("ingress.yaml")
    w.write("old.yaml", w.path("ingress.yaml").read_text().replace("1.24.1", "1.23.6"))
    w.main(resource({"1-23": ({"east": True}, 'file("old.yaml")', "")}))
    w.apply()
    w.use({"east": {"directory": "./clusters/moved"}})
    w.apply()
    w.main(resource(HERE))
    w.apply()
    w.use({"east": {}})
    w.plan().has("There already, and taken for what the state has: Service gloo-mesh-gateways/istio-ingressgateway.",
                 "There already, of an earlier time: IstioOperator istio-system/istio-ingressgateway-1-23.")
    w.apply()
    w.no_changes().lacks("There already")
    equal(len([f for f in w.cluster_files("east") if "istiooperator" in f]), 2, "IstioOperators")


def test_an_api_server_that_is_led_to_again_has_what_was_left_there(w):
    """The refresh says what is an earlier apply's and what is in the way."""
    identity = Identity(w.path("identity"))
    a, b = (Server(identity, Cluster(name, "1-24", "1.24.1")) for name in "ab")
    try:
        w.fixture("ingress.yaml")
        w.main(resource(HERE))
        for server in (a, b):
            lead(w, {"east": server}, identity)
            w.apply()
        lead(w, {"east": a}, identity)
        w.plan().has("There already, of an earlier time: IstioOperator istio-system/istio-ingressgateway-1-24, "
                     "Service gloo-mesh-gateways/istio-ingressgateway.").lacks("adopt_existing = true,")
        for key, stored in a.cluster.objects.items():
            if key[0] == "istiooperators":
                stored["metadata"].pop("labels")
        w.plan().has("There already: IstioOperator istio-system/istio-ingressgateway-1-24 (it was not made by this "
                     "provider).", "adopt_existing = true, and is refused without",
                     "of an earlier time: Service gloo-mesh-gateways/istio-ingressgateway.")
        w.apply(code=1).has("Objects are already there")
    finally:
        a.stop()
        b.stop()


def test_a_directory_by_another_name_has_not_moved(w):
    """By a link above it, with a refresh and without; a destroy removes what is there."""
    start(w)
    w.path("link").symlink_to("clusters")
    w.use({"east": {"directory": "./link/east"}})
    files = w.tree("east")
    w.no_changes("-refresh=false").lacks("moved")
    w.no_changes().lacks("moved")
    w.plan("-destroy", "-refresh=false").lacks("moved")
    w.apply().lacks("moved")
    equal(w.tree("east"), files, "files")
    w.use({"east": {}})
    w.destroy("-refresh=false").lacks("moved")
    true(not w.operator_file("east").exists(), "the files are removed")


def test_a_create_writes_nothing_where_a_file_is_in_the_place_of_a_directory(w):
    """Found by the look, which nothing is written before: no state, no taint, nothing in the other cluster."""
    w.fixture("ingress.yaml")
    w.main(resource(BOTH))
    w.write("clusters/east/namespaces/istio-system", "")
    w.apply(code=1).has("Objects are already there", "istio-system: it is not a directory")
    true(not w.path("clusters/west").exists(), "the other is written")
    equal(w.state(INGRESS), None, "the state")


def test_a_renamed_directory_has_its_files(w):
    """Nothing is said of what would be left in the old place, where nothing is."""
    start(w)
    w.path("clusters/east").rename(w.path("clusters/renamed"))
    w.use({"east": {"directory": "./clusters/renamed"}})
    w.plan().has("Cluster has moved", "the old one, which is not there now", "taken for what the state has").lacks(
        "left alone", "If the old one is meant")
    w.apply()
    w.no_changes().lacks("moved")
