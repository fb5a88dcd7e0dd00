# The manifest of a gateway, for example to hand it to a Gloo Mesh management plane.
output "manifest" {
  value = provider::glm::manifest_encode({
    name = "istio-ingressgateway"
    installations = {
      "1-23" = {
        clusters = { cluster1 = { active_gateway = true } }
        istio_operator_spec = yamlencode({
          components = { ingressGateways = [{ name = "istio-ingressgateway", enabled = true }] }
        })
      }
    }
  })
}
