# SPDX-License-Identifier: Apache-2.0
"""The plan shows exactly what will change, and where."""
import json

from harness import FIXTURES, equal, resource, true

TEXT = (FIXTURES / "ingress.yaml").read_text()
BOTH = {"east": True, "west": True}


def leaves(value, at=()):
    """Every leaf of a plan value by its path; JSON texts are parsed."""
    if isinstance(value, str) and value[:1] == "{":
        value = json.loads(value)
    if isinstance(value, dict) and value:
        return {k: v for key in value for k, v in leaves(value[key], at + (key,)).items()}
    if isinstance(value, list) and value:
        return {k: v for i, e in enumerate(value) for k, v in leaves(e, at + (i,)).items()}
    return {at: value if not isinstance(value, (dict, list)) else json.dumps(value)}


def changed(w, *computed):
    """Paths that differ between before and after of the computed attributes."""
    change = w.change()
    found = set()
    for name in computed or ("istio_operators", "services", "status"):
        before = leaves(change["before"][name], (name,))
        after = leaves(change["after"].get(name), (name,))
        found |= {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
        true(not leaves_true(change["after_unknown"].get(name)), f"{name} has unknown parts")
    return found


def leaves_true(value):
    if isinstance(value, dict):
        return any(map(leaves_true, value.values()))
    if isinstance(value, list):
        return any(map(leaves_true, value))
    return value is True


def test_removing_the_middle_cluster_shows_only_that_one(w):
    """Of three."""
    w.use({"east": {}, "middle": {}, "west": {}})
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "middle": True, "west": True}}))
    w.apply()
    w.main(resource({"1-24": BOTH}))
    for path in changed(w):
        true("middle" in path, f"{path} changed")
    w.plan().has("middle").lacks('"east"', '"west"', "(known after apply)")


def test_one_field_shows_as_one_field_in_the_clusters_it_is_in(w):
    """Two installations, one of them edited."""
    w.fixture("ingress.yaml")
    w.write("other.yaml", TEXT)
    w.main(resource({"1-24": BOTH, "1-25": ({"east": False}, 'file("other.yaml")', "")}))
    w.apply()
    w.write("other.yaml", TEXT.replace("profile: empty", "profile: empty\ncompatibilityVersion: '1.24'"))
    equal(changed(w), {("istio_operators", "east", "1-25", "spec", "compatibilityVersion")})
    w.plan().lacks("(known after apply)")


def test_trust_domain_touches_only_its_cluster(w):
    """No other cluster in the plan."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": BOTH}))
    w.apply()
    w.main(resource({"1-24": {"east": {"active_gateway": True, "trust_domain": "td"},
                              "west": True}}))
    paths = changed(w)
    true(paths, "nothing changed")
    for path in paths:
        true("east" in path and "trustDomain" in path, f"{path} changed")
    w.plan().lacks('"west"', "(known after apply)")


def test_switching_the_active_revision_shows_the_selector(w):
    """From 1-24 to 1-25; the files follow."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}, "1-25": {"east": False}}))
    w.apply()
    w.main(resource({"1-24": {"east": False}, "1-25": {"east": True}}))
    service = ("services", "east", "gloo-mesh-gateways/istio-ingressgateway", "manifest")
    equal(changed(w, "services"), {service + ("spec", "selector", "revision")})
    w.plan().has('"1-24" -> "1-25"').lacks("(known after apply)")
    w.apply()
    true("revision: 1-25" in w.service_file("east").read_text(), "the file follows")
    w.no_changes()


def test_settings_alone_touch_no_file(w):
    """An update in place of the state only."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": BOTH}))
    w.apply()
    paths = [w.path("clusters", c, f) for c in BOTH for f in w.cluster_files(c)]
    before = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in paths}
    for setting in ('timeouts = { create = "7m" }', "wait_for_healthy = false",
                    "force_conflicts = true", "deletion_protection = true"):
        w.main(resource({"1-24": BOTH}, extra=setting))
        equal(w.change()["actions"], ["update"], setting)
        w.apply()
        equal({p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in paths}, before, setting)
        w.no_changes()
