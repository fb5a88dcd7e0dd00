# An Istio ingress gateway in two clusters. Both are directories here, so nothing else is needed to
# try it: what a cluster would get is written as files that `kubectl apply -R -f` takes. They are the
# gateway's own objects, which every Istio from 1.22 to the newest goes with.

terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
  }
}

provider "glm" {
  installer = "direct"
  clusters = {
    # For a real cluster, the name of a context in your kubeconfig:
    #   cluster1 = { context = "cluster1" }
    cluster1 = { directory = "./clusters/cluster1" }
    cluster2 = { directory = "./clusters/cluster2" }
  }
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "istio-ingressgateway"

  installations = {
    "1-30" = { # the revision of the control plane
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
