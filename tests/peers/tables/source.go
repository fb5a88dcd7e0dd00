// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// source is a Go package, parsed and not compiled.
type source struct {
	name    string // how keys call it: "core/v1"
	structs map[string]*ast.StructType
	named   map[string]ast.Expr // types that are no structs
	imports map[string]map[string]string
	docs    map[string]string   // of types
	consts  map[string][]string // values of the string constants of a type
	numbers map[string][]string // names of the values of an enum of protobuf
	oneofs  map[string][]string // interface of a oneof -> the structs behind it
	file    map[string]string   // of a type
}

func parse(name, directory string, match func(string) bool) (*source, error) {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	s := &source{name: name, structs: map[string]*ast.StructType{}, named: map[string]ast.Expr{},
		imports: map[string]map[string]string{}, docs: map[string]string{}, consts: map[string][]string{},
		numbers: map[string][]string{}, oneofs: map[string][]string{}, file: map[string]string{}}
	set := token.NewFileSet()
	for _, entry := range entries {
		if !match(entry.Name()) {
			continue
		}
		path := filepath.Join(directory, entry.Name())
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.add(path, file)
	}
	if len(s.file) == 0 {
		return nil, fmt.Errorf("%s: no types in it", directory)
	}
	return s, nil
}

func (s *source) add(path string, file *ast.File) {
	s.imports[path] = map[string]string{}
	for _, spec := range file.Imports {
		target, _ := strconv.Unquote(spec.Path.Value)
		name := target[strings.LastIndex(target, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		s.imports[path][name] = target
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			s.addMethod(d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch one := spec.(type) {
				case *ast.TypeSpec:
					doc := one.Doc
					if doc == nil {
						doc = d.Doc
					}
					s.addType(path, one, doc)
				case *ast.ValueSpec:
					s.addValue(one)
				}
			}
		}
	}
}

func (s *source) addType(path string, spec *ast.TypeSpec, doc *ast.CommentGroup) {
	name := spec.Name.Name
	s.file[name], s.docs[name] = path, comment(doc)
	if body, ok := spec.Type.(*ast.StructType); ok {
		s.structs[name] = body
	} else {
		s.named[name] = spec.Type
	}
}

// addMethod notes `func (*X) isY() {}`: X is one of the oneof Y.
func (s *source) addMethod(d *ast.FuncDecl) {
	if d.Recv == nil || !strings.HasPrefix(d.Name.Name, "is") || len(d.Recv.List) != 1 {
		return
	}
	if star, ok := d.Recv.List[0].Type.(*ast.StarExpr); ok {
		if name, ok := star.X.(*ast.Ident); ok {
			s.oneofs[d.Name.Name] = append(s.oneofs[d.Name.Name], name.Name)
		}
	}
}

// addValue notes `A T = "text"` and `T_name = map[int32]string{...}`.
func (s *source) addValue(spec *ast.ValueSpec) {
	if of, ok := spec.Type.(*ast.Ident); ok && len(spec.Values) == 1 {
		if value, ok := spec.Values[0].(*ast.BasicLit); ok && value.Kind == token.STRING {
			text, _ := strconv.Unquote(value.Value)
			s.consts[of.Name] = append(s.consts[of.Name], text)
		}
	}
	// `A = T("text")`.
	if len(spec.Values) == 1 {
		if call, ok := spec.Values[0].(*ast.CallExpr); ok && len(call.Args) == 1 {
			of, named := call.Fun.(*ast.Ident)
			value, text := call.Args[0].(*ast.BasicLit)
			if named && text && value.Kind == token.STRING {
				unquoted, _ := strconv.Unquote(value.Value)
				s.consts[of.Name] = append(s.consts[of.Name], unquoted)
			}
		}
	}
	if len(spec.Names) != 1 || len(spec.Values) != 1 || !strings.HasSuffix(spec.Names[0].Name, "_name") {
		return
	}
	if list, ok := spec.Values[0].(*ast.CompositeLit); ok {
		name := strings.TrimSuffix(spec.Names[0].Name, "_name")
		for _, element := range list.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if value, ok := pair.Value.(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(value.Value)
					s.numbers[name] = append(s.numbers[name], text)
				}
			}
		}
	}
}

func comment(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	var text strings.Builder
	for _, line := range group.List {
		text.WriteString(strings.TrimSpace(strings.TrimPrefix(line.Text, "//")) + "\n")
	}
	return text.String()
}

// marker gives the values of `+name=VALUE` lines, "" for a `+name` alone.
func marker(doc, name string) []string {
	var found []string
	for _, line := range strings.Split(doc, "\n") {
		if line == "+"+name {
			found = append(found, "")
		} else if value, ok := strings.CutPrefix(line, "+"+name+"="); ok {
			found = append(found, strings.Trim(value, `"`))
		}
	}
	return found
}

func tagOf(f *ast.Field) reflect.StructTag {
	if f.Tag == nil {
		return ""
	}
	text, _ := strconv.Unquote(f.Tag.Value)
	return reflect.StructTag(text)
}
