# SPDX-License-Identifier: Apache-2.0
"""What somebody else does to the objects: what the plan shows of it, and what apply makes of it."""
import json

import gateways as g
import walks
from gateways import GATEWAY, equal, true
from objects import SYSTEM
from workspace import Workspace, harness, one_cluster, whole

LIVE = f"{GATEWAY}-1-24"


def drift(w, what="documents"):
    """{path: (before, after)} of what a refresh finds changed."""
    plan = w.plan_json("-refresh-only")
    found = {}
    for entry in plan.get("resource_drift", []):
        change = entry["change"]
        before, after = (whole.viewed(change[side])[what] for side in ("before", "after"))
        for path, pair in harness.differences(before, after).items():
            found[".".join(map(str, path))] = pair
    return found


def one_healthy(w, **rest):
    cluster = g.one(w, **rest)
    w.apply()
    return cluster


def patch(cluster, text, kind="istiooperator", name=LIVE, namespace=SYSTEM):
    cluster.kubectl("-n", namespace, "patch", kind, name, "--type=merge", "-p", json.dumps(text))


def repaired(w, cluster, before, kind="IstioOperator", name=LIVE, namespace=SYSTEM):
    """One apply brings back the specification, without a conflict; the gateway stays healthy."""
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(cluster.get(kind, name, namespace)["spec"], before["spec"], "specification")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


@one_cluster
def test_an_owned_field_that_was_edited_is_shown_and_repaired(w, _):
    """kubectl edit takes the field's ownership; the plan showed it, so apply takes it back."""
    cluster = one_healthy(w)
    before = g.operator(cluster)
    patch(cluster, {"spec": {"meshConfig": {"trustDomain": "edited.example.com"}}})
    equal(drift(w), {f"{cluster.name}.1-24.spec.meshConfig.trustDomain":
                     (cluster.name, "edited.example.com")}, "drift")
    planned = w.change()
    equal(list(harness.differences(whole.documents(planned["before"]),
                                   whole.documents(planned["after"])).values()),
          [("edited.example.com", cluster.name)], "planned")
    repaired(w, cluster, before)


@one_cluster
def test_an_owned_field_that_was_removed_is_shown_and_repaired(w, _):
    """As edited."""
    cluster = one_healthy(w)
    before = g.operator(cluster)
    patch(cluster, {"spec": {"meshConfig": {"trustDomain": None}}})
    found = drift(w)
    true(found and all(path.startswith(f"{cluster.name}.1-24.spec.meshConfig") for path in found),
         f"drift: {found}")
    repaired(w, cluster, before)


@one_cluster
def test_a_foreign_field_outside_a_list_is_no_drift(w, estate):
    """It is left alone, by an apply of something else too."""
    cluster = one_healthy(w)
    patch(cluster, {"metadata": {"annotations": {"example.com/note": "theirs"}},
                    "spec": {"meshConfig": {"accessLogFile": "/dev/stdout"}}})
    cluster.wait_status(LIVE)
    equal(drift(w), {}, "drift")
    w.no_changes()
    mark = estate.marks()
    w.apply().has("0 added, 0 changed")
    g.silent(estate, mark)
    g.one(w, edit=[("port: 80\n", "port: 8080\n")])
    w.apply().has("1 changed")
    live = g.operator(cluster)
    equal(live["spec"]["meshConfig"]["accessLogFile"], "/dev/stdout", "their field")
    equal(live["metadata"]["annotations"]["example.com/note"], "theirs", "their annotation")


@one_cluster
def test_a_foreign_field_inside_a_list_is_drift(w, _):
    """Lists are owned whole."""
    cluster = one_healthy(w)
    before = g.operator(cluster)
    gateways = before["spec"]["components"]["ingressGateways"]
    edited = [{**gateways[0], "k8s": {**gateways[0]["k8s"], "priorityClassName": "high"}}]
    patch(cluster, {"spec": {"components": {"ingressGateways": edited}}})
    equal(drift(w), {f"{cluster.name}.1-24.spec.components.ingressGateways.0.k8s"
                     ".priorityClassName": (None, "high")}, "drift")
    repaired(w, cluster, before)


@one_cluster
def test_a_changed_selector_of_the_service_is_drift(w, _):
    """Traffic that somebody turned away comes back."""
    cluster = one_healthy(w)
    before = g.service(cluster)
    patch(cluster, {"spec": {"selector": {"revision": "1-23"}}}, "service", GATEWAY, g.GATEWAYS)
    found = drift(w, "services")
    equal([(path.rpartition(".")[2], pair) for path, pair in found.items()],
          [("revision", ("1-24", "1-23"))], "drift")
    w.plan().has(f'~ "{cluster.name}" = null -> "1-24"')
    repaired(w, cluster, before, "Service", GATEWAY, g.GATEWAYS)
    true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), "endpoints")


@one_cluster
def test_traffic_that_was_switched_by_hand_is_shown_where_it_goes(w, _):
    """And the plan sends it back, in one line."""
    cluster = w.estate.clusters[0]
    walks.revisions(w, {"1-23": {cluster.name: False}, "1-24": {cluster.name: True}})
    w.apply()
    before = g.service(cluster)
    patch(cluster, {"spec": {"selector": {"revision": "1-23"}}}, "service", GATEWAY, g.GATEWAYS)
    shown = w.plan().has(f'~ "{cluster.name}" = "1-23" -> "1-24"')
    shown.lacks("per_cluster", "(known after apply)", "was gone")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.service(cluster)["spec"], before["spec"], "specification")
    w.no_changes()


