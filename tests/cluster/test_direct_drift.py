# SPDX-License-Identifier: Apache-2.0
"""What somebody else does to the objects of a gateway: what the plan shows, and what apply makes of
it. Every field that is written is edited once, and every kind of object removed once."""
import copy
import json
import re

import cleanup
import direct
import gateways as g
import walks
from api import ApiError, path_of
from direct import LIVE, NEXT, REVISION
from gateways import GATEWAY, GATEWAYS, equal, true
from workspace import harness, one_cluster

OPERATOR = "none"
# What an API server lets nobody change, or what is another object, element or owner once it is
# changed. Of every object:
FIXED = r"""apiVersion|kind|metadata\.(name|namespace)
metadata\.annotations\..*
metadata\.labels\.(app\.kubernetes\.io/managed-by|terraform-provider-glm/.*)"""
# And of its kind:
FIXED_OF = {
    "Deployment": r"""spec\.selector\..*
spec\.template\.metadata\.labels\.(app|istio|revision)
.*\.(containers|volumes|env|volumeMounts|ports)\.\d+\.name
.*\.(apiVersion|divisor|protocol|containerPort|mountPath)
.*\.items\.\d+\.path
.*\.nodeAffinity.*""",
    "RoleBinding": r"roleRef\..*|subjects\.\d+\.kind",
    "HorizontalPodAutoscaler": r"""spec\.metrics\.\d+\.(type|resource\.target\.type)
spec\.scaleTargetRef\.(apiVersion|kind)""",
    "NetworkPolicy": r"spec\.policyTypes\.\d+|.*\.protocol",
    "Service": r"spec\.type|.*\.(protocol|port)",
}
# What is valid where "x-edited" is not.
INSTEAD = {
    "limits.cpu": "limits.memory", "100m": "150m", "128Mi": "130Mi", "2": "3", "2000m": "2500m",
    "1024Mi": "1025Mi", "1Gi": "1100Mi", "100%": "50%", "25%": "30%", "HTTP": "HTTPS", "cpu": "memory",
    "spec.nodeName": "metadata.name", "metadata.name": "metadata.uid", "IfNotPresent": "Always",
    "metadata.namespace": "metadata.uid", "status.podIP": "status.hostIP", "Always": "Never",
    "status.hostIP": "status.podIP", "spec.serviceAccountName": "metadata.uid",
    "metadata.labels": "metadata.annotations", "metadata.annotations": "metadata.labels",
}


