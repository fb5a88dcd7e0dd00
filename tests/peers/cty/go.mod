module peers/cty

go 1.26.8

require github.com/zclconf/go-cty v1.20.0 // indirect
