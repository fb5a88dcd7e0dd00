# One ingress gateway in two clusters, without an operator. What the next version of Istio would change is in
# preview.tfvars, which is for plans only; steps/ has terraform.tfvars as it is at each step.

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

variable "revisions" {
  description = "The version of Istio of each revision that is installed."
  type        = map(string)
}

variable "active" {
  description = "The revision that has the traffic."
  type        = string
}

variable "preview" {
  description = "Whether any change of version is shown. For plans only."
  type        = bool
  default     = false
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "istio-ingressgateway"

  installations = {
    for revision, version in var.revisions : revision => {
      skip_upgrade_validation = var.preview
      clusters = {
        for cluster in ["cluster1", "cluster2"] : cluster => { active_gateway = var.active == revision }
      }
      istio_operator_spec = jsonencode(
        merge(yamldecode(file("${path.module}/ingress.yaml")), { tag = version })
      )
    }
  }
}
