// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// What glm_spec_root and glm_spec_type can be asked for; a type that none of them leads to is in no table.
var roots = []string{"operator.IstioOperatorSpec", "installer.IstioOperatorSpec", "core/v1.Service",
	"core/v1.ServiceAccount", "apps/v1.Deployment", "autoscaling/v2.HorizontalPodAutoscaler",
	"policy/v1.PodDisruptionBudget", "rbac/v1.Role", "rbac/v1.RoleBinding", "networking/v1.NetworkPolicy"}

// gather reads all modules and joins their versions.
func gather(m modules, r *rows) (*language, error) {
	l := &language{map[string]*typeRow{}, map[string]*enum{}, nil}
	for _, read := range []func(*language, modules, *rows) error{
		gatherKubernetes, gatherInstaller, gatherOperator, gatherMesh, gatherValues} {
		if err := read(l, m, r); err != nil {
			return nil, err
		}
	}
	if err := between(l, r); err != nil {
		return nil, err
	}
	return l, l.prune()
}

func minorsFrom(first int) []int {
	var minors []int
	for minor := first; minor <= newest; minor++ {
		minors = append(minors, minor)
	}
	return minors
}

func gatherKubernetes(l *language, m modules, r *rows) error {
	minors, readings, byDirectory := minorsFrom(lastOf+1), map[int]*reading{}, map[string]*reading{}
	for _, minor := range minors {
		directory := m.of("k8s.io/api", minor)
		if byDirectory[directory] == nil {
			g, err := readKubernetes(m, minor)
			if err != nil {
				return err
			}
			byDirectory[directory] = g.out
		}
		readings[minor] = byDirectory[directory]
	}
	// The cluster says which values are right, and nothing says which Kubernetes it runs: the newest list holds.
	for _, reading := range readings {
		for key := range reading.enums {
			if e := readings[newest].enums[key]; e != nil {
				reading.enums[key] = e
			}
		}
	}
	l.known = readings[newest].enums
	return l.join(minors, readings, r)
}

func gatherInstaller(l *language, m modules, r *rows) error {
	g, err := readKubernetes(m, newest)
	if err != nil {
		return err
	}
	const path = "istio.io/istio/operator/pkg/apis"
	directory := filepath.Join(m.of("istio.io/istio", newest), "operator/pkg/apis")
	s, err := parse("installer", directory, func(name string) bool { return name == "types.go" })
	if err != nil {
		return err
	}
	delete(s.structs, "IstioOperator")
	delete(s.structs, "BoolValue")
	special["installer.BoolValue"] = "BOOL"
	g.packages[path], g.out = s, newReading()
	if err := g.read(path); err != nil {
		return err
	}
	return l.join([]int{newest}, map[int]*reading{newest: g.out}, r)
}

func generated(name string) bool { return strings.HasSuffix(name, ".pb.go") }

// readProtos reads packages of generated code: import path -> {name in keys, directory}.
func readProtos(original bool, packages map[string][2]string) (*reading, error) {
	p := &protos{newReading(), map[string]*source{}, original}
	for path, one := range packages {
		s, err := parse(one[0], one[1], generated)
		if err != nil {
			return nil, err
		}
		p.packages[path] = s
	}
	for _, path := range sortedKeys(packages) {
		if err := p.read(path); err != nil {
			return nil, err
		}
	}
	return p.out, nil
}

func gatherOperator(l *language, m modules, r *rows) error {
	directory := m.of("istio.io/api/operator", lastOf)
	reading1, err := readProtos(false, map[string][2]string{
		"istio.io/api/operator/v1alpha1": {"operator", filepath.Join(directory, "operator/v1alpha1")}})
	if err != nil {
		return err
	}
	return l.join([]int{lastOf}, map[int]*reading{lastOf: reading1}, r)
}

func gatherMesh(l *language, m modules, r *rows) error {
	minors, readings := minorsFrom(oldest), map[int]*reading{}
	for _, minor := range minors {
		directory := m.of("istio.io/api", minor)
		one, err := readProtos(false, map[string][2]string{
			"istio.io/api/mesh/v1alpha1":       {"mesh", filepath.Join(directory, "mesh/v1alpha1")},
			"istio.io/api/networking/v1alpha3": {"networking", filepath.Join(directory, "networking/v1alpha3")},
			"istio.io/api/networking/v1beta1":  {"networking/v1beta1", filepath.Join(directory, "networking/v1beta1")},
			"istio.io/api/type/v1beta1":        {"type", filepath.Join(directory, "type/v1beta1")},
			"istio.io/api/meta/v1alpha1":       {"meta", filepath.Join(directory, "meta/v1alpha1")},
			"istio.io/api/analysis/v1alpha1":   {"analysis", filepath.Join(directory, "analysis/v1alpha1")},
		})
		if err != nil {
			return err
		}
		readings[minor] = one
	}
	return l.join(minors, readings, r)
}

