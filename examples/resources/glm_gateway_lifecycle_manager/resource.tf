# An ingress gateway of one revision in two clusters.
resource "glm_gateway_lifecycle_manager" "ingress" {
  name      = "istio-ingressgateway"
  namespace = "gloo-mesh"

  installations = {
    "1-30" = { # the gateway revision
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = true, trust_domain = "cluster2-trust-override" }
      }

      istio_operator_spec = yamlencode({
        hub = "registry.example.com/istio"
        tag = "1.30.3"
        # The clusters are one mesh, whatever their trust domains are.
        values = { global = { meshID = "mesh1" } }
        components = {
          ingressGateways = [{
            name      = "istio-ingressgateway"
            namespace = "gloo-mesh-gateways"
            enabled   = true
            # Labels by which Gateways select this workload.
            label = { istio = "ingressgateway", app = "istio-ingressgateway" }
            k8s = {
              service = {
                type     = "LoadBalancer"
                selector = { istio = "ingressgateway" }
                ports = [
                  { name = "status-port", port = 15021, targetPort = 15021 }, # health, first for AWS
                  { name = "http2", port = 80, targetPort = 8080 },
                  { name = "https", port = 443, targetPort = 8443 },
                  { name = "tls", port = 15443, targetPort = 15443 },
                ]
              }
            }
          }]
        }
      })
    }
  }
}
