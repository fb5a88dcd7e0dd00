# SPDX-License-Identifier: Apache-2.0
"""A plan that ends traffic says which, where, and nothing else does."""
from harness import equal, resource

ENDS = 'Traffic ends in cluster "{}"'
SERVICE = 'Service gloo-mesh-gateways/istio-ingressgateway (LoadBalancer, revision "1-24")'


def start(w, **clusters):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": clusters or {"east": True, "west": False}}))
    w.apply()


def test_deactivating_the_last_active_revision_warns(w):
    """East was active; west never was."""
    start(w)
    w.main(resource({"1-24": {"east": False, "west": False}}))
    w.plan().has(ENDS.format("east"), "east: " + SERVICE, "another installation").lacks("west: ")
    w.apply()
    w.plan().lacks("Traffic ends")


def test_removing_a_cluster_with_the_last_active_revision_warns(w):
    """By its name."""
    start(w, east=True, west=True)
    w.main(resource({"1-24": {"east": True}}))
    w.plan().has(ENDS.format("west"), "west: " + SERVICE).lacks("east: Service")


def test_clusters_that_lose_their_traffic_share_one_warning(w):
    """However many there are, each with what it loses."""
    start(w, east=True, west=True)
    out = w.plan("-destroy").has("Traffic ends in 2 clusters", "east: " + SERVICE, "west: " + SERVICE)
    equal(out.text.count("Traffic ends"), 1, "warnings")


def test_a_switch_to_another_revision_ends_nothing(w):
    """The Service stays."""
    start(w)
    second = ({"east": True}, None, "")
    w.main(resource({"1-24": {"east": False, "west": False}, "1-25": second}))
    w.apply().lacks("Traffic ends")
    w.main(resource({"1-25": second}))
    w.apply().lacks("Traffic ends")


def test_a_destroy_says_what_traffic_goes(w):
    """Only where something is active."""
    start(w)
    w.plan("-destroy").has(ENDS.format("east"), "east: " + SERVICE).lacks("west: Service")
    w.destroy()
    equal(w.state(), None, "state")


def test_a_destroy_of_what_is_inactive_is_silent(w):
    """Nothing carries traffic."""
    start(w, east=False)
    w.plan("-destroy").lacks("Traffic ends")


def test_a_change_of_name_lists_the_live_gateways_by_cluster(w):
    """In the warning that it has anyway, once."""
    start(w)
    w.main(resource({"1-24": {"east": True, "west": False}}, name="border"))
    out = w.plan().has("A change of name removes live gateways", "east: " + SERVICE)
    out.lacks("Traffic ends", "west: Service")


def test_a_destroy_speaks_of_no_other_resource_where_our_service_is_gone(w):
    """It is named by its installation."""
    start(w)
    w.service_file("east").unlink()
    w.plan("-destroy").has('east: installation "1-24" (active, where this resource has no Service now)')


def test_no_traffic_ends_where_another_resource_has_the_service(w):
    """A destroy leaves that alone."""
    start(w)
    for path in (w.service_file("east"), w.operator_file("east")):
        w.edit(path, "terraform-provider-glm/name: istio-ingressgateway", "terraform-provider-glm/name: another")
    w.plan("-destroy").lacks("Traffic ends")
    w.destroy().has("An object was left alone").lacks("Traffic ends")
