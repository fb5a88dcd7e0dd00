// SPDX-License-Identifier: Apache-2.0

// The peer of the msgpack codec: Terraform's own value library.
//
//	cty generate SEED COUNT   prints lines "TYPE-JSON<tab>HEX": random values of random types
//	cty verify FILE           compares the lines of stdin, "HEX", with those of FILE: both have
//	                          to decode to the same value
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

type generator struct{ *rand.Rand }

func (g generator) name() string {
	names := []string{"a", "b", "name", "clusters", "größe", "1-24", "x y", "", "Ω", "zz"}
	return names[g.Intn(len(names))]
}

func (g generator) text() string {
	switch g.Intn(6) {
	case 0:
		return ""
	case 1:
		return strings.Repeat("long ", 1<<g.Intn(14))
	case 2:
		return "line\nline\n\ttab \"quoted\" \\ \x01 control"
	case 3:
		return "日本語 🚀 \u00a0"
	default:
		return "text" + strconv.Itoa(g.Intn(1000))
	}
}

func (g generator) number() cty.Value {
	switch g.Intn(9) {
	case 0:
		return cty.NumberIntVal(g.Int63() - g.Int63())
	case 1:
		return cty.NumberUIntVal(g.Uint64())
	case 2:
		return cty.NumberFloatVal(g.NormFloat64())
	case 3:
		return cty.MustParseNumberVal("123456789012345678901234567890")
	case 4:
		return cty.MustParseNumberVal("-0.1")
	case 5:
		return cty.MustParseNumberVal("3.14159265358979323846264338327950288419716939937510")
	case 6:
		edges := []string{"0", "1", "-1", "127", "128", "-128", "-129", "255", "256", "32767",
			"-32769", "65536", "2147483648", "4294967296", "9223372036854775807",
			"9223372036854775808", "-9223372036854775808", "-9223372036854775809",
			"18446744073709551615", "18446744073709551616", "1e300", "1e-300", "5e-324"}
		return cty.MustParseNumberVal(edges[g.Intn(len(edges))])
	case 7:
		return cty.NumberVal(new(big.Float).SetMantExp(big.NewFloat(g.Float64()), g.Intn(400)-200))
	default:
		return cty.NumberIntVal(int64(g.Intn(70000)) - 35000)
	}
}

// typeOf: dynamic says whether a dynamic may be in it; within collections it may not.
func (g generator) typeOf(depth int, dynamic bool) cty.Type {
	n := 9
	if depth <= 0 {
		n = 3
	}
	switch k := g.Intn(n); k {
	case 0:
		return cty.Bool
	case 1:
		return cty.Number
	case 2:
		return cty.String
	case 3:
		return cty.List(g.typeOf(depth-1, false))
	case 4:
		return cty.Set(g.typeOf(depth-1, false))
	case 5:
		return cty.Map(g.typeOf(depth-1, false))
	case 6:
		types := make([]cty.Type, g.Intn(4))
		for i := range types {
			types[i] = g.typeOf(depth-1, dynamic)
		}
		return cty.Tuple(types)
	case 7:
		if dynamic {
			return cty.DynamicPseudoType
		}
		fallthrough
	default:
		types := map[string]cty.Type{}
		for i := g.Intn(20); i > 0; i-- {
			types[g.name()] = g.typeOf(depth-1, dynamic)
		}
		return cty.Object(types)
	}
}

func (g generator) unknown(t cty.Type) cty.Value {
	v := cty.UnknownVal(t)
	if t == cty.DynamicPseudoType || g.Intn(3) == 0 {
		return v
	}
	r := v.Refine()
	if g.Intn(2) == 0 {
		r = r.NotNull()
	}
	switch {
	case t == cty.String && g.Intn(2) == 0:
		r = r.StringPrefixFull("prefix-" + strings.Repeat("x", g.Intn(300)))
	case t == cty.Number && g.Intn(2) == 0:
		r = r.NumberRangeLowerBound(cty.NumberIntVal(int64(g.Intn(9))), g.Intn(2) == 0)
		r = r.NumberRangeUpperBound(cty.MustParseNumberVal("12345678901234567890.5"), true)
	case t.IsCollectionType() && g.Intn(2) == 0:
		r = r.CollectionLengthLowerBound(2).CollectionLengthUpperBound(2 + g.Intn(300))
	}
	return r.NewValue()
}

