revisions = {
  "1-23" = "1.23.6"
}
active = {
  cluster1 = "1-23"
  cluster2 = "1-23"
}
