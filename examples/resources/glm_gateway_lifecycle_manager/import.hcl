# By identity: OpenTofu 1.12 and Terraform 1.12, or later. `namespace` defaults to "gloo-mesh".
import {
  to       = glm_gateway_lifecycle_manager.ingress
  identity = { name = "istio-ingressgateway" }
}

# By ID, with every version. Where -generate-config-out is to write the resource, Terraform 1.16 has
# to be told the provider; once the resource is there, every version refuses that line.
import {
  to       = glm_gateway_lifecycle_manager.egress
  id       = "gloo-mesh/istio-egressgateway"
  provider = glm
}
