# SPDX-License-Identifier: Apache-2.0
"""The plugin over its own protocol, without Terraform: gRPC by hand over its socket, protobuf and msgpack
as far as this needs them."""
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hostile import h2  # noqa: E402

COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
RESOURCE = "glm_gateway_lifecycle_manager"

# ---- protobuf: {number: [values]}; what has a length stays bytes ----


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(fields):
    """{number: bytes or str} as a message; None is left out."""
    out = b""
    for number, value in fields.items():
        if value is not None:
            value = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def fields_of(data):
    fields, at = {}, 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while at < len(data):
        key = number()
        if key & 7 == 2:
            length = number()
            fields.setdefault(key >> 3, []).append(data[at:at + length])
            at += length
        else:
            fields.setdefault(key >> 3, []).append(number())
    return fields


# ---- msgpack: decoding only ----

UNKNOWN = "(unknown)"


def unpack(data):
    at = 0

    def take(count):
        nonlocal at
        at += count
        return data[at - count:at]

    def big(count):
        return int.from_bytes(take(count), "big")

    def value():
        first = big(1)
        if first < 0x80:
            return first
        if first < 0x90:
            return {value(): value() for _ in range(first & 15)}
        if first < 0xa0:
            return [value() for _ in range(first & 15)]
        if first < 0xc0:
            return take(first & 31).decode()
        if first in (0xc0, 0xc2, 0xc3):
            return {0xc0: None, 0xc2: False, 0xc3: True}[first]
        if first in (0xca, 0xcb):
            return struct.unpack(">f" if first == 0xca else ">d", take(4 if first == 0xca else 8))[0]
        if first <= 0xcf:
            if first <= 0xc6:
                return take(big(1 << first - 0xc4))
            if first <= 0xc9:
                return extension(big(1 << first - 0xc7))
            return big(1 << first - 0xcc)
        if first <= 0xd3:
            size = 1 << first - 0xd0
            return int.from_bytes(take(size), "big", signed=True)
        if first <= 0xd8:
            return extension(1 << first - 0xd4)
        if first <= 0xdb:
            return take(big(1 << first - 0xd9)).decode()
        if first <= 0xdd:
            return [value() for _ in range(big(2 << first - 0xdc))]
        if first <= 0xdf:
            return {value(): value() for _ in range(big(2 << first - 0xde))}
        return first - 256

    def extension(length):
        take(1 + length)
        return UNKNOWN
    return value()


# ---- gRPC ----

class Ended(Exception):
    """The plugin has closed the connection, or did not answer in time."""


