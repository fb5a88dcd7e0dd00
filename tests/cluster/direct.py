# SPDX-License-Identifier: Apache-2.0
"""Gateways that the provider installs by itself, in clusters that have no operator: what the tests
write for them, and what the clusters have of them."""
import cleanup
import gateways as g
from gateways import GATEWAY, GATEWAYS, equal
from workspace import harness, whole

REVISION, NEXT = "1-30", "1-31"
TAGS = {REVISION: "1.30.3", NEXT: "1.31.0"}
LIVE = f"{GATEWAY}-{REVISION}"
# In the order of writing.
KINDS = ("ServiceAccount", "Role", "RoleBinding", "Deployment", "HorizontalPodAutoscaler",
         "PodDisruptionBudget", "NetworkPolicy", "Service")
PLURALS = {"ServiceAccount": "serviceaccounts", "Role": "roles", "RoleBinding": "rolebindings",
           "Deployment": "deployments", "HorizontalPodAutoscaler": "horizontalpodautoscalers",
           "PodDisruptionBudget": "poddisruptionbudgets", "NetworkPolicy": "networkpolicies",
           "Service": "services"}
INSTALLER = '  installer = "direct"\n'
# What Istio 1.30 makes only on request: both make the example one of every kind.
EVERY_KIND = ("profile: empty\n", """profile: empty
values:
  global:
    networkPolicy:
      enabled: true
  gateways:
    istio-ingressgateway:
      autoscaleMin: 2
""")


def tagged(revision, edit=()):
    return [("tag: 1.24.1", f"tag: {TAGS.get(revision, TAGS[REVISION])}"), *edit]


def ingress(w, clusters=None, revision=REVISION, edit=(), **rest):
    """The API reference's ingress example; see gateways.ingress()."""
    w.connect(extra=INSTALLER)
    g.ingress(w, clusters, revision, edit=tagged(revision, edit), **rest)


def one(w, **rest):
    """The same in the first cluster alone."""
    cluster = w.estate.clusters[0]
    ingress(w, {cluster.name: True}, **rest)
    return cluster


def one_healthy(w, **rest):
    cluster = one(w, **rest)
    w.apply().has("1 added")
    healthy(w)
    return cluster


def both(w):
    """Both examples of the API reference, in all clusters."""
    w.connect(extra=INSTALLER)
    clusters = {c.name: True for c in w.estate}
    resources = ""
    for name, label in ((GATEWAY, "ingress"), ("istio-egressgateway", "egress")):
        w.edit(w.fixture(f"api-{label}.yaml"), "tag: 1.24.1", f"tag: {TAGS[REVISION]}")
        resources += harness.resource({REVISION: (clusters, f'file("api-{label}.yaml")', "")},
                                      name=name, label=label)
    w.main(resources)


def healthy(w, revision=REVISION, address=g.INGRESS):
    """HEALTHY in each cluster that the state speaks of."""
    found = g.states(w, address, revision)
    equal(found, {name: "HEALTHY" for name in found}, f"states of {revision}")


# ---- what is there ----

def found(cluster, namespace=GATEWAYS):
    """{"Deployment name": object}: all that a gateway may consist of."""
    return {f"{kind} {thing['metadata']['name']}": thing for kind in KINDS
            for thing in cluster.list(kind, namespace)
            if (kind, thing["metadata"]["name"]) != ("ServiceAccount", "default")}


def left(cluster, namespace=GATEWAYS):
    return sorted(found(cluster, namespace))


def names(gateway=LIVE, kinds=("Deployment", "HorizontalPodAutoscaler", "Role", "RoleBinding",
                               "ServiceAccount")):
    """What a gateway is made of, as left() gives it."""
    suffix = {"Role": "-sds", "RoleBinding": "-sds", "ServiceAccount": "-service-account"}
    return sorted(f"{kind} {gateway}{suffix.get(kind, '')}" for kind in kinds)


def versions(cluster, namespace=GATEWAYS):
    """{what: (uid, what a person would say it is)}: equal when nobody wrote it, or pruned and made it
    again. How many replicas a Deployment has is the autoscaler's."""
    return {what: (thing["metadata"]["uid"], cleanup.content(thing))
            for what, thing in found(cluster, namespace).items()}


def uids(cluster, namespace=GATEWAYS):
    return {what: thing["metadata"]["uid"] for what, thing in found(cluster, namespace).items()}


def pods(cluster, namespace=GATEWAYS):
    return {pod["metadata"]["name"]: pod["metadata"]["uid"]
            for pod in cluster.list("Pod", namespace)}


def managers(thing):
    """Who owns fields of an object, its status apart."""
    return {entry["manager"] for entry in thing["metadata"]["managedFields"]
            if entry.get("subresource") != "status"}


def deployment(cluster, revision=REVISION):
    return g.deployment(cluster, revision=revision)


def image(cluster, revision=REVISION):
    template = deployment(cluster, revision)["spec"]["template"]
    return template["spec"]["containers"][0]["image"]


# ---- what was asked for ----

def asked(cluster, since):
    """The provider's requests that write, in order: ("dry" or "real", "patch deployments name")."""
    return [("dry" if "dryRun=All" in r.uri else "real", f"{r.verb} {r.resource} {r.name}")
            for r in cluster.requests(since, user_agent=g.AGENT, verb=g.WRITES)]


def written(cluster, since):
    """Those of them that were no dry run."""
    return [what for how, what in asked(cluster, since) if how == "real"]


# ---- what the plan says of it ----

def drift(w):
    """{(cluster, what, path...): (before, after)} of what a refresh finds changed."""
    result = {}
    for entry in w.plan_json("-refresh-only").get("resource_drift", []):
        before, after = (everything(entry["change"][side]) for side in ("before", "after"))
        result.update(harness.differences(before, after))
    return result


def everything(values):
    """{cluster: {"Deployment namespace/name": object}}, Services that outlive revisions among them."""
    result = whole.objects(values or {})
    for cluster, entries in whole.services(values or {}).items():
        for where, service in entries.items():
            result.setdefault(cluster, {})[f"Service {where}"] = service["manifest"]
    return result
