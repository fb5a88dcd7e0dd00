revisions = {
  "1-29" = "1.29.2"
}
active = "1-29"
