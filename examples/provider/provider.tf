terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
  }
}

provider "glm" {
  # How gateways get into clusters: "direct" for every Istio from 1.22 on. The default is an
  # operator of Istio in the cluster, which there was up to 1.23.
  installer = "direct"

  # One block for all clusters. The keys are the names that resources use.
  clusters = {
    east = { context = "arn:aws:eks:us-east-1:111122223333:cluster/east" }
    west = { context = "west", installer = "istio_operator", operator_namespace = "gm-iop-{revision}" }
    repo = { directory = "./clusters/repo" } # files for GitOps, or for kubectl apply -R -f
  }

  # What gateway_revision = "auto" stands for.
  default_distribution = {
    revision = "1-30"
    hub      = "registry.example.com/istio"
    tag      = "1.30.3"
  }
}
