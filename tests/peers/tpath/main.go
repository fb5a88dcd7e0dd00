// SPDX-License-Identifier: Apache-2.0

// tpath applies overlays with the code of Istio's own operator.
//
// It reads lines {"dialect": "operator"|"istioctl", "object": {...}, "overlays": [[{"path", "value"}]]}
// and answers each with a line {"object": ..., "said": [TEXT]}: what each patch was answered with, ""
// when nothing, "panic" when the code ended there, with which the answer ends too and has no object.
//
// The walk itself is the same in both dialects; what is around it differs. For the operator, the whole
// of it (YAMLManifestPatch) must come to the same result and the same errors, or this program ends.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
	yaml2 "gopkg.in/yaml.v2"
	"istio.io/api/operator/v1alpha1"
	"istio.io/istio/operator/pkg/patch"
	"istio.io/istio/operator/pkg/tpath"
	"istio.io/istio/operator/pkg/util"
	"istio.io/istio/pkg/log"
	"sigs.k8s.io/yaml"
)

type onePatch struct {
	Path  string
	Value any
}

type question struct {
	Dialect  string
	Object   json.RawMessage
	Overlays [][]onePatch
}

type answer struct {
	Object any      `json:"object,omitempty"`
	Said   []string `json:"said"`
}

func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(2)
}

func must[T any](v T, err error) T {
	if err != nil {
		die("%v", err)
	}
	return v
}

// apply is one patch; what it says is "" when it went well.
func apply(tree map[any]any, p onePatch) (said string) {
	defer func() {
		if recover() != nil {
			said = "panic"
		}
	}()
	place, _, err := tpath.GetPathContext(tree, util.PathFromString(p.Path), true)
	if err == nil {
		err = tpath.WritePathContext(place, p.Value, false)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func walk(q question) answer {
	var a answer
	text := must(yaml.JSONToYAML(q.Object))
	for _, overlay := range q.Overlays {
		tree := map[any]any{}
		if err := yaml2.Unmarshal(text, &tree); err != nil {
			die("%v", err)
		}
		for _, p := range overlay {
			if q.Dialect == "operator" && strings.TrimSpace(p.Path) == "" {
				a.Said = append(a.Said, "")
				continue
			}
			said := apply(tree, p)
			a.Said = append(a.Said, said)
			if said == "panic" {
				return a
			}
		}
		text = must(yaml2.Marshal(tree))
	}
	if err := yaml.Unmarshal(text, &a.Object); err != nil {
		die("%v", err)
	}
	return a
}

// whole is what the operator makes of it, and its errors.
func whole(q question) (any, string) {
	var named struct {
		Kind     string
		Metadata struct{ Name, Namespace string }
	}
	if err := json.Unmarshal(q.Object, &named); err != nil {
		die("%v", err)
	}
	var overlays []*v1alpha1.K8SObjectOverlay
	for _, patches := range q.Overlays {
		overlay := &v1alpha1.K8SObjectOverlay{Kind: named.Kind, Name: named.Metadata.Name}
		for _, p := range patches {
			overlay.Patches = append(overlay.Patches, &v1alpha1.K8SObjectOverlay_PathValue{
				Path: p.Path, Value: must(structpb.NewValue(p.Value))})
		}
		overlays = append(overlays, overlay)
	}
	text, err := patch.YAMLManifestPatch(string(must(yaml.JSONToYAML(q.Object))),
		named.Metadata.Namespace, overlays)
	var object any
	if e := yaml.Unmarshal([]byte(strings.TrimSuffix(text, "\n---\n")), &object); e != nil {
		die("%v", e)
	}
	if err != nil {
		return object, err.Error()
	}
	return object, ""
}

func check(q question, a answer) {
	var errs []string
	for _, said := range a.Said {
		if said == "panic" {
			return
		}
		if said != "" {
			errs = append(errs, said)
		}
	}
	object, said := whole(q)
	if said != strings.Join(errs, ", ") {
		die("the operator says %q, the walk %q", said, errs)
	}
	if !reflect.DeepEqual(object, a.Object) {
		die("the operator makes %v, the walk %v", object, a.Object)
	}
}

// lastWins holds what ours warns of: of several overlays of one object the operator applies the last.
func lastWins() {
	q := question{Object: []byte(`{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}`),
		Overlays: [][]onePatch{{{"spec.a", "x"}}, {{"spec.b", "y"}}}}
	object, said := whole(q)
	spec := object.(map[string]any)["spec"]
	if said != "" || !reflect.DeepEqual(spec, map[string]any{"b": "y"}) {
		die("two overlays of one object make %v: %s", spec, said)
	}
}

func read(line []byte) (q question) {
	if err := json.Unmarshal(line, &q); err != nil {
		die("%v", err)
	}
	return q
}

func main() {
	for _, s := range log.Scopes() {
		s.SetOutputLevel(log.NoneLevel)
	}
	lastWins()
	in, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	in.Buffer(nil, 64<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		// The walk writes into the values that it puts in.
		a := walk(read(in.Bytes()))
		if q := read(in.Bytes()); q.Dialect == "operator" && !chance(q) {
			check(q, a)
		}
		if err := encoder.Encode(a); err != nil {
			die("%v", err)
		}
	}
	if err := out.Flush(); err != nil {
		die("%v", err)
	}
}

// chance is true when text may become a map of several keys: Go takes one of them by chance.
func chance(q question) bool {
	for _, p := range q.Overlays[0] {
		if text, ok := p.Value.(string); ok && strings.Count(text, ":") > 1 {
			return true
		}
	}
	return false
}
