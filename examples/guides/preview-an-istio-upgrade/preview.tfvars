revisions = {
  "1-29" = "1.31.0"
}
preview = true
