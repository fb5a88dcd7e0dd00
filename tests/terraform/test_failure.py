# SPDX-License-Identifier: Apache-2.0
"""One cluster fails; the other neither waits nor loses anything."""
import threading
import time

from harness import equal, resource, true

ADDRESS = "glm_gateway_lifecycle_manager.ingress"


def configure(w, extra=""):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}, extra=extra))


def block(w):
    """A regular file where west's directory belongs."""
    return w.write("clusters/west", "in the way\n")


def stats(w, cluster="east"):
    files = {}
    for name in w.cluster_files(cluster):
        stat = w.path("clusters", cluster, name).stat()
        files[name] = (stat.st_ino, stat.st_mtime_ns)
    return files


def states(w):
    return {cluster: entry["installations"]["1-24"]["state"]
            for cluster, entry in w.state()["status"]["clusters"].items()}


class Watch:
    """Lists east's files all the time; every look must find the same ones."""

    def __init__(self, w):
        self.w, self.expected, self.bad, self.looks = w, stats(w), [], 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def look(self):
        while not self.ended.is_set():
            try:
                now = stats(self.w)
            except FileNotFoundError as error:
                now = str(error)
            self.looks += 1
            if now != self.expected:
                self.bad.append(now)
            time.sleep(0.002)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        self.thread.join()
        if error[0] is None:
            true(self.looks > 10, f"only {self.looks} looks")
            true(not self.bad, f"east was touched: {self.bad[:1]}, was {self.expected}")


def failed_create(w):
    configure(w)
    way = block(w)
    result = w.apply(code=1)
    way.unlink()
    return result


def test_a_cluster_that_cannot_be_written_fails_alone(w):
    """The other is installed, the truth is in the state, the error has the recipe."""
    result = failed_create(w).has('Cluster "west"', "clusters/west", "terraform untaint")
    result.lacks('Cluster "east"')
    true(w.operator_file("east").exists(), "east is installed")
    equal(states(w), {"east": "INSTALL_PENDING", "west": "FAILED"}, "states")
    true(w.tainted(), "tainted")


def test_after_untaint_only_the_failed_cluster_is_touched(w):
    """East keeps its inodes and times."""
    failed_create(w)
    w.run("untaint", ADDRESS)
    with Watch(w):
        w.apply()
    true(w.operator_file("west").exists(), "west is installed")
    w.no_changes()


def test_without_untaint_the_replacement_removes_nothing(w):
    """At no moment."""
    failed_create(w)
    w.plan().has("must be replaced")
    with Watch(w):
        w.apply()
    true(w.operator_file("west").exists(), "west is installed")
    true(not w.tainted(), "not tainted any more")
    w.no_changes()


def test_replacing_a_healthy_resource_touches_nothing(w):
    """-replace under the same name."""
    configure(w)
    w.apply()
    with Watch(w):
        w.apply(f"-replace={ADDRESS}")
    w.no_changes()


def test_create_before_destroy_refuses_and_loses_nothing(w):
    """The create would meet its own objects."""
    configure(w, "  lifecycle { create_before_destroy = true }")
    w.apply()
    with Watch(w):
        w.apply(f"-replace={ADDRESS}", code=1).has("already there")
    w.no_changes()


def test_failing_in_all_clusters_leaves_no_state(w):
    """Nothing was done, so nothing is remembered."""
    configure(w)
    ways = [block(w), w.write("clusters/east", "in the way\n")]
    w.apply(code=1).has('Cluster "east"', 'Cluster "west"')
    equal(w.state(), None, "state")
    for way in ways:
        way.unlink()
    w.apply()
    w.no_changes()


def test_a_failed_update_is_not_tainted_and_only_the_rest_is_left(w):
    """East has the new text, west the old; the next plan shows west alone."""
    configure(w)
    w.apply()
    w.path("clusters/west").rename(w.path("aside"))
    way = block(w)
    text = w.path("ingress.yaml").read_text()
    w.write("ingress.yaml", text.replace("tag: 1.24.1", "tag: 1.24.2"))
    w.apply("-refresh=false", code=1).has('Cluster "west"', "clusters/west")
    true(not w.tainted(), "not tainted")
    equal(states(w), {"east": "INSTALL_PENDING", "west": "FAILED"}, "states")
    way.unlink()
    w.path("aside").rename(w.path("clusters/west"))
    w.plan("-detailed-exitcode", code=2).has('"west"').lacks('~ "east"')
    with Watch(w):
        w.apply()
    true("1.24.2" in w.operator_file("west").read_text(), "west has the new text")
    w.no_changes()


def test_a_file_beyond_the_limit_of_the_shell_is_a_diagnostic(w):
    """ulimit -f is for the plugin alone here: Terraform's state would meet it first."""
    w.fixture("ingress.yaml")
    w.write("big.yaml", w.path("ingress.yaml").read_text() +
            "unvalidatedValues: {text: " + "x" * 200000 + "}\n")
    program = w.path("plugin", "terraform-provider-glm")
    program.rename(w.path("plugin", "unlimited"))
    program.write_text(f"#!/bin/sh\nulimit -f 128\nexec '{w.path('plugin', 'unlimited')}' \"$@\"\n")
    program.chmod(0o755)
    w.main(resource({"1-24": ({"east": True}, 'file("big.yaml")', "")}))
    w.apply(code=1).has("larger than this process may write", "ulimit -f")
    equal(w.leftovers(), [], "temporary files")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.no_changes()
