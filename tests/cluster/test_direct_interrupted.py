# SPDX-License-Identifier: Apache-2.0
"""Killed, interrupted and cut off between any two writes, without an operator: the next apply does the
rest."""
import itertools
import os
import signal

import direct
import gateways as g
import reach
from direct import REVISION
from gateways import GATEWAYS, equal, true
from servers import Gate
from test_interrupted import APPLY, finish, interrupt, kill_both, output
from test_stop import started
from walks import Traffic
from workspace import one_cluster

OPERATOR = "none"
MOST = 30


def behind(w, gate):
    """The cluster, reached through the gate."""
    cluster = w.estate.clusters[0]
    w.connect({cluster.name: reach.by_token(cluster, host=gate.server, installer="direct")})
    return cluster


def gateway(w, edit=(), extra=""):
    g.ingress(w, {w.estate.clusters[0].name: True}, REVISION, edit=direct.tagged(REVISION, edit),
              extra=extra)


def kill(w):
    """kill -9 of Terraform and the plugin, as when the machine goes down: Terraform must not see that the
    plugin is gone, for it would begin to write its state, and be killed with half a file."""
    os.kill(w.running.pid, signal.SIGSTOP)
    for pid in w.plugin_pids():
        os.kill(pid, signal.SIGKILL)
    w.kill_group(w.running)


def attempt(w, gate, at, then):
    """An apply at whose write number `at` that happens; did it?"""
    gate.arm(at, lambda: then(w))
    w.running = w.start(*APPLY)
    finish(w, w.running, 120)
    gate.disarm()
    return gate.fired


def converged(w, cluster, objects):
    """Everything is there once, HEALTHY, and there is nothing left to do."""
    direct.healthy(w)
    equal(direct.left(cluster), sorted(objects), "objects")
    w.no_changes()


# As one changes into the other, objects of every kind are written and some are pruned.
MORE = [direct.EVERY_KIND, ("hub: example.com/istio", "hub: elsewhere.example.com"),
        ("port: 80\n", "port: 8080\n")]


@one_cluster
def test_an_update_that_is_killed_after_any_of_its_writes(w, estate):
    """The next apply finishes it, and traffic never stops."""
    with Gate(estate.clusters[0]) as gate:
        cluster = behind(w, gate)
        gateway(w)
        w.apply()
        few = direct.left(cluster)
        gateway(w, MORE)
        w.apply()
        many = direct.left(cluster)
        traffic = Traffic(cluster)
        for at in itertools.count(1):
            true(at < MOST, "it does not end")
            fired = False
            for edit, objects in (((), few), (MORE, many)):
                gateway(w, edit)
                if attempt(w, gate, at, kill):
                    fired = True
                    w.apply()
                converged(w, cluster, objects)
            traffic.check(REVISION)  # at every moment since the last one
            if not fired:
                break
        true(at > 4, f"only {at} writes")
        w.destroy()
        equal(direct.left(cluster), [], "left")


@one_cluster
def test_a_create_that_is_killed_after_any_of_its_writes(w, estate):
    """Nothing is in the state: the next apply refuses, or takes over what is there when told to."""
    with Gate(estate.clusters[0]) as gate:
        cluster = behind(w, gate)
        for at in itertools.count(1):
            true(at < MOST, "it does not end")
            gateway(w)
            fired = attempt(w, gate, at, kill)
            if fired:
                there = direct.left(cluster)
                if at == 3:
                    w.apply(code=1).has("Objects are already there", "adopt_existing")
                    equal(direct.left(cluster), there, "nothing is made")
                gateway(w, extra="  adopt_existing = true")
                w.apply()
                converged(w, cluster, [*direct.names(), f"Service {g.GATEWAY}"])
            w.destroy()
            equal(direct.left(cluster), [], "left")
            if not fired:
                break
        true(at > 6, f"only {at} writes")


