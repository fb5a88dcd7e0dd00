// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"strings"
)

// What the well-known types of protobuf are as JSON.
var wellKnown = map[string]ref{
	"wrappers.BoolValue": {kind: "BOOL"}, "wrappers.StringValue": {kind: "STRING"},
	"wrappers.Int32Value": {kind: "INT32"}, "wrappers.UInt32Value": {kind: "UINT32"},
	"wrappers.Int64Value": {kind: "INT64"}, "wrappers.UInt64Value": {kind: "UINT64"},
	"wrappers.DoubleValue": {kind: "DOUBLE"}, "wrappers.FloatValue": {kind: "DOUBLE"},
	"wrappers.BytesValue": {kind: "BYTES"}, "duration.Duration": {kind: "DURATION"},
	"timestamp.Timestamp": {kind: "TIME"}, "struct.Struct": {kind: "FREE"}, "struct.Value": {kind: "ANY"},
	"any.Any": {kind: "FREE"},
}

var basic = map[string]string{"string": "STRING", "bool": "BOOL", "int32": "INT32", "uint32": "UINT32",
	"int64": "INT64", "uint64": "UINT64", "float32": "DOUBLE", "float64": "DOUBLE", "int": "INT64"}

// protos reads the messages of generated code: their names are in the tags of the fields.
type protos struct {
	out      *reading
	packages map[string]*source // import path -> source
	original bool               // names as the proto file has them: what charts read
}

func (p *protos) read(path string) error {
	s := p.packages[path]
	for _, name := range sortedKeys(s.structs) {
		if err := p.message(s, name); err != nil {
			return fmt.Errorf("%s.%s: %v", s.name, name, err)
		}
	}
	for name, values := range s.numbers {
		key := s.name + "." + name
		p.out.enums[key] = &enum{key, values, true}
	}
	return nil
}

func (p *protos) message(s *source, name string) error {
	m := newMessage()
	for _, f := range s.structs[name].Fields.List {
		tag := tagOf(f)
		if oneof := tag.Get("protobuf_oneof"); oneof != "" {
			if err := p.oneof(s, name, f, m); err != nil {
				return err
			}
		} else if tag.Get("protobuf") != "" {
			if err := p.field(s, name, f, m); err != nil {
				return err
			}
		}
	}
	p.out.types[s.name+"."+name] = m
	return nil
}

// oneof adds the fields of a oneof, and that they exclude each other.
func (p *protos) oneof(s *source, name string, f *ast.Field, m *message) error {
	inside, choice := newMessage(), f.Type.(*ast.Ident).Name
	for _, wrapper := range s.oneofs[choice] {
		for _, f := range s.structs[wrapper].Fields.List {
			if err := p.field(s, name, f, inside); err != nil {
				return err
			}
		}
	}
	for name, r := range inside.fields {
		m.fields[name] = r
	}
	if len(inside.fields) > 1 {
		m.choices = append(m.choices, strings.Join(sortedKeys(inside.fields), ","))
	}
	return nil
}

func (p *protos) field(s *source, owner string, f *ast.Field, m *message) error {
	name, json := "", ""
	for _, part := range strings.Split(tagOf(f).Get("protobuf"), ",") {
		if value, ok := strings.CutPrefix(part, "name="); ok {
			name = value
		} else if value, ok := strings.CutPrefix(part, "json="); ok {
			json = value
		}
	}
	if json != "" && (!p.original || json != camel(name)) {
		name = json
	}
	r, err := p.ref(s, s.file[owner], f.Type)
	if err != nil {
		return fmt.Errorf("%s: %v", name, err)
	}
	if r.shape == "" {
		r.shape = "ONE"
	}
	m.fields[name] = r
	return nil
}

func camel(name string) string {
	parts := strings.Split(name, "_")
	for i := 1; i < len(parts); i++ {
		if parts[i] != "" {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
	}
	return strings.Join(parts, "")
}

func (p *protos) ref(s *source, file string, e ast.Expr) (ref, error) {
	switch t := e.(type) {
	case *ast.StarExpr:
		return p.ref(s, file, t.X)
	case *ast.ArrayType:
		if name, ok := t.Elt.(*ast.Ident); ok && name.Name == "byte" {
			return ref{kind: "BYTES"}, nil
		}
		r, err := p.ref(s, file, t.Elt)
		r.shape = "LIST"
		return r, err
	case *ast.MapType:
		r, err := p.ref(s, file, t.Value)
		r.shape = "MAP"
		return r, err
	case *ast.Ident:
		return p.named(s, t.Name)
	case *ast.SelectorExpr:
		return p.foreign(s.imports[file][t.X.(*ast.Ident).Name], t.Sel.Name)
	}
	return ref{}, fmt.Errorf("a type this program does not know: %T", e)
}

func (p *protos) named(s *source, name string) (ref, error) {
	switch {
	case basic[name] != "":
		return ref{kind: basic[name]}, nil
	case name == "IntOrString":
		return ref{kind: "INT_OR_STRING"}, nil
	case s.numbers[name] != nil:
		return ref{kind: "ENUM", of: s.name + "." + name}, nil
	case s.structs[name] != nil:
		return ref{kind: "OBJECT", of: s.name + "." + name}, nil
	}
	return ref{}, fmt.Errorf("%s is not in its package", name)
}

func (p *protos) foreign(path, name string) (ref, error) {
	last := strings.TrimSuffix(path[strings.LastIndex(path, "/")+1:], "pb")
	if last == "wrapper" {
		last = "wrappers"
	}
	if r, ok := wellKnown[last+"."+name]; ok {
		return r, nil
	}
	if s := p.packages[path]; s != nil {
		return p.named(s, name)
	}
	if key := kubernetesKey(path, name); key != "" {
		return kubernetesRef(key), nil
	}
	return ref{}, fmt.Errorf("%s.%s is of a package that is not read", path, name)
}
