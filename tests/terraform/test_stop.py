# SPDX-License-Identifier: Apache-2.0
"""A job that is cancelled while a cluster keeps an apply waiting. The cluster is a scripted API server
(tests/support/hostile) that falls silent; tests/cluster has the same against real ones."""
import contextlib
import pathlib
import shutil
import signal
import sys
import time

from harness import INGRESS, POISON, Skip, equal, resource, true

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from hostile.attacks import ATTACKS  # noqa: E402
from hostile.objects import Cluster  # noqa: E402
from hostile.server import Identity, Server  # noqa: E402

SOON = 20  # seconds; every wait that is interrupted here would last for minutes


@contextlib.contextmanager
def silent(w, stage):
    """A workspace with two clusters: files, and one that says nothing more from this stage on."""
    if not shutil.which("openssl"):
        raise Skip("the scripted API server needs openssl")
    identity = Identity(w.path("identity"))
    server = Server(identity, Cluster("silent", "1-24", "1.24.1"),
                    ATTACKS["silence after the request"], stage)
    try:
        w.use({"east": {}, "silent": {"host": server.url, "token": "t0ken", "request_timeout": "10m",
                                      "cluster_ca_certificate": identity.ca.read_text()}})
        w.fixture("ingress.yaml")
        w.main(resource({"1-24": {"east": True, "silent": True}}))
        yield server
    finally:
        server.stop()


def written(server):
    return sorted(key[2] for key in server.cluster.objects if key[0] == "istiooperators")


def cancelled(w, server):
    """An apply, whose whole process group gets SIGTERM when the silence has begun."""
    process = w.start("apply", "-auto-approve", "-no-color")
    if not server.begun.wait(120):
        w.kill_group(process)
        process.wait()
        true(False, "there was no silence:\n" + w.path("started.log").read_text())
    began = time.monotonic()
    w.kill_group(process, signal.SIGTERM)
    process.wait(120)
    took = time.monotonic() - began
    text = w.path("started.log").read_text("utf-8", "replace")
    true(took < SOON, f"terraform took {took:.0f} s to end:\n{text}")
    true(not POISON.search(text), text)
    equal(w.plugin_pids(), [], "plugins that are left")


def cancelled_at(w, stage):
    with silent(w, stage) as server:
        for _ in range(2):  # the second one is mostly cancelled in its refresh
            cancelled(w, server)
            known = w.documents()
            equal(sorted(known.get("silent", {})), ["1-24"] if written(server) else [],
                  f"what is in the state, and what the cluster has: {written(server)}")
            equal(sorted(known.get("east", {})),
                  ["1-24"] if w.operator_file("east").exists() else [], "of the other cluster")
            if w.tainted():
                w.run("untaint", INGRESS)
            server.begun.clear()
        server.attack = None
        w.apply()
        equal(written(server), ["istio-ingressgateway-1-24"], "what the cluster has")
        w.no_changes()


def test_cancelled_before_the_first_write(w):
    """Nothing is written, nothing is in the state."""
    cancelled_at(w, "read")


def test_cancelled_while_gateways_are_waited_for(w):
    """The IstioOperator is in the state."""
    cancelled_at(w, "wait")


def test_cancelled_at_the_switch(w):
    """The IstioOperator is in the state; the Service is not there yet."""
    cancelled_at(w, "switch")
