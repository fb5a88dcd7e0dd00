// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
)

// subject is a file of tables.
type subject struct {
	name, what string
	packages   []string
	decoder    string
	soft       bool
}

var subjects = []subject{
	{"operator", "the spec of IstioOperator as operator.proto has it, until Istio 1.23", []string{"operator"}, "PROTO", false},
	{"installer", "the spec of IstioOperator as istioctl has it, since Istio 1.24", []string{"installer"}, "GO", false},
	{"kubernetes", "Kubernetes' own types", nil, "GO", false},
	{"values", "values of Istio's charts", []string{"values"}, "VALUES", true},
	{"mesh", "the mesh configuration", []string{"mesh", "networking", "networking/v1beta1"}, "LENIENT", true},
}

func packageOf(key string) string { return key[:strings.LastIndex(key, ".")] }

func subjectOf(key string) *subject {
	kubernetes := 0
	for i := range subjects {
		for _, name := range subjects[i].packages {
			if name == packageOf(key) {
				return &subjects[i]
			}
		}
		if subjects[i].packages == nil {
			kubernetes = i
		}
	}
	return &subjects[kubernetes]
}

// constant is the C name of a type or enum: T_core_ServicePort.
func constant(prefix, key string) string {
	name := strings.Split(packageOf(key), "/")[0]
	return prefix + name + "_" + key[strings.LastIndex(key, ".")+1:]
}

// display is the name in messages: protobuf's nested messages have dots.
func display(key string) string {
	return strings.ReplaceAll(key[strings.LastIndex(key, ".")+1:], "_", ".")
}

type writer struct {
	l      *language
	types  []string // keys in the order of the table
	enums  []string
	limits map[string]limits // by their C names
}

func write(l *language) (map[string][]byte, error) {
	w := &writer{l: l, limits: map[string]limits{}}
	for i := range subjects {
		var keys []string
		for key := range l.types {
			if subjectOf(key) == &subjects[i] {
				keys = append(keys, key)
			}
		}
		sort.Strings(keys)
		w.types = append(w.types, keys...)
	}
	used := map[string]bool{}
	for _, t := range l.types {
		for _, f := range t.fields {
			if f.ref.kind == "ENUM" {
				used[f.ref.of] = true
			}
		}
	}
	w.enums = sortedKeys(used)
	files := map[string][]byte{}
	for i := range subjects {
		files["table_"+subjects[i].name+".c"] = w.fields(&subjects[i])
	}
	files["table_types.c"] = w.typeTable()
	files["table_enums.c"] = w.enumTable()
	files["table_limits.c"] = w.limitTable()
	files["table.h"] = w.header()
	return files, nil
}

func head(b *bytes.Buffer, what string) {
	fmt.Fprintf(b, `/* SPDX-License-Identifier: Apache-2.0
 *
 * Written by `+"`make tables`"+` (tests/peers/tables): %s.
 */
/* clang-format off */
`, what)
}

func (w *writer) header() []byte {
	var b bytes.Buffer
	head(&b, "names for what the tables refer to")
	b.WriteString("#ifndef GLM_SPEC_TABLE_H\n#define GLM_SPEC_TABLE_H\n\n#include \"glm/spec.h\"\n\n")
	b.WriteString(`/* name, kind, shape; FIELD_OF: and the type or enum; then limit, since, until */
#define FIELD(n, k, s, l, from, to) FIELD_OF(n, k, s, 0, l, from, to)
#define FIELD_OF(n, k, s, i, l, from, to) {(n), (i), (l), (from), (to), GLM_SPEC_##k, GLM_SPEC_##s}

`)
	for i := range subjects {
		fmt.Fprintf(&b, "extern const struct glm_spec_field spec_%s_fields[];\n", subjects[i].name)
	}
	b.WriteString("\nenum glm_spec_type_index {\n")
	for _, key := range w.types {
		fmt.Fprintf(&b, "    %s,\n", constant("T_", key))
	}
	b.WriteString("    T_COUNT\n};\n\nenum glm_spec_enum_index {\n")
	for _, key := range w.enums {
		fmt.Fprintf(&b, "    %s,\n", constant("E_", key))
	}
	b.WriteString("    E_COUNT\n};\n\nenum glm_spec_limit_index {\n    L_NONE,\n")
	for _, name := range sortedKeys(w.limits) {
		fmt.Fprintf(&b, "    %s,\n", name)
	}
	b.WriteString("    L_COUNT\n};\n\n#endif\n")
	return b.Bytes()
}

func (w *writer) fields(s *subject) []byte {
	var b bytes.Buffer
	head(&b, s.what)
	fmt.Fprintf(&b, "#include \"table.h\"\n\nconst struct glm_spec_field spec_%s_fields[] = {\n", s.name)
	for _, key := range w.types {
		if subjectOf(key) != s {
			continue
		}
		fmt.Fprintf(&b, "    /* ---- %s ---- */\n", display(key))
		for _, f := range w.l.types[key].fields {
			of := ""
			switch f.ref.kind {
			case "OBJECT":
				of = constant("T_", f.ref.of)
			case "ENUM":
				of = constant("E_", f.ref.of)
			}
			limit := w.limit(f.limit)
			if of == "" {
				fmt.Fprintf(&b, "    FIELD(%q, %s, %s, %s, %d, %d),\n", f.name, f.ref.kind, f.ref.shape, limit, f.since, f.until)
			} else {
				fmt.Fprintf(&b, "    FIELD_OF(%q, %s, %s, %s, %s, %d, %d),\n", f.name, f.ref.kind, f.ref.shape, of, limit, f.since, f.until)
			}
		}
	}
	b.WriteString("};\n")
	return b.Bytes()
}

