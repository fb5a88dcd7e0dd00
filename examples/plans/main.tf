# An Istio ingress gateway in two clusters, for Istio's operator: the example of docs/plans.md. Both are
# directories here, so nothing else is needed to try it.

terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
  }
}

provider "glm" {
  clusters = {
    cluster1 = { directory = "./clusters/cluster1" }
    cluster2 = { directory = "./clusters/cluster2" }
  }
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "istio-ingressgateway"

  installations = {
    "1-23" = { # the revision
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = true }
      }
      istio_operator_spec = file("${path.module}/ingress.yaml")
    }
  }
}

output "status" {
  description = "How each installation is, cluster by cluster."
  value       = glm_gateway_lifecycle_manager.ingress.status
}
