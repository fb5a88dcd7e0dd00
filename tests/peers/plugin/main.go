// SPDX-License-Identifier: Apache-2.0

// plugin drives the provider as Terraform does: through HashiCorp's go-plugin client, with its mutual
// TLS, over gRPC.
//
//	plugin REAL_PLUGIN FAKE_PLUGIN
//
// REAL_PLUGIN is the product; FAKE_PLUGIN is the same with tests/rpc/fake_types.c behind it, whose
// resources wait and fail on demand.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	_ "github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

const service = "/tfplugin6.Provider/"

var passed, failed int

func check(ok bool, format string, args ...any) {
	if ok {
		passed++
		return
	}
	failed++
	fmt.Printf("FAIL "+format+"\n", args...)
}

// ---- the client, as Terraform sets it up ----

var handshake = goplugin.HandshakeConfig{
	ProtocolVersion:  4,
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

type connection struct {
	goplugin.NetRPCUnsupportedPlugin
}

func (connection) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error { return nil }
func (connection) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return c, nil
}

type peer struct {
	client *goplugin.Client
	conn   *grpc.ClientConn
	log    *bytes.Buffer
}

func start(config *goplugin.ClientConfig) (*peer, error) {
	p := &peer{log: &bytes.Buffer{}}
	set := goplugin.PluginSet{"provider": connection{}}
	config.HandshakeConfig = handshake
	config.VersionedPlugins = map[int]goplugin.PluginSet{5: set, 6: set}
	if config.Reattach != nil {
		config.Plugins = set // no version is negotiated then
	}
	config.AllowedProtocols = []goplugin.Protocol{goplugin.ProtocolGRPC}
	config.Logger = hclog.New(&hclog.LoggerOptions{Output: p.log, Level: hclog.Warn})
	config.GRPCDialOptions = []grpc.DialOption{grpc.WithDefaultCallOptions(
		grpc.MaxCallRecvMsgSize(1<<30), grpc.MaxCallSendMsgSize(1<<30))}
	p.client = goplugin.NewClient(config)
	rpc, err := p.client.Client()
	if err != nil {
		p.client.Kill()
		return nil, err
	}
	raw, err := rpc.Dispense("provider")
	if err != nil {
		p.client.Kill()
		return nil, err
	}
	p.conn = raw.(*grpc.ClientConn)
	return p, nil
}

func mustStart(binary string, mtls bool) *peer {
	p, err := start(&goplugin.ClientConfig{Cmd: exec.Command(binary), AutoMTLS: mtls})
	if err != nil {
		fmt.Printf("FAIL cannot start %s: %v\n", binary, err)
		os.Exit(1)
	}
	return p
}

// ---- messages, by their JSON form ----

func message(name string) *dynamicpb.Message {
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("tfplugin6." + name))
	if err != nil {
		panic(err)
	}
	return dynamicpb.NewMessage(d.(protoreflect.MessageDescriptor))
}

type object = map[string]any

// call sends request (a JSON object) and gives the response as one.
func (p *peer) call(ctx context.Context, method string, request object, options ...grpc.CallOption) (object, error) {
	text, _ := json.Marshal(request)
	in, out := message(method+".Request"), message(method+".Response")
	if err := protojson.Unmarshal(text, in); err != nil {
		panic(err)
	}
	if err := p.conn.Invoke(ctx, service+method, in, out, options...); err != nil {
		return nil, err
	}
	answer := object{}
	text, _ = protojson.Marshal(out)
	return answer, json.Unmarshal(text, &answer)
}

