# SPDX-License-Identifier: Apache-2.0
"""What a hostile API server may do, one function each. A function plays its attack at one request until
the client gives up (Gone is raised then) or the attack is over.

layer: door (instead of a connection), proxy and socks (instead of a tunnel), http2, http1, content (a
well-formed answer that lies)."""
import functools
import gzip
import socket
import subprocess
import time

from . import h2
from .server import LOOK, Gone

ATTACKS = {}
ALL = ("read", "look", "write", "watch", "wait", "switch", "delete", "gone")
# Storms and long bodies keep two cores busy: not everywhere twice.
FEW = ("read", "write", "watch", "delete")
ANSWERS = ("read", "look", "wait", "write", "switch", "delete", "gone")
READS = ("read", "look", "wait", "gone")
WRITES = ("write", "switch")


class Attack:
    family = ""  # of those that are defined from here on

    def __init__(self, play, name, layer, stages, words, busy=False, context=None):
        self.play, self.name, self.layer, self.stages = play, name, layer, stages
        self.words, self.busy, self.context = words, busy, context
        self.family = Attack.family


def family(words):
    Attack.family = words


def attack(layer, words, stages=ALL, busy=False, context=None, name=None):
    """The function's name is the attack's, with spaces."""
    def add(function):
        called = name or function.__name__.replace("_", " ")
        ATTACKS[called] = Attack(function, called, layer, stages, words, busy, context)
        return function
    return add


def hold(going):
    """Waits until the client has gone."""
    while going():
        time.sleep(LOOK / 4)
    raise Gone


# ---- at the door: play(wire) instead of a connection ----

family("Connections and TLS")

@attack("door", "takes the connection and says nothing")
def silence_before_tls(wire):
    while wire.receive_raw():
        pass


@attack("door", "speaks TLS half-way: reads the hello and says nothing")
def silence_in_tls(wire):
    wire.receive_raw()
    hold_raw(wire)


def hold_raw(wire):
    while wire.receive_raw():
        pass


@attack("door", "closes every connection at once")
def closed_at_once(wire):
    pass


@attack("door", "resets every connection at once")
def reset_at_once(wire):
    wire.close(reset=True)


@attack("door", "answers the TLS hello with an alert")
def tls_alert(wire):
    wire.receive_raw()
    wire.send_raw(b"\x15\x03\x03\x00\x02\x02\x28")
    hold_raw(wire)


@attack("door", "sends warning alerts without end")
def tls_alerts_without_end(wire):
    wire.receive_raw()
    while True:
        wire.send_raw(b"\x15\x03\x03\x00\x02\x01\x5a" * 2)
        time.sleep(0.02)


@attack("door", "drips its TLS hello, a byte at a time")
def tls_drip(wire):
    wire.receive_raw()
    for byte in b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xf0\x03\x03" + bytes(10000):
        wire.send_raw(bytes([byte]))
        time.sleep(0.05)


@attack("door", "begins a TLS message of 16 MB, as fast as it can")
def tls_message_without_end(wire):
    wire.receive_raw()
    record = b"\x16\x03\x03\x40\x00" + b"\x0b\xff\xff\xff" + bytes(16380)
    while True:
        wire.send_raw(record)