// literal makes a value whose type is what its form says, which is all that a dynamic keeps.
func (g generator) literal(depth int) cty.Value {
	n := 7
	if depth <= 0 {
		n = 5
	}
	switch g.Intn(n) {
	case 0:
		return cty.BoolVal(g.Intn(2) == 0)
	case 1:
		return g.number()
	case 2:
		return cty.StringVal(g.text())
	case 3:
		return cty.NullVal(cty.DynamicPseudoType)
	case 4:
		return cty.DynamicVal
	case 5:
		values := make([]cty.Value, g.Intn(4))
		for i := range values {
			values[i] = g.literal(depth - 1)
		}
		return cty.TupleVal(values)
	default:
		values := map[string]cty.Value{}
		for i := g.Intn(4); i > 0; i-- {
			values[g.name()] = g.literal(depth - 1)
		}
		return cty.ObjectVal(values)
	}
}

func (g generator) elements(t cty.Type, depth int) []cty.Value {
	count := g.Intn(4)
	if g.Intn(40) == 0 {
		count = 20
	}
	values := make([]cty.Value, count)
	for i := range values {
		values[i] = g.value(t, depth-1)
	}
	return values
}

func (g generator) value(t cty.Type, depth int) cty.Value {
	switch g.Intn(10) {
	case 0:
		return cty.NullVal(t)
	case 1:
		return g.unknown(t)
	}
	switch {
	case t == cty.DynamicPseudoType:
		return g.literal(depth)
	case t == cty.Bool:
		return cty.BoolVal(g.Intn(2) == 0)
	case t == cty.Number:
		return g.number()
	case t == cty.String:
		return cty.StringVal(g.text())
	case t.IsListType():
		if values := g.elements(t.ElementType(), depth); len(values) > 0 {
			return cty.ListVal(values)
		}
		return cty.ListValEmpty(t.ElementType())
	case t.IsSetType():
		if values := g.elements(t.ElementType(), depth); len(values) > 0 {
			return cty.SetVal(values)
		}
		return cty.SetValEmpty(t.ElementType())
	case t.IsMapType():
		values := map[string]cty.Value{}
		for _, v := range g.elements(t.ElementType(), depth) {
			values[g.name()] = v
		}
		if len(values) > 0 {
			return cty.MapVal(values)
		}
		return cty.MapValEmpty(t.ElementType())
	case t.IsTupleType():
		values := []cty.Value{}
		for _, et := range t.TupleElementTypes() {
			values = append(values, g.value(et, depth-1))
		}
		return cty.TupleVal(values)
	default:
		values := map[string]cty.Value{}
		for name, at := range t.AttributeTypes() {
			values[name] = g.value(at, depth-1)
		}
		return cty.ObjectVal(values)
	}
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func generate(seed int64, count int) {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	g := generator{rand.New(rand.NewSource(seed))}
	for i := 0; i < count; i++ {
		t := g.typeOf(4, true)
		bytes, err := msgpack.Marshal(g.value(t, 5), t)
		fatal(err)
		typeJSON, err := ctyjson.MarshalType(t)
		fatal(err)
		fmt.Fprintf(out, "%s\t%x\n", typeJSON, bytes)
	}
}

// difference says why the two encodings are not the same value, or "".
func difference(typeJSON, before, after string) string {
	t, err := ctyjson.UnmarshalType([]byte(typeJSON))
	fatal(err)
	first, err := hex.DecodeString(before)
	fatal(err)
	second, err := hex.DecodeString(after)
	if err != nil {
		return "refused: " + after
	}
	want, err := msgpack.Unmarshal(first, t)
	fatal(err)
	got, err := msgpack.Unmarshal(second, t)
	if err != nil {
		return "cannot be decoded: " + err.Error()
	}
	if !got.RawEquals(want) {
		return fmt.Sprintf("got %#v\nwant %#v", got, want)
	}
	return ""
}

func verify(path string) {
	file, err := os.Open(path)
	fatal(err)
	sent, got := bufio.NewScanner(file), bufio.NewScanner(os.Stdin)
	sent.Buffer(nil, 1<<28)
	got.Buffer(nil, 1<<28)
	passed, failed := 0, 0
	for sent.Scan() {
		typeJSON, before, _ := strings.Cut(sent.Text(), "\t")
		why := "no answer"
		if got.Scan() {
			why = difference(typeJSON, before, got.Text())
		}
		if why == "" {
			passed++
			continue
		}
		failed++
		if failed < 10 {
			fmt.Printf("%s %s\n%s\n", typeJSON, before, why)
		}
	}
	fmt.Printf("%d %d\n", passed, failed)
}

func main() {
	switch {
	case len(os.Args) == 4 && os.Args[1] == "generate":
		seed, err := strconv.ParseInt(os.Args[2], 10, 64)
		fatal(err)
		count, err := strconv.Atoi(os.Args[3])
		fatal(err)
		generate(seed, count)
	case len(os.Args) == 3 && os.Args[1] == "verify":
		verify(os.Args[2])
	default:
		fatal(fmt.Errorf("usage: cty generate SEED COUNT | cty verify FILE"))
	}
}