class Grpc:
    """Calls over one connection, by any thread."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.lock = threading.Lock()
        self.arrived = threading.Condition()
        self.stream = -1
        self.answers = {}  # stream: bytes, trailers or None
        self.dead = False
        self.room = {0: 65535}
        self.window = 65535
        self.reader = h2.Reader(self._receive)
        self._send(h2.PREFACE + h2.settings(initial_window_size=h2.WINDOW_MAX, enable_push=0,
                                            max_frame_size=1 << 20)
                   + h2.window(0, h2.WINDOW_MAX - 65535))
        threading.Thread(target=self._read, daemon=True).start()

    def _receive(self, most):
        try:
            return self.socket.recv(most)
        except OSError:
            return b""

    def _send(self, data):
        with self.lock:
            self.socket.sendall(data)

    def _read(self):
        while True:
            try:
                got = self.reader.frame()
                if got is None:
                    break
                self._take(*got)
            except OSError:
                break
        with self.arrived:
            self.dead = True
            self.arrived.notify_all()

    def _take(self, kind, flags, stream, payload):
        if kind == h2.SETTINGS and not flags & h2.ACK:
            self._send(h2.frame(h2.SETTINGS, h2.ACK, 0))
            for i in range(0, len(payload), 6):
                if int.from_bytes(payload[i:i + 2], "big") == h2.INITIAL_WINDOW_SIZE:
                    self.window = int.from_bytes(payload[i + 2:i + 6], "big")
        elif kind == h2.PING and not flags & h2.ACK:
            self._send(h2.frame(h2.PING, h2.ACK, 0, payload))
        with self.arrived:
            if kind == h2.WINDOW_UPDATE:
                self.room[stream] = self.room.get(stream, self.window) + int.from_bytes(payload, "big")
            answer = self.answers.get(stream)
            if answer is not None and kind == h2.DATA:
                answer[0] += payload
            if answer is not None and kind in (h2.HEADERS, h2.DATA) and flags & h2.END_STREAM:
                answer[1] = dict(payload) if kind == h2.HEADERS else {}
            if answer is not None and kind == h2.RST_STREAM:
                answer[1] = {"grpc-status": "reset"}
            self.arrived.notify_all()

    def begin(self, name, request=b""):
        with self.arrived:
            self.stream += 2
            stream = self.stream
            self.answers[stream] = [b"", None]
            self.room.setdefault(stream, self.window)
        data = memoryview(b"\0" + len(request).to_bytes(4, "big") + request)  # its parts are no copies
        self._send(h2.headers(stream, (
            (":method", "POST"), (":scheme", "http"), (":path", "/" + name), (":authority", "unused"),
            ("content-type", "application/grpc"), ("te", "trailers"))))
        while data or data is not None:
            with self.arrived:
                part = data[:min(16384, self.room[0], self.room[stream])]
                if data and not part:
                    if self.dead:
                        raise Ended("the connection is closed")
                    self.arrived.wait(0.5)
                    continue
                self.room[0] -= len(part)
                self.room[stream] -= len(part)
            data = data[len(part):]
            self._send(h2.frame(h2.DATA, 0 if data else h2.END_STREAM, stream, bytes(part)))
            if not data:
                break
        return stream

    def finish(self, stream, seconds):
        end = time.monotonic() + seconds
        with self.arrived:
            while self.answers[stream][1] is None:
                if self.dead:
                    raise Ended("the plugin has closed the connection")
                if time.monotonic() > end:
                    raise Ended(f"no answer in {seconds:.0f} s")
                self.arrived.wait(0.2)
            data, trailers = self.answers.pop(stream)
        if trailers.get("grpc-status") != "0":
            raise Ended(f"gRPC status {trailers.get('grpc-status')}: {trailers.get('grpc-message')}")
        return fields_of(data[5:])

    def call(self, name, request=b"", seconds=60):
        return self.finish(self.begin(name, request), seconds)


# ---- the plugin ----

class Diagnostic:
    def __init__(self, data):
        fields = fields_of(data)
        self.error = fields.get(1, [0])[0] == 1
        self.summary = fields.get(2, [b""])[0].decode()
        self.detail = fields.get(3, [b""])[0].decode()

    def __str__(self):
        return f"{'Error' if self.error else 'Warning'}: {self.summary}\n{self.detail}"


def dynamic(value):
    """A DynamicValue of a Python value (JSON) or of msgpack bytes that the plugin has given."""
    if isinstance(value, bytes):
        return value
    return message({2: json.dumps(value)})


def value_of(data):
    fields = fields_of(data)
    return unpack(fields[1][0]) if 1 in fields else json.loads(fields[2][0])


class Resource:
    """A state of the resource, with what the provider keeps beside it."""

    def __init__(self, state=None, private=None, identity=None):
        self.state, self.private, self.identity = state, private, identity

    @property
    def value(self):
        return value_of(self.state) if self.state else None


def first(fields, number):
    return fields.get(number, [None])[0]


class Plugin:
    """One process. stderr goes to a file, with everything that TF_LOG=TRACE has to say."""

    def __init__(self, program, **environment):
        env = {k: v for k, v in os.environ.items()
               if not k.startswith(("TF_", "PLUGIN_")) and not k.lower().endswith("_proxy")}
        env.update(TF_PLUGIN_MAGIC_COOKIE=COOKIE, PLUGIN_PROTOCOL_VERSIONS="6", TF_LOG="TRACE",
                   **environment)
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([str(program)], env=env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        if line.count("|") < 4:
            raise Ended(f"no handshake but {line!r}\n{self.logged()}")
        self.path = line.split("|")[3]
        self.grpc = Grpc(self.path)

    def logged(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def call(self, name, request=b"", seconds=60):
        return self.grpc.call("tfplugin6.Provider/" + name, request, seconds)

    @staticmethod
    def diagnostics(fields, number):
        return [Diagnostic(data) for data in fields.get(number, [])]

    def configure(self, config):
        fields = self.call("ConfigureProvider", message({1: "1.9.0", 2: dynamic(config)}))
        errors = [str(d) for d in self.diagnostics(fields, 1) if d.error]
        if errors:
            raise AssertionError("\n".join(errors))

    # Each gives (Resource, diagnostics).

    def plan(self, prior, config, proposed, seconds=60):
        fields = self.call("PlanResourceChange", message({
            1: RESOURCE, 2: prior.state or dynamic(None), 3: dynamic(proposed), 4: dynamic(config),
            5: prior.private, 8: prior.identity}), seconds)
        return (Resource(first(fields, 1), first(fields, 3), first(fields, 7)),
                self.diagnostics(fields, 4))

    def begin_apply(self, prior, config, planned):
        return self.grpc.begin("tfplugin6.Provider/ApplyResourceChange", message({
            1: RESOURCE, 2: prior.state or dynamic(None), 3: planned.state or dynamic(None),
            4: dynamic(config), 5: planned.private, 7: planned.identity}))

    def finish_apply(self, stream, seconds=60):
        fields = self.grpc.finish(stream, seconds)
        return (Resource(first(fields, 1), first(fields, 2), first(fields, 5)),
                self.diagnostics(fields, 3))

    def begin_read(self, now):
        return self.grpc.begin("tfplugin6.Provider/ReadResource", message({
            1: RESOURCE, 2: now.state, 3: now.private, 6: now.identity}))

    def finish_read(self, stream, seconds=60):
        fields = self.grpc.finish(stream, seconds)
        return (Resource(first(fields, 1), first(fields, 3), first(fields, 5)),
                self.diagnostics(fields, 2))

    def begin_import(self, identifier):
        return self.grpc.begin("tfplugin6.Provider/ImportResourceState",
                               message({1: RESOURCE, 2: identifier}))

    def finish_import(self, stream, seconds=60):
        fields = self.grpc.finish(stream, seconds)
        imported = fields_of(first(fields, 1) or b"")
        return (Resource(first(imported, 2), first(imported, 3)), self.diagnostics(fields, 2))

    def begin_data(self, config):
        return self.grpc.begin("tfplugin6.Provider/ReadDataSource",
                               message({1: RESOURCE, 2: dynamic(config)}))

    def finish_data(self, stream, seconds=60):
        fields = self.grpc.finish(stream, seconds)
        return Resource(first(fields, 1)), self.diagnostics(fields, 2)

    def stop(self):
        self.call("StopProvider")

    def peak(self):
        """The most memory that it has taken so far, in bytes."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text("ascii", "replace")
        return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) << 10

    def shut_down(self, seconds=20):
        """As Terraform ends it: its exit code."""
        try:
            self.grpc.call("plugin.GRPCController/Shutdown", seconds=5)
        except (Ended, OSError):
            pass
        return self.process.wait(seconds)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()
        self.grpc.socket.close()
        if os.path.exists(self.path):
            os.unlink(self.path)
