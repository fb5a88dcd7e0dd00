# SPDX-License-Identifier: Apache-2.0
"""The API reference's own examples, applied."""
from harness import RESOURCE, equal, resource, true
from whole import shown

EGRESS = f"{RESOURCE}.egress"


def both(w):
    w.fixture("api-ingress.yaml")
    w.fixture("api-egress.yaml")
    clusters = {"east": True, "west": True}
    w.main(resource({"1-24": (clusters, 'file("api-ingress.yaml")', "")}) +
           resource({"1-24": (clusters, 'file("api-egress.yaml")', "")},
                    name="istio-egressgateway", label="egress"))


def test_both_reference_examples_apply_and_five_plans_say_no_changes(w):
    """One IstioOperator and one Service per gateway and cluster, and the Namespaces."""
    both(w)
    w.apply().has("2 added")
    for cluster in ("east", "west"):
        equal(w.cluster_files(cluster), [
            "cluster/namespace-gloo-mesh-gateways.yaml",
            "cluster/namespace-istio-system.yaml",
            "namespaces/gloo-mesh-gateways/service-istio-egressgateway.yaml",
            "namespaces/gloo-mesh-gateways/service-istio-ingressgateway.yaml",
            "namespaces/istio-system/istiooperator-istio-egressgateway-1-24.yaml",
            "namespaces/istio-system/istiooperator-istio-ingressgateway-1-24.yaml",
        ], cluster)
    equal(w.leftovers(), [], "temporary files")
    for _ in range(5):
        w.no_changes()


def test_the_ingress_example_is_translated_for_each_cluster(w):
    """Names, labels, trust domain and cluster name in the state, as the design's table says."""
    both(w)
    w.apply()
    state = w.state()
    equal(state["id"], "gloo-mesh/istio-ingressgateway", "id")
    for cluster in ("east", "west"):
        operator = w.documents()[cluster]["1-24"]
        equal(operator["metadata"], {"name": "istio-ingressgateway-1-24",
                                     "namespace": "istio-system"}, "metadata")
        spec = operator["spec"]
        equal(spec["revision"], "1-24", "revision")
        equal(spec["tag"], "1.24.1", "tag")
        equal(spec["meshConfig"]["trustDomain"], cluster, "trust domain")
        equal(spec["values"]["global"]["multiCluster"]["clusterName"], cluster, "cluster name")
        gateway = spec["components"]["ingressGateways"][0]
        equal(gateway["name"], "istio-ingressgateway-1-24", "gateway")
        equal(gateway["label"], {"app": "istio-ingressgateway", "istio": "ingressgateway",
                                 "revision": "1-24"}, "label")
        service = w.services()[cluster]["gloo-mesh-gateways/istio-ingressgateway"]
        equal(service["addresses"], [], "addresses")
        manifest = service["manifest"]
        equal(manifest["metadata"]["name"], "istio-ingressgateway", "service name")
        equal(manifest["spec"]["selector"], {"app": "istio-ingressgateway",
                                             "istio": "ingressgateway", "revision": "1-24"},
              "selector")
        equal([p["port"] for p in manifest["spec"]["ports"]], [15021, 80, 443, 15443], "ports")
        equal(state["status"]["clusters"][cluster]["installations"]["1-24"]["state"],
              "INSTALL_PENDING", "status")
        equal(state["status"]["clusters"][cluster]["installations"]["1-24"]["observed_revision"],
              "1-24", "observed revision")


def test_the_egress_example_does_not_install_a_control_plane(w):
    """Its profile is minimal, which would turn istiod on."""
    both(w)
    w.apply()
    spec = w.documents(EGRESS)["west"]["1-24"]["spec"]
    equal(spec["components"]["pilot"]["enabled"], False, "pilot")
    equal(spec["components"]["base"]["enabled"], False, "base")
    gateway = spec["components"]["egressGateways"][0]
    equal(gateway["k8s"]["env"], [{"name": "AUTO_RELOAD_PLUGIN_CERTS", "value": "true"}], "env")
    equal(spec["meshConfig"]["outboundTrafficPolicy"], {"mode": "REGISTRY_ONLY"}, "meshConfig")
    equal(spec["meshConfig"]["defaultConfig"]["proxyMetadata"]["ISTIO_META_DNS_CAPTURE"], "true",
          "a quoted true stays a string")


def test_an_inactive_gateway_gets_no_service(w):
    """active_gateway is false by default."""
    w.fixture("api-ingress.yaml")
    w.main(resource({"1-24": ({"east": {}, "west": True}, 'file("api-ingress.yaml")', "")}))
    w.apply()
    true(not w.service_file("east").exists(), "east is not active and must have no Service")
    true(w.service_file("west").exists(), "west is active and must have a Service")
    equal(w.services()["east"], {}, "services of east")
    w.no_changes()


def test_what_is_written_says_whose_it_is(w):
    """Labels of ownership and the annotation for import are in the file, not in the attribute."""
    both(w)
    w.apply()
    text = w.operator_file("east").read_text()
    for part in ("app.kubernetes.io/managed-by: terraform-provider-glm",
                 "terraform-provider-glm/name: istio-ingressgateway",
                 "terraform-provider-glm/namespace: gloo-mesh",
                 "terraform-provider-glm/cluster: east",
                 "terraform-provider-glm/revision: 1-24",
                 "terraform-provider-glm/installation:"):
        true(part in text, f"{part!r} must be in the file:\n{text}")
    true("terraform-provider-glm" not in str(shown(w.state())),
         "the attribute shows the object without labels of ownership")