// limit is the C name of a limit, which says what it is: L_required_range_1_65535.
func (w *writer) limit(x limits) string {
	if x == (limits{}) {
		return "0"
	}
	words := []string{"L"}
	if x.required {
		words = append(words, "required")
	}
	if x.whole {
		words = append(words, "whole")
	}
	if x.format != "" {
		words = append(words, strings.ToLower(x.format))
	}
	if x.min != 0 || x.max != 0 {
		words = append(words, fmt.Sprint(x.min), fmt.Sprint(x.max))
	}
	if x.key != "" {
		words = append(words, "by", strings.NewReplacer(",", "_", ";", "_or_", "=", "_is_").Replace(x.key))
	}
	name := strings.Join(words, "_")
	for n := 2; x.note != "" && w.limits[name] != (limits{}) && w.limits[name] != x; n++ {
		name = fmt.Sprintf("%s_%d", strings.Join(words, "_"), n)
	}
	w.limits[name] = x
	return name
}

func (w *writer) limitTable() []byte {
	var b bytes.Buffer
	head(&b, "what is allowed beyond the types")
	b.WriteString("#include \"table.h\"\n\nconst struct glm_spec_limit glm_spec_limits[] = {\n    {.format = GLM_SPEC_NO_FORMAT},\n")
	for _, name := range sortedKeys(w.limits) {
		x := w.limits[name]
		format := x.format
		if format == "" {
			format = "NO_FORMAT"
		}
		fmt.Fprintf(&b, "    [%s] = {.format = GLM_SPEC_%s", name, format)
		if x.required {
			b.WriteString(", .required = true")
		}
		if x.whole {
			b.WriteString(", .whole = true")
		}
		if x.min != 0 {
			fmt.Fprintf(&b, ", .min = %s", number(x.min))
		}
		if x.max != 0 {
			fmt.Fprintf(&b, ", .max = %s", number(x.max))
		}
		if x.key != "" {
			fmt.Fprintf(&b, ", .list_key = %q", x.key)
		}
		if x.note != "" {
			fmt.Fprintf(&b, ",\n        .note = %q", x.note)
		}
		b.WriteString("},\n")
	}
	b.WriteString("};\n")
	return b.Bytes()
}

func number(n int64) string {
	if n > 1<<31-1 || n < -(1<<31) {
		return fmt.Sprintf("INT64_C(%d)", n)
	}
	return fmt.Sprint(n)
}

func (w *writer) enumTable() []byte {
	var b bytes.Buffer
	head(&b, "the values of fields that are one of a list")
	b.WriteString("#include \"table.h\"\n\n")
	for _, key := range w.enums {
		fmt.Fprintf(&b, "static const char *const %s[] = {", constant("values_", key))
		for _, value := range w.l.enums[key].values {
			fmt.Fprintf(&b, "%q, ", value)
		}
		b.WriteString("NULL};\n")
	}
	b.WriteString("\nconst struct glm_spec_enum glm_spec_enums[] = {\n")
	for _, key := range w.enums {
		name, _, _ := strings.Cut(display(key), ".2") // a variant for other minors
		fmt.Fprintf(&b, "    {%q, %s, %v},\n", name, constant("values_", key), w.l.enums[key].numbers)
	}
	b.WriteString("};\n")
	return b.Bytes()
}

func (w *writer) typeTable() []byte {
	var b bytes.Buffer
	head(&b, "all types of the input language")
	b.WriteString("#include \"table.h\"\n\n")
	for _, key := range w.types {
		if choices := w.l.types[key].choices; len(choices) > 0 {
			fmt.Fprintf(&b, "static const char *const %s[] = {", constant("choices_", key))
			for _, choice := range choices {
				fmt.Fprintf(&b, "%q, ", choice)
			}
			b.WriteString("NULL};\n")
		}
	}
	b.WriteString("\n/* name, fields, count, decoder, soft, choices, note */\nconst struct glm_spec_type glm_spec_types[] = {\n")
	first := map[*subject]int{}
	for _, key := range w.types {
		s, t := subjectOf(key), w.l.types[key]
		choices, note := "NULL", "NULL"
		if len(t.choices) > 0 {
			choices = constant("choices_", key)
		}
		if t.note != "" {
			note = fmt.Sprintf("%q", t.note)
		}
		fmt.Fprintf(&b, "    {%q, spec_%s_fields + %d, %d, GLM_SPEC_%s, %v, %s, %s},\n", display(key), s.name, first[s],
			len(t.fields), s.decoder, s.soft, choices, note)
		first[s] += len(t.fields)
	}
	b.WriteString("};\nconst size_t glm_spec_type_count = T_COUNT;\n")
	return b.Bytes()
}
