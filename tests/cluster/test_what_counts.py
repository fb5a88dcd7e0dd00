# SPDX-License-Identifier: Apache-2.0
"""What values say of labels, annotations and the autoscaler, as the real operator makes it."""
import gateways as g
from gateways import GATEWAY, equal, true
from walks import revisions

VALUES = ("profile: empty\nvalues:\n  gateways:\n    istio-ingressgateway:\n"
          "      labels: {team: edge, app.kubernetes.io/managed-by: platform-team}\n"
          "      serviceAnnotations: {example.com/a: true, example.com/b: 600}\n")
TARGET = f"{{apiVersion: apps/v1, kind: Deployment, name: {GATEWAY}}}"
EDIT = [("profile: empty\n", VALUES),
        ("      k8s:\n", f"      k8s:\n        hpaSpec: {{maxReplicas: 3, scaleTargetRef: {TARGET}}}\n")]


def test_labels_of_values_reach_the_pods_that_the_service_selects(w, estate):
    """Healthy with endpoints, plans settle, the autoscaler scales its own revision."""
    cluster = estate.clusters[0]
    revisions(w, {"1-23": {cluster.name: True}}, edit=EDIT)
    w.apply()
    w.no_changes()
    w.no_changes("-refresh=false")
    service = g.service(cluster)
    pods = g.deployment(cluster, revision="1-23")["spec"]["template"]["metadata"]["labels"]
    selector = service["spec"]["selector"]
    equal(selector["team"], "edge", "selector")
    equal({k: pods.get(k) for k in selector}, selector, "labels of the pods")
    equal(service["metadata"]["labels"]["app.kubernetes.io/managed-by"], "terraform-provider-glm",
          "who manages the Service")
    equal({k: v for k, v in service["metadata"]["annotations"].items() if "example.com" in k},
          {"example.com/a": "true", "example.com/b": "600"}, "annotations")
    true(cluster.ready_endpoints(GATEWAY, g.GATEWAYS), "the Service must have endpoints")
    scaler = cluster.get("HorizontalPodAutoscaler", f"{GATEWAY}-1-23", g.GATEWAYS)
    equal(scaler["spec"]["scaleTargetRef"]["name"], f"{GATEWAY}-1-23", "what is scaled")
    w.destroy()
    equal(g.left(cluster), [], "left")
