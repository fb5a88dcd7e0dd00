# SPDX-License-Identifier: Apache-2.0
"""What a plan shows: exactly what will change, where, and nothing else."""
import re

from harness import HCL, INGRESS, block, differences, equal, resource, true, unknowns
from whole import viewed

KNOWN_LATER = "(known after apply)"


def changed(change):
    return differences(viewed(change["before"]), viewed(change["after"]))


def test_removing_the_middle_cluster_shows_only_that_one(w):
    """Three clusters, the second goes; the others are not in the diff."""
    w.use({c: {} for c in ("c1", "c2", "c3")})
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"c1": True, "c2": True, "c3": True}}))
    w.apply()
    kept = w.tree("c1"), w.tree("c3")
    w.main(resource({"1-24": {"c1": True, "c3": True}}))
    out = w.plan("-out=p")
    out.lacks(KNOWN_LATER, '"c1"', '"c3"').has('- "c2"' if '- "c2"' in out.words else '- c2')
    change = w.change()
    where = {path for path in changed(change)}
    true(where and all("c2" in path for path in where), f"only c2 may change: {where}")
    equal(unknowns(change["after_unknown"]), [], "unknown")
    w.apply()
    equal((w.tree("c1"), w.tree("c3")), kept, "files of c1 and c3")
    equal([f for f in w.cluster_files("c2") if not f.startswith("cluster/")], [], "files of c2")
    equal(sorted(w.documents()), ["c1", "c3"], "clusters in the state")
    w.no_changes()


def test_adding_a_cluster_shows_only_that_one(w):
    """The reverse: everything that is new is under the new cluster."""
    w.use({c: {} for c in ("c0", "c1", "c2")})
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"c1": True, "c2": True}}))
    w.apply()
    w.main(resource({"1-24": {"c0": True, "c1": True, "c2": True}}))
    w.plan().lacks(KNOWN_LATER)
    change = w.change()
    true(all("c0" in path for path in changed(change)), f"only c0 may change: {changed(change)}")
    w.apply()
    w.no_changes()


def two_installations(w, new='file("new.yaml")', old='file("old.yaml")', active="1-24"):
    w.main(resource({
        "1-23": ({"east": active == "1-23", "west": active == "1-23"}, old, ""),
        "1-24": ({"east": active == "1-24", "west": active == "1-24"}, new, ""),
    }))


def with_two_installations(w):
    w.fixture("ingress.yaml", "new.yaml")
    w.edit(w.fixture("ingress.yaml", "old.yaml"), "1.24.1", "1.23.6")
    two_installations(w)
    w.apply()


def test_one_edited_field_of_a_spec_shows_once_for_all_of_its_clusters(w):
    """Nothing is unknown, nothing else differs, status and services stay."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply()
    w.edit(w.path("ingress.yaml"), "1.24.1", "1.24.2")
    out = w.plan()
    out.lacks(KNOWN_LATER)
    equal(len(re.findall(r'~ tag +(?:: +)?= "1\.24\.1" -> "1\.24\.2"', out.text)), 1,
          f"lines with the tag\n{out.text}")
    change = w.change()
    difference = changed(change)
    difference.pop(("installations", "1-24", "istio_operator_spec"))
    equal(difference, {("documents", c, "1-24", "spec", "tag"): ("1.24.1", "1.24.2")
                       for c in ("east", "west")}, "what changes")
    equal(unknowns(change["after_unknown"]), [], "unknown")
    services = w.service_file("east").stat().st_mtime_ns
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(w.service_file("east").stat().st_mtime_ns, services, "the Service is not written")
    w.no_changes()


def test_one_edited_field_of_one_of_two_installations_touches_only_that_one(w):
    """The installation next to it does not appear in the diff, and its files stay."""
    with_two_installations(w)
    untouched = w.operator_file("east", revision="1-24").stat()
    w.edit(w.path("old.yaml"), "type: LoadBalancer", "type: NodePort")
    w.edit(w.path("old.yaml"), "1.23.6", "1.23.7")
    out = w.plan()
    out.lacks(KNOWN_LATER)
    difference = changed(w.change())
    true(difference and all("1-23" in path for path in difference),
         f"only 1-23 may change: {difference}")
    w.apply()
    now = w.operator_file("east", revision="1-24").stat()
    equal((now.st_ino, now.st_mtime_ns), (untouched.st_ino, untouched.st_mtime_ns), "file of 1-24")
    w.no_changes()


def test_an_edit_for_one_cluster_shows_only_in_that_cluster(w):
    """trust_domain of one cluster's entry."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply()
    west = w.tree("west")
    w.main(resource({"1-24": {"east": {"active_gateway": True, "trust_domain": "corp"},
                              "west": True}}))
    out = w.plan()
    out.lacks(KNOWN_LATER)
    equal(changed(w.change()), {
        ("installations", "1-24", "clusters", "east", "trust_domain"): (None, "corp"),
        ("documents", "east", "1-24", "spec", "meshConfig", "trustDomain"): ("east", "corp"),
    }, "what changes")
    w.apply()
    equal(w.tree("west"), west, "files of west")
    w.no_changes()


