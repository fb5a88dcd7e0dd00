# SPDX-License-Identifier: Apache-2.0
"""A hostile API server: TLS, HTTP/1.1 and HTTP/2 by hand, well-behaved (objects.py) until a request of
the chosen stage comes; from then on it plays the chosen attack (attacks.py) at every such request."""
import json
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time

from . import h2
from .objects import Cluster, Place

LOOK = 0.1  # seconds after which a thread that waits looks whether it may go on


# When an attack is played: of a request, and of whether something was written or deleted before it.
STAGES = {
    "connect": lambda r, after: False,  # at once, before any request
    "read": lambda r, after: r.method == "GET" and not r.place.watch,
    "write": lambda r, after: r.method == "PATCH" and r.place.plural == "istiooperators",
    "watch": lambda r, after: r.place.watch,
    "wait": lambda r, after: r.method == "GET" and after,  # reads and watches
    "switch": lambda r, after: r.method == "PATCH" and r.place.plural == "services",
    "delete": lambda r, after: r.method == "DELETE",
}


class Identity:
    """Certificates of a server on this machine, and its authority. Needs the openssl program."""

    def __init__(self, directory=None):
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="glm-hostile-"))
        self.directory.mkdir(exist_ok=True)
        self.ca = self.directory / "ca.crt"
        self.make("ca", "/CN=hostile CA", "basicConstraints=critical,CA:TRUE")
        self.make("server", "/CN=api", "subjectAltName=IP:127.0.0.1,DNS:localhost", signed=True)

    def make(self, name, subject, extension, signed=False, days="2"):
        signer = ["-CA", "ca.crt", "-CAkey", "ca.key"] if signed else []
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.crt", "-days", days, "-subj",
             subject, "-addext", extension, *signer], cwd=self.directory, check=True,
            capture_output=True)

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def context(self, protocols, name="server", version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.directory / f"{name}.crt", self.directory / f"{name}.key")
        if protocols:
            context.set_alpn_protocols(protocols)
        if version:
            context.maximum_version = version
        return context


class Gone(Exception):
    """The other side has left, or the server is to stop."""


class Request:
    def __init__(self, method, target, headers, body, stream=0):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.stream = stream
        self.place = Place(target)

    def __str__(self):
        return f"{self.method} {self.target}"


class Wire:
    """A connection's bytes, TLS or not: any thread may send while one receives."""

    def __init__(self, server, raw, context):
        self.server, self.raw = server, raw
        self.lock = threading.Lock()
        self.tls, self.closed = None, False
        self.head = b""  # of a CONNECT
        raw.settimeout(LOOK)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self.start_tls(context)

    def start_tls(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)

    @property
    def going(self):
        return not self.closed and not self.server.stopping

    def receive_raw(self, most=65536):
        """b"" at the end of the connection."""
        while self.going:
            try:
                return self.raw.recv(most)
            except TimeoutError:
                continue
            except OSError:
                break
        return b""

    def send_raw(self, data):
        view = memoryview(data)
        while view:
            if not self.going:
                raise Gone
            try:
                view = view[self.raw.send(view):]
            except TimeoutError:
                continue
            except OSError as error:
                self.closed = True
                raise Gone from error

    def handshake(self):
        while self.tls:
            try:
                self.tls.do_handshake()
                self.send_raw(self.outgoing.read())
                return True
            except ssl.SSLWantReadError:
                self.send_raw(self.outgoing.read())
                data = self.receive_raw()
                if not data:
                    return False
                self.incoming.write(data)
            except ssl.SSLError:
                self.send_raw(self.outgoing.read())
                return False
        return True

    def receive(self, most=65536):
        if not self.tls:
            return self.receive_raw(most)
        while True:
            with self.lock:
                try:
                    data = self.tls.read(most)
                    answer = self.outgoing.read()
                    if answer:
                        self.send_raw(answer)
                    return data
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError:
                    return b""
            data = self.receive_raw()
            if not data:
                return b""
            with self.lock:
                self.incoming.write(data)

    def send(self, data):
        if not self.tls:
            self.send_raw(data)
            return
        view = memoryview(data)
        for at in range(0, len(view), 262144):
            with self.lock:
                self.tls.write(view[at:at + 262144])
                self.send_raw(self.outgoing.read())

    def close(self, reset=False):
        self.closed = True
        try:
            if reset:
                self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.raw.shutdown(socket.SHUT_RDWR)
            self.raw.close()
        except OSError:
            pass


