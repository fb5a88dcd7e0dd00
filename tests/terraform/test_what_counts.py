# SPDX-License-Identifier: Apache-2.0
"""What a spec says in several places, or says of what is this provider's: plans settle, or say why not."""
import json

from harness import Failure, equal, resource, true

SERVICE = "    k8s:\n      service: {ports: [{name: https, port: 443, targetPort: 8443}]}\n"


def spec(gateway, top=""):
    return ("profile: empty\ntag: 1.24.1\n" + top + "components:\n  ingressGateways:\n"
            "  - name: edge\n    namespace: gw\n    enabled: true\n" + gateway)


def installed(w, text):
    """Applies the spec in east; the IstioOperator and the Service there."""
    w.write("ingress.yaml", text)
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.no_changes()
    services = w.services()["east"]
    equal(list(services), ["gw/edge"], "services")
    return w.documents()["east"]["1-24"], services["gw/edge"]["manifest"]


def labels_of_pods(operator, service):
    """What the pods of the first gateway carry, as far as the selector asks for it."""
    label = operator["spec"]["components"]["ingressGateways"][0].get("label", {})
    pods = {"app": "istio-ingressgateway", "istio": "ingressgateway", **label}
    return {k: pods.get(k) for k in service["spec"]["selector"]}


def gone_after_destroy(w):
    w.destroy()
    left = [f for f in w.cluster_files("east") if not f.rsplit("/", 1)[-1].startswith("namespace")]
    equal(left, [], "files left after destroy")


def test_a_managed_by_label_of_the_user_settles(w):
    """On the pods and in the selector; the Service itself is ours."""
    operator, service = installed(w, spec(
        "    label: {app: edge, istio: edge, app.kubernetes.io/managed-by: platform-team}\n" + SERVICE))
    equal(labels_of_pods(operator, service), service["spec"]["selector"], "selector")
    equal(service["spec"]["selector"]["app.kubernetes.io/managed-by"], "platform-team", "selector")
    true("app.kubernetes.io/managed-by: terraform-provider-glm" in
         w.service_file("east", "edge", "gw").read_text(), "the Service is not ours")
    w.no_changes("-refresh=false")
    gone_after_destroy(w)


def test_a_managed_by_label_from_values_settles(w):
    """The same, given to all gateways of the type."""
    operator, service = installed(w, spec(SERVICE, "values: {gateways: {istio-ingressgateway: "
                                          "{labels: {app.kubernetes.io/managed-by: Helm}}}}\n"))
    equal(labels_of_pods(operator, service), service["spec"]["selector"], "selector")
    gone_after_destroy(w)


def test_names_of_this_provider_are_refused_wherever_they_stand(w):
    """Labels and annotations, of the gateway and of values."""
    name = "terraform-provider-glm/name: x"
    for text in (
            spec(f"    label: {{{name}}}\n" + SERVICE),
            spec(f"    k8s: {{service: {{}}, serviceAnnotations: {{{name}}}}}\n"),
            spec(SERVICE, f"values: {{gateways: {{istio-ingressgateway: {{labels: {{{name}}}}}}}}}\n"),
            spec(SERVICE, "unvalidatedValues: {gateways: {istio-ingressgateway: "
                          f"{{serviceAnnotations: {{{name}}}}}}}}}\n")):
        w.write("ingress.yaml", text)
        w.main(resource({"1-24": {"east": True}}))
        w.plan(code=1).has("A name of this provider's own", "terraform-provider-glm/name",
                           "istio_operator_spec")


def test_labels_from_values_are_on_the_pods_that_the_service_selects(w):
    """Also where the gateway has labels of its own, and where unvalidatedValues have the last word."""
    operator, service = installed(w, spec(
        "    label: {istio: edge}\n" + SERVICE,
        "values: {gateways: {istio-ingressgateway: {labels: {team: edge, istio: other}}}}\n"
        "unvalidatedValues: {gateways: {istio-ingressgateway: {labels: {team: front}}}}\n"))
    equal(service["spec"]["selector"], {"app": "istio-ingressgateway", "istio": "edge",
                                        "team": "front", "revision": "1-24"}, "selector")
    equal(labels_of_pods(operator, service), service["spec"]["selector"], "labels of the pods")


NULLS = """yamlencode({
  profile = "empty", tag = "1.24.1", hub = null, meshConfig = null
  values = { global = { meshID = null }, gateways = { istio-ingressgateway = {
    ingressPorts = [{ name = "more", port = 9000, targetPort = null }], serviceAnnotations = { a = null } } } }
  unvalidatedValues = { x = [null, { y = null }] }
  components = { pilot = null, ingressGateways = [{
    name = "edge", namespace = "gw", enabled = true, hub = null, tag = null, label = null
    k8s = {
      replicaCount = null
      env = [{ name = "A", value = "1", valueFrom = null }]
      service = { type = null, ports = [
        { name = "https", port = 443, targetPort = null, nodePort = null, protocol = null }] }
    } }] }
})"""


