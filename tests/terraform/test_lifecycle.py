# SPDX-License-Identifier: Apache-2.0
"""Protection, renames, and clusters that leave or move."""
from harness import equal, resource, true

ADDRESS = "glm_gateway_lifecycle_manager.ingress"


def configure(w, **settings):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}}, **settings))


def test_deletion_protection_refuses_destroy_and_rename_but_not_replace(w):
    """At plan."""
    protect = "  deletion_protection = true"
    configure(w, extra=protect)
    w.apply()
    w.plan("-destroy", code=1).has("Deletion protection")
    configure(w, extra=protect, name="other")
    w.plan(code=1).has("Deletion protection")
    configure(w, extra=protect)
    w.plan(f"-replace={ADDRESS}")


def test_a_rename_removes_the_old_files_and_warns(w):
    """The plan says that traffic ends."""
    configure(w)
    w.apply()
    configure(w, name="other")
    w.plan().has("must be replaced", "removes live gateways")
    w.apply()
    true(not w.operator_file("east").exists(), "the old file is gone")
    true(w.operator_file("east", "other").exists(), "the new one is there")
    w.no_changes()


def test_a_cluster_gone_from_the_provider_is_an_error_with_ways_out(w):
    """Also for destroy."""
    configure(w)
    w.apply()
    w.use({"east": {}})
    w.main(resource({"1-24": {"east": True}}))
    w.plan(code=1).has("west", "decommissioned = true", "Put the entry back")
    w.plan("-destroy", code=1).has("west")


def test_decommissioned_leaves_the_state_and_the_files(w):
    """With a warning."""
    configure(w)
    w.apply()
    files = w.cluster_files("west")
    w.use({"east": {}, "west": {"directory": "./clusters/west", "decommissioned": True}})
    w.main(resource({"1-24": {"east": True}}))
    w.apply().has("Decommissioned cluster leaves the state")
    equal(w.cluster_files("west"), files, "files")
    true("west" not in w.documents(), "west left the state")
    w.no_changes()


def test_a_moved_directory_is_written_anew(w):
    """The old place is left alone, with a warning; -refresh=false alike."""
    configure(w)
    w.apply()
    for place, more in (("moved", []), ("again", ["-refresh=false"])):
        w.use({"east": {}, "west": {"directory": f"./clusters/{place}"}})
        w.apply(*more).has("Cluster has moved")
        equal(w.cluster_files(place), w.cluster_files("west"), place)
        w.no_changes()
