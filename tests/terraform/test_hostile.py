# SPDX-License-Identifier: Apache-2.0
"""A hostile API server (tests/support/hostile) beside a well-behaved one, through Terraform itself: a
sample of the matrix that tests/hostile/run plays without it."""
import contextlib
import pathlib
import re
import signal
import sys
import threading
import time

import harness

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hostile.attacks import ATTACKS  # noqa: E402
from hostile.objects import Cluster  # noqa: E402
from hostile.server import Identity, Server  # noqa: E402
from whole import shown  # noqa: E402

true = harness.true
GOOD, BAD = "good", "bad"
REVISION = "1-23"
TOKEN = "the-t0ken~of/the+hostile+cluster=4711"
# What a terminal would obey. Terraform lays out with these three, and colours are off.
RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SOON = 20  # seconds; every wait that is ended here would last for minutes


@contextlib.contextmanager
def clusters(w, attack, stage, patience="1s", timeout="4s", armed=True):
    """A workspace with one gateway in two clusters, of which one is hostile when it is armed."""
    identity = Identity(w.path("identity"))
    servers = {GOOD: Server(identity, Cluster(GOOD)),
               BAD: Server(identity, Cluster(BAD), ATTACKS[attack], stage)}
    servers[BAD].armed = armed
    w.use({name: {"host": server.url, "token": TOKEN, "request_timeout": patience,
                  "cluster_ca_certificate": identity.ca.read_text()}
           for name, server in servers.items()})
    w.edit(w.fixture("ingress.yaml"), "1.24.1", "1.23.6")
    w.main(harness.resource(
        {REVISION: {GOOD: True, BAD: True}},
        extra="  timeouts = {\n" + "".join(f'    {verb} = "{timeout}"\n' for verb in
                                           ("create", "update", "delete", "read")) + "  }"))
    w.env["TF_LOG"] = "TRACE"
    w.env["TF_LOG_PATH"] = str(w.path("trace.log"))
    try:
        yield servers[BAD]
    finally:
        for server in servers.values():
            server.stop()


def state_of(w, cluster):
    status = (w.state() or {}).get("status", {}).get("clusters", {})
    return status.get(cluster, {}).get("installations", {}).get(REVISION, {}).get("state")


def nothing_leaks(w, result):
    """No control characters on the terminal; no credential there, in the log, in state or plan."""
    found = RAW.search(result.text)
    true(not found, f"{found and ascii(found[0])} on the terminal:\n{result.text!a}")
    for name, text in (("the output", result.text),
                       ("the log", w.path("trace.log").read_text("utf-8", "replace")),
                       ("the state", w.path("terraform.tfstate").read_text("utf-8", "replace"))):
        # Terraform itself logs the configuration's own file where it cannot be parsed, never here.
        true(TOKEN not in text, f"the credential is in {name}")


def at_create(w, attack, stage):
    with clusters(w, attack, stage) as bad:
        result = w.apply(code=1).has(f'Cluster "{BAD}"').lacks(f'Cluster "{GOOD}"')
        true(bad.begun.is_set(), "the attack must have been met")
        harness.equal(state_of(w, GOOD), "HEALTHY", "the other cluster")
        nothing_leaks(w, result)
        bad.armed = False
        w.run("untaint", harness.INGRESS)
        w.apply()
        harness.equal(state_of(w, BAD), "HEALTHY", "the cluster when it behaves again")
        w.no_changes()


def test_a_storm_of_frames_at_a_write(w):
    """The other cluster is installed, and the next apply goes on."""
    at_create(w, "storm of GOAWAY", "write")


def test_a_request_that_is_never_answered(w):
    """The same."""
    at_create(w, "silence after the request", "write")


def test_a_write_that_fails(w):
    """Nobody knows whether it was carried out; the next plan finds out that it was not."""
    at_create(w, "500 every time", "write")


def test_a_write_without_an_answer(w):
    """What it made is in the state: no create refuses it."""
    at_create(w, "message of 8 MB", "write")


def test_credentials_that_come_back_in_messages(w):
    """They are nowhere."""
    at_create(w, "token in a message", "write")


def test_control_characters_in_refusals(w):
    """They do not reach the terminal."""
    at_create(w, "403 with foreign text", "write")


def test_a_hostile_refresh(w):
    """The state is kept, with a warning."""
    with clusters(w, "storm of empty DATA", "read", armed=False) as bad:
        w.apply()
        before = w.state()
        bad.armed = True
        result = w.run("apply", "-refresh-only", "-auto-approve", "-no-color")
        result.has("Warning: ", f'Cluster "{BAD}" cannot be read')
        after = w.state()
        harness.equal(shown(after), shown(before), "objects")
        harness.equal((state_of(w, GOOD), state_of(w, BAD)), ("HEALTHY", "UNKNOWN"), "states")
        nothing_leaks(w, result)
        bad.armed = False
        w.no_changes()


def test_ctrl_c_in_the_middle_of_a_storm(w):
    """It ends, and what was written is in the state."""
    with clusters(w, "storm of PING", "wait", patience="10m", timeout="20m") as bad:
        process = w.start("apply", "-auto-approve", "-no-color")
        true(bad.begun.wait(60), "the attack must have been met")
        time.sleep(0.5)
        began = time.monotonic()
        w.kill_group(process, signal.SIGINT)
        process.wait(120)
        took = time.monotonic() - began
        text = w.path("started.log").read_text("utf-8", "replace")
        true(took < SOON, f"terraform took {took:.0f} s to end:\n{text}")
        true(not harness.POISON.search(text), text)
        for name in (GOOD, BAD):
            true(REVISION in w.documents()[name], f"{name} must be in the state")


def test_a_409_is_no_deletion(w):
    """What was not deleted stays in the state."""
    with clusters(w, "409 to everything", "delete", armed=False) as bad:
        w.apply()
        bad.armed = True
        nothing_leaks(w, w.destroy(code=1).has(f'Cluster "{BAD}"'))
        true(REVISION in w.documents()[BAD], "must be in the state")
        bad.armed = False
        w.destroy()
        harness.equal(bad.cluster.list("istiooperators")[0], [], "IstioOperators")


def ended_before_the_first_write(w, number):
    """Terraform ends at once, without a state: what it has ended is not carried on."""
    with clusters(w, "silence after the request", "read", patience="20s", timeout="60s",
                  armed=False) as bad:
        asked, ended = threading.Event(), threading.Event()
        well = bad.cluster.answer

        def answer(*request):
            asked.set()
            ended.wait(SOON)  # the first look is answered when Terraform is no more
            return well(*request)
        bad.cluster.answer = answer
        process = w.start("apply", "-auto-approve", "-no-color")
        true(asked.wait(60), "a cluster must have been asked")
        w.kill_group(process, number)
        process.wait(SOON)
        ended.set()
        until = time.monotonic() + SOON
        while w.plugin_pids() and time.monotonic() < until:
            time.sleep(0.05)
        harness.equal(w.plugin_pids(), [], "plugins that still run")
        harness.equal(bad.cluster.list("istiooperators")[0], [], "what was written")


def test_a_closed_terminal_before_the_first_write(w):
    """SIGHUP to the process group."""
    ended_before_the_first_write(w, signal.SIGHUP)


def test_ctrl_backslash_before_the_first_write(w):
    """SIGQUIT to the process group."""
    ended_before_the_first_write(w, signal.SIGQUIT)
