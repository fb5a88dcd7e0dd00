# SPDX-License-Identifier: Apache-2.0
"""kill -9 and Ctrl-C at any moment: whole files, and the next apply converges."""
import json
import os
import signal
import time

from harness import INGRESS, Workspace, equal, resource, true

NAMES = [f"c{i:02}" for i in range(40)]
ID = "gloo-mesh/istio-ingressgateway"


def prepare(w, tag="1.24.1"):
    w.use({n: {} for n in NAMES})
    w.edit(w.fixture("ingress.yaml"), "1.24.1", tag)
    w.main(resource({"1-24": dict.fromkeys(NAMES, True)}))


def content(w):
    root = w.path("clusters")
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*.yaml"))}


class Reference:
    """What an apply that nobody disturbs writes, for two tags, and how long it takes."""

    def __init__(self, w):
        other = Workspace("reference", w.plugin, w.terraform, w.valgrind)
        try:
            self.of = {}
            for tag in ("1.24.1", "1.24.1-debug"):
                prepare(other, tag)
                started = time.monotonic()
                other.apply()
                self.seconds = time.monotonic() - started
                self.of[tag] = content(other)
        finally:
            other.close()

    def whole(self, w):
        """Every file there is has exactly one of the two contents."""
        for name, data in content(w).items():
            true(data in (self.of["1.24.1"].get(name), self.of["1.24.1-debug"].get(name)),
                 f"{name} is not whole: {len(data)} bytes\n{data[-300:]!r}")


def has_state(w):
    try:
        resources = json.loads(w.path("terraform.tfstate").read_text())["resources"]
    except (OSError, ValueError):
        w.path("terraform.tfstate").unlink(missing_ok=True)
        return False
    return bool(resources)


def converge(w, reference, tag):
    """The next apply, or import and apply."""
    prepare(w, tag)
    if not has_state(w) and any("/istiooperator-" in n for n in content(w)):
        w.run("import", INGRESS, ID)
    w.apply()
    equal(content(w) == reference.of[tag], True, "the files are as if nothing had happened")
    w.no_changes()


def wait_for_moment(w, process, reference, i, count):
    """Even rounds: among the writes, which take only milliseconds of the command, counted from the
    first one: there is always one, since a round before it was of the other tag. Odd ones: spread over
    the whole command, by what one took on a machine that was perhaps busier or less so."""
    if i % 2:
        time.sleep(reference.seconds * (0.25 + 0.75 * (i + 0.5) / count))
        return
    def written():
        return [w.operator_file(n).stat().st_mtime_ns for n in NAMES[:1]
                if w.operator_file(n).exists()]
    before = written()
    while process.poll() is None and written() == before:
        pass
    time.sleep(0.004 * i / count)


