// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"path/filepath"
	"strings"
)

// The packages of Kubernetes' types that gateways and their objects reach.
var kubernetesPackages = []string{
	"k8s.io/api/core/v1", "k8s.io/api/apps/v1", "k8s.io/api/autoscaling/v2", "k8s.io/api/policy/v1",
	"k8s.io/api/rbac/v1", "k8s.io/api/networking/v1", "k8s.io/apimachinery/pkg/apis/meta/v1",
}

// Types that are not decoded as they are declared.
var special = map[string]string{
	"meta/v1.Time": "TIME", "meta/v1.MicroTime": "TIME", "meta/v1.FieldsV1": "FREE",
	"resource.Quantity": "QUANTITY", "util/intstr.IntOrString": "INT_OR_STRING", "pkg/types.UID": "STRING",
	"pkg/runtime.RawExtension": "FREE", "encoding/json.RawMessage": "FREE",
}

func shortPackage(path string) string {
	parts := strings.Split(path, "/")
	if parts[len(parts)-1] == "resource" {
		return "resource"
	}
	if len(parts) < 2 {
		return path
	}
	return strings.Join(parts[len(parts)-2:], "/")
}

func kubernetesKey(path, name string) string {
	if !strings.HasPrefix(path, "k8s.io/") && path != "encoding/json" {
		return ""
	}
	return shortPackage(path) + "." + name
}

func kubernetesRef(key string) ref {
	if kind := special[key]; kind != "" {
		return ref{kind: kind}
	}
	return ref{kind: "OBJECT", of: key}
}

// goTypes reads structs as Go's own JSON decoder sees them.
type goTypes struct {
	out      *reading
	packages map[string]*source // import path -> source
}

func readKubernetes(m modules, minor int) (*goTypes, error) {
	g := &goTypes{newReading(), map[string]*source{}}
	for _, path := range kubernetesPackages {
		module := strings.Join(strings.Split(path, "/")[:2], "/")
		directory := filepath.Join(m.of(module, minor), strings.TrimPrefix(path, module))
		s, err := parse(shortPackage(path), directory, func(name string) bool { return name == "types.go" })
		if err != nil {
			return nil, err
		}
		g.packages[path] = s
	}
	for _, path := range kubernetesPackages {
		if err := g.read(path); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *goTypes) read(path string) error {
	s := g.packages[path]
	for _, name := range sortedKeys(s.structs) {
		m := newMessage()
		if err := g.fields(s, name, m); err != nil {
			return fmt.Errorf("%s.%s: %v", s.name, name, err)
		}
		g.out.types[s.name+"."+name] = m
	}
	for name, values := range s.consts {
		key := s.name + "." + name
		g.out.enums[key] = &enum{key, values, false}
	}
	return nil
}

func (g *goTypes) fields(s *source, name string, m *message) error {
	for _, f := range s.structs[name].Fields.List {
		json, options, _ := strings.Cut(tagOf(f).Get("json"), ",")
		if json == "-" || (len(f.Names) == 1 && !f.Names[0].IsExported()) {
			continue
		}
		if json == "" && (len(f.Names) == 0 || strings.Contains(options, "inline")) {
			if err := g.inline(s, s.file[name], f.Type, m); err != nil {
				return err
			}
			continue
		}
		if json == "" {
			return fmt.Errorf("%v has no name in JSON", f.Names)
		}
		r, err := g.ref(s, s.file[name], f.Type)
		if err != nil {
			return fmt.Errorf("%s: %v", json, err)
		}
		m.fields[json] = r
		m.listKey[json] = g.listKey(s, s.file[name], f)
	}
	return nil
}

func (g *goTypes) inline(s *source, file string, e ast.Expr, m *message) error {
	switch t := e.(type) {
	case *ast.StarExpr:
		return g.inline(s, file, t.X, m)
	case *ast.Ident:
		return g.fields(s, t.Name, m)
	case *ast.SelectorExpr:
		path := s.imports[file][t.X.(*ast.Ident).Name]
		if g.packages[path] == nil {
			return fmt.Errorf("%s is not read", path)
		}
		return g.fields(g.packages[path], t.Sel.Name, m)
	}
	return fmt.Errorf("an embedded %T", e)
}

// listKey reads the markers: `+listMapKey=port`, and what the key is when it is absent: "port,protocol=TCP".
func (g *goTypes) listKey(s *source, file string, f *ast.Field) string {
	keys := marker(comment(f.Doc), "listMapKey")
	array, ok := f.Type.(*ast.ArrayType)
	if !ok || len(keys) == 0 {
		return ""
	}
	element, ok := array.Elt.(*ast.Ident)
	if !ok {
		return strings.Join(keys, ",")
	}
	for i, key := range keys {
		for _, f := range s.structs[element.Name].Fields.List {
			json, _, _ := strings.Cut(tagOf(f).Get("json"), ",")
			if value := marker(comment(f.Doc), "default"); json == key && len(value) == 1 {
				keys[i] = key + "=" + value[0]
			}
		}
	}
	return strings.Join(keys, ",")
}

func (g *goTypes) ref(s *source, file string, e ast.Expr) (ref, error) {
	r, err := g.bare(s, file, e)
	if r.shape == "" {
		r.shape = "ONE"
	}
	return r, err
}

func (g *goTypes) bare(s *source, file string, e ast.Expr) (ref, error) {
	switch t := e.(type) {
	case *ast.StarExpr:
		return g.bare(s, file, t.X)
	case *ast.ArrayType:
		if name, ok := t.Elt.(*ast.Ident); ok && (name.Name == "byte" || name.Name == "uint8") {
			return ref{kind: "BYTES"}, nil
		}
		return g.many(s, file, t.Elt, "LIST")
	case *ast.MapType:
		return g.many(s, file, t.Value, "MAP")
	case *ast.InterfaceType:
		return ref{kind: "ANY"}, nil
	case *ast.Ident:
		if t.Name == "any" {
			return ref{kind: "ANY"}, nil
		}
		return g.named(s, t.Name)
	case *ast.SelectorExpr:
		path := s.imports[file][t.X.(*ast.Ident).Name]
		if other := g.packages[path]; other != nil {
			return g.named(other, t.Sel.Name)
		}
		key := kubernetesKey(path, t.Sel.Name)
		if special[key] == "" {
			return ref{}, fmt.Errorf("%s.%s is of a package that is not read", path, t.Sel.Name)
		}
		return kubernetesRef(key), nil
	}
	return ref{}, fmt.Errorf("a type this program does not know: %T", e)
}

func (g *goTypes) many(s *source, file string, e ast.Expr, shape string) (ref, error) {
	r, err := g.bare(s, file, e)
	if r.shape != "" {
		// Lists in maps and the like are in no part that matters.
		return ref{kind: "ANY", shape: shape}, err
	}
	r.shape = shape
	return r, err
}

func (g *goTypes) named(s *source, name string) (ref, error) {
	key := s.name + "." + name
	switch {
	case basic[name] != "":
		return ref{kind: basic[name]}, nil
	case special[key] != "":
		return ref{kind: special[key]}, nil
	case s.structs[name] != nil:
		return ref{kind: "OBJECT", of: key}, nil
	case s.named[name] == nil:
		return ref{}, fmt.Errorf("%s is not in its package", name)
	}
	if len(marker(s.docs[name], "enum")) > 0 {
		return ref{kind: "ENUM", of: key}, nil
	}
	return g.bare(s, s.file[name], s.named[name])
}