// gatherValues reads values at both ends. A field that only one of them has needs a row that says since when, or until
// when; nothing else in reach tells.
func gatherValues(l *language, m modules, r *rows) error {
	ends := map[int]string{oldest: "operator/pkg/apis/istio/v1alpha1", newest: "operator/pkg/apis"}
	readings := map[int]*reading{}
	for minor, directory := range ends {
		one, err := readProtos(true, map[string][2]string{
			"values": {"values", filepath.Join(m.of("istio.io/istio", minor), directory)}})
		if err != nil {
			return err
		}
		readings[minor] = one
	}
	return l.join([]int{oldest, newest}, readings, r)
}

// join merges readings after the rows of fields.txt have said what is in fields that have no type.
func (l *language) join(minors []int, readings map[int]*reading, r *rows) error {
	seen := map[*reading]bool{}
	for _, minor := range minors {
		if !seen[readings[minor]] {
			seen[readings[minor]] = true
			if err := retype(readings[minor], r); err != nil {
				return err
			}
		}
	}
	return l.merge(minors, readings)
}

// retype obeys `TYPE FIELD is [SHAPE] KIND|TYPE` and `TYPE FIELD new SHAPE KIND`.
func retype(into *reading, r *rows) error {
	for _, row := range r.with("is", "new") {
		for _, key := range row.types {
			for _, name := range row.fields {
				m := into.types[key]
				if m == nil && row.words[0] == "new" && strings.HasPrefix(key, "operator.") && into.types["operator.GatewaySpec"] != nil {
					m = newMessage()
					into.types[key] = m
				}
				if m == nil {
					continue
				}
				old, there := m.fields[name]
				if there == (row.words[0] == "new") {
					continue
				}
				words, shape := row.words[1:], old.shape
				if len(words) == 2 {
					shape, words = words[0], words[1:]
				}
				if len(words) != 1 || shape == "" {
					return row.fail("wanted [SHAPE] KIND or [SHAPE] TYPE")
				}
				n := ref{kind: words[0], shape: shape}
				if strings.Contains(words[0], ".") {
					n = ref{kind: "OBJECT", shape: shape, of: words[0]}
				}
				m.fields[name] = n
				row.use(key, name)
			}
		}
	}
	return nil
}

// between obeys `TYPE FIELD since N`, `until N`, `also A B`, and wants one for each field of one end only.
func between(l *language, r *rows) error {
	told := map[string]bool{}
	for _, row := range r.with("since", "until", "also") {
		number := func(i int) int {
			if i >= len(row.words) {
				return 0
			}
			n, _ := strconv.Atoi(row.words[i])
			return n
		}
		for _, key := range row.types {
			for _, name := range row.fields {
				t := l.types[key]
				if t == nil || len(t.find(name)) == 0 {
					return row.fail("no value is %s %s", key, name)
				}
				f := t.find(name)[0]
				row.use(key, name)
				told[key+" "+name] = true
				switch row.words[0] {
				case "since":
					f.since, f.until = number(1), 0
				case "until":
					f.since, f.until = 0, number(1)
				case "also":
					more := *f
					more.since, more.until = number(1), number(2)
					t.fields = append(t.fields, &more)
				}
				if number(1) == 0 {
					return row.fail("wanted a minor of Istio")
				}
			}
		}
	}
	for _, key := range sortedKeys(l.types) {
		if !strings.HasPrefix(key, "values.") {
			continue
		}
		t := l.types[key]
		for _, f := range t.fields {
			if (f.since != 0 || f.until != 0) && !told[key+" "+f.name] {
				return fmt.Errorf("%s %s is not in both modules of istio.io/istio: say in values.txt since or until when", key, f.name)
			}
			if f.since <= oldest {
				f.since = 0
			}
		}
		t.fields = slices.DeleteFunc(t.fields, func(f *field) bool { return f.until != 0 && f.until < oldest })
		t.sort()
	}
	return nil
}

// prune keeps what the roots lead to, and fails where that is not there.
func (l *language) prune() error {
	reached, queue := map[string]bool{}, slices.Clone(roots)
	for len(queue) > 0 {
		key := queue[0]
		queue = queue[1:]
		if reached[key] {
			continue
		}
		reached[key] = true
		if l.types[key] == nil {
			return fmt.Errorf("no module has the type %s", key)
		}
		for _, f := range l.types[key].fields {
			if f.ref.kind == "OBJECT" {
				queue = append(queue, f.ref.of)
			}
		}
	}
	for key := range l.types {
		if !reached[key] {
			delete(l.types, key)
		}
	}
	return nil
}