def test_flipping_the_active_gateway_shows_who_is_active(w):
    """The canary's switch: two flags change, and a line for each cluster; its selector follows."""
    with_two_installations(w)
    two_installations(w, active="1-23")
    out = w.plan()
    out.lacks(KNOWN_LATER)
    out.has('~ "east" = "1-24" -> "1-23"', '~ "west" = "1-24" -> "1-23"')
    difference = changed(w.change())
    equal({p for p in difference if p[0] == "services"},
          {("services", c, "gloo-mesh-gateways/istio-ingressgateway", "manifest", "spec",
            "selector", "revision") for c in ("east", "west")}, "changes under services")
    equal({p[0] for p in difference}, {"services", "installations"}, "attributes that change")
    w.apply()
    for cluster in ("east", "west"):
        true("revision: 1-23" in w.service_file(cluster).read_text(), "the file follows")
    w.no_changes()


def test_switching_the_active_gateway_off_removes_the_service(w):
    """A plan shows the Service going, apply removes the file."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.main(resource({"1-24": {"east": False}}))
    w.plan().lacks(KNOWN_LATER).has("gloo-mesh-gateways/istio-ingressgateway")
    w.apply()
    true(not w.service_file("east").exists(), "the Service must be gone")
    w.no_changes()


def test_a_canary_upgrade_walks_from_revision_to_revision(w):
    """Add, switch, remove: three applies, the Service file is there all the time."""
    w.fixture("ingress.yaml", "new.yaml")
    w.edit(w.fixture("ingress.yaml", "old.yaml"), "1.24.1", "1.23.6")
    w.main(resource({"1-23": ({"east": True, "west": True}, 'file("old.yaml")', "")}))
    w.apply()
    two_installations(w, active="1-23")
    w.apply()
    two_installations(w, active="1-24")
    w.apply()
    w.main(resource({"1-24": ({"east": True, "west": True}, 'file("new.yaml")', "")}))
    w.plan().lacks(KNOWN_LATER)
    w.apply()
    true(not w.operator_file("east", revision="1-23").exists(), "the old revision must be gone")
    true("revision: 1-24" in w.service_file("east").read_text(), "the Service selects the new one")
    w.no_changes()


def test_changes_of_flags_alone_update_in_place_and_touch_no_file(w):
    """timeouts, wait_for_healthy and their like are Terraform's business only."""
    w.fixture("ingress.yaml")
    attributes = {"name": "istio-ingressgateway", "installations": {"1-24": {
        "clusters": {"east": {"active_gateway": True}, "west": {}},
        "istio_operator_spec": HCL('file("ingress.yaml")')}}}
    w.main(block(attributes))
    w.apply()
    before = w.tree("east"), w.tree("west")
    for flags in ({"timeouts": {"create": "5m", "read": "30s"}}, {"wait_for_healthy": False},
                  {"force_conflicts": True}, {"adopt_existing": True},
                  {"deletion_protection": True}, {}):
        w.main(block({**attributes, **flags}))
        change = w.change()
        equal(change["actions"], ["update"], f"action for {flags}")
        equal(unknowns(change["after_unknown"]), [], f"unknown for {flags}")
        true({p[0] for p in changed(change)} <= {"timeouts", "wait_for_healthy",
             "force_conflicts", "adopt_existing", "deletion_protection"}, f"{changed(change)}")
        w.apply().has("0 added, 1 changed, 0 destroyed")
        equal((w.tree("east"), w.tree("west")), before, f"files after {flags}")
        w.no_changes()


def test_a_saved_plan_applies_as_it_was_shown(w):
    """plan -out and apply of the file, as CI does it."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.plan("-out=saved")
    w.run("apply", "-no-color", "saved").has("1 added")
    w.edit(w.path("ingress.yaml"), "1.24.1", "1.24.2")
    w.plan("-out=saved")
    w.run("apply", "-no-color", "saved").has("1 changed")
    w.no_changes()


def test_a_plan_touches_nothing(w):
    """Neither directory nor file appears before apply."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.plan()
    true(not w.path("clusters").exists(), "plan must not create the directory")


def test_the_first_plan_knows_everything(w):
    """With directories nothing has to be known after apply, not even the status."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": False}}))
    equal(unknowns(w.change(INGRESS)["after_unknown"]), [], "unknown")
