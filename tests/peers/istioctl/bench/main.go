// SPDX-License-Identifier: Apache-2.0

// Command bench says what it takes Istio to render gateways: `bench FILE...`, an IstioOperator each, prints the milliseconds of
// CPU that a document takes in istioctl's whole pipeline, and those that helm's engine takes for the ingress chart alone.
package main

import (
	"fmt"
	"io"
	"os"
	"syscall"

	"istio.io/istio/operator/pkg/helm"
	"istio.io/istio/operator/pkg/render"
	"istio.io/istio/operator/pkg/util/clog"
)

func die(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// cpu is what this process has taken so far, in milliseconds: what else the machine does is not in it.
func cpu() float64 {
	var usage syscall.Rusage
	die(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func measure(files []string, one func(file string) error) float64 {
	die(one(files[0])) // what is loaded once does not count
	began := cpu()
	for _, file := range files {
		die(one(file))
	}
	return (cpu() - began) / float64(len(files))
}

func main() {
	files := os.Args[1:]
	quiet := clog.NewConsoleLogger(io.Discard, io.Discard, nil)
	pipeline := measure(files, func(file string) error {
		_, _, err := render.GenerateManifest([]string{file}, nil, false, nil, quiet)
		return err
	})
	engine := measure(files, func(file string) error {
		values, err := render.MergeInputs([]string{file}, nil, nil)
		if err == nil {
			_, _, err = helm.Render("istio", "edge", "gateways/istio-ingress", values, nil)
		}
		return err
	})
	fmt.Printf("%.3f %.3f\n", pipeline, engine)
}
