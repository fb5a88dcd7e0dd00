takes_traffic = true
