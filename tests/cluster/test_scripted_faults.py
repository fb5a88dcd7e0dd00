# SPDX-License-Identifier: Apache-2.0
"""API servers in trouble. The faults are scripted: ScriptedFaults stands in front of a real API
server and answers some requests itself."""
import json
import time

import reach
import servers
from faults import BAD, WHOLE, at_apply, at_refresh, connect, needs_two, repaired
from workspace import harness

equal, true = harness.equal, harness.true
OPERATORS = "/istiooperators"
# Longer than anybody waits: tests need not try again for a minute.
LATER = "Retry-After: 3600\r\n"


def status(code, message, headers=""):
    return (code, "Content-Type: application/json\r\n" + headers, json.dumps(
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message,
         "code": code}))


def through(bad, server):
    return reach.by_token(bad, host=server.server)


def test_a_server_in_trouble_at_a_refresh(w, estate):
    """500 with a Status: its words, and the state is kept."""
    _, bad = needs_two(estate)
    script = {("*", "/"): [status(500, "etcdserver: no leader"), ...]}
    with servers.ScriptedFaults(bad, script) as server:
        at_refresh(w, estate, through(bad, server), "500", "etcdserver: no leader", server.server)
        true(server.answered, "the fault must have been met")


def test_a_server_in_trouble_at_an_apply(w, estate):
    """503 without a Status, as load balancers give it: an error of this cluster only."""
    _, bad = needs_two(estate)
    with servers.ScriptedFaults(bad, {("*", "/"): [(503, LATER, "upstream down"), ...]}) as server:
        at_apply(w, estate, through(bad, server), "503", server.server)
        repaired(w, estate)


def test_a_write_that_fails(w, estate):
    """500 for the IstioOperator alone: what came before is kept, the next apply does the rest."""
    _, bad = needs_two(estate)
    script = {("PATCH", OPERATORS): [status(500, "etcdserver: request timed out"), ...]}
    with servers.ScriptedFaults(bad, script) as server:
        at_apply(w, estate, through(bad, server), "etcdserver: request timed out", "IstioOperator")
        true(server.answered, "the fault must have been met")
        equal(reach.installed(bad), None, "the IstioOperator")
        repaired(w, estate)


def test_a_busy_server_is_asked_again(w, estate):
    """429 and 503 with Retry-After, once each, for reads and writes: nobody notices."""
    _, bad = needs_two(estate)
    soon = "Retry-After: 1\r\n"
    script = {("PATCH", OPERATORS): [status(429, "too many requests", soon)],
              ("GET", OPERATORS): [status(429, "too many requests", soon),
                                   status(503, "starting", soon)],
              ("GET", "/namespaces"): [(502, "", "bad gateway")]}
    with servers.ScriptedFaults(bad, script) as server:
        connect(w, estate, through(bad, server))
        reach.gateways(w, WHOLE)
        w.apply()
        equal([answers for answers in script.values() if answers], [], "faults that were not met")
        equal(reach.state_of(w, BAD), "HEALTHY", BAD)
        w.no_changes()


def test_a_server_that_stays_busy(w, estate):
    """429 that is to last is not waited for, and the warning says what to do."""
    _, bad = needs_two(estate)
    script = {("*", "/"): [status(429, "too many requests", LATER), ...]}
    with servers.ScriptedFaults(bad, script) as server:
        at_refresh(w, estate, through(bad, server), "429", "max_parallel_clusters")


def test_a_busy_server_is_waited_for_as_long_as_a_request_may_take(w, estate):
    """It gives no time: request_timeout ends the attempts, of which there were several."""
    _, bad = needs_two(estate)
    with servers.ScriptedFaults(bad, {("*", "/"): [(503, "", "starting"), ...]}) as server:
        w.connect({BAD: {**through(bad, server), "request_timeout": "2s"}})
        reach.gateways(w, [BAD])
        began = time.monotonic()
        w.apply(code=1).has("503", server.server)
        # The whole of terraform is in it; the product's own patience would be a minute.
        true(time.monotonic() - began < 30, "must not be asked for so long")
        true(1 < len(server.answered) < 6, f"{len(server.answered)} attempts")


def test_something_that_is_no_api_server(w, estate):
    """A login page, a redirect, half an object: each is named for what it is."""
    _, bad = needs_two(estate)
    for answer, words in (
            ((200, "Content-Type: text/html\r\n", "<!doctype html><p>log in"), ("a web page",)),
            ((302, "Location: https://sso.example.com/\r\n", ""), ("302", "redirects")),
            ((200, "Content-Type: application/json\r\n", '{"kind": "Names'), ("JSON",))):
        with servers.ScriptedFaults(bad, {("*", "/"): [answer, ...]}) as server:
            connect(w, estate, through(bad, server))
            reach.gateways(w, [BAD])
            w.apply(code=1).has(server.server, *words)
            equal(reach.installed(bad), None, "the IstioOperator")
