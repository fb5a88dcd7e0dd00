networks = {
  cluster1 = "network1"
  cluster2 = "network2"
}
