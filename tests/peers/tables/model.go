// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"sort"
	"strings"
)

// ref is what a field holds.
type ref struct {
	kind  string // of enum glm_spec_kind, without its prefix
	shape string // ONE, LIST, MAP
	of    string // OBJECT: key of the type; ENUM: of the enum
}

func (r ref) String() string { return strings.TrimSpace(r.shape + " " + r.kind + " " + r.of) }

// enum is the list of a field's values.
type enum struct {
	key     string
	values  []string
	numbers bool // protobuf's: a number stands for a name
}

// message is a type as one version of its module has it.
type message struct {
	fields  map[string]ref
	listKey map[string]string
	choices []string
}

// reading is what one version of one API has: types and enums by their key, "core/v1.ServicePort".
type reading struct {
	types map[string]*message
	enums map[string]*enum
}

func newReading() *reading {
	return &reading{map[string]*message{}, map[string]*enum{}}
}

func newMessage() *message {
	return &message{fields: map[string]ref{}, listKey: map[string]string{}}
}

// field is a row of the tables.
type field struct {
	name         string
	ref          ref
	since, until int
	limit        limits
}

type limits struct {
	format          string
	required, whole bool
	ranged          bool
	min, max        int64
	key, note       string
}

type typeRow struct {
	key     string
	fields  []*field
	choices []string
	note    string
}

type language struct {
	types map[string]*typeRow
	enums map[string]*enum
	known map[string]*enum // of Kubernetes, also those that no field has as its type
}

func (t *typeRow) find(name string) []*field {
	var found []*field
	for _, f := range t.fields {
		if f.name == name {
			found = append(found, f)
		}
	}
	return found
}

func (t *typeRow) sort() {
	sort.SliceStable(t.fields, func(i, j int) bool {
		if t.fields[i].name != t.fields[j].name {
			return t.fields[i].name < t.fields[j].name
		}
		return t.fields[i].since < t.fields[j].since
	})
}

// merge joins what several minors have: a field that not all of them have gets since and until, one that is another in
// some of them several rows. Types are whole as soon as one minor has them: nothing leads to them in the others.
func (l *language) merge(minors []int, readings map[int]*reading) error {
	keys := map[string]bool{}
	for _, r := range readings {
		for key := range r.types {
			keys[key] = true
		}
	}
	for _, key := range sortedKeys(keys) {
		var has []int
		for _, minor := range minors {
			if readings[minor].types[key] != nil {
				has = append(has, minor)
			}
		}
		row := &typeRow{key: key}
		open := map[string]*field{}
		for i, minor := range has {
			m := readings[minor].types[key]
			for _, name := range sortedKeys(m.fields) {
				r := m.fields[name]
				if r.kind == "ENUM" {
					e := readings[minor].enums[r.of]
					if e == nil {
						return fmt.Errorf("%s %s: %s has no values", key, name, r.of)
					}
					r.of = l.variant(e)
				}
				f := open[name]
				if f != nil && f.ref == r && f.until == before(has, i) {
					f.until = minor
					continue
				}
				since := minor
				if i == 0 {
					since = 0
				}
				f = &field{name: name, ref: r, since: since, until: minor}
				f.limit.key = m.listKey[name]
				open[name] = f
				row.fields = append(row.fields, f)
			}
			row.choices = m.choices
		}
		for _, f := range row.fields {
			if f.until == has[len(has)-1] {
				f.until = 0
			}
		}
		row.sort()
		l.types[key] = row
	}
	return nil
}

func before(has []int, i int) int {
	if i == 0 {
		return -1
	}
	return has[i-1]
}

// variant gives the key under which an enum with these values is kept: a version with others gets a key of its own.
func (l *language) variant(e *enum) string {
	for n := 1; ; n++ {
		key := e.key
		if n > 1 {
			key = fmt.Sprintf("%s_%d", e.key, n)
		}
		old := l.enums[key]
		if old == nil {
			l.enums[key] = &enum{key, e.values, e.numbers}
			return key
		}
		if strings.Join(old.values, " ") == strings.Join(e.values, " ") {
			return key
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
