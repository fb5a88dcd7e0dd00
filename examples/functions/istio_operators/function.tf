# What the clusters would get, without a provider configuration: for reviews and for tests.
locals {
  rendered = provider::glm::istio_operators({
    name = "istio-ingressgateway"
    installations = {
      "1-23" = {
        clusters = { cluster1 = { active_gateway = true } }
        istio_operator_spec = yamlencode({
          hub        = "registry.example.com/istio"
          tag        = "1.23.4"
          components = { ingressGateways = [{ name = "istio-ingressgateway", enabled = true }] }
        })
      }
    }
  }, ["cluster1", "cluster2"])
}

output "trust_domain" {
  value = jsondecode(local.rendered["cluster1"]["1-23"]).spec.meshConfig.trustDomain
}