def test_no_object_has_a_null(w):
    """What optional() attributes and yamlencode() leave."""
    w.main(resource({"1-24": ({"east": True}, NULLS, "")}))
    w.apply()
    w.no_changes()
    for name in w.cluster_files("east"):
        lines = w.path("clusters", "east", name).read_text().splitlines()
        # The annotation has the spec as it was written.
        text = "\n".join(line for line in lines if "terraform-provider-glm/installation" not in line)
        if "null" in text:
            raise Failure(f"{name} has a null:\n{text}")
    text = json.dumps([w.documents()["east"], w.services()["east"]])
    true("null" not in text, f"null in the state: {text}")


def test_annotations_of_values_are_texts(w):
    """As the chart quotes them, exponents included."""
    _, service = installed(w, spec(
        "    k8s: {service: {}, serviceAnnotations: {own: text}}\n",
        "values: {gateways: {istio-ingressgateway: {serviceAnnotations: "
        "{a: true, b: 600, c: 1000000, d: 0.5}}}}\n"))
    equal(service["metadata"]["annotations"],
          {"a": "true", "b": "600", "c": "1e+06", "d": "0.5", "own": "text"}, "annotations")


def test_annotations_that_the_chart_does_not_quote_must_be_texts(w):
    """Those of pods and of the service account; a null is none."""
    def values(text, top="values"):
        return f"{top}: {{gateways: {{istio-ingressgateway: {{{text}}}}}}}\n"
    for top in ("values", "unvalidatedValues"):
        for text, wanted in (("podAnnotations: {a: true}", 'podAnnotations["a"] must be a text, but is a boolean'),
                             ("podAnnotations: {a: 1.50}", 'Put it in quotes: "1.50"'),
                             ("podAnnotations: {a: {b: c}}", "but is a map"),
                             ("serviceAccount: {annotations: {a: 1}}", 'serviceAccount.annotations["a"] must be')):
            w.write("ingress.yaml", spec(SERVICE, values(text, top)))
            w.main(resource({"1-24": {"east": True}}))
            w.plan(code=1).has("A value that the chart cannot use", wanted)
    w.write("ingress.yaml", spec(SERVICE, values('podAnnotations: {a: "true", b: null}')))
    w.plan()


def test_values_do_not_contradict_trust_domain(w):
    """The attribute would have no effect, so the two are refused; alone, each counts."""
    w.write("ingress.yaml", spec(SERVICE, "values: {meshConfig: {trustDomain: b.example}}\n"))
    w.main(resource({"1-24": {"east": {"active_gateway": True, "trust_domain": "a.example"}}}))
    w.plan(code=1).has("Two trust domains for one cluster", "values.meshConfig.trustDomain",
                       '"b.example"', '"east"')
    w.main(resource({"1-24": {"east": {"active_gateway": True, "trust_domain": "b.example"}}}))
    w.apply()
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    operator = w.documents()["east"]["1-24"]
    equal(operator["spec"]["meshConfig"]["trustDomain"], "b.example", "trust domain")


def test_a_tag_in_values_is_held_against_the_last_one(w):
    """Upgrade validation looks at the tag that counts."""
    installed(w, spec(SERVICE, "values: {global: {tag: 1.24.1}}\n"))
    w.write("ingress.yaml", spec(SERVICE, "values: {global: {tag: 1.25.0}}\n"))
    w.plan(code=1).has("A new minor version needs a canary upgrade", "1.25.0")


def test_auto_takes_no_image_from_values(w):
    """It would win over default_distribution."""
    w.use({"east": {}}, '  default_distribution = { revision = "1-24", hub = "gcr.io/istio", '
                        'tag = "1.24.1" }\n')
    text = "profile: empty\nvalues: {global: {tag: 1.24.2}}\n" + spec(SERVICE).split("1.24.1\n", 1)[1]
    w.write("ingress.yaml", text)
    w.main(resource({"auto": {"east": True}}))
    w.plan(code=1).has("auto with an image of its own", "values.global.tag")


def test_the_autoscaler_scales_the_gateway_of_its_revision(w):
    """scaleTargetRef is suffixed like the name of the gateway."""
    operator, _ = installed(w, spec(
        "    k8s:\n      service: {}\n      hpaSpec:\n        maxReplicas: 3\n"
        "        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: edge}\n"))
    k8s = operator["spec"]["components"]["ingressGateways"][0]["k8s"]
    equal(k8s["hpaSpec"]["scaleTargetRef"]["name"], "edge-1-24", "scaleTargetRef")


