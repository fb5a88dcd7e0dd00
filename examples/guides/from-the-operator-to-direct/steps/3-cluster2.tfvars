installer = {
  cluster1 = "direct"
  cluster2 = "direct"
}
