# SPDX-License-Identifier: Apache-2.0
"""The gateways that the tests install, and what the clusters have of them."""
from objects import SYSTEM
from workspace import harness

RESOURCE, resource = harness.RESOURCE, harness.resource
equal, true, Failure = harness.equal, harness.true, harness.Failure
GATEWAYS = "gloo-mesh-gateways"
GATEWAY = "istio-ingressgateway"
INGRESS, EGRESS = f"{RESOURCE}.ingress", f"{RESOURCE}.egress"
# What the provider calls itself to an API server.
AGENT = "terraform-provider-glm"
WRITES = ("create", "update", "patch", "delete", "deletecollection")
KINDS = ("IstioOperator", "Service", "Deployment")


def ingress(w, clusters=None, revision="1-24", extra="", more="", edit=(), **rest):
    """The API reference's ingress example, active everywhere unless `clusters` says otherwise.
    edit: pairs of texts to replace in the specification."""
    clusters = clusters or {c.name: True for c in w.estate}
    text = (harness.FIXTURES / "api-ingress.yaml").read_text()
    for old, new in edit:
        true(old in text, f"the example does not have {old!r}")
        text = text.replace(old, new)
    w.write("ingress.yaml", text)
    w.main(resource({revision: (clusters, None, more)}, extra=extra, **rest))


def one(w, extra="", **rest):
    """The ingress example in the first cluster alone."""
    cluster = w.estate.clusters[0]
    ingress(w, {cluster.name: True}, extra=extra, **rest)
    return cluster


def both(w):
    """Both examples, in all clusters."""
    clusters = {c.name: True for c in w.estate}
    for name in ("api-ingress.yaml", "api-egress.yaml"):
        w.fixture(name)
    w.main(resource({"1-24": (clusters, 'file("api-ingress.yaml")', "")}) +
           resource({"1-24": (clusters, 'file("api-egress.yaml")', "")},
                    name="istio-egressgateway", label="egress"))


def operator(cluster, name=GATEWAY, revision="1-24"):
    return cluster.get("IstioOperator", f"{name}-{revision}" if revision else name, SYSTEM)


def service(cluster, name=GATEWAY):
    return cluster.get("Service", name, GATEWAYS)


def deployment(cluster, name=GATEWAY, revision="1-24"):
    return cluster.get("Deployment", f"{name}-{revision}" if revision else name, GATEWAYS)


def pair(w, cluster, revision="1-24", address=INGRESS):
    """status of one cluster and revision in the state."""
    return w.state(address)["status"]["clusters"][cluster.name]["installations"][revision]


def states(w, address=INGRESS, revision="1-24"):
    """{cluster: state} of one revision."""
    return {name: entry["installations"][revision]["state"]
            for name, entry in w.state(address)["status"]["clusters"].items()
            if revision in entry["installations"]}


def everywhere(w, state="HEALTHY"):
    return {c.name: state for c in w.estate}


def versions(cluster):
    """{(kind, name): (uid, generation or resourceVersion)}: equal when nobody wrote a
    specification. Status changes leave an IstioOperator's generation alone."""
    found = {}
    for kind, namespace in (("IstioOperator", SYSTEM), ("Service", GATEWAYS)):
        for thing in cluster.list(kind, namespace):
            meta = thing["metadata"]
            found[kind, meta["name"]] = (meta["uid"], meta.get("generation",
                                                               meta["resourceVersion"]))
    return found


def left(cluster):
    """Names of the IstioOperators, and of the Services and Deployments of gateways."""
    return sorted(f"{thing['kind']} {thing['metadata']['name']}" for kind in KINDS
                  for thing in cluster.list(kind, SYSTEM if kind == "IstioOperator" else GATEWAYS))


def writes(estate, since):
    """Requests of the provider that write, as text, by cluster; no dry runs are told apart."""
    return {name: [f"{r.verb} {r.resource} {r.name}" for r in requests]
            for name, requests in estate.requests(since, user_agent=AGENT, verb=WRITES).items()}


def silent(estate, since):
    """The provider wrote nothing."""
    equal(writes(estate, since), {c.name: [] for c in estate}, "writes")
