# SPDX-License-Identifier: Apache-2.0
"""One cluster of two cannot be read or written: at a refresh that is a warning and the state is
kept; at an apply it is an error of that cluster, and the other one is installed."""
import time

import reach
import servers
from faults import WHOLE, at_apply, connect, fails, needs_two, repaired
from workspace import harness

true = harness.true


def test_a_token_that_is_not_known(w, estate):
    """401: what was shown, and that it may have expired."""
    _, bad = needs_two(estate)
    entry = reach.by_host(bad, token="not-a-token-of-this-cluster")
    fails(w, estate, entry, "401", "`token`", bad.server, "log in again")
    for line in w.log:
        true("not-a-token-of" not in line, line)


def test_an_authority_that_did_not_sign(w, estate):
    """The certificate is not trusted: which authority it was checked against."""
    good, bad = needs_two(estate)
    entry = reach.by_token(bad, cluster_ca_certificate=good.ca.read_text())
    fails(w, estate, entry, bad.server, "certificate", "cluster_ca_certificate")
    entry.pop("cluster_ca_certificate")
    connect(w, estate, entry)
    w.plan().has("the system's authorities")


def test_a_name_that_does_not_resolve(w, estate):
    """DNS is named."""
    _, bad = needs_two(estate)
    entry = reach.by_token(bad, host="https://name.invalid:6443")
    fails(w, estate, entry, "name.invalid", "cannot be resolved", "DNS")


def test_a_port_where_nobody_listens(w, estate):
    """Refused: the address is named."""
    _, bad = needs_two(estate)
    with servers.Listener() as listener:
        port = listener.port
    entry = reach.by_token(bad, host=f"https://127.0.0.1:{port}")
    fails(w, estate, entry, f"127.0.0.1:{port}", "refused")


def test_a_cluster_that_is_silent(w, estate):
    """A black hole delays nobody but itself, and itself not beyond its request_timeout by much."""
    _, bad = needs_two(estate)
    proxy = bad.proxy()
    proxy.black_hole()
    entry = reach.by_token(bad, host=proxy.server, request_timeout="2s")
    connect(w, estate, None)
    reach.gateways(w, WHOLE)
    began = time.monotonic()
    w.apply()
    usual = time.monotonic() - began
    w.destroy()
    began = time.monotonic()
    result = at_apply(w, estate, entry, proxy.server, "within 2")
    took = time.monotonic() - began
    true(took < usual * 3 + 4 * 2, f"{took:.1f} s with a silent cluster, {usual:.1f} s without")
    result.has("request_timeout")
    repaired(w, estate)
