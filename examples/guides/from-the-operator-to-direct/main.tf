# One ingress gateway in two clusters that Istio's operator has installed so far. Who installs it is in
# terraform.tfvars alone; steps/ has it as it is at each step.

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
    #   cluster1 = { context = "cluster1", installer = var.installer.cluster1 }
    #   cluster2 = { context = "cluster2", installer = var.installer.cluster2 }
    cluster1 = { directory = "./clusters/cluster1", installer = var.installer.cluster1 }
    cluster2 = { directory = "./clusters/cluster2", installer = var.installer.cluster2 }
  }
}

variable "installer" {
  description = "Who installs gateways, by cluster."
  type        = map(string)
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "istio-ingressgateway"

  installations = {
    "1-23" = {
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = true }
      }
      istio_operator_spec = file("${path.module}/ingress.yaml")
    }
  }
}
