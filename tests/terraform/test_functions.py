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
  value = (provider::glm::manifest_decode(provider::glm::manifest_encode(local.manifest))
    == local.manifest)
}
""")
    w.apply()
    w.no_changes()
    true(w.output("same"), "a manifest that was encoded decodes to what it was made of")
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
    w.plan(code=1).has("gatewayRevison", "line 7, column 5", "gatewayRevision")