def rounds(w, strike, count):
    reference = Reference(w)
    struck = 0
    for i in range(3 * count):
        if i >= count and struck:  # more of them only where the machine is too busy to hit anything
            break
        tag = ("1.24.1", "1.24.1-debug")[i // 2 % 2]  # each tag meets both kinds of moment
        prepare(w, tag)
        process = w.start("apply", "-auto-approve", "-no-color")
        wait_for_moment(w, process, reference, i % count, count)
        struck += strike(w, process)
        process.wait(60)
        for pid in w.plugin_pids():
            os.kill(pid, signal.SIGKILL)
        reference.whole(w)
        if i % 3 == 0:  # mostly one disaster follows another; sometimes there is time to recover
            converge(w, reference, tag)
    true(struck, "no round hit anything: the test proves nothing")
    converge(w, reference, "1.24.1")
    equal(w.leftovers(), [], "temporary files after convergence")
    w.destroy()
    equal([n for n in content(w) if "/cluster/" not in n], [], "files after destroy")
    equal(w.leftovers(), [], "temporary files after destroy")


def kill_plugin(w, process):
    hit = 0
    for pid in w.children(process):
        try:
            os.kill(pid, signal.SIGKILL)
            hit += 1
        except ProcessLookupError:
            pass
    return hit


def kill_terraform(w, process):
    running = process.poll() is None
    process.kill()
    return running


def kill_both(w, process):
    running = process.poll() is None
    w.kill_group(process)
    return running


def test_kill_of_the_plugin_leaves_whole_files_and_converges(w):
    """The plugin dies, Terraform lives."""
    rounds(w, kill_plugin, 12)


def test_kill_of_terraform_leaves_whole_files_and_converges(w):
    """Terraform dies, the plugin lives on for a moment."""
    rounds(w, kill_terraform, 12)


def test_kill_of_everything_leaves_whole_files_and_converges(w):
    """The power goes off."""
    rounds(w, kill_both, 12)


def test_what_a_killed_write_left_goes_though_no_file_has_to_be_written(w):
    """The configuration went back to what the state has: the plan is empty, nothing is applied."""
    prepare(w)
    w.apply()
    files = w.tree(NAMES[0])
    for folder in ("cluster", "namespaces/istio-system", "namespaces/gloo-mesh-gateways"):
        w.write(f"clusters/{NAMES[0]}/{folder}/.glm-write-0123456789abcdef.tmp", "half an obj")
    w.apply().has("No changes")
    equal(w.leftovers(), [], "temporary files")
    equal(w.tree(NAMES[0]) == files, True, "the files are untouched")


def creates(w, strike):
    reference = Reference(w)
    struck = 0
    for i in range(8):
        prepare(w)
        process = w.start("apply", "-auto-approve", "-no-color")
        wait_for_moment(w, process, reference, i, 8)
        struck += strike(w, process)
        process.wait(60)
        reference.whole(w)
        converge(w, reference, "1.24.1")
        equal(w.leftovers(), [], "temporary files")
        w.run_shell("rm", "-rf", "clusters", "terraform.tfstate", "terraform.tfstate.backup")
    true(struck, "no round hit anything: the test proves nothing")


def test_a_create_killed_at_any_moment_converges(w):
    """From nothing each time: the state may know nothing of what was written."""
    creates(w, kill_both)


def test_a_create_whose_plugin_alone_is_killed_converges(w):
    """Terraform lives on, and writes the state that it has."""
    creates(w, kill_plugin)


def orphans(w, strike):
    prepare(w)
    process = w.start("apply", "-auto-approve", "-no-color")
    for _ in range(500):
        if w.plugin_pids():
            break
        time.sleep(0.005)
    strike(process)
    process.wait(60)
    for _ in range(400):
        if not w.plugin_pids():
            return
        time.sleep(0.05)
    pids = w.plugin_pids()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    equal(pids, [], "plugins that still run 20 seconds later")


def test_an_orphaned_plugin_ends_by_itself(w):
    """Terraform is killed: nothing of ours stays behind running."""
    orphans(w, lambda process: process.kill())


def test_a_plugin_whose_terminal_is_closed_ends_by_itself(w):
    """SIGHUP to the whole process group ends Terraform at once."""
    orphans(w, lambda process: w.kill_group(process, signal.SIGHUP))


def interrupts(w, number, count):
    """What was written is in the state: no import is ever needed."""
    reference = Reference(w)
    for i in range(count):
        prepare(w)
        process = w.start("apply", "-auto-approve", "-no-color")
        wait_for_moment(w, process, reference, i, count)
        w.kill_group(process, number)
        process.wait(60)
        reference.whole(w)
        written = [n for n in content(w) if "/istiooperator-" in n]
        if written:
            state = w.state(INGRESS)
            true(state is not None, "files were written, and the state is empty")
            known = [c for c, of in w.documents().items() if of]
            equal(sorted({n.split("/")[0] for n in written}), sorted(known),
                  "clusters with files, and clusters in the state")
        w.apply()
        equal(content(w) == reference.of["1.24.1"], True, "the files are complete")
        w.no_changes()
        w.destroy()
        w.run_shell("rm", "-rf", "clusters", "terraform.tfstate", "terraform.tfstate.backup")


def test_ctrl_c_during_apply_leaves_a_consistent_state(w):
    """A terminal sends SIGINT to the whole process group."""
    interrupts(w, signal.SIGINT, 8)


def test_a_cancelled_job_leaves_a_consistent_state(w):
    """A CI system sends SIGTERM to the whole process group."""
    interrupts(w, signal.SIGTERM, 4)