def test_a_hub_that_is_no_hub_is_refused_in_the_provider_too(w):
    """default_distribution goes into every gateway of `auto`."""
    w.write("ingress.yaml", spec(SERVICE))
    w.main(resource({"1-24": {"east": True}}))
    for hub, said in (("https://registry.example.com/istio/", 'Write "registry.example.com/istio"'),
                      ("istio-<enterprise_istio_repo>", "placeholder"),
                      ("$REGISTRY/istio", "placeholder")):
        w.use({"east": {}}, f'  default_distribution = {{ revision = "1-24", hub = "{hub}", '
                            'tag = "1.24.1" }\n')
        w.plan(code=1).has("Not a hub", said)


def test_a_selector_may_ask_for_what_the_chart_and_overlays_put_on_the_pods(w):
    """Not only for the gateway's own labels; what they put there otherwise is warned of, where a
    Service is made."""
    text = spec("    k8s:\n"
                "      service: {selector: {istio.io/rev: 1-24, extra: a, "
                "service.istio.io/canonical-name: edge, "
                "operator.istio.io/component: IngressGateways}}\n"
                "      overlays:\n      - {kind: Deployment, name: edge, patches: "
                "[{path: spec.template.metadata.labels.extra, value: a}]}\n")
    w.write("ingress.yaml", text)
    w.main(resource({"1-24": {"east": True}}))
    w.plan().lacks("selects no pods")
    w.write("ingress.yaml", text.replace("istio.io/rev: 1-24", "istio.io/rev: 1-22"))
    w.plan().has("selects no pods", "carry istio.io/rev=1-24")
    w.main(resource({"1-24": {"east": False}}))
    w.plan().lacks("selects no pods")


def test_a_label_that_the_chart_writes_is_refused_where_it_stands(w):
    """In values it is said of the values."""
    name = "istio.io/rev: x"
    for text, where in (
            (spec(f"    label: {{{name}}}\n" + SERVICE), "components.ingressGateways[0].label["),
            (spec(SERVICE, f"values: {{gateways: {{istio-ingressgateway: {{labels: {{{name}}}}}}}}}\n"),
             "values.gateways.istio-ingressgateway.labels[")):
        w.write("ingress.yaml", text)
        w.main(resource({"1-24": {"east": True}}))
        w.plan(code=1).has("A label that the chart writes itself", f'{where}"istio.io/rev"] "x"')


def test_one_cluster_name_in_several_installations_is_warned_of(w):
    """For different clusters; two revisions in one cluster are one identity."""
    w.write("ingress.yaml", spec(SERVICE, "values: {global: {meshID: m, multiCluster: {clusterName: c1}}}\n"))
    revision = '      gateway_revision = "1-24"'
    w.main(resource({"a": ({"east": True}, None, revision), "b": ({"west": True}, None, revision)}))
    w.plan().has("Several clusters with one identity", 'in cluster "west", and in cluster "east"',
                 'installations["a"]')
    w.main(resource({"a": ({"east": True}, None, revision), "1-23": ({"east": False}, None, "")}))
    w.plan().lacks("one identity")


def test_an_empty_trust_domain_of_values_is_refused(w):
    """The operator takes none; that of the field is as good as absent."""
    for text in ("values: {meshConfig: {trustDomain: ''}}\n", "meshConfig: {trustDomainAliases: ['']}\n"):
        w.write("ingress.yaml", spec(SERVICE, text))
        w.main(resource({"1-24": {"east": {"trust_domain": "a.example"}}}))
        w.plan(code=1).has("Not a trust domain", "is empty").lacks("Two trust domains")
    w.write("ingress.yaml", spec(SERVICE, "meshConfig: {trustDomain: ''}\n"))
    w.plan()


def test_the_service_that_all_of_it_makes_is_one_that_kubernetes_takes(w):
    """Each part may be right alone, and unvalidatedValues have no types of their own."""
    def values(text, top="values"):
        return f"{top}: {{gateways: {{istio-ingressgateway: {{{text}}}}}}}\n"
    service = "    k8s: {service: {type: ClusterIP}}\n"
    for text, line, wanted in (
            (spec(service, values("externalTrafficPolicy: Local")), 3, "Service.spec.externalTrafficPolicy"),
            (spec("    k8s: {service: {loadBalancerClass: a/b}}\n", values("type: ClusterIP")), 9,
             "Service.spec.loadBalancerClass"),
            (spec(SERVICE, values("type: loadbalancer", "unvalidatedValues")), 3, "Did you mean LoadBalancer?"),
            (spec("    k8s: {service: {}}\n", values("ports: [{name: HTTP, port: 80}]", "unvalidatedValues")), 3,
             "Service.spec.ports[0].name"),
            (spec("    k8s: {}\n", values("loadBalancerSourceRanges: [10.0.0.0/33]", "unvalidatedValues")), 3,
             "Service.spec.loadBalancerSourceRanges[0]")):
        w.write("ingress.yaml", text)
        w.main(resource({"1-24": {"east": True}}))
        w.plan(code=1).has('in the Service of "edge"', f"Line {line}, column", wanted)
    w.write("ingress.yaml", spec("    k8s: {service: {type: NodePort}}\n", values("externalTrafficPolicy: Local")))
    w.plan()