func msgpackString(text string) []byte {
	if len(text) < 32 {
		return append([]byte{0xa0 | byte(len(text))}, text...)
	}
	n := len(text)
	return append([]byte{0xdb, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, text...)
}

func dynamic(msgpack []byte) object {
	return object{"msgpack": base64.StdEncoding.EncodeToString(msgpack)}
}

// thing is a fake_thing as msgpack.
func thing(name string) object {
	b := []byte{0x85}
	for _, attribute := range []string{"id", "items", "limits"} {
		b = append(append(b, msgpackString(attribute)...), 0xc0)
	}
	b = append(append(b, msgpackString("name")...), msgpackString(name)...)
	return dynamic(append(append(b, msgpackString("tags")...), 0xc0))
}

func apply(name string) object {
	return object{"typeName": "fake_thing", "priorState": dynamic([]byte{0xc0}), "plannedState": thing(name), "config": thing(name)}
}

// ---- the tests ----

func testSchema(binary string, mtls bool) {
	p := mustStart(binary, mtls)
	defer p.client.Kill()
	check(p.client.NegotiatedVersion() == 6, "negotiated version %d", p.client.NegotiatedVersion())
	answer, err := p.call(context.Background(), "GetProviderSchema", object{})
	check(err == nil, "GetProviderSchema (mtls %v): %v", mtls, err)
	resources, _ := answer["resourceSchemas"].(object)
	check(len(resources) > 0, "no resources in the schema of %s", binary)
	provider, _ := answer["provider"].(object)
	check(provider["block"] != nil, "no provider block in the schema of %s", binary)
	metadata, err := p.call(context.Background(), "GetMetadata", object{})
	check(err == nil, "GetMetadata: %v", err)
	named, _ := metadata["resources"].([]any)
	check(len(named) == len(resources), "metadata names %d resources, the schema %d", len(named), len(resources))
	rpc, _ := p.client.Client()
	check(rpc.Ping() == nil, "ping: %v", rpc.Ping())
	check(p.log.Len() == 0, "go-plugin warns: %s", p.log)
}

func testShutdown(binary string) {
	p := mustStart(binary, true)
	began := time.Now()
	p.client.Kill()
	check(time.Since(began) < time.Second, "shutdown took %s", time.Since(began))
	check(p.client.Exited(), "not exited after shutdown")
	check(!strings.Contains(p.log.String(), "killed"), "it had to be killed: %s", p.log)
}

// A stop gets through while count calls wait, and each of them comes back with its state.
func testStop(fake string, count int) {
	p := mustStart(fake, true)
	defer p.client.Kill()
	var wait sync.WaitGroup
	answers := make([]object, count)
	for i := range answers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			answer, err := p.call(context.Background(), "ApplyResourceChange", apply("blocking"))
			if err != nil {
				fmt.Println(err)
			}
			answers[i] = answer
		}()
	}
	time.Sleep(500 * time.Millisecond)
	began := time.Now()
	_, err := p.call(context.Background(), "GetProviderSchema", object{})
	check(err == nil && time.Since(began) < time.Second, "schema beside %d waiting calls: %s, %v", count, time.Since(began), err)
	began = time.Now()
	_, err = p.call(context.Background(), "StopProvider", object{})
	check(err == nil && time.Since(began) < time.Second, "stop beside %d waiting calls: %s, %v", count, time.Since(began), err)
	wait.Wait()
	check(time.Since(began) < 5*time.Second, "%d calls ended %s after the stop", count, time.Since(began))
	for i, answer := range answers {
		diagnostics, _ := json.Marshal(answer["diagnostics"])
		check(answer["newState"] != nil && strings.Contains(string(diagnostics), "Stopped"), "call %d: %v", i, answer)
	}
}

// More calls than workers: the rest waits its turn, and nothing is lost.
func testCrowd(fake string) {
	p := mustStart(fake, true)
	defer p.client.Kill()
	var wait sync.WaitGroup
	var lock sync.Mutex
	good := 0
	for range 500 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			answer, err := p.call(context.Background(), "ApplyResourceChange", apply("plain"))
			lock.Lock()
			defer lock.Unlock()
			if err == nil && answer["newState"] != nil && answer["diagnostics"] == nil {
				good++
			}
		}()
	}
	wait.Wait()
	check(good == 500, "%d of 500 calls were answered well", good)
}

func testAbandoned(fake string) {
	p := mustStart(fake, true)
	defer p.client.Kill()
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_, err := p.call(ctx, "ApplyResourceChange", apply("blocking"))
	check(status.Code(err) == codes.DeadlineExceeded, "an abandoned call: %v", err)
	_, err = p.call(context.Background(), "StopProvider", object{})
	check(err == nil, "after an abandoned call: %v", err)
	time.Sleep(100 * time.Millisecond)
	answer, err := p.call(context.Background(), "ApplyResourceChange", apply("plain"))
	check(err == nil && answer["newState"] != nil, "after an abandoned call: %v, %v", answer, err)
}

func echo(p *peer, bytes int, options ...grpc.CallOption) (int, error) {
	in, out := message("CallFunction.Request"), message("CallFunction.Response")
	fields := in.Descriptor().Fields()
	value := message("DynamicValue")
	value.Set(value.Descriptor().Fields().ByName("msgpack"),
		protoreflect.ValueOfBytes(msgpackString(strings.Repeat("x", bytes))))
	in.Set(fields.ByName("name"), protoreflect.ValueOfString("echo"))
	in.Mutable(fields.ByName("arguments")).List().Append(protoreflect.ValueOfMessage(value))
	if err := p.conn.Invoke(context.Background(), service+"CallFunction", in, out, options...); err != nil {
		return 0, err
	}
	result := out.Get(out.Descriptor().Fields().ByName("result")).Message()
	return len(result.Get(value.Descriptor().Fields().ByName("msgpack")).Bytes()), nil
}

