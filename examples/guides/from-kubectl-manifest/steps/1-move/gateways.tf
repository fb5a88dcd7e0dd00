moved {
  from = kubectl_manifest.cluster1
  to   = glm_gateway_lifecycle_manager.ingress
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name = "ingress" # the IstioOperator's

  installations = {
    "default" = {
      control_plane_revision = "1-23" # what `revision` of the spec says
      clusters = {
        cluster1 = {}
        cluster2 = {}
      }
      istio_operator_spec = file("${path.module}/ingress.yaml") # as it was
    }
  }
}
