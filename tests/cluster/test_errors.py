# SPDX-License-Identifier: Apache-2.0
"""One cluster of two cannot be read or written: at a refresh that is a warning and the state is
kept; at an apply it is an error of that cluster, and the other one is installed."""
import time

import reach
import servers
from workspace import harness

equal, true = harness.equal, harness.true
GOOD, BAD = "cluster1", "cluster2"
WHOLE = (GOOD, BAD)


def needs_two(estate):
    if len(estate.clusters) < 2:
        raise harness.Skip("needs two clusters")
    return estate.cluster(GOOD), estate.cluster(BAD)


def connect(w, estate, entry):
    """cluster1 as it is; cluster2 in this way."""
    w.connect({GOOD: {"context": GOOD}, BAD: entry or {"context": BAD}})


def at_refresh(w, estate, entry, *words):
    """Installs into both; then cluster2's way in is `entry`."""
    connect(w, estate, None)
    reach.gateways(w, WHOLE)
    w.apply()
    before = w.state()
    connect(w, estate, entry)
    result = w.run("apply", "-refresh-only", "-auto-approve", "-no-color")
    result.has("Warning: ", f'Cluster "{BAD}" cannot be read', *words)
    result.lacks("Error: ", f'Cluster "{GOOD}" cannot')
    after = w.state()
    for kept in ("istio_operators", "services", "installations"):
        equal(after[kept], before[kept], kept)
    equal(reach.state_of(w, BAD), "UNKNOWN", BAD)
    equal(reach.state_of(w, GOOD), "HEALTHY", GOOD)
    connect(w, estate, {**entry, "on_unreachable": "error"})
    w.plan(code=1).has("Error: ", BAD, *words)
    return result


def at_apply(w, estate, entry, *words):
    """Nothing is there yet. Gives the failed apply; `repaired` goes on from it."""
    connect(w, estate, entry)
    reach.gateways(w, WHOLE)
    result = w.apply(code=1)
    result.has(f'Error: Cluster "{BAD}": ', *words).lacks(f'Cluster "{GOOD}": ')
    true(reach.installed(estate.cluster(GOOD)), "the other cluster must have its gateway")
    equal(reach.state_of(w, GOOD), "HEALTHY", GOOD)
    return result


def repaired(w, estate):
    """With cluster2's right entry only what is missing is made."""
    good = reach.installed(estate.cluster(GOOD))["metadata"]
    connect(w, estate, None)
    if w.tainted():
        w.run("untaint", harness.INGRESS)
    w.apply()
    for name in WHOLE:
        equal(reach.state_of(w, name), "HEALTHY", name)
    now = reach.installed(estate.cluster(GOOD))["metadata"]
    equal((now["uid"], now["generation"]), (good["uid"], good["generation"]), "the other's object")
    w.no_changes()


def fails(w, estate, entry, *words):
    """Both, one after the other."""
    at_refresh(w, estate, entry, *words)
    connect(w, estate, None)
    w.destroy()
    at_apply(w, estate, entry, *words)
    repaired(w, estate)


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
