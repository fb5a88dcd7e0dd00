# The gateways of one gateway lifecycle manager, whoever made them.
data "glm_gateway_lifecycle_manager" "ingress" {
  name     = "istio-ingressgateway"
  clusters = ["cluster1"] # all of the provider's clusters, when left out
}

# The state of every revision in cluster1, such as { "1-23" = "HEALTHY" }.
output "states" {
  value = {
    for revision, status in data.glm_gateway_lifecycle_manager.ingress.status.clusters["cluster1"].installations :
    revision => status.state
  }
}
