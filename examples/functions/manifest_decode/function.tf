# A manifest that was applied with kubectl becomes a resource.
locals {
  manifest = provider::glm::manifest_decode(file("${path.module}/manifest.yaml"))
}

resource "glm_gateway_lifecycle_manager" "ingress" {
  name          = local.manifest.name
  namespace     = local.manifest.namespace
  installations = local.manifest.installations
  helm_global   = local.manifest.helm_global
}
