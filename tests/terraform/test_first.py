# SPDX-License-Identifier: Apache-2.0
"""The first apply, and the plans after it."""
from harness import equal, resource, true


def one(w, clusters=None):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": clusters or {"east": True, "west": True}}))


def test_apply_writes_every_cluster_and_five_plans_say_no_changes(w):
    """The API reference's ingress example in two clusters."""
    one(w)
    w.apply()
    for cluster in ("east", "west"):
        equal(w.cluster_files(cluster), [
            "cluster/namespace-gloo-mesh-gateways.yaml",
            "cluster/namespace-istio-system.yaml",
            "namespaces/gloo-mesh-gateways/service-istio-ingressgateway.yaml",
            "namespaces/istio-system/istiooperator-istio-ingressgateway-1-24.yaml",
        ], cluster)
    state = w.state()
    equal(state["id"], "gloo-mesh/istio-ingressgateway", "id")
    operator = w.documents()["east"]["1-24"]
    equal(operator["metadata"]["name"], "istio-ingressgateway-1-24", "name")
    equal(state["status"]["clusters"]["west"]["installations"]["1-24"]["state"],
          "INSTALL_PENDING", "state")
    true("revision" in w.services()["east"]["gloo-mesh-gateways/istio-ingressgateway"]
         ["manifest"]["spec"]["selector"], "the Service selects the revision")
    for _ in range(5):
        w.no_changes()


def test_destroy_removes_our_files_and_leaves_the_namespaces(w):
    """Namespaces are shared, so they stay."""
    one(w)
    w.apply()
    w.destroy()
    equal(w.cluster_files("east"), ["cluster/namespace-gloo-mesh-gateways.yaml",
                                    "cluster/namespace-istio-system.yaml"], "east")