@one_cluster
def test_a_destroy_that_is_killed_after_any_of_its_deletions(w, estate):
    """The next one removes the rest."""
    with Gate(estate.clusters[0]) as gate:
        cluster = behind(w, gate)
        for at in range(1, 8, 2):
            gateway(w)
            w.apply()
            gate.arm(at, lambda: kill(w))
            w.running = w.start("destroy", "-auto-approve", "-no-color")
            finish(w, w.running, 120)
            gate.disarm()
            true(gate.fired or at > 6, f"only {len(gate.writes)} deletions")
            w.destroy()
            equal(direct.left(cluster), [], "left")


@one_cluster
def test_ctrl_c_between_writes(w, estate):
    """What was done is in the state; the next apply does the rest and no more."""
    with Gate(estate.clusters[0]) as gate:
        cluster = behind(w, gate)
        gateway(w)
        true(attempt(w, gate, 4, lambda w: w.kill_group(w.running, signal.SIGINT)), "it must fire")
        text = output(w)
        true("Interrupt" in text, text)
        there = direct.uids(cluster)
        true(w.state() is not None, "what was done is in the state:\n" + text)
        if w.tainted():
            w.run("untaint", g.INGRESS)
        w.apply().has("0 added", "0 destroyed")
        now = direct.uids(cluster)
        equal({what: now.get(what) for what in there}, there, "what was made stays")
        converged(w, cluster, [*direct.names(), f"Service {g.GATEWAY}"])


@one_cluster
def test_ctrl_c_while_a_gateway_never_becomes_ready(w, estate):
    """Soon, with what was written in the state; when Pods become ready the next apply is done."""
    cluster = direct.one(w)
    cluster.namespace(GATEWAYS)
    cluster.fail_pods(GATEWAYS)
    process = started(w, lambda: (direct.deployment(cluster) or {}).get("status", {}).get(
        "unavailableReplicas"), what="the gateway's Deployment")
    result, _ = interrupt(w, process)
    result.has("Stopped before", "terraform untaint")
    true(w.tainted(), "Terraform taints it")
    cluster.fail_pods(GATEWAYS, False)
    w.run("untaint", g.INGRESS)
    mark = estate.marks()
    w.apply().has("0 added", "0 destroyed")
    equal(direct.written(cluster, mark[0]), [], "writes")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_killed_while_it_waits(w, _):
    """At an update whose Pods do not come; the old ones serve on."""
    cluster = direct.one_healthy(w)
    traffic = Traffic(cluster)
    direct.one(w, edit=[("tag: 1.30.3", "tag: 1.30.4-missing")])
    process = started(w, lambda: direct.deployment(cluster)["status"].get("unavailableReplicas"),
                      what="a Pod that does not start")
    kill_both(w, process)
    direct.one(w, edit=[("tag: 1.30.3", "tag: 1.30.5")])
    w.apply().has("0 added, 1 changed, 0 destroyed")
    traffic.check(REVISION)
    equal(direct.image(cluster), "example.com/istio/proxyv2:1.30.5", "image")
    converged(w, cluster, [*direct.names(), f"Service {g.GATEWAY}"])


@one_cluster
def test_connections_that_end_after_every_write(w, estate):
    """The write was done, its answer never comes: the same apply goes on or the next one does."""
    with Gate(estate.clusters[0]) as gate:
        cluster = behind(w, gate)

        def cut(_):
            raise OSError("cut")
        gateway(w)
        w.apply()
        for at, edit in ((1, MORE), (2, ()), (4, MORE), (3, ())):
            gateway(w, edit)
            gate.arm(at, lambda: cut(w))
            result = w.apply(code=None)
            gate.disarm()
            true(gate.fired, "it must fire")
            if result.code != 0:
                w.apply()
            direct.healthy(w)
            w.no_changes()
        equal(direct.left(cluster), sorted([*direct.names(), f"Service {g.GATEWAY}"]), "objects")
