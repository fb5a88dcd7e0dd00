# What every cluster of the provider has of Istio.
data "glm_control_planes" "all" {}

# No gateway before its control plane is ready in every cluster, and an operator is there for it.
resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "istio-ingressgateway"
  installations = {
    "1-24" = {
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = true }
      }
      istio_operator_spec = file("ingress.yaml")
    }
  }

  lifecycle {
    precondition {
      condition = alltrue([
        for cluster in values(data.glm_control_planes.all.control_planes) :
        try(cluster.revisions["1-24"].ready && cluster.revisions["1-24"].operator_ready, false)
      ])
      error_message = join("\n", [
        for name, cluster in data.glm_control_planes.all.control_planes :
        "${name}: has ${join(", ", keys(cluster.revisions))}. ${cluster.message}"
      ])
    }
  }
}

# { cluster1 = { "1-23" = "1.23.6", "1-24" = "1.24.2" } }
output "versions" {
  value = {
    for name, cluster in data.glm_control_planes.all.control_planes :
    name => { for revision, plane in cluster.revisions : revision => plane.version }
  }
}
