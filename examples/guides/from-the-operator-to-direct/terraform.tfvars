installer = {
  cluster1 = "istio_operator"
  cluster2 = "istio_operator"
}
