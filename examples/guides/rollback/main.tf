# One ingress gateway in two clusters, in the middle of a canary upgrade that is rolled back. What
# changes is in terraform.tfvars alone; steps/ has it as it is at each step.

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

variable "revisions" {
  description = "The tag of each revision that is installed."
  type        = map(string)
}

variable "active" {
  description = "The revision that has the traffic, by cluster."
  type        = map(string)
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "istio-ingressgateway"

  installations = {
    for revision, tag in var.revisions : revision => {
      clusters = {
        for cluster, active in var.active : cluster => { active_gateway = active == revision }
      }
      istio_operator_spec = jsonencode(
        merge(yamldecode(file("${path.module}/ingress.yaml")), { tag = tag })
      )
    }
  }
}
