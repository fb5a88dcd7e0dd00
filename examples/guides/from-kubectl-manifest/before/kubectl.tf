resource "kubectl_manifest" "cluster1" {
  provider  = kubectl.cluster1
  yaml_body = file("${path.module}/ingress.yaml")
}

resource "kubectl_manifest" "cluster2" {
  provider  = kubectl.cluster2
  yaml_body = file("${path.module}/ingress.yaml")
}
