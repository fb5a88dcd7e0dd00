terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
  }
}

provider "glm" {
  # One block for all clusters. The keys are the names that resources use.
  clusters = {
    cluster1 = { directory = "./clusters/cluster1" } # files for GitOps, or for kubectl apply -R -f
    cluster2 = { directory = "./clusters/cluster2", operator_namespace = "gm-iop-{revision}" }
  }

  # What gateway_revision = "auto" stands for.
  default_distribution = {
    revision = "1-23"
    hub      = "registry.example.com/istio"
    tag      = "1.23.4"
  }
}
