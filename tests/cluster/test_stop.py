# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, kill -9 and restarts in the middle of an apply to real clusters."""
import os
import signal
import time

import objects
import reach
from process import wait_until
from faults import GOOD, WHOLE, connect, needs_two
from plugins import by_plugin, plugin
from workspace import harness

equal, true = harness.equal, harness.true
# Every wait that is interrupted here would last for minutes.
SOON = 20


def started(w, *until, what, command=("apply", "-auto-approve")):
    """terraform apply, when all these conditions hold while it still runs."""
    process = w.start(*command, "-no-color")

    def holds():
        true(process.poll() is None, "terraform has ended before its time:\n" + printed(w))
        return all(condition() for condition in until)
    try:
        wait_until(holds, what)
    except BaseException:
        w.kill_group(process)
        process.wait()
        raise
    return process


def printed(w):
    return w.path("started.log").read_text("utf-8", "replace")


def interrupted(w, process, number=signal.SIGINT):
    """As Ctrl-C does: to terraform and to the plugin. What terraform printed."""
    began = time.monotonic()
    w.kill_group(process, number)
    process.wait(120)
    took = time.monotonic() - began
    text = printed(w)
    true(took < SOON, f"terraform took {took:.0f} s to end:\n{text}")
    true(process.returncode != 0, f"terraform ended well:\n{text}")
    true(not harness.POISON.search(text), text)
    equal(w.plugin_pids(), [], "plugins that are left")
    return text


def converges(w, clusters, tag=reach.TAG):
    """The next apply ends well, with one IstioOperator in each cluster and no more."""
    if w.tainted():
        w.run("untaint", harness.INGRESS)
    w.apply()
    for cluster in clusters:
        found = [o["metadata"]["name"] for o in cluster.list("IstioOperator")]
        equal(found, [reach.OPERATOR], "IstioOperators of " + cluster.name)
        equal(reach.installed(cluster)["spec"]["tag"], tag, cluster.name)
        equal(reach.state_of(w, cluster.name), "HEALTHY", cluster.name)
        services = {s["metadata"]["name"] for s in cluster.list("Service", reach.NAMESPACE)}
        true(reach.GATEWAY in services, f"{services}")
    w.no_changes()


def never_ready(w, cluster):
    """A workspace whose gateway in this cluster waits for pods that never come."""
    cluster.start_operator(wait_for_resources="600s")
    cluster.namespace(reach.NAMESPACE)
    cluster.fail_pods(reach.NAMESPACE)
    reach.one(w, {"context": cluster.context}, cluster.name)


def gateway_waits(cluster):
    found = cluster.get("Deployment", reach.OPERATOR, reach.NAMESPACE)
    return found and found.get("status", {}).get("unavailableReplicas")


def never_becomes_ready(w, estate, number):
    """What was written is in the state, and the next apply waits on."""
    cluster = estate.cluster(GOOD)
    never_ready(w, cluster)
    process = started(w, lambda: gateway_waits(cluster), what="the gateway's Deployment")
    uid = reach.installed(cluster)["metadata"]["uid"]
    interrupted(w, process, number)
    true(reach.REVISION in w.documents()[GOOD], "must be in the state")
    true(reach.state_of(w, GOOD) != "HEALTHY", "state")
    cluster.fail_pods(reach.NAMESPACE, False)
    converges(w, [cluster])
    equal(reach.installed(cluster)["metadata"]["uid"], uid, "the IstioOperator must be the same")


def test_ctrl_c_while_a_gateway_never_becomes_ready(w, estate):
    """A terminal sends it to Terraform and to the plugin."""
    never_becomes_ready(w, estate, signal.SIGINT)


def test_a_cancelled_job_while_a_gateway_never_becomes_ready(w, estate):
    """A CI system sends SIGTERM to Terraform and to the plugin."""
    never_becomes_ready(w, estate, signal.SIGTERM)


