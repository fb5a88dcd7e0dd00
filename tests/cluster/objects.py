# SPDX-License-Identifier: Apache-2.0
"""What is in each cluster from the start: nodes, rights, and stand-ins for Istio's control planes.

No istiod runs. Its Deployments, Services and webhook configurations look like Istio's, so that
whoever looks for control planes finds them; an annotation says what they are."""
import pathlib
import re

from api import KINDS

STAND_IN = {"glm.test/stand-in": "looks like an Istio control plane to the tests; nothing runs"}
SYSTEM = "istio-system"
# operator of the estate -> {revision: version of its istiod}
CONTROL_PLANES = {
    "istio": {"default": "1.23.6", "1-22": "1.22.8", "1-23": "1.23.6", "1-24": "1.24.2"},
    "none": {"default": "1.30.3", "1-30": "1.30.3", "1-31": "1.31.0"},
}
# Likewise: {tag: revision}
TAGS = {"istio": {"default": "default", "stable": "1-23"},
        "none": {"default": "default", "stable": "1-30"}}
NODES = ("node-1", "node-2")
PERMISSIONS = pathlib.Path(__file__).parents[2] / "docs" / "permissions.md"
# Likewise: what the plugin is to install by.
INSTALLERS = {"istio": "istio_operator", "none": "direct"}


def thing(kind, name, namespace=None, labels=None, annotations=None, **rest):
    group = KINDS[kind][0]
    metadata = {"name": name}
    for key, value in (("namespace", namespace), ("labels", labels), ("annotations", annotations)):
        if value:
            metadata[key] = value
    return {"apiVersion": group.split("/", 1)[1], "kind": kind, "metadata": metadata, **rest}


def nodes():
    return [thing("Node", name, labels={"kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                                       "kubernetes.io/arch": "amd64"},
                  annotations={"kwok.x-k8s.io/node": "fake"}) for name in NODES]


def rights():
    """viewer may read everything and write nothing."""
    rules = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}]
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                 "name": "glm-viewer"}
    subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "viewer"}
    return [thing("ClusterRole", "glm-viewer", rules=rules),
            thing("ClusterRoleBinding", "glm-viewer", roleRef=reference, subjects=[subject])]


def role_of(installer):
    """(name, YAML) of the ClusterRole that the documentation has for an installer, to the letter."""
    page = PERMISSIONS.read_text("utf-8").partition(f'## installer = "{installer}"')[2]
    name = "glm-engineer-" + installer.replace("_", "-")
    return name, re.sub(r"(?m)^  name: .*$", f"  name: {name}",
                        page.partition("```yaml\n")[2].partition("```")[0])


def control_plane(revision, version):
    suffix = "" if revision == "default" else f"-{revision}"
    labels = {"app": "istiod", "istio": "pilot", "istio.io/rev": revision}
    selector = {"app": "istiod", "istio.io/rev": revision}
    container = {"name": "discovery", "image": f"docker.io/istio/pilot:{version}",
                 "env": [{"name": "REVISION", "value": revision}],
                 "ports": [{"containerPort": 15012, "name": "https-dns"}]}
    deployment = thing("Deployment", "istiod" + suffix, SYSTEM, labels, STAND_IN, spec={
        "replicas": 1, "selector": {"matchLabels": selector},
        "template": {"metadata": {"labels": labels, "annotations": STAND_IN},
                     "spec": {"containers": [container]}}})
    service = thing("Service", "istiod" + suffix, SYSTEM, labels, STAND_IN, spec={
        "selector": selector,
        "ports": [{"name": "https-dns", "port": 15012}, {"name": "https-webhook", "port": 443}]})
    return [deployment, service, webhooks("istio-sidecar-injector" + suffix, revision, suffix)]


def webhooks(name, revision, suffix, tag=None):
    """A configuration that no request ever matches."""
    labels = {"app": "sidecar-injector", "istio.io/rev": revision}
    if tag:
        labels["istio.io/tag"] = tag
    nothing = {"matchLabels": {"glm.test/stand-in": "matches-nothing"}}
    return thing("MutatingWebhookConfiguration", name, None, labels, STAND_IN, webhooks=[{
        "name": "rev.namespace.sidecar-injector.istio.io",
        "clientConfig": {"service": {"name": "istiod" + suffix, "namespace": SYSTEM,
                                     "path": "/inject", "port": 443}},
        "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                   "resources": ["pods"]}],
        "namespaceSelector": nothing, "objectSelector": nothing, "failurePolicy": "Ignore",
        "sideEffects": "None", "admissionReviewVersions": ["v1"]}])


def tags(operator):
    made = []
    for tag, revision in TAGS[operator].items():
        suffix = "" if revision == "default" else f"-{revision}"
        made.append(webhooks(f"istio-revision-tag-{tag}", revision, suffix, tag))
    return made


def control_planes(operator):
    return [one for pair in CONTROL_PLANES[operator].items() for one in control_plane(*pair)] + \
        tags(operator)


def istio_operator(name="gateway", namespace=SYSTEM, gateway_namespace="gloo-mesh-gateways",
                   revision=None, tag="1.22.8"):
    """A hand-written IstioOperator with one ingress gateway, as a test's starting point."""
    spec = {"profile": "empty", "hub": "docker.io/istio", "tag": tag, "components": {
        "ingressGateways": [{"name": name, "namespace": gateway_namespace, "enabled": True}]}}
    if revision:
        spec["revision"] = revision
    return thing("IstioOperator", name, namespace, spec=spec)