def edited(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return INSTEAD.get(value, f"{value[:9]}-x" if len(value) < 15 else f"{value}-x")


def fixed(kind, path):
    text = ".".join(map(str, path))
    return any(re.fullmatch(one, text) for one in f"{FIXED}\n{FIXED_OF.get(kind, '-')}".split("\n"))


def edit_all(live, owned):
    """The live object with every owned field that can be edited edited, and the paths of those."""
    thing, paths = copy.deepcopy(live), []
    for path, value in harness.leaves(owned).items():
        if value in ("{}", "[]") or fixed(owned["kind"], path):
            continue
        at = thing
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = edited(at[path[-1]])  # the server may spell it otherwise
        paths.append(path)
    return thing, paths


def put(cluster, thing):
    """What kubectl edit does."""
    meta = thing["metadata"]
    path = path_of(thing["kind"], meta["namespace"], meta["name"])
    while True:
        meta["resourceVersion"] = cluster.request("GET", path)["metadata"]["resourceVersion"]
        try:
            return cluster.request("PUT", path, thing, fieldManager="kubectl-edit")
        except ApiError as error:
            if error.status != 409:  # a controller was faster
                raise


def repaired(w, cluster, before):
    """One apply brings everything back, without a conflict."""
    w.apply().has("0 added, 1 changed, 0 destroyed")
    now = direct.found(cluster)
    for what, thing in before.items():
        equal(cleanup.content(now[what]), cleanup.content(thing), what)
    equal(sorted(now), sorted(before), "objects")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_every_owned_field_of_every_kind_that_was_edited_is_shown_and_repaired(w, _):
    """All at once, by kubectl edit."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    before = direct.found(cluster)
    expected = set()
    for what, owned in direct.everything(w.state())[cluster.name].items():
        kind, _, name = what.partition(" ")
        thing, paths = edit_all(before[f"{kind} {name.rpartition('/')[2]}"], owned)
        true(paths, f"nothing to edit in {what}")
        put(cluster, thing)
        expected |= {(cluster.name, what, *path) for path in paths}
    equal(len({path[1] for path in expected}), len(direct.KINDS), "kinds")
    found = set(direct.drift(w))
    equal(sorted(expected - found, key=str), [], "edited and not shown")
    repaired(w, cluster, before)


REMOVED = {
    "Deployment": ("spec.template.spec.containers.0.readinessProbe",
                   "spec.template.spec.containers.0.resources",
                   "spec.template.spec.containers.0.args", "spec.template.spec.containers.0.env.3",
                   "spec.template.metadata.annotations", "spec.template.spec.securityContext"),
    "NetworkPolicy": ("spec.ingress.0", "spec.egress"),
    "HorizontalPodAutoscaler": ("metadata.labels.istio", "spec.minReplicas"),
    "PodDisruptionBudget": ("metadata.labels.istio", "spec.minAvailable"),
    "Role": ("rules.0",), "RoleBinding": ("subjects.0",),
    "ServiceAccount": ("metadata.labels.istio",), "Service": ("metadata.labels.istio", "spec.selector.istio"),
}


def without(thing, path):
    at, steps = thing, [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps[:-1]:
        at = at[step]
    del at[steps[-1]]


@one_cluster
def test_fields_of_every_kind_that_were_removed_come_back(w, _):
    """Parts of each object; the plan shows each of these."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    before = direct.found(cluster)
    for thing in before.values():
        edited_thing = copy.deepcopy(thing)
        for path in REMOVED[thing["kind"]]:
            without(edited_thing, path)
        put(cluster, edited_thing)
    found = {path[1].partition(" ")[0] for path in direct.drift(w)}
    equal(sorted(found), sorted(direct.KINDS), "kinds with drift")
    repaired(w, cluster, before)


@one_cluster
def test_every_kind_of_object_that_was_deleted_is_made_again(w, _):
    """In one apply; what was left stays the same object."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    before = direct.found(cluster)
    half = sorted(before)[::2]
    for some in (half, sorted(before.keys() - set(half))):
        uids = direct.uids(cluster)
        for what in some:
            kind, _, name = what.partition(" ")
            cluster.delete(kind, name, GATEWAYS)
            cluster.wait_gone(kind, name, GATEWAYS)
        named = [f"{cluster.name}: {kind} {GATEWAYS}/{name} was gone"
                 for kind, _, name in (what.partition(" ") for what in some)]
        w.apply().has("0 added, 1 changed, 0 destroyed", *named)
        now = direct.uids(cluster)
        equal(sorted(now), sorted(before), "objects")
        equal({what for what in now if now[what] != uids[what]}, set(some), "made again")
        direct.healthy(w)
        w.no_changes()


@one_cluster
def test_traffic_that_was_switched_by_hand_is_shown_where_it_goes(w, _):
    """And the plan sends it back, in one line."""
    cluster = w.estate.clusters[0]
    w.connect(extra=direct.INSTALLER)
    walks.revisions(w, {REVISION: {cluster.name: True}, NEXT: {cluster.name: False}})
    w.apply()
    cluster.kubectl("-n", GATEWAYS, "patch", "service", GATEWAY, "--type=merge", "-p",
                    json.dumps({"spec": {"selector": {"revision": NEXT}}}))
    shown = w.plan().has(f'~ "{cluster.name}" = "{NEXT}" -> "{REVISION}"')
    shown.lacks("per_cluster", "(known after apply)", "was gone")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal(g.service(cluster)["spec"]["selector"]["revision"], REVISION, "selector")
    w.no_changes()


@one_cluster
def test_an_argument_that_was_added_is_one_line(w, _):
    """Which one, by its place."""
    cluster = direct.one_healthy(w)
    thing = direct.deployment(cluster)
    args = thing["spec"]["template"]["spec"]["containers"][0]["args"]
    args.insert(2, "--concurrency=2")
    put(cluster, thing)
    w.plan().has("spec.template.spec.containers[istio-proxy].args[2]",
                 "--concurrency=2 (should not be there)").lacks("args[3]")
    w.apply()
    w.no_changes()


@one_cluster
def test_everything_deleted_is_a_resource_that_is_gone(w, _):
    """The plan creates it again."""
    cluster = direct.one_healthy(w)
    for what in direct.found(cluster):
        kind, _, name = what.partition(" ")
        cluster.delete(kind, name, GATEWAYS)
        cluster.wait_gone(kind, name, GATEWAYS)
    equal(w.change()["actions"], ["create"], "actions")
    w.apply().has("1 added")
    direct.healthy(w)


def foreign(thing):
    """The object with something of somebody else's wherever it may be."""
    thing = copy.deepcopy(thing)
    meta = thing["metadata"]
    meta.setdefault("annotations", {})["example.com/note"] = "theirs"
    meta.setdefault("labels", {})["example.com/team"] = "theirs"
    if thing["kind"] == "Deployment":
        template = thing["spec"]["template"]
        template["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"] = "2026-11-30T20:00:00Z"
        template["spec"]["containers"].append({"name": "sidecar", "image": "example.com/sidecar:1"})
        template["spec"]["containers"][0]["env"].append({"name": "THEIRS", "value": "1"})
        thing["spec"]["minReadySeconds"] = 1
    return thing


@one_cluster
def test_fields_and_elements_of_others_are_no_drift(w, estate):
    """Annotations, a restart by kubectl, a container, a variable: they outlive an apply of
    something else."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    for thing in direct.found(cluster).values():
        put(cluster, foreign(thing))
    cluster.wait("Deployment", LIVE, GATEWAYS, lambda d:
                 d["status"].get("observedGeneration") == d["metadata"]["generation"] and
                 d["status"].get("updatedReplicas") == d["status"].get("readyReplicas") ==
                 d["status"].get("replicas") == d["spec"]["replicas"])
    equal(direct.drift(w), {}, "drift")
    w.no_changes()
    mark = estate.marks()
    w.apply().has("0 added, 0 changed")
    g.silent(estate, mark)
    direct.one(w, edit=[direct.EVERY_KIND, ("hub: example.com/istio", "hub: elsewhere.example.com"),
                        ("port: 80\n", "port: 8080\n")])
    w.apply().has("1 changed")
    for what, thing in direct.found(cluster).items():
        equal(thing["metadata"]["annotations"].get("example.com/note"), "theirs", what)
        equal(thing["metadata"]["labels"].get("example.com/team"), "theirs", what)
    spec = direct.deployment(cluster)["spec"]["template"]["spec"]
    equal([c["name"] for c in spec["containers"]], ["istio-proxy", "sidecar"], "containers")
    true(any(e["name"] == "THEIRS" for e in spec["containers"][0]["env"]), "their variable")
    equal(spec["containers"][0]["image"], "elsewhere.example.com/proxyv2:1.30.3", "our image")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_labels_of_ours_that_a_human_removed_come_back(w, _):
    """The objects are still ours, the plan says so, and destroy removes them."""
    cluster = direct.one_healthy(w)
    own = ("app.kubernetes.io/managed-by", "terraform-provider-glm/name",
           "terraform-provider-glm/namespace", "terraform-provider-glm/cluster",
           "terraform-provider-glm/revision")
    things = direct.found(cluster)
    for thing in things.values():
        cluster.kubectl("-n", GATEWAYS, "label", thing["kind"], thing["metadata"]["name"],
                        *(f"{key}-" for key in own))
    equal(w.plan("-detailed-exitcode", code=None).code, 2, "there is something to do")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for what, thing in direct.found(cluster).items():
        true("terraform-provider-glm/name" in thing["metadata"]["labels"], f"labels of {what}")
        equal(thing["metadata"]["uid"], things[what]["metadata"]["uid"], what)
    w.no_changes()
    cluster.kubectl("-n", GATEWAYS, "label", "deployment", LIVE, *(f"{key}-" for key in own))
    w.destroy()
    equal(direct.left(cluster), [], "left")


@one_cluster
def test_a_gateway_with_a_service_of_its_own_keeps_what_the_server_fills_in(w, _):
    """clusterIP, node ports, defaults of every kind: nothing of it is drift."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    true("clusterIP" in g.service(cluster)["spec"], "the server fills in a clusterIP")
    cluster.give_address(GATEWAY, GATEWAYS)
    equal({path: pair for path, pair in direct.drift(w).items() if path[1] != "addresses"}, {}, "drift")
    w.no_changes()
