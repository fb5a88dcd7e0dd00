# A canary upgrade from 1-30 to 1-31, cluster by cluster. Each step is one apply:
#
# 1. Add the installation of the new revision. Nothing selects it yet.
# 2. Give it the traffic of cluster1: active_gateway = false on the old, true on the new. Going back
#    is the same change the other way round.
# 3. The same for cluster2.
# 4. Remove the old installation.
#
# This is how it looks after step 2.
locals {
  canary_spec = {
    hub    = "registry.example.com/istio"
    values = { global = { meshID = "mesh1" } }
    components = {
      ingressGateways = [{
        name    = "istio-canary"
        enabled = true
        label   = { istio = "canary", app = "istio-canary" }
        k8s = {
          service = {
            type  = "LoadBalancer"
            ports = [{ name = "https", port = 443, targetPort = 8443 }]
          }
        }
      }]
    }
  }
}

resource "glm_gateway_lifecycle_manager" "canary" {
  name = "istio-canary"

  installations = {
    "1-30" = {
      clusters = {
        cluster1 = { active_gateway = false }
        cluster2 = { active_gateway = true }
      }
      istio_operator_spec = yamlencode(merge(local.canary_spec, { tag = "1.30.3" }))
    }
    "1-31" = {
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = false }
      }
      istio_operator_spec = yamlencode(merge(local.canary_spec, { tag = "1.31.0" }))
    }
  }
}
