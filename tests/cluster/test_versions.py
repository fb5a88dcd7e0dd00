# SPDX-License-Identifier: Apache-2.0
"""Gateways and control planes of different versions, and revision tags: what is found at apply."""
import gateways as g
import objects
from gateways import GATEWAY, equal, true
from workspace import harness, one_cluster

NEWER = "A gateway newer than its control plane"
FROM_STABLE = '      control_plane_revision = "stable"'


def control_plane(cluster, version, revision="1-24"):
    """Its istiod is of this version."""
    cluster.apply(objects.control_plane(revision, version)[0])


def test_a_gateway_newer_than_its_control_plane_is_refused_in_that_cluster_alone(w, estate):
    """FAILED, with both versions; once the control plane is upgraded the next apply goes on."""
    first, *others = estate.clusters
    control_plane(first, "1.23.6")
    g.ingress(w)
    out = w.apply(code=1)
    out.has(NEWER, f'"{first.name}"', '"1.24.1"', "istio-system/istiod-1-24", '"1.23.6"',
            "Upgrade the control plane first", "skip_upgrade_validation")
    for cluster in others:
        out.lacks(f'Cluster "{cluster.name}"')
    equal(g.states(w), {**g.everywhere(w), first.name: "FAILED"}, "states")
    equal(g.left(first), [], "created")
    control_plane(first, "1.24.2")
    before = {c.name: g.versions(c) for c in others}
    w.run("untaint", g.INGRESS)
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal({c.name: g.versions(c) for c in others}, before, "objects of the others")
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


def test_an_older_control_plane_of_its_own_choice_is_refused_too(w, estate):
    """control_plane_revision = "1-23" runs 1.23.6 everywhere: nothing is created anywhere."""
    g.ingress(w, more='      control_plane_revision = "1-23"')
    w.apply(code=1).has(NEWER, '"1-23"', '"1.23.6"', *(f'"{c.name}"' for c in estate))
    equal([g.left(c) for c in estate], [[] for _ in estate], "created")


@one_cluster
def test_a_newer_gateway_is_installed_when_validation_is_skipped(w, estate):
    """With a warning that has both versions."""
    control_plane(estate.clusters[0], "1.23.6")
    cluster = g.one(w, more="      skip_upgrade_validation = true")
    w.apply().has("Warning", NEWER, '"1.24.1"', '"1.23.6"')
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


def test_a_gateway_far_older_than_its_control_plane_is_installed_with_a_warning(w, estate):
    """Two minor versions; one is silent."""
    first, *others = estate.clusters
    control_plane(first, "1.26.0")
    for cluster in others:
        control_plane(cluster, "1.25.3")
    g.ingress(w)
    out = w.apply().has("Warning", "A gateway far older than its control plane", '"1.26.0"',
                        f'"{first.name}"')
    for cluster in others:
        out.lacks(f'Cluster "{cluster.name}"')
    equal(g.states(w), g.everywhere(w), "states")
    w.no_changes()


@one_cluster
def test_a_control_plane_that_went_back_blocks_no_change_of_configuration(w, estate):
    """A gateway that keeps its version is updated; one that is raised is not."""
    cluster = g.one(w)
    w.apply()
    control_plane(estate.clusters[0], "1.23.6")
    w.no_changes()
    g.one(w, edit=[("port: 80\n", "port: 8080\n")])
    w.apply().lacks(NEWER)
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    g.one(w, edit=[("tag: 1.24.1", "tag: 1.24.2")])
    w.apply(code=1).has(NEWER, '"1.24.2"', '"1.23.6"')
    equal(g.operator(cluster)["spec"]["tag"], "1.24.1", "the tag that runs")
    true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), "the gateway must run on")


@one_cluster
def test_a_gateway_that_is_moved_to_a_revision_tag_stays_where_it_is(w, _):
    """Refused with the revision that the tag stands for; nothing is written."""
    cluster = g.one(w, edit=[("tag: 1.24.1", "tag: 1.23.6")], revision="1-23")
    w.apply()
    before = g.versions(cluster)
    g.one(w, edit=[("tag: 1.24.1", "tag: 1.23.6")], revision="1-23", more=FROM_STABLE)
    w.apply(code=1).has("A revision tag is not a control plane", '"stable"',
                        'control_plane_revision = "1-23"')
    equal(g.versions(cluster), before, "objects")
    equal(g.operator(cluster, revision="1-23")["spec"]["revision"], "1-23", "revision")
    g.one(w, edit=[("tag: 1.24.1", "tag: 1.23.6")], revision="1-23",
          more='      control_plane_revision = "1-23"')
    w.apply()
    equal(g.states(w, revision="1-23"), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


def test_a_tag_is_refused_in_each_cluster_by_what_it_stands_for_there(w, estate):
    """The same name may stand for another revision in another cluster."""
    if len(estate.clusters) < 2:
        raise harness.Skip("needs two clusters")
    first, second = estate.clusters[:2]
    second.apply(objects.webhooks("istio-revision-tag-stable", "1-24", "-1-24", "stable"))
    g.ingress(w, {first.name: True, second.name: True}, more=FROM_STABLE)
    w.apply(code=1).has(f'Cluster "{first.name}": A revision tag',
                        'control_plane_revision = "1-23"',
                        f'Cluster "{second.name}": A revision tag',
                        'control_plane_revision = "1-24"')
    equal([g.left(first), g.left(second)], [[], []], "created")
