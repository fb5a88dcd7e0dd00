takes_traffic = false