# ---- a proxy before the server, on the same port; well-behaved: the tunnel stands when it returns ----

def read_connect(wire):
    while b"\r\n\r\n" not in wire.head:
        data = wire.receive_raw()
        if not data:
            raise Gone
        wire.head += data


def http_proxy(wire):
    read_connect(wire)
    wire.send_raw(b"HTTP/1.1 200 Connection established\r\n\r\n")


def read_some(wire, least):
    data = b""
    while len(data) < least:
        got = wire.receive_raw()
        if not got:
            raise Gone
        data += got
    return data


def socks_greeting(wire):
    """Up to the request, which is left to be answered."""
    read_some(wire, 3)
    wire.send_raw(b"\x05\x02")
    read_some(wire, 5)
    wire.send_raw(b"\x01\x00")
    read_some(wire, 10)


def socks_proxy(wire):
    socks_greeting(wire)
    wire.send_raw(b"\x05\x00\x00\x01" + bytes(6))


PROXIES = {"proxy": http_proxy, "socks": socks_proxy}


class Connection:
    """What both versions of HTTP have: answering well."""

    def __init__(self, server, wire):
        self.server, self.wire = server, wire
        self.left = set()

    @property
    def going(self):
        return self.wire.going

    def serve(self, request):
        if self.server.is_attacked(request):
            self.server.play(self, request)
        else:
            self.answer_well(request)

    def wanted(self, request):
        """The client still waits for the answer."""
        return self.going and request.stream not in self.left

    def answer_well(self, request):
        status, value = self.server.cluster.answer(request.method, request.target, request.body)
        if value is None:
            self.begin(request, status, [])
            for event in self.server.cluster.events(request.target, lambda: self.going):
                if event:
                    self.piece(request, event)
            self.end(request)
        else:
            self.answer(request, status, [], json.dumps(value).encode())


class Http2(Connection):
    """Flow control of what is sent is left out: answers are small, and attacks do as they like."""
    version = 2

    def __init__(self, server, wire):
        super().__init__(server, wire)
        self.reader = h2.Reader(wire.receive)
        self.requests = {}  # by stream: what is not whole yet

    def run(self):
        if not self.reader.preface():
            return
        self.send(h2.settings(max_concurrent_streams=100, initial_window_size=1 << 20)
                  + h2.window(0, 1 << 24))
        while self.going:
            got = self.reader.frame()
            if got is None:
                return
            self.take(*got)

    def take(self, kind, flags, stream, payload):
        if kind == h2.SETTINGS and not flags & h2.ACK:
            self.send(h2.frame(h2.SETTINGS, h2.ACK, 0))
        elif kind == h2.PING and not flags & h2.ACK:
            self.send(h2.frame(h2.PING, h2.ACK, 0, payload))
        elif kind == h2.RST_STREAM:
            self.left.add(stream)
        elif kind == h2.HEADERS:
            self.requests[stream] = [dict(payload), b""]
        elif kind == h2.DATA and stream in self.requests:
            self.requests[stream][1] += payload
        if kind in (h2.HEADERS, h2.DATA) and flags & h2.END_STREAM and stream in self.requests:
            headers, body = self.requests.pop(stream)
            request = Request(headers.get(":method"), headers.get(":path"), headers, body, stream)
            self.server.thread(self.guarded, request)

    def guarded(self, request):
        try:
            self.serve(request)
        except Gone:
            pass

    def send(self, data):
        self.wire.send(data)

    def begin(self, request, status, headers, end=False):
        self.send(h2.headers(request.stream, [(":status", str(status)),
                                              ("content-type", "application/json"), *headers], end))

    def piece(self, request, data):
        self.send(h2.body(request.stream, data, end=False))

    def end(self, request):
        self.send(h2.frame(h2.DATA, h2.END_STREAM, request.stream))

    def answer(self, request, status, headers, body):
        self.begin(request, status, headers)
        self.send(h2.body(request.stream, body))


