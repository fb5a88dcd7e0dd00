// SPDX-License-Identifier: Apache-2.0

// proto holds our proto files against the descriptors of HashiCorp's and Google's own Go modules:
// whatever ours has must be there under the same name with the same number, type, label and value,
// and the messages of every RPC we have must be there whole.
//
//	proto OUR_DESCRIPTOR_SET
package main

import (
	"fmt"
	"os"
	"strings"

	_ "github.com/hashicorp/go-plugin"
	_ "github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	_ "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

var passed, failed int

func check(ok bool, format string, args ...any) bool {
	if ok {
		passed++
	} else {
		failed++
		fmt.Printf("FAIL "+format+"\n", args...)
	}
	return ok
}

// find looks theirs up by full name in what the imported modules registered.
func find[D protoreflect.Descriptor](name protoreflect.FullName) (D, bool) {
	var none D
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if !check(err == nil, "%s: theirs has no such name", name) {
		return none, false
	}
	typed, ok := d.(D)
	return typed, check(ok, "%s: is something else there", name)
}

// typeName is what a field's message or enum is called; StreamStdio's google.protobuf.Empty is our
// plugin.Empty, the same nothing on the wire.
func typeName(f protoreflect.FieldDescriptor) protoreflect.FullName {
	switch {
	case f.Message() != nil:
		return f.Message().FullName()
	case f.Enum() != nil:
		return f.Enum().FullName()
	}
	return ""
}

// hasPresence: a scalar that may be absent. Theirs says `optional`, ours is alone in a oneof.
func hasPresence(f protoreflect.FieldDescriptor) bool {
	return f.Message() == nil && f.HasPresence()
}

func realOneof(f protoreflect.FieldDescriptor) string {
	o := f.ContainingOneof()
	if o == nil || o.IsSynthetic() || o.Fields().Len() == 1 {
		return ""
	}
	return string(o.Name())
}

func compareField(ours, theirs protoreflect.FieldDescriptor) {
	name := ours.FullName()
	check(ours.Number() == theirs.Number(), "%s: number %d, theirs %d", name, ours.Number(), theirs.Number())
	check(ours.Kind() == theirs.Kind(), "%s: kind %s, theirs %s", name, ours.Kind(), theirs.Kind())
	check(ours.Cardinality() == theirs.Cardinality(), "%s: %s, theirs %s", name, ours.Cardinality(), theirs.Cardinality())
	check(ours.IsMap() == theirs.IsMap(), "%s: map %v, theirs %v", name, ours.IsMap(), theirs.IsMap())
	check(ours.IsPacked() == theirs.IsPacked(), "%s: packed %v", name, ours.IsPacked())
	check(typeName(ours) == typeName(theirs), "%s: type %s, theirs %s", name, typeName(ours), typeName(theirs))
	check(hasPresence(ours) == hasPresence(theirs), "%s: presence %v, theirs %v", name, hasPresence(ours), hasPresence(theirs))
	check(realOneof(ours) == realOneof(theirs), "%s: oneof %q, theirs %q", name, realOneof(ours), realOneof(theirs))
}

func compareEnum(ours protoreflect.EnumDescriptor) {
	theirs, ok := find[protoreflect.EnumDescriptor](ours.FullName())
	if !ok {
		return
	}
	check(ours.Values().Len() == theirs.Values().Len(), "%s: %d values, theirs %d", ours.FullName(), ours.Values().Len(), theirs.Values().Len())
	for i := 0; i < ours.Values().Len(); i++ {
		v := ours.Values().Get(i)
		t := theirs.Values().ByName(v.Name())
		check(t != nil && t.Number() == v.Number(), "%s: value %s is not the same", ours.FullName(), v.Name())
	}
}

func compareMessage(ours protoreflect.MessageDescriptor) {
	theirs, ok := find[protoreflect.MessageDescriptor](ours.FullName())
	if !ok {
		return
	}
	for i := 0; i < ours.Fields().Len(); i++ {
		f := ours.Fields().Get(i)
		if t := theirs.Fields().ByName(f.Name()); check(t != nil, "%s: theirs has no such field", f.FullName()) {
			compareField(f, t)
		}
	}
	// Whole: a field that is only there would be dropped in silence.
	for i := 0; i < theirs.Fields().Len(); i++ {
		t := theirs.Fields().Get(i)
		check(ours.Fields().ByNumber(t.Number()) != nil, "%s: ours lacks field %d", t.FullName(), t.Number())
	}
	for i := 0; i < ours.Messages().Len(); i++ {
		compareMessage(ours.Messages().Get(i))
	}
	for i := 0; i < ours.Enums().Len(); i++ {
		compareEnum(ours.Enums().Get(i))
	}
}

func messageName(m protoreflect.MessageDescriptor) string {
	if m.Fields().Len() == 0 && (m.FullName() == "plugin.Empty" || m.FullName() == "google.protobuf.Empty") {
		return "(nothing)"
	}
	return string(m.FullName())
}

func compareService(ours protoreflect.ServiceDescriptor) {
	theirs, ok := find[protoreflect.ServiceDescriptor](ours.FullName())
	if !ok {
		return
	}
	for i := 0; i < ours.Methods().Len(); i++ {
		m := ours.Methods().Get(i)
		t := theirs.Methods().ByName(m.Name())
		if !check(t != nil, "%s: theirs has no such method", m.FullName()) {
			continue
		}
		check(messageName(m.Input()) == messageName(t.Input()), "%s: takes %s, theirs %s", m.FullName(), messageName(m.Input()), messageName(t.Input()))
		check(messageName(m.Output()) == messageName(t.Output()), "%s: gives %s, theirs %s", m.FullName(), messageName(m.Output()), messageName(t.Output()))
		check(m.IsStreamingClient() == t.IsStreamingClient() && m.IsStreamingServer() == t.IsStreamingServer(), "%s: streams otherwise", m.FullName())
	}
}

func compareFile(ours protoreflect.FileDescriptor) {
	before := passed + failed
	for i := 0; i < ours.Messages().Len(); i++ {
		compareMessage(ours.Messages().Get(i))
	}
	for i := 0; i < ours.Enums().Len(); i++ {
		compareEnum(ours.Enums().Get(i))
	}
	for i := 0; i < ours.Services().Len(); i++ {
		compareService(ours.Services().Get(i))
	}
	fmt.Printf("%s: %d checks\n", ours.Path(), passed+failed-before)
}

func load(path string) (*protoregistry.Files, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	set := &descriptorpb.FileDescriptorSet{}
	if err := proto.Unmarshal(bytes, set); err != nil {
		return nil, err
	}
	return protodesc.NewFiles(set)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: proto OUR_DESCRIPTOR_SET")
		os.Exit(2)
	}
	files, err := load(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, strings.TrimSpace(err.Error()))
		os.Exit(2)
	}
	files.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		compareFile(f)
		return true
	})
	check(files.NumFiles() >= 5, "only %d files were compared", files.NumFiles())
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
