# SPDX-License-Identifier: Apache-2.0
"""Killed, interrupted and cut off in the middle of an apply: the next one converges."""
import os
import re
import shutil
import signal
import time

import gateways as g
from gateways import GATEWAY, equal, true
from process import wait_until
from test_recovery import everything, image, patch_level
from workspace import harness

APPLY = ("apply", "-auto-approve", "-no-color")


def tag_of(cluster):
    found = g.operator(cluster)
    return found and found["spec"]["tag"]


def begin(w, estate, tag):
    """An apply of `tag` that waits for one cluster, whose operator is stopped: the process."""
    estate.clusters[1].stop_operator()
    patch_level(w, tag)
    process = w.start(*APPLY)
    wait_until(lambda: process.poll() is not None or
               all(tag_of(cluster) == tag for cluster in estate), "all clusters to be written")
    true(process.poll() is None, "the apply must still wait:\n" + output(w))
    return process


def output(w):
    return w.path("started.log").read_text()


def finish(w, process, seconds=60):
    """What it printed, when it has ended."""
    process.wait(seconds * (10 if w.valgrind else 1))
    wait_until(lambda: not w.plugin_pids(), "the plugin to end", seconds)
    return harness.Result(process.returncode, output(w))


def kill_plugin(w, process):
    for pid in w.plugin_pids():
        os.kill(pid, signal.SIGKILL)
    finish(w, process)


def kill_terraform(w, process):
    os.kill(process.pid, signal.SIGKILL)
    finish(w, process)


def kill_both(w, process):
    """The plugin dies first: else it could see that Terraform is gone."""
    os.kill(process.pid, signal.SIGSTOP)
    for pid in w.plugin_pids():
        os.kill(pid, signal.SIGKILL)
    w.kill_group(process)
    finish(w, process)


def paste_import(w):
    """State is lost: create refuses before it writes anything, and says what to paste."""
    mark = w.estate.marks()
    refusal = w.apply(code=1)
    g.silent(w.estate, mark)
    block = re.search(r"import {\s+to = .*?\n\s+id = .*?\n\s*}", harness.unboxed(refusal.text), re.S)
    true(block, "an import block to paste:\n" + refusal.text)
    w.write("import.tf", block.group(0).replace(f"{g.RESOURCE}.NAME", g.INGRESS) + "\n")


def converge(w, estate, tag):
    """The next apply, after the import when the state knows of nothing."""
    estate.clusters[1].start_operator()
    uids = estate.each(lambda c: g.operator(c)["metadata"]["uid"])
    lost = w.state() is None
    if lost:
        paste_import(w)
    result = w.apply()
    true(not lost or "1 imported" in result.text, result.text)
    equal(estate.each(lambda c: g.operator(c)["metadata"]["uid"]), uids, "the same objects")
    equal(estate.each(image), [tag] * len(estate.clusters), "images")
    equal(g.states(w), g.everywhere(w), "states")
    for cluster in estate:
        true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), f"endpoints in {cluster.name}")
    everything(estate)
    w.no_changes()
    w.destroy()
    equal([g.left(c) for c in estate], [[] for _ in estate], "left after destroy")


def killed(w, estate, kill):
    """In the middle of a create, then in the middle of an update."""
    process = begin(w, estate, "1.24.1")
    kill(w, process)
    true(w.state() is None, "a killed create leaves no state")
    estate.clusters[1].start_operator()
    paste_import(w)
    w.apply().has("1 imported")
    equal(g.states(w), g.everywhere(w), "states")
    w.path("import.tf").unlink()
    w.no_changes()
    process = begin(w, estate, "1.24.2")
    kill(w, process)
    true(w.state() is not None, "a killed update keeps the state of before")
    converge(w, estate, "1.24.2")


def test_a_killed_plugin(w, estate):
    """kill -9 of the plugin; Terraform lives on."""
    killed(w, estate, kill_plugin)


def test_a_killed_terraform(w, estate):
    """kill -9 of Terraform; the plugin ends by itself."""
    killed(w, estate, kill_terraform)


def test_both_killed(w, estate):
    """As when the machine goes down."""
    killed(w, estate, kill_both)