class Http1(Connection):
    version = 1

    def __init__(self, server, wire):
        super().__init__(server, wire)
        self.buffer = b""

    def run(self):
        while self.going:
            request = self.request()
            if request is None:
                return
            self.serve(request)

    def _until(self, done):
        while not done():
            data = self.wire.receive()
            if not data:
                return False
            self.buffer += data
        return True

    def request(self):
        if not self._until(lambda: b"\r\n\r\n" in self.buffer):
            return None
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in
                   (line.partition(":") for line in lines)}
        method, target = first.split(" ")[:2]
        length = int(headers.get("content-length", 0))
        if not self._until(lambda: len(self.buffer) >= length):
            return None
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Request(method, target, headers, body)

    def send(self, data):
        self.wire.send(data)

    @staticmethod
    def head(status, headers):
        lines = [f"HTTP/1.1 {status} Whatever", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def begin(self, request, status, headers):
        self.send(self.head(status, [("Transfer-Encoding", "chunked"), *headers]))

    def piece(self, request, data):
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self, request):
        self.send(b"0\r\n\r\n")

    def answer(self, request, status, headers, body):
        self.send(self.head(status, [("Content-Length", len(body)), *headers]) + body)


class Server:
    """One API server. attack None: it stays well-behaved. `stage`: see attacks.STAGES."""

    def __init__(self, identity, cluster, attack=None, stage=None):
        self.identity, self.cluster = identity, cluster
        self.attack, self.stage = attack, stage
        self.armed = True         # false: well-behaved until somebody arms it
        self.stopping = False
        self.changed_something = False
        self.begun = threading.Event()  # the first attack has begun
        self.attacks = 0
        self.longest = 0.0        # seconds that the client spent on one attacked request, no watch
        self.proxy = PROXIES.get(attack.layer) if attack else None
        self.at_the_door = attack is not None and (attack.layer == "door" or bool(self.proxy))
        self.context = identity.context(["http/1.1"] if attack and attack.layer == "http1"
                                        else ["h2", "http/1.1"])
        self.wires, self.wires_lock = [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        self.thread(self.accept)

    @staticmethod
    def thread(function, *args):
        threading.Thread(target=function, args=args, daemon=True).start()

    def accept(self):
        while not self.stopping:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            self.thread(self.converse, raw)

    def converse(self, raw):
        hostile = self.at_the_door and self.armed and (self.stage == "connect"
                                                       or self.begun.is_set())
        context = self.context
        if hostile:
            self.note_attack()
            context = self.attack.context(self) if self.attack.context else None
        wire = Wire(self, raw, None if self.proxy else context)
        with self.wires_lock:
            self.wires.append(wire)
        try:
            if self.proxy and not hostile:
                self.proxy(wire)
                wire.start_tls(context)
            if hostile:
                self.attack.play(wire)
            elif wire.handshake():
                alpn = wire.tls.selected_alpn_protocol()
                (Http2 if alpn == "h2" else Http1)(self, wire).run()
        except Gone:
            pass
        finally:
            wire.close()
            with self.wires_lock:
                self.wires.remove(wire)

    def is_attacked(self, request):
        with self.wires_lock:
            written = self.changed_something
            self.changed_something = written or request.method in ("PATCH", "DELETE")
        return (self.attack is not None and self.armed
                and STAGES[self.stage](request, written))

    def note_attack(self):
        self.attacks += 1
        self.begun.set()

    def play(self, connection, request):
        self.note_attack()
        if self.at_the_door:  # everybody out, and whoever comes back meets it
            self.drop_all()
            raise Gone
        began, own = time.monotonic(), time.thread_time()
        try:
            self.attack.play(connection, request)
        finally:
            if not request.place.watch:  # without what it took to make the answer
                took = time.monotonic() - began - 2 * (time.thread_time() - own)
                self.longest = max(self.longest, took)

    def drop_all(self):
        with self.wires_lock:
            wires = list(self.wires)
        for wire in wires:
            wire.close(reset=True)

    def stop(self):
        self.stopping = True
        self.cluster.closed = True
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.drop_all()
