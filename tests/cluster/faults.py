# SPDX-License-Identifier: Apache-2.0
"""Two clusters of which one is in trouble: at a refresh that is a warning and the state is kept; at
an apply it is an error of that cluster, and the other one is installed."""
import reach
from workspace import harness, whole

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
    equal(whole.shown(after), whole.shown(before), "objects")
    equal(after["installations"], before["installations"], "installations")
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
