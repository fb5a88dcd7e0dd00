installer = {
  cluster1 = "direct"
  cluster2 = "istio_operator"
}
