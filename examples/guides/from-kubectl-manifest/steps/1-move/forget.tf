removed {
  from = kubectl_manifest.cluster2

  lifecycle {
    destroy = false
  }
}
