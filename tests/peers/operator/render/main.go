// SPDX-License-Identifier: Apache-2.0

// render makes the objects of an IstioOperator with the charts and the code of Istio's own operator.
//
// It reads lines of JSON, an IstioOperator each, and answers each with a line {"objects": [...]}, or
// {"refused": "why"}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"istio.io/istio/operator/pkg/manifest"
	"istio.io/istio/operator/pkg/object"
	"istio.io/istio/operator/pkg/util/clog"
	"istio.io/istio/pkg/log"
)

func die(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

type answer struct {
	Objects []map[string]any `json:"objects,omitempty"`
	Refused string           `json:"refused,omitempty"`
}

func render(file string) (a answer) {
	defer func() {
		if said := recover(); said != nil {
			a = answer{Refused: fmt.Sprint(said)}
		}
	}()
	quiet := clog.NewConsoleLogger(io.Discard, io.Discard, nil)
	manifests, _, err := manifest.GenManifests([]string{file}, nil, false, nil, nil, quiet)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	for _, texts := range manifests {
		for _, text := range texts {
			objects, err := object.ParseK8sObjectsFromYAMLManifest(text)
			if err != nil {
				return answer{Refused: err.Error()}
			}
			for _, o := range objects {
				a.Objects = append(a.Objects, o.UnstructuredObject().Object)
			}
		}
	}
	return a
}

func main() {
	for _, s := range log.Scopes() {
		s.SetOutputLevel(log.NoneLevel)
	}
	file, err := os.CreateTemp("", "glm-render-*.yaml")
	die(err)
	defer os.Remove(file.Name())
	die(file.Close())
	in, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		die(os.WriteFile(file.Name(), in.Bytes(), 0o600))
		die(json.NewEncoder(out).Encode(render(file.Name())))
		die(out.Flush())
	}
	die(in.Err())
}
