# SPDX-License-Identifier: Apache-2.0
"""The provider's functions, called by the real program."""
import shutil

from harness import HERE, INGRESS, equal, true

EXAMPLES = HERE.parent.parent / "examples/functions"


def test_a_decoded_manifest_installs_and_encodes_again(w):
    folder = EXAMPLES / "manifest_decode"
    shutil.copy(folder / "manifest.yaml", w.dir)
    w.use({"cluster1": {}, "cluster2": {}})
    w.main((folder / "function.tf").read_text() + """
output "again" {
  value = provider::glm::manifest_encode(local.manifest)
}
output "same" {
  value = (provider::glm::manifest_encode(
    provider::glm::manifest_decode(provider::glm::manifest_encode(local.manifest)))
  == provider::glm::manifest_encode(local.manifest))
}
""")
    w.apply()
    w.no_changes()
    true(w.output("same"), "a manifest that was encoded means what it was made of")
    true("kind: GatewayLifecycleManager" in w.output("again"), w.output("again"))
    true(w.state(INGRESS)["installations"], "the installations are in the state")


def test_rendering_needs_no_provider_configuration_and_no_cluster(w):
    w.provider("")
    w.main((EXAMPLES / "istio_operators/function.tf").read_text() +
           'output "clusters" { value = keys(local.rendered) }\n')
    w.apply()
    equal(w.output("trust_domain"), "cluster1")
    equal(w.output("clusters"), ["cluster1", "cluster2"])


def test_an_encoded_resource_is_a_manifest(w):
    w.provider("")
    w.main((EXAMPLES / "manifest_encode/function.tf").read_text())
    w.apply()
    text = w.output("manifest")
    for part in ("kind: GatewayLifecycleManager", "name: istio-ingressgateway",
                 "gatewayRevision: 1-23", "activeGateway: true"):
        true(part in text, f"{part!r} is not in\n{text}")


def test_a_mistake_in_a_manifest_is_named_with_line_and_column(w):
    w.provider("")
    w.write("manifest.yaml", """apiVersion: admin.gloo.solo.io/v2
kind: GatewayLifecycleManager
metadata:
  name: istio-ingressgateway
spec:
  installations:
  - gatewayRevison: 1-24
""")
    w.main('output "m" { value = provider::glm::manifest_decode(file("manifest.yaml")) }\n')
    w.plan(code=1).has("gatewayRevison", "Line 7, column 5", "gatewayRevision",
                         "    7 |   - gatewayRevison: 1-24").lacks("?.")


def test_a_quoted_line_is_quoted_as_it_is(w):
    """Terraform puts a full stop behind the error of a function."""
    w.provider("")
    w.main("""output "m" { value = provider::glm::istio_operators({ name = "x", installations = {
  "1-24" = { clusters = { east = {} }, istio_operator_spec = "profile: emtpy" } } }, ["east"]) }
""")
    out = w.plan(code=1).has("profile: emtpy").lacks("profile: emtpy.", "?.")
    true("| profile: emtpy\n" in out.text, out.text)


MANIFEST = """apiVersion: admin.gloo.solo.io/v2
kind: GatewayLifecycleManager
metadata:
  name: istio-ingressgateway
spec:
  installations:
  - gatewayRevision: 1-24
    clusters:
    - {name: east, activeGateway: true}
    istioOperatorSpec:
      # Only what differs from the profile.
      tag: 1.24.1
      profile: 'empty'   # in quotes
      components:
        ingressGateways:
        - name: istio-ingressgateway
          enabled: true
          k8s:
            service: {}
            overlays:
            - kind: Deployment
              name: istio-ingressgateway
              patches:
              - path: spec.template.spec.volumes.[-1]
                value: {name: k, secret: {secretName: k, defaultMode: 0400}}
    # the next one
  - gatewayRevision: 1-23
    clusters: [{name: east}]
    istioOperatorSpec: {tag: 1.23.4, profile: empty, components: {ingressGateways: [{name: old, enabled: true}]}}
"""


def test_decoding_keeps_the_text_of_each_spec(w):
    """Comments, order, quotes and 0400 as they stand there; lines are those of that text."""
    w.write("manifest.yaml", MANIFEST)
    head = ('locals {\n  m = provider::glm::manifest_decode(file("manifest.yaml"))\n}\n'
            'resource "glm_gateway_lifecycle_manager" "ingress" {\n  name = local.m.name\n'
            '  installations = local.m.installations\n}\n'
            'output "spec" { value = local.m.installations["1-24"].istio_operator_spec }\n')
    w.main(head)
    w.apply()
    spec = w.output("spec")
    equal(spec.splitlines()[:3], ["# Only what differs from the profile.", "tag: 1.24.1",
                                  "profile: 'empty'   # in quotes"], "the first lines")
    true(spec.endswith("defaultMode: 0400}}\n"), spec)
    true("defaultMode: 256" in w.operator_file("east").read_text(), "0400 is octal")
    w.no_changes()
    w.write("manifest.yaml", MANIFEST.replace("enabled: true\n", "enabeld: true\n", 1))
    w.plan(code=1).has('installations["1-24"].istio_operator_spec', "Line 7, column 5: ", "enabeld")