func testSizes(fake string) {
	p := mustStart(fake, true)
	defer p.client.Kill()
	for _, size := range []int{0, 31, 1 << 16, 5 << 20} {
		n, err := echo(p, size)
		check(err == nil && n >= size, "%d bytes: %d, %v", size, n, err)
		n, err = echo(p, size, grpc.UseCompressor(gzip.Name))
		check(err == nil && n >= size, "%d bytes compressed: %d, %v", size, n, err)
	}
	n, err := echo(p, 250<<20)
	check(err == nil && n > 250<<20, "250 MiB: %d, %v", n, err)
	_, err = echo(p, 257<<20)
	check(status.Code(err) == codes.ResourceExhausted, "257 MiB: %v", err)
	n, err = echo(p, 100)
	check(err == nil && n > 100, "after 257 MiB: %d, %v", n, err)
}

// raw sends bytes as they are.
type raw struct{}

func (raw) Marshal(v any) ([]byte, error)      { return v.([]byte), nil }
func (raw) Unmarshal(data []byte, v any) error { *v.(*[]byte) = data; return nil }
func (raw) Name() string                       { return "proto" }

func testWrong(binary string) {
	p := mustStart(binary, true)
	defer p.client.Kill()
	var out []byte
	for method, want := range map[string]codes.Code{
		service + "MoveResourceState":                             codes.InvalidArgument,
		service + "NoSuchMethod":                                  codes.Unimplemented,
		"/tfplugin5.Provider/GetSchema":                           codes.Unimplemented,
		"/grpc.reflection.v1.ServerReflection/X":                  codes.Unimplemented,
		service + "PlanResourceChange":                            codes.InvalidArgument,
		service + "GetProviderSchema":                             codes.InvalidArgument,
		"/grpc.health.v1.Health/Check":                            codes.NotFound,
		"/" + strings.Repeat("long", 1000):                        codes.Unimplemented,
		service + "ApplyResourceChange?" + strings.Repeat("x", 9): codes.Unimplemented,
	} {
		err := p.conn.Invoke(context.Background(), method, []byte{0x0a, 0xff, 0xff, 0x7f}, &out, grpc.ForceCodec(raw{}))
		check(status.Code(err) == want, "%.60s: %v", method, err)
	}
	_, err := p.call(context.Background(), "GetMetadata", object{})
	check(err == nil, "after wrong calls: %v", err)
}

func residentKB(pid int) int {
	text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	m := regexp.MustCompile(`VmRSS:\s+(\d+)`).FindSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// No call leaves memory behind.
func testMemory(fake string) {
	cmd := exec.Command(fake)
	p, err := start(&goplugin.ClientConfig{Cmd: cmd, AutoMTLS: true})
	if err != nil {
		check(false, "cannot start: %v", err)
		return
	}
	defer p.client.Kill()
	round := func() {
		for range 2000 {
			p.call(context.Background(), "ApplyResourceChange", apply("plain"))
			p.call(context.Background(), "GetProviderSchema", object{})
		}
	}
	round()
	before := residentKB(cmd.Process.Pid)
	round()
	grown := residentKB(cmd.Process.Pid) - before
	// a sanitised build keeps what was freed for a while
	check(before > 0 && (grown < 2000 || before > 60000), "4000 calls left %d KB behind", grown)
}

func testDebug(binary string) {
	cmd := exec.Command(binary, "-debug")
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		check(false, "cannot start: %v", err)
		return
	}
	var providers map[string]struct {
		ProtocolVersion, Pid int
		Test                 bool
		Addr                 struct{ Network, String string }
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`).FindStringSubmatch(lines.Text()); m != nil {
			check(json.Unmarshal([]byte(m[1]), &providers) == nil, "no JSON: %s", m[1])
			break
		}
	}
	check(len(providers) == 1, "%d providers to reattach to", len(providers))
	for address, r := range providers {
		check(strings.HasPrefix(address, "registry.terraform.io/"), "address %s", address)
		for range 2 { // clients come and go
			p, err := start(&goplugin.ClientConfig{Reattach: &goplugin.ReattachConfig{
				Protocol: goplugin.ProtocolGRPC, ProtocolVersion: r.ProtocolVersion, Pid: r.Pid, Test: r.Test,
				Addr: &net.UnixAddr{Net: r.Addr.Network, Name: r.Addr.String}}})
			if err != nil {
				check(false, "reattach: %v", err)
				continue
			}
			_, err = p.call(context.Background(), "GetProviderSchema", object{})
			check(err == nil, "reattached: %v", err)
			p.client.Kill()
		}
	}
	check(cmd.Process.Signal(syscall.SIGINT) == nil, "it ended with its client")
	check(cmd.Wait() == nil, "it did not end well")
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: plugin REAL_PLUGIN FAKE_PLUGIN")
		os.Exit(2)
	}
	product, fake := os.Args[1], os.Args[2]
	testSchema(product, true)
	testSchema(product, false)
	testSchema(fake, true)
	testShutdown(product)
	testWrong(product)
	testStop(fake, 50)
	testStop(fake, 100)
	testCrowd(fake)
	testAbandoned(fake)
	testSizes(fake)
	testMemory(fake)
	testDebug(product)
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
