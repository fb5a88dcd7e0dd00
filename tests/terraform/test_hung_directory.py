# SPDX-License-Identifier: Apache-2.0
"""A directory on a file system whose server answers no more holds nobody: not the others, not a limit,
not Ctrl-C, not the end of Terraform. The file system is a real one of the kernel's (FUSE); its server
is ours (tests/support/hanging_fs.py) and goes silent on command."""
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

from harness import INGRESS, Failure, Skip, equal, resource, true
from whole import shown

# What may hang is done in a process that is forked beside other threads. The C library's memory is made for
# that, the sanitiser's allocator (gcc 12) is not: the child waits for a lock that nobody has any more.
NOT_UNDER_ASAN = True
SERVER = pathlib.Path(__file__).resolve().parent.parent / "support" / "hanging_fs.py"
ALL = {"1-24": {"east": True, "remote": True, "west": True}}
TIMES = '  timeouts = {{ create = "{0}", update = "{0}", delete = "{0}", read = "{0}" }}\n'


class Hanging:
    def __init__(self, root):
        self.root = root
        self.server = subprocess.Popen([sys.executable, str(SERVER), str(root)], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
        if self.server.stdout.readline() != "ready\n":
            raise Skip("no FUSE file system can be mounted here: " + self.server.stderr.read())

    def does(self, *command):
        self.server.stdin.write(" ".join(command) + "\n")
        self.server.stdin.flush()
        equal(self.server.stdout.readline(), "done\n", "what the file system says")


@contextlib.contextmanager
def hanging(w, cluster="remote"):
    """A file system at the cluster's directory."""
    root = w.path("clusters", cluster)
    root.mkdir(parents=True)
    files = None
    try:
        files = Hanging(root)
        yield files
    finally:
        if files:
            files.server.kill()
            files.server.communicate()
            subprocess.run(["umount", "-l", str(root)], check=True)


def configure(w, limit="3s", installations=ALL, clusters=("east", "remote", "west")):
    w.use({name: {} for name in clusters})
    w.fixture("ingress.yaml")
    w.main(resource(installations, extra=TIMES.format(limit)))


def timed(run, most):
    """The result of a run that may take so many seconds."""
    before = time.monotonic()
    result = run()
    took = time.monotonic() - before
    true(took < most, f"it took {took:.1f} s, and may take {most}:\n{result.text}")
    return result


# What terraform and its plugin take besides, on a busy machine.
BESIDES = 20


def ends(w, process, number, what):
    """How long it takes that to end after a signal; what it waits for would take minutes."""
    w.kill_group(process, number)
    asked = time.monotonic()
    try:
        process.wait(BESIDES)
    except subprocess.TimeoutExpired as late:
        w.kill_group(process)
        raise Failure(f"{what} does not end:\n{w.path('started.log').read_text()}") from late
    return time.monotonic() - asked


def at_once(times):
    """Within a second; but a machine may have something else to do at one of them."""
    true(min(times) < 1.5, f"they took {times} s to end")


def test_a_refresh_keeps_what_is_in_a_silent_directory(w):
    """In the time of timeouts.read, with a warning that says which file system it is."""
    configure(w)
    with hanging(w) as files:
        w.apply()
        before = w.documents()
        for way in ("silent", "deaf"):
            files.does(way)
            result = timed(lambda: w.run("apply", "-refresh-only", "-auto-approve", "-no-color"),
                           3 + BESIDES)
            result.has('"clusters/remote" has not answered for', "fuse.hanging", "may be gone")
            equal(w.documents(), before, "IstioOperators")
            states = w.state()["status"]["clusters"]
            equal(states["remote"]["installations"]["1-24"]["state"], "UNKNOWN", "status")
            equal(states["west"]["installations"]["1-24"]["state"], "INSTALL_PENDING", "status")
            files.does("answer")
            w.no_changes()


def test_an_apply_writes_the_others(w):
    """A create ends in time, with an error for the one; the next apply does what is left."""
    configure(w)
    with hanging(w) as files:
        files.does("silent")
        result = timed(lambda: w.apply(code=1), 3 + BESIDES)
        result.has('Cluster "remote"', "has not answered for", "fuse.hanging")
        files.does("answer")
        equal(w.cluster_files("remote"), [], "files")
        true(w.cluster_files("east") and w.cluster_files("west"), "the others are written")
        w.run("untaint", INGRESS)
        w.apply()
        equal(w.cluster_files("remote"), w.cluster_files("east"), "files")
        w.no_changes()


def test_what_hangs_in_a_write_may_have_been_written(w):
    """The others are finished. What was under way is said to be unsure, stays in the state, and a
    look tells later."""
    for at in ("create", "write", "fsync", "rename", "fsyncdir"):
        configure(w)
        with hanging(w) as files:
            files.does("silent-after", at)
            result = timed(lambda: w.apply(code=1), 3 + BESIDES)
            result.has('Cluster "remote"', "has not answered for")
            equal(len(w.cluster_files("east")), len(w.cluster_files("west")), "the others")
            true(len(w.cluster_files("east")) >= 3, "the others are written")
            files.does("answer")
            w.run("untaint", INGRESS)
            w.apply()
            equal(w.cluster_files("remote"), w.cluster_files("east"), f"files after {at}")
            equal(w.leftovers(), [], "temporary files")
            w.no_changes()
            w.destroy()
        w.path("clusters", "remote").rmdir()


def what_is_left(w, cluster):
    """But for Namespaces, which stay."""
    return [name for name in w.cluster_files(cluster) if "/namespace-" not in name]


def test_a_destroy_removes_the_others(w):
    """What could not be removed stays in the state."""
    configure(w)
    with hanging(w) as files:
        w.apply()
        files.does("silent")
        result = timed(lambda: w.destroy("-refresh=false", code=1), 3 + BESIDES)
        result.has('Cluster "remote"', "has not answered for")
        equal(what_is_left(w, "east"), [], "files")
        true(w.documents()["remote"], "what is not removed is in the state")
        files.does("answer")
        w.destroy()
        equal(what_is_left(w, "remote"), [], "files")


def test_a_silent_directory_can_be_stopped(w):
    """SIGINT to the process group, as Ctrl-C, and SIGTERM, as a job that is cancelled: Terraform ends
    within a second, its plugin too, and the state is whole."""
    configure(w, "10m")
    with hanging(w) as files:
        w.apply()
        before, times = w.documents(), []
        for number in (signal.SIGINT, signal.SIGTERM):
            # While an apply makes its own plan Terraform stops no provider: the signal itself does.
            for what in (("plan",), ("apply", "-auto-approve"),
                         ("destroy", "-refresh=false", "-auto-approve")):
                files.does("silent")
                process = w.start(*what)
                time.sleep(5)
                true(process.poll() is None, f"{what} waits:\n{w.path('started.log').read_text()}")
                times.append(ends(w, process, number, what))
                files.does("answer")
                equal(w.documents()["remote"], before["remote"], "state")
                w.apply()
        at_once(times)


def test_a_file_system_whose_server_has_died_says_so(w):
    """It fails at once then, whatever is asked."""
    configure(w)
    with hanging(w) as files:
        w.apply()
        before = shown(w.state())
        files.server.kill()
        files.server.wait()
        w.apply("-refresh-only").has("the server of the file system that it is on is gone")
        equal(shown(w.state()), before, "state")
        w.destroy(code=1).has('Cluster "remote"', "is gone", "mount it again")
        equal(what_is_left(w, "east"), [], "the others")


def test_a_slow_file_system_is_waited_for(w):
    """Half a second for every answer is no silence."""
    configure(w, "10m")
    with hanging(w) as files:
        files.does("delay", "0.05")
        w.apply()
        equal(w.cluster_files("remote"), w.cluster_files("east"), "files")
        w.no_changes()


def test_a_silent_directory_is_asked_once(w):
    """Ten resources that are in it do not each wait for it in turn: half a minute, all of them."""
    configure(w, "1m")
    w.use({"remote": {}})
    spec = w.path("ingress.yaml").read_text()
    names = [f"gateway-{i}" for i in range(10)]
    for n in names:
        w.write(n + ".yaml", spec.replace("istio-ingressgateway", n))
    w.main("".join(resource({"1-24": ({"remote": False}, f'file("{n}.yaml")', "")}, name=n, label=n,
                            extra=TIMES.format("1m")) for n in names))
    with hanging(w) as files:
        w.apply()
        files.does("silent")
        timed(lambda: w.plan("-parallelism=1"), 30 + 2 * BESIDES)


def test_a_lock_in_another_process_is_seen_there_too(w):
    """The lock on a file system that may hang is a process's of its own; it goes with Terraform."""
    configure(w, "4s")
    with hanging(w):
        w.apply()
        root = w.path("clusters", "remote")
        with subprocess.Popen(["flock", str(root), "cat"], stdin=subprocess.PIPE) as other:
            while subprocess.run(["flock", "-n", str(root), "true"], check=False).returncode == 0:
                time.sleep(0.05)
            w.main(resource({"1-24": {"east": True, "remote": False, "west": True}},
                            extra=TIMES.format("4s")))
            w.apply(code=1).has("Another Terraform run is writing there")
            other.stdin.close()
        w.apply()
        subprocess.run(["flock", "-n", str(root), "true"], check=True)


def test_many_silent_directories_hold_no_other(w):
    """They are waited for together, and leave half of the time to what comes after the look."""
    names = [f"c{i}" for i in range(20)]
    w.use({**{n: {"directory": f"./clusters/remote/{n}"} for n in names}, "sound": {}})
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": dict.fromkeys([*names, "sound"], True)}, extra=TIMES.format("5s")))
    with hanging(w) as files:
        for way in ("silent", "deaf"):
            files.does(way)
            result = timed(lambda: w.apply(code=1), 5 + BESIDES)
            result.has('Cluster "c0"', 'Cluster "c19"', "has not answered for")
            true(len(w.cluster_files("sound")) == 4, "the sound one is written")
            files.does("answer")
            w.run("untaint", INGRESS)
            w.apply()
            w.no_changes()
            w.destroy()


def test_two_names_of_a_slow_directory_are_refused(w):
    """However long it takes to find out that they are one."""
    with hanging(w) as files:
        root = w.path("clusters", "remote")
        (root / "one").mkdir()
        w.path("clusters", "other").symlink_to("remote/one")
        w.use({"one": {"directory": "./clusters/remote/one"}, "two": {"directory": "./clusters/other"}})
        w.fixture("ingress.yaml")
        w.main(resource({"1-24": {"one": True, "two": True}}, extra=TIMES.format("5m")))
        files.does("delay", "0.4")
        w.apply(code=1).has("Two names for one cluster")
        files.does("answer")
        equal([p.name for p in (root / "one").iterdir()], [], "what is written")


def test_a_file_of_too_many_values_is_no_object(w):
    """What is told from one process to another has a ceiling; more is garbage, and written over."""
    configure(w, "1m")
    with hanging(w):
        w.apply()
        path = w.operator_file("remote")
        path.write_text(path.read_text() + "x: [" + "1," * 2_500_000 + "1]\n")
        w.plan().has("an object cannot be read", "it has more than 2097152 values")
        w.apply()
        w.no_changes()


def test_a_cluster_that_moved_into_a_silent_directory_holds_nobody(w):
    """A plan looks at what is there for its warning: not for long, and an apply and a destroy within their
    limits."""
    with hanging(w, "remote") as files:
        two, names = {"1-24": {"east": True, "remote": True}}, ("east", "remote")
        configure(w, installations=two, clusters=names)
        w.use({"east": {}, "remote": {"directory": "./clusters/before"}})
        w.apply()
        configure(w, installations=two, clusters=names)
        files.does("silent")
        words = ("has moved", "What is there already is not known, because it does not answer.")
        timed(w.plan, 3 + 10 + BESIDES / 2).has(*words)
        w.run("plan", "-no-color", "-refresh=false", "-out=plan.bin")
        timed(lambda: w.run("apply", "-no-color", "plan.bin", code=None), 3 + 1 + BESIDES / 2)
        w.run("plan", "-no-color", "-refresh=false", "-destroy", "-out=plan.bin")
        timed(lambda: w.run("apply", "-no-color", "plan.bin", code=None), 3 + 1 + BESIDES / 2)
