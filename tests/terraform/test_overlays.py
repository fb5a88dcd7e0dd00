# SPDX-License-Identifier: Apache-2.0
"""Overlays: of the active Service and of what the operator renders."""
from harness import FIXTURES, equal, resource, true

SPEC = (FIXTURES / "ingress.yaml").read_text()


def configure(w, kind, *patches, name="istio-ingressgateway", tag="1.23.6"):
    lines = [f"- kind: {kind}", f"  name: {name}", "  patches:", *(f"  - {p}" for p in patches)]
    w.write("ingress.yaml", SPEC.replace("1.24.1", tag) + "        overlays:\n" + "".join(f"        {l}\n" for l in lines))
    w.main(resource({"1-24": {"east": True, "west": False}}))


def test_overlays_of_the_service_settle_and_go_with_it(w):
    """Applied as Istio would apply them, planned, and no file stays behind."""
    configure(w, "Service", '{path: metadata.annotations, value: "a: one\\nb: two\\n"}',
              "{path: metadata.labels.team, value: edge}", "{path: spec.selector.istio, value: ingressgateway}",
              "{path: 'spec.ports.[-1]', value: {name: tls, port: 15443, targetPort: null}}")
    w.apply()
    text = w.service_file("east").read_text()
    for part in ("a: one", "b: two", "team: edge", "name: tls", "revision: 1-24"):
        true(part in text, text)
    true("null" not in text, text)
    w.no_changes()
    w.destroy()
    true(not w.service_file("east").exists(), "the Service is gone")


def test_overlays_that_leave_no_annotation_and_no_label_settle(w):
    """Added and deleted again, emptied, or deleted where there is none."""
    for patches in (("{path: metadata.annotations.a, value: one}", "{path: metadata.annotations.a}"),
                    ("{path: metadata.annotations, value: {}}",), ("{path: metadata.annotations.a}",),
                    ("{path: metadata.annotations, value: {a: null}}",), ("{path: metadata.labels, value: {}}",)):
        configure(w, "Service", *patches)
        w.apply()
        w.no_changes()


def test_an_overlay_cannot_take_the_service_away(w):
    """Its name, its namespace, its revision, its last port: at plan, with the line."""
    for patch, why in (("{path: metadata.name, value: edge-public}", 'metadata.name is "edge-public"'),
                       ("{path: metadata, value: {name: x}}", 'metadata.name is "x"'),
                       ("{path: spec.selector, value: {app: edge}}", "spec.selector.revision is gone"),
                       ("{path: spec}", "spec.selector is gone"),
                       ("{path: spec.ports, value: [null]}", "no port left"),
                       ("{path: 'metadata.labels.app\\.kubernetes\\.io/managed-by', value: us}", "managed-by"),
                       ("{path: spec.type, value: loadbalancer}", "LoadBalancer")):
        configure(w, "Service", patch)
        w.plan(code=1).has(why, patch[:30])


def test_an_overlay_cannot_make_something_else_of_the_deployment(w):
    """What could never become healthy is refused."""
    for patch in ("{path: kind, value: DaemonSet}", "{path: metadata.name, value: edge}",
                  "{path: spec.template.metadata.labels}", "{path: spec.selector}",
                  "{path: 'spec.template.spec.containers.[name:istio-proxy]'}"):
        configure(w, "Deployment", patch)
        w.plan(code=1).has("is never healthy", patch)


def test_what_stops_the_operator_is_refused(w):
    """A patch that does not fit, an overlay that matches nothing; newer ones pass over them."""
    configure(w, "Deployment", "{path: 'spec.template.spec.containers.[name:proxy].image', value: x}")
    w.plan(code=1).has("does not fit", '"istio-proxy"')
    configure(w, "deployment", "{path: spec.replicas, value: 2}")
    w.plan(code=1).has("matches nothing", "Did you mean Deployment?")
    configure(w, "deployment", "{path: spec.replicas, value: 2}", tag="1.24.1")
    w.plan().has("Warning: An overlay that matches nothing", "passed over")


def test_names_in_values_are_suffixed_like_the_gateway(w):
    """A reference to something else stays."""
    configure(w, "Deployment",
              "{path: spec.template.spec.serviceAccountName, value: istio-ingressgateway-service-account}",
              "{path: spec.template.spec.priorityClassName, value: istio-ingressgateway}")
    w.apply()
    text = w.operator_file("east").read_text()
    true("value: istio-ingressgateway-1-24-service-account\n" in text, text)
    equal(text.count("value: istio-ingressgateway\n"), 1, text)
    w.no_changes()
