# Two clusters, each with an ingress gateway that Istio's operator made of an IstioOperator, which the resource
# kubectl_manifest has applied (before/kubectl.tf, terraform.tfstate). It becomes one resource for both.

terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
    kubectl = {
      source = "gavinbunney/kubectl"
    }
  }
}

provider "glm" {
  clusters = {
    # Directories, in which the IstioOperators are as they would be in a cluster. For real clusters, the
    # names of contexts in your kubeconfig:
    #   cluster1 = { context = "cluster1" }
    #   cluster2 = { context = "cluster2" }
    cluster1 = { directory = "./clusters/cluster1" }
    cluster2 = { directory = "./clusters/cluster2" }
  }
}

# As long as it has something in the state.
provider "kubectl" {
  alias          = "cluster1"
  config_context = "cluster1"
}

provider "kubectl" {
  alias          = "cluster2"
  config_context = "cluster2"
}
