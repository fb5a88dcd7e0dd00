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
    east = { context = "arn:aws:eks:us-east-1:111122223333:cluster/east" }
    west = { context = "west", operator_namespace = "gm-iop-{revision}" }
    repo = { directory = "./clusters/repo" } # files for GitOps, or for kubectl apply -R -f
  }

  # What gateway_revision = "auto" stands for.
  default_distribution = {
    revision = "1-23"
    hub      = "registry.example.com/istio"
    tag      = "1.23.4"
  }
}
