# SPDX-License-Identifier: Apache-2.0
"""The plan shows exactly what will change, and where."""
from harness import FIXTURES, differences, equal, resource, true, unknown_objects, unknowns
from whole import viewed

TEXT = (FIXTURES / "ingress.yaml").read_text()
BOTH = {"east": True, "west": True}


def changed(w, *computed):
    """Paths that differ between before and after of the computed attributes."""
    change = w.change()
    before, after = viewed(change["before"]), viewed(change["after"])
    names = computed or ("documents", "services", "status")
    equal(unknown_objects(change), [], "what is unknown of objects")
    equal(unknowns(change["after_unknown"].get("status", {})), [], "what is unknown of the status")
    return set(differences({n: before[n] for n in names}, {n: after[n] for n in names}))


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
    equal(changed(w), {("documents", "east", "1-25", "spec", "compatibilityVersion")})
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
