// SPDX-License-Identifier: Apache-2.0

// Command render says what `istioctl manifest generate` makes of the gateways of IstioOperators.
//
// It reads lines of JSON, an IstioOperator each, and answers each with a line {"objects": [...]}, in the order in which
// istioctl makes them, or {"refused": "why"}. With an argument, the charts and profiles are those below that folder, as
// with spec.installPackagePath.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"istio.io/istio/operator/pkg/component"
	"istio.io/istio/operator/pkg/manifest"
	"istio.io/istio/operator/pkg/render"
	"istio.io/istio/operator/pkg/util/clog"
)

func die(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

type answer struct {
	Objects []json.RawMessage `json:"objects"`
	Refused string            `json:"refused,omitempty"`
}

// made has what came of one document. Istio's own mistakes (it panics on some) are refusals too.
func made(file string, flags []string) (a answer) {
	defer func() {
		if said := recover(); said != nil {
			a = answer{Refused: fmt.Sprint("panic: ", said)}
		}
	}()
	quiet := clog.NewConsoleLogger(io.Discard, io.Discard, nil)
	sets, _, err := render.GenerateManifest([]string{file}, flags, false, nil, quiet)
	if err != nil { // sometimes without a word
		return answer{Refused: err.Error() + "."}
	}
	a.Objects = []json.RawMessage{}
	for _, name := range []component.Name{component.IngressComponentName, component.EgressComponentName} {
		for _, m := range manifest.ExtractComponent(sets, name) {
			text, err := json.Marshal(m.Object)
			if err != nil {
				return answer{Refused: err.Error()}
			}
			a.Objects = append(a.Objects, text)
		}
	}
	return a
}

// quiet gives the real stdout, and lets Istio's log, which goes there too, go nowhere.
func quiet() *os.File {
	real, err := syscall.Dup(1)
	die(err)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	die(err)
	die(syscall.Dup3(int(null.Fd()), 1, 0))
	return os.NewFile(uintptr(real), "stdout")
}

func main() {
	var flags []string
	if len(os.Args) > 1 {
		if strings.ContainsAny(os.Args[1], "=\\") {
			die(fmt.Errorf("%s: not a path that a flag of istioctl can say", os.Args[1]))
		}
		flags = []string{"installPackagePath=" + os.Args[1]}
	}
	out := bufio.NewWriter(quiet())
	file, err := os.CreateTemp("", "glm-render-*.yaml")
	die(err)
	defer os.Remove(file.Name())
	die(file.Close())
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		die(os.WriteFile(file.Name(), in.Bytes(), 0o600))
		die(json.NewEncoder(out).Encode(made(file.Name(), flags)))
		die(out.Flush())
	}
	die(in.Err())
}
