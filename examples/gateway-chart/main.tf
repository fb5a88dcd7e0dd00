# An Istio ingress gateway that is described by values of Istio's own Helm chart `gateway`, in two clusters. Both are
# directories here, so nothing else is needed to try it.

terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
  }
}

provider "glm" {
  installer = "direct" # the only one that takes values of the chart
  clusters = {
    cluster1 = { directory = "./clusters/cluster1" }
    cluster2 = { directory = "./clusters/cluster2" }
  }
}

# Helm's words: the release is called istio-ingressgateway, in the namespace istio-ingress.
resource "glm_gateway_lifecycle_manager" "chart" {
  name      = "istio-ingressgateway"
  namespace = "istio-ingress"

  installations = {
    default = { # without a revision: everything is called as helm would call it
      control_plane_revision = "1-30"
      istio_version          = "1.30.3"
      clusters = {
        cluster1 = { active_gateway = false }
        cluster2 = { active_gateway = true }
      }
      gateway_chart_values = file("${path.module}/values.yaml")
    }
    "1-31" = { # a canary beside it, which has the traffic of cluster1
      istio_version = "1.31.0"
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = false }
      }
      gateway_chart_values = file("${path.module}/values.yaml")
    }
  }
}
