# An east-west gateway in each of two clusters of one mesh, each on a network of its own. What changes is in
# terraform.tfvars; steps/ has it as it is at each step.

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
    # Directories, so that nothing else is needed to try it. For real clusters, the names of
    # contexts in your kubeconfig:
    #   cluster1 = { context = "cluster1" }
    #   cluster2 = { context = "cluster2" }
    cluster1 = { directory = "./clusters/cluster1" }
    cluster2 = { directory = "./clusters/cluster2" }
  }
}

variable "networks" {
  description = "The network of each cluster."
  type        = map(string)
}

resource "glm_gateway_lifecycle_manager" "eastwest" {
  name = "istio-eastwestgateway"

  installations = {
    "1-30" = {
      clusters = {
        for cluster, network in var.networks : cluster => {
          active_gateway = true
          network        = network
          trust_domain   = "mesh1.example"
        }
      }
      istio_operator_spec = file("${path.module}/eastwest.yaml")
    }
  }
}
