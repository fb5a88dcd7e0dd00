# Gateways that Gloo Mesh manages, moved to this provider: installed beside Gloo's, from the same
# manifest, then given the traffic. clusters/ has what Gloo made, so that nothing else is needed to
# try it.

terraform {
  required_providers {
    glm = {
      source = "terraform-provider-glm/glm"
    }
  }
}

provider "glm" {
  # Where Gloo's Istio operators look, and so where new IstioOperators are taken up.
  operator_namespace = "gm-iop-{revision}"

  clusters = {
    # For real clusters, the names of contexts in your kubeconfig:
    #   cluster1 = { context = "cluster1" }
    #   cluster2 = { context = "cluster2" }
    cluster1 = { directory = "./clusters/cluster1" }
    cluster2 = { directory = "./clusters/cluster2" }
  }
}

variable "takes_traffic" {
  description = "Whether the gateways of this provider have the traffic, or still those of Gloo."
  type        = bool
}

locals {
  manifest = provider::glm::manifest_decode(file("${path.module}/manifest.yaml"))
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name      = local.manifest.name
  namespace = local.manifest.namespace

  # The Service that Gloo made is taken over, and with it the load balancer and its address.
  adopt_existing = true

  installations = {
    # A revision of its own beside Gloo's, with the same control plane.
    for revision, gloo in local.manifest.installations : "${revision}-tf" => {
      control_plane_revision = revision
      istio_operator_spec    = gloo.istio_operator_spec
      clusters = {
        for name, cluster in gloo.clusters : name => {
          active_gateway = var.takes_traffic && cluster.active_gateway == true
          trust_domain   = cluster.trust_domain
        }
      }
    }
  }
}