@attack("door", "speaks no TLS: a web page in plain HTTP")
def plain_http(wire):
    wire.receive_raw()
    wire.send_raw(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno")


@attack("door", "speaks SSH")
def another_protocol(wire):
    wire.send_raw(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    hold_raw(wire)


def _certificate(subject, extension, signed, days="2"):
    def context(server):
        name = "bad-" + str(abs(hash((subject, extension, signed, days))))
        if not (server.identity.directory / f"{name}.crt").exists():
            server.identity.make(name, subject, extension, signed=signed, days=days)
        return server.identity.context(["h2", "http/1.1"], name)
    return context


def _serve_badly(wire):
    wire.handshake()
    hold_raw(wire)


attack("door", "has a certificate for another name",
       context=_certificate("/CN=evil", "subjectAltName=DNS:evil.example.com", True),
       name="certificate of another name")(_serve_badly)
attack("door", "has a certificate of an unknown authority",
       context=_certificate("/CN=api", "subjectAltName=IP:127.0.0.1", False),
       name="certificate of nobody known")(_serve_badly)
def _tickets(server):
    context = server.identity.context(["h2", "http/1.1"])
    context.num_tickets = 20000
    return context


attack("door", "sends 20 000 session tickets, and then nothing", context=_tickets,
       name="tls tickets")(_serve_badly)
attack("door", "has control and bidi characters in the names of its certificate",
       context=_certificate("/CN=evil\x1b[31mred\u202e", "subjectAltName=DNS:\x1b[2Jevil", True),
       name="certificate with control characters")(_serve_badly)


@attack("door", "wants to renegotiate TLS without end", busy=True, stages=("connect",))
def tls_renegotiation(wire):
    """openssl s_server has the commands: R on a line of its own renegotiates, under TLS 1.2."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    inner = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-tls1_2", "-cert", "server.crt",
         "-key", "server.key", "-alpn", "http/1.1"], cwd=wire.server.identity.directory,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        relay = None
        for _ in range(100):
            try:
                relay = socket.create_connection(("127.0.0.1", port))
                break
            except OSError:
                time.sleep(0.02)
        relay.settimeout(0.01)
        wire.raw.settimeout(0.01)
        while wire.going:
            for source, sink in ((wire.raw, relay), (relay, wire.raw)):
                try:
                    data = source.recv(65536)
                except TimeoutError:
                    continue
                if not data:
                    return
                sink.sendall(data)
            inner.stdin.write(b"R\n")
            inner.stdin.flush()
    except OSError:
        pass
    finally:
        inner.kill()
        inner.wait()


# ---- HTTP/2: play(connection, request) ----

family("HTTP/2: storms of frames")

def _flood(connection, request, make, first=b"", rest=b""):
    """Sends as fast as the client takes it."""
    connection.send(first)
    data = make(request)
    data *= max(1, 262144 // len(data))
    while connection.wanted(request):
        connection.send(data)
    connection.send(rest)
    hold(lambda: connection.going)


STORMS = {
    "GOAWAY": ("GOAWAY frames", lambda r: h2.frame(h2.GOAWAY, 0, 0, h2.WINDOW_MAX.to_bytes(4, "big")
                                                  + bytes(4))),
    "PING": ("PING frames", lambda r: h2.frame(h2.PING, 0, 0, b"hostile!")),
    "SETTINGS": ("SETTINGS frames", lambda r: h2.settings(initial_window_size=65535)),
    "SETTINGS acknowledgements": ("acknowledgements of SETTINGS",
                                  lambda r: h2.frame(h2.SETTINGS, h2.ACK, 0)),
    "PRIORITY": ("PRIORITY frames", lambda r: h2.frame(h2.PRIORITY, 0, r.stream, bytes(4) + b"\x10")),
    "WINDOW_UPDATE": ("WINDOW_UPDATE frames", lambda r: h2.window(r.stream, 1)),
    "empty DATA": ("empty DATA frames", lambda r: h2.frame(h2.DATA, 0, r.stream)),
    "padding": ("DATA frames of nothing but padding",
                lambda r: h2.frame(h2.DATA, h2.PADDED, r.stream, b"\xff" + bytes(255))),
    "unknown frames": ("frames of an unknown type", lambda r: h2.frame(0xbe, 0, 0, bytes(64))),
    "RST of others": ("RST_STREAM frames for a stream that is over",
                      lambda r: h2.frame(h2.RST_STREAM, 0, r.stream, bytes(4))),
    "interim answers": ("103 answers", lambda r: h2.headers(r.stream, [(":status", "103")])),
    "trailers": ("trailers", lambda r: h2.headers(r.stream, [("x", "y")])),
}


def _storm(name, words, make):
    answer = name in ("empty DATA", "padding", "trailers")

    def play(connection, request):
        begin = h2.headers(request.stream, [(":status", "200")]) if answer else b""
        _flood(connection, request, make, begin)
    attack("http2", f"sends {words} without end, as fast as it can", FEW, busy=True,
           name=f"storm of {name}")(play)


for _name, (_words, _make) in STORMS.items():
    _storm(_name, _words, _make)


@attack("http2", "sends header blocks that never end (CONTINUATION)", FEW, busy=True)
def storm_of_CONTINUATION(connection, request):
    part = h2.block([("x-" + "a" * 60, "b" * 100)])
    first = h2.frame(h2.HEADERS, 0, request.stream, h2.block([(":status", "200")]))
    _flood(connection, request, lambda r: h2.frame(h2.CONTINUATION, 0, r.stream, part), first)


@attack("http2", "sends empty CONTINUATION frames without end", FEW, busy=True)
def storm_of_empty_CONTINUATION(connection, request):
    first = h2.frame(h2.HEADERS, 0, request.stream, h2.block([(":status", "200")]))
    _flood(connection, request, lambda r: h2.frame(h2.CONTINUATION, 0, r.stream), first)


@attack("http2", "promises pushes without end", FEW, busy=True)
def storm_of_PUSH_PROMISE(connection, request):
    fields = h2.block([(":method", "GET"), (":scheme", "https"), (":authority", "x"), (":path", "/")])
    _flood(connection, request,
           lambda r: h2.frame(h2.PUSH_PROMISE, h2.END_HEADERS, r.stream, bytes([0, 0, 0, 2]) + fields))


@attack("http2", "sends spaces without end, as fast as it can", FEW, busy=True)
def body_without_end(connection, request):
    _flood(connection, request, lambda r: h2.body(r.stream, b" " * 65536, end=False),
           h2.headers(request.stream, [(":status", "200")]))


family("HTTP/2: broken, silent and slow answers")


@attack("http2", "answers with headers of 1 MB", busy=True)
def headers_of_1_MB(connection, request):
    connection.begin(request, 200, [("x-large", "a" * (1 << 20))])
    connection.end(request)


@functools.cache
def _hundred_thousand(stream):
    return h2.headers(stream, [(":status", "200"), *((f"x-{i}", "y") for i in range(100000))], True)


@attack("http2", "answers with 100 000 headers", busy=True)
def hundred_thousand_headers(connection, request):
    connection.send(_hundred_thousand(request.stream))


@attack("http2", "refuses every stream (RST_STREAM, REFUSED_STREAM)")
def refused_streams(connection, request):
    connection.send(h2.frame(h2.RST_STREAM, 0, request.stream, (7).to_bytes(4, "big")))


@attack("http2", "breaks every stream off (RST_STREAM, INTERNAL_ERROR)")
def broken_streams(connection, request):
    connection.send(h2.frame(h2.RST_STREAM, 0, request.stream, (2).to_bytes(4, "big")))


@attack("http2", "demands HTTP/1.1 (RST_STREAM, HTTP_1_1_REQUIRED)")
def http_1_1_required(connection, request):
    connection.send(h2.frame(h2.RST_STREAM, 0, request.stream, (13).to_bytes(4, "big")))


@attack("http2", "says GOAWAY to every request")
def goaway_each_time(connection, request):
    connection.send(h2.frame(h2.GOAWAY, 0, 0, bytes(8) + b"\x1b[31mtext of the server\x07"))
    hold(lambda: connection.going)


@attack("http2", "answers on a stream that nobody opened")
def another_stream(connection, request):
    connection.send(h2.headers(request.stream + 100, [(":status", "200")], end=True))
    hold(lambda: connection.wanted(request))


@attack("http2", "sends a frame that is longer than its limit")
def frame_too_long(connection, request):
    connection.send(h2.frame(h2.DATA, 0, request.stream, bytes(1 << 20)))
    hold(lambda: connection.wanted(request))


@attack("http2", "sends header blocks that HPACK cannot read")
def garbage_for_headers(connection, request):
    connection.send(h2.frame(h2.HEADERS, h2.END_HEADERS, request.stream, b"\xff" * 200))
    hold(lambda: connection.wanted(request))


@attack("http2", "ends the connection with a TLS alert")
def tls_alert_in_between(connection, request):
    connection.wire.send_raw(b"\x15\x03\x03\x00\x02\x02\x50")
    hold(lambda: connection.going)


@attack("http2", "takes the request and never answers")
def silence_after_the_request(connection, request):
    hold(lambda: connection.wanted(request))


@attack("http2", "sends the headers of an answer and no body")
def silence_after_the_headers(connection, request):
    connection.begin(request, 200, [])
    hold(lambda: connection.wanted(request))


@attack("http2", "stops in the middle of the body")
def silence_in_the_body(connection, request):
    connection.begin(request, 200, [])
    connection.piece(request, b'{"kind": "Status", "message": "half')
    hold(lambda: connection.wanted(request))


@attack("http2", "drips its body, a byte at a time")
def drip(connection, request):
    connection.begin(request, 200, [])
    while connection.wanted(request):
        connection.piece(request, b" ")
        time.sleep(0.05)
    raise Gone


@attack("http2", "drips 103 answers")
def drip_of_interim_answers(connection, request):
    while connection.wanted(request):
        connection.send(h2.headers(request.stream, [(":status", "103")]))
        time.sleep(0.05)
    raise Gone


# ---- HTTP/1.1 ----

family("HTTP/1.1")

def _raw(name, words, text, stages=ANSWERS, close=True):
    def play(connection, request):
        connection.send(text)
        if not close:
            hold(lambda: connection.going)
        raise Gone
    attack("http1", words, stages, name=name)(play)


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_raw("half a body", "breaks off in the middle of the body",
     _OK + b'Content-Length: 1000\r\n\r\n{"kind": "Status"')
_raw("negative length", "states a negative Content-Length", _OK + b"Content-Length: -1\r\n\r\n{}")
_raw("length of 2^64", "states a Content-Length of 2^64",
     _OK + b"Content-Length: 18446744073709551616\r\n\r\n{}", close=False)
_raw("two lengths", "states two Content-Lengths",
     _OK + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}abc")
_raw("length too short", "sends more than its Content-Length",
     _OK + b'Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}' * 3)
_raw("garbage for chunks", "sends chunks that are none",
     _OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n")
_raw("chunk of 2^64", "states a chunk of 2^64",
     _OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", close=False)
_raw("two statuses", "sends two status lines", b"HTTP/1.1 200 OK\r\n" + _OK + b"\r\n\r\n")
_raw("HTTP/0.9", "answers as HTTP/0.9, without a head", b'{"kind": "Status"}\n')
_raw("no HTTP", "speaks no HTTP", b"220 mail.example.com ESMTP\r\n")
_raw("status of 999", "answers 999", b"HTTP/1.1 999 \x1b[31mOdd\x07\r\nContent-Length: 0\r\n\r\n")
_raw("switching protocols", "answers 101", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
     close=False)
_raw("gzip of garbage", "says gzip and sends none",
     _OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone")
_GZIP = _OK + b"Content-Encoding: gzip\r\n"
_raw("gzip of a wrong sum", "packs its answer with a wrong checksum",
     _GZIP + b"Content-Length: 22\r\n\r\n" + gzip.compress(b"{}", mtime=0)[:-8] + b"wrongsum")
_raw("gzip cut off", "leaves out the end of what it packs",
     _GZIP + b"Content-Length: 14\r\n\r\n" + gzip.compress(b"{}", mtime=0)[:-8])
_raw("gzip within gzip", "packs its answer ten times",
     _OK + b"Content-Encoding: " + b", ".join([b"gzip"] * 10) + b"\r\nContent-Length: 2\r\n\r\n{}")
_raw("odd encodings", "names a thousand encodings that there are not",
     _OK + b"Content-Encoding: " + b", ".join([b"x-\x1b[31m"] * 1000) +
     b"\r\nContent-Length: 2\r\n\r\n{}")
_raw("null bytes in headers", "has NUL bytes in its headers",
     _OK + b"X-\0: \0\0\r\nContent-Length: 2\r\n\r\n{}")
_raw("silence in the headers", "stops in the middle of a header", b"HTTP/1.1 200 OK\r\nX-", close=False)


@attack("http1", "sends a header line that never ends", FEW, busy=True)
def header_without_end(connection, request):
    connection.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        connection.send(b"a" * 262144)


@attack("http1", "packs nothing without end, as fast as it can", FEW, busy=True)
def gzip_of_nothing_without_end(connection, request):
    connection.send(_GZIP + b"Transfer-Encoding: chunked\r\n\r\na\r\n\x1f\x8b\x08" + bytes(7) + b"\r\n")
    while True:
        connection.send(b"14000\r\n" + b"\0\0\0\xff\xff" * 16384 + b"\r\n")


@attack("http1", "packs its answer under a name that never ends", FEW, busy=True)
def gzip_of_an_endless_name(connection, request):
    connection.send(_GZIP + b"Transfer-Encoding: chunked\r\n\r\na\r\n\x1f\x8b\x08\x08" + bytes(6) + b"\r\n")
    while True:
        connection.send(b"10000\r\n" + b"a" * 65536 + b"\r\n")


@attack("http1", "sends headers without end", FEW, busy=True)
def headers_without_end(connection, request):
    connection.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.send(b"X-Many: y\r\n" * 20000)


@attack("http1", "sends 100 answers without end", FEW, busy=True)
def interim_answers_without_end(connection, request):
    while True:
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 10000)


@attack("http1", "sends chunks of one byte without end", FEW, busy=True)
def chunks_without_end(connection, request):
    connection.send(_OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.send(b"1\r\n \r\n" * 20000)


@attack("http1", "sends trailers without end", FEW, busy=True)
def trailers_without_end(connection, request):
    connection.send(_OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
    while True:
        connection.send(b"X-Trailer: y\r\n" * 20000)


@attack("http1", "drips its headers, a byte at a time")
def drip_of_headers(connection, request):
    connection.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.send(b"a")
        time.sleep(0.05)


from . import proxies, lies  # noqa: E402,F401  (on the way; what is said in well-formed answers)