def test_ctrl_c_while_a_cluster_is_silent(w, estate):
    """The other cluster's gateway is in the state."""
    good, bad = needs_two(estate)
    proxy = bad.proxy()
    proxy.black_hole()
    connect(w, estate, reach.by_token(bad, host=proxy.server, request_timeout="10m"))
    reach.gateways(w, WHOLE)
    process = started(w, lambda: good.ready_endpoints(reach.GATEWAY, reach.NAMESPACE),
                      what="the other cluster's gateway")
    interrupted(w, process)
    true(reach.REVISION in w.documents()[GOOD], "must be in the state")
    connect(w, estate, None)
    converges(w, [good, bad])


def plugin_hangs(w, command):
    """Starts it, interrupts it, and sees the plugin end."""
    plugin(w, f"echo $$ > '{w.path('pid')}'\nexec sleep 1000")
    process = started(w, lambda: w.path("pid").exists() and w.path("pid").read_text(),
                      what="the plugin", command=command)
    pid = int(w.path("pid").read_text())
    interrupted(w, process)
    wait_until(lambda: not os.path.exists(f"/proc/{pid}"), "the plugin's end", SOON)
    w.path("pid").unlink()


def test_ctrl_c_while_a_plugin_hangs(w, estate):
    """It ends with Terraform, and the next apply converges."""
    good, bad = needs_two(estate)
    connect(w, estate, by_plugin(bad))
    reach.gateways(w, WHOLE)
    plugin_hangs(w, ("apply", "-auto-approve"))
    connect(w, estate, None)
    converges(w, [good, bad])


def test_ctrl_c_while_a_plugin_hangs_at_a_plan(w, estate):
    """It ends with Terraform. (The plan inside terraform apply cannot be interrupted, which is
    Terraform's own doing: it sends the stop afterwards.)"""
    good, bad = needs_two(estate)
    connect(w, estate, None)
    reach.gateways(w, WHOLE)
    w.apply()
    before = w.state()
    connect(w, estate, by_plugin(bad))
    plugin_hangs(w, ("plan",))
    equal(w.state(), before, "the state")
    connect(w, estate, None)
    converges(w, [good, bad])


def test_the_api_server_restarts_during_the_wait(w, estate):
    """The apply goes on when it is back."""
    cluster = estate.cluster(GOOD)
    never_ready(w, cluster)
    process = started(w, lambda: gateway_waits(cluster), what="the gateway's Deployment")
    cluster.stop_apiserver()
    time.sleep(3)
    true(process.poll() is None, "terraform has given up:\n" + printed(w))
    cluster.start_apiserver()
    cluster.fail_pods(reach.NAMESPACE, False)
    equal(process.wait(120), 0, printed(w))
    converges(w, [cluster])


def test_the_plugin_is_killed_during_a_create(w, estate):
    """Nothing is in the state: the next apply refuses with the import block, which converges."""
    cluster = estate.cluster(GOOD)
    never_ready(w, cluster)
    process = started(w, lambda: gateway_waits(cluster), what="the gateway's Deployment")
    for pid in w.plugin_pids():
        os.kill(pid, signal.SIGKILL)
    true(process.wait(120) != 0, "terraform must notice")
    cluster.fail_pods(reach.NAMESPACE, False)
    cluster.wait_status(reach.OPERATOR)
    if w.state() is None:
        refused = w.apply(code=1).has("import {", "adopt_existing")
        block = refused.text[refused.text.index("import {"):]
        block = harness.unboxed(block[:block.index("}") + 1])
        w.write("import.tf", block.replace(f"{harness.RESOURCE}.NAME", harness.INGRESS))
    converges(w, [cluster])


def test_the_plugin_is_killed_during_an_update(w, estate):
    """The next apply finishes it."""
    cluster = estate.cluster(GOOD)
    reach.one(w, {"context": GOOD})
    w.apply()
    cluster.start_operator(wait_for_resources="600s")
    cluster.fail_pods(reach.NAMESPACE)
    reach.gateways(w, [GOOD], tag="1.23.7")
    process = started(w, lambda: reach.installed(cluster)["spec"]["tag"] == "1.23.7",
                      what="the new tag")
    for pid in w.plugin_pids():
        os.kill(pid, signal.SIGKILL)
    true(process.wait(120) != 0, "terraform must notice")
    cluster.fail_pods(reach.NAMESPACE, False)
    converges(w, [cluster], "1.23.7")
    true(cluster.get("IstioOperator", reach.OPERATOR, objects.SYSTEM), "the IstioOperator")
