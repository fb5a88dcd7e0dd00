revisions = {
  "1-23" = "1.23.6"
  "1-24" = "1.24.2"
}
active = {
  cluster1 = "1-23"
  cluster2 = "1-23"
}