def interrupt(w, process, times=1):
    """Ctrl-C reaches Terraform and the plugin alike, as in a terminal."""
    began = time.monotonic()
    for number in range(times):
        if number:
            time.sleep(0.2)
        w.kill_group(process, signal.SIGINT)
    return finish(w, process), time.monotonic() - began


def test_ctrl_c_while_creating(w, estate):
    """What was done is in the state; untaint and apply do the rest."""
    process = begin(w, estate, "1.24.1")
    result, _ = interrupt(w, process)
    equal(result.code, 1, "exit code")
    result.has("Interrupt received", "Stopped before", "terraform untaint")
    equal({n: sorted(of) for n, of in w.documents().items()},
          {c.name: ["1-24"] for c in estate}, "what was written is in the state")
    true(w.tainted(), "Terraform taints it")
    w.run("untaint", g.INGRESS)
    converge(w, estate, "1.24.1")


def test_ctrl_c_while_updating(w, estate):
    """The next apply waits for what the last one did not see HEALTHY."""
    patch_level(w, "1.24.1")
    w.apply()
    process = begin(w, estate, "1.24.2")
    result, _ = interrupt(w, process)
    result.has("Stopped before")
    equal(w.documents()[estate.clusters[0].name]["1-24"]["spec"]["tag"], "1.24.2",
          "what was written is in the state")
    change = w.change()
    equal(change["actions"], ["update"], "a gateway that was not seen healthy is no \"no changes\"")
    converge(w, estate, "1.24.2")


def test_ctrl_c_twice_while_creating(w, estate):
    """Terraform may drop the state: then import, else untaint."""
    process = begin(w, estate, "1.24.1")
    interrupt(w, process, 2)
    if w.state() is not None and w.tainted():
        w.run("untaint", g.INGRESS)
    converge(w, estate, "1.24.1")


def test_ctrl_c_twice_while_updating(w, estate):
    """Whatever Terraform saved of it."""
    patch_level(w, "1.24.1")
    w.apply()
    process = begin(w, estate, "1.24.2")
    interrupt(w, process, 2)
    file = w.path("terraform.tfstate")
    if file.stat().st_size == 0:  # Terraform ended while it wrote it, and left its backup
        shutil.copy(w.path("terraform.tfstate.backup"), file)
    true(w.state() is not None, "the state of before is there at least")
    converge(w, estate, "1.24.2")


def test_an_api_server_that_restarts_under_the_wait(w, estate):
    """The same apply goes on and ends well, in every cluster."""
    process = begin(w, estate, "1.24.1")
    slow = estate.clusters[1]
    # The last that is written before the wait.
    slow.wait("Service", g.GATEWAY, g.GATEWAYS, bool)
    slow.stop_apiserver()
    time.sleep(3)
    equal(process.poll(), None, "the apply must still wait:\n" + output(w))
    slow.start_apiserver()
    slow.start_operator()
    equal(finish(w, process, 120).code, 0, "exit code:\n" + output(w))
    equal(g.states(w), g.everywhere(w), "states")
    everything(estate)
    w.no_changes()


def test_an_api_server_that_is_gone_for_good_ends_the_wait_at_its_time(w, estate):
    """The error names the cluster; with the server back, only it is worked on."""
    estate.clusters[1].stop_operator()
    patch_level(w, "1.24.1", '  timeouts = { create = "40s", read = "5s" }')
    process = w.start(*APPLY)
    slow = estate.clusters[1]
    wait_until(lambda: tag_of(slow) == "1.24.1", "the write")
    slow.stop_apiserver()
    result = finish(w, process, 180)
    equal(result.code, 1, "exit code")
    result.has(f'Cluster "{slow.name}"', "terraform untaint")
    slow.resume()
    w.run("untaint", g.INGRESS)
    mark = estate.marks()
    slow.start_operator()
    # The operator may be done before the refresh, and the server may have gone before the Service
    # was written: what is certain is that nothing is touched where nothing is missing.
    w.apply().has("0 added", "0 destroyed")
    written = g.writes(estate, mark)
    equal({name: what for name, what in written.items() if name != slow.name and what}, {},
          "writes in healthy clusters")
    equal(g.states(w), g.everywhere(w), "states")
    everything(estate)