@one_cluster
def test_a_label_added_to_the_selector_of_the_service_is_drift(w, _):
    """It turns all traffic away, and the API owns selectors whole."""
    cluster = one_healthy(w)
    before = g.service(cluster)
    patch(cluster, {"spec": {"selector": {"no-such": "label"}}}, "service", GATEWAY, g.GATEWAYS)
    found = drift(w, "services")
    equal([(path.rpartition(".")[2], pair) for path, pair in found.items()],
          [("no-such", (None, "label"))], "drift")
    repaired(w, cluster, before, "Service", GATEWAY, g.GATEWAYS)
    true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), "endpoints")


@one_cluster
def test_what_the_server_fills_in_is_no_drift(w, _):
    """clusterIP, node ports, the operator's own fields: the Service is not written again."""
    cluster = one_healthy(w)
    true("clusterIP" in g.service(cluster)["spec"], "the server fills in a clusterIP")
    equal((drift(w), drift(w, "services")), ({}, {}), "drift")


def renumber(cluster, number):
    """Another number for the first port of the Service, whose name is returned."""
    cluster.kubectl("-n", g.GATEWAYS, "patch", "service", GATEWAY, "--type=json", "-p", json.dumps(
        [{"op": "replace", "path": "/spec/ports/0/port", "value": number}]))
    return g.service(cluster)["spec"]["ports"][0]["name"]


def ports(cluster):
    return sorted((p["name"], p["port"], p["targetPort"]) for p in g.service(cluster)["spec"]["ports"])


def owners_of_ports(cluster):
    """{(manager, operation): how many ports}."""
    fields = json.loads(cluster.kubectl("-n", g.GATEWAYS, "get", "service", GATEWAY, "-o", "json",
                                        "--show-managed-fields"))["metadata"]["managedFields"]
    owned = {(f["manager"], f["operation"]): [
        key for key in f["fieldsV1"].get("f:spec", {}).get("f:ports", {}) if key.startswith("k:")]
        for f in fields}
    return {owner: len(keys) for owner, keys in owned.items() if keys}


@one_cluster
def test_a_port_whose_number_was_edited_is_shown_and_repaired(w, _):
    """Server-side apply knows ports by number: ours is not put beside it, under the same name."""
    cluster = one_healthy(w)
    before, owners = ports(cluster), owners_of_ports(cluster)
    name = renumber(cluster, 9999)
    number = {n: port for n, port, _target in before}[name]
    w.plan().has(f'"spec.ports[{name}].port"', f"9999 (should be {number})")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(ports(cluster), before, "ports")
    equal(owners_of_ports(cluster), owners, "whose they are")
    w.no_changes()
    g.one(w, edit=[("port: 80\n", "port: 8080\n")])
    w.apply().has("0 added, 1 changed, 0 destroyed")
    true(8080 in [port for _name, port, _target in ports(cluster)], "another one is ours to change")
    w.no_changes()


@one_cluster
def test_an_edited_port_that_no_plan_has_shown_is_refused_by_name(w, _):
    """As any field of others; the next plan shows it."""
    cluster = one_healthy(w)
    name = renumber(cluster, 9999)
    g.one(w, edit=[("port: 80\n", "port: 8080\n")])
    w.apply("-refresh=false", code=1).has("Somebody else owns fields", ".spec.ports[port=9999",
                                          "kubectl-patch", "force_conflicts")
    w.plan().has(f'"spec.ports[{name}].port"', "9999 (should be")
    w.apply()
    true(9999 not in [port for _name, port, _target in ports(cluster)], "repaired")
    w.no_changes()


@one_cluster
def test_a_deleted_operator_is_created_again(w, _):
    """The plan says that it is gone, and apply brings the gateway back."""
    cluster = one_healthy(w)
    uid = g.operator(cluster)["metadata"]["uid"]
    cluster.kubectl("-n", SYSTEM, "delete", "istiooperator", LIVE)
    w.apply().has("0 added, 1 changed, 0 destroyed",
                  f"{cluster.name}: IstioOperator {SYSTEM}/{LIVE} was gone", "was in order").lacks("is in order")
    true(g.operator(cluster)["metadata"]["uid"] != uid, "another object")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
    w.no_changes()


@one_cluster
def test_a_deleted_service_is_created_again(w, _):
    """The gateway itself is not touched."""
    cluster = one_healthy(w)
    before = g.operator(cluster)["metadata"]
    cluster.kubectl("-n", g.GATEWAYS, "delete", "service", GATEWAY)
    w.apply().has("0 added, 1 changed, 0 destroyed",
                  f"{cluster.name}: Service {g.GATEWAYS}/{GATEWAY} was gone")
    true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), "endpoints")
    equal(g.operator(cluster)["metadata"]["generation"], before["generation"], "generation")
    w.no_changes()


@one_cluster
def test_everything_deleted_is_a_resource_that_is_gone(w, _):
    """The plan creates it again."""
    cluster = one_healthy(w)
    cluster.kubectl("-n", SYSTEM, "delete", "istiooperator", LIVE)
    cluster.kubectl("-n", g.GATEWAYS, "delete", "service", GATEWAY)
    equal(w.change()["actions"], ["create"], "actions")
    w.apply().has("1 added")
    equal(g.states(w), {cluster.name: "HEALTHY"}, "states")
