# One ingress gateway in two clusters, whose patch level is raised in place. The tag is in
# terraform.tfvars; steps/ has it as it is at each step.

terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
  }
}

provider "glm" {
  clusters = {
    # Directories, so that nothing else is needed to try it. For real clusters, the names of
    # contexts in your kubeconfig:
    #   cluster1 = { context = "cluster1" }
    #   cluster2 = { context = "cluster2" }
    cluster1 = { directory = "./clusters/cluster1" }
    cluster2 = { directory = "./clusters/cluster2" }
  }
}

variable "tag" {
  description = "The Istio version of the gateway."
  type        = string
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "istio-ingressgateway"

  installations = {
    "1-24" = {
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = true }
      }
      istio_operator_spec = jsonencode(
        merge(yamldecode(file("${path.module}/ingress.yaml")), { tag = var.tag })
      )
    }
  }
}
