# SPDX-License-Identifier: Apache-2.0
"""A directory that holds none of its files: emptied by somebody, or on a file system that is not mounted.
Nothing that is there tells which, so nothing of it is forgotten without a word."""
import os
import shutil

from harness import equal, resource, true

ONE = {"1-24": {"east": True}}
BOTH = {"1-24": {"east": True, "west": True}}
THERE = "held none of the 2 files that were written there"
ASKED = "Was it mounted?"


def start(w, installations):
    clusters = list(installations["1-24"])
    w.use(dict.fromkeys(clusters, {}))
    w.fixture("ingress.yaml")
    w.main(resource(installations))
    w.apply().lacks(ASKED)


def hide(w, cluster="east"):
    """As when the file system is unmounted."""
    os.rename(w.path("clusters", cluster), w.path("hidden"))
    w.path("clusters", cluster).mkdir()


def show(w, cluster="east"):
    shutil.rmtree(w.path("clusters", cluster))
    os.rename(w.path("hidden"), w.path("clusters", cluster))


def test_a_destroy_says_what_it_could_not_find(w):
    """Terraform shows no warning of the refresh before a destroy: the destroy itself says it."""
    start(w, ONE)
    hide(w)
    w.destroy().has(f'Cluster "east": directory clusters/east {THERE}', ASKED, "1 destroyed")
    equal(w.state(), None, "state")


def test_a_destroy_says_it_of_one_directory_among_others(w):
    start(w, BOTH)
    hide(w)
    w.destroy().has(f'Cluster "east": directory clusters/east {THERE}', ASKED).lacks('"west": dir')
    equal(w.cluster_files("west"), ["cluster/namespace-gloo-mesh-gateways.yaml",
                                    "cluster/namespace-istio-system.yaml"], "files of west")


def test_a_planned_destroy_says_it_too(w):
    """The directory goes between plan and apply."""
    start(w, BOTH)
    w.plan("-destroy", "-out=plan.bin").lacks("none of")
    hide(w)
    w.run("apply", "-no-color", "plan.bin").has(THERE, ASKED)


def test_a_refresh_forgets_nothing_of_what_may_not_be_mounted(w):
    """Not even when it is all that the resource has: once it is mounted again, nothing has changed."""
    start(w, ONE)
    hide(w)
    w.run("refresh", "-no-color").has("holds none of the 2 files", "Is it mounted?")
    true(w.state() is not None, "the resource is in the state")
    show(w)
    w.no_changes().lacks("mounted?")


def test_a_cluster_that_leaves_is_asked_for(w):
    start(w, BOTH)
    w.main(resource({"1-24": {"west": True}}))
    hide(w)
    w.apply().has(f'Cluster "east": directory clusters/east {THERE}', ASKED)


def test_an_apply_says_what_was_gone_since_its_plan(w):
    """What the plan's own refresh has said is not said again."""
    start(w, BOTH)
    w.edit(w.path("ingress.yaml"), "1.24.1", "1.24.2")
    w.plan("-out=plan.bin")
    hide(w)
    w.run("apply", "-no-color", "plan.bin").has(
        f'Cluster "east": directory clusters/east {THERE}', "written anew", ASKED)
    shutil.rmtree(w.path("clusters", "west"))
    w.apply().has("holds none of the 2 files", "Is it mounted?").lacks(ASKED)
    w.no_changes()
