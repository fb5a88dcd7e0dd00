# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 by hand: frames (RFC 9113), and as much of HPACK (RFC 7541) as either side needs. What is
sent is written without any table; what is received is read whole."""

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, \
    CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY_FLAG = 0x1, 0x1, 0x4, 0x8, 0x20
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, \
    MAX_HEADER_LIST_SIZE = range(1, 7)
WINDOW_MAX = 2**31 - 1

STATIC = [(name, value) for name, _, value in (line.partition("|") for line in """\
:authority
:method|GET
:method|POST
:path|/
:path|/index.html
:scheme|http
:scheme|https
:status|200
:status|204
:status|206
:status|304
:status|400
:status|404
:status|500
accept-charset
accept-encoding|gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate""".splitlines())]
assert len(STATIC) == 61

# The lengths of the codes of all bytes, A being 0 and a 26: codes of equal length follow each other
# in the order of the bytes, so the lengths say everything.
LENGTHS = ("NXcccccccYecceccccccccecccccccccGKKMNGILKKILIGGGFFFGGGGGGGHIPGMKNGHHHHHHHHHHHHHHHHHHHHHH"
           "IHINTNOGPFGFGFGGGFHHGGGFGHGFFGHHHHHPLONcUWUUWWWXWXXXXXYXYYWXYXXXXVWXWXXYWVUWWXXVXWWYVWXX"
           "VVWVXWXXUWWWXWWXaaUTWXWZaaabbaYZTVabbabYVVaacbbbUYUVWVVXWWZZYYaXabaabbbbbcbbbbba")


def _huffman():
    lengths = [ord(c) - ord("A") if c.isupper() else ord(c) - ord("a") + 26 for c in LENGTHS]
    codes, code, before = {}, 0, 0
    for length, byte in sorted((length, byte) for byte, length in enumerate(lengths)):
        code <<= length - before
        codes[length, code] = byte
        code, before = code + 1, length
    return codes


HUFFMAN = _huffman()


def huffman(data):
    out, code, length = bytearray(), 0, 0
    for byte in data:
        for bit in range(7, -1, -1):
            code, length = code << 1 | byte >> bit & 1, length + 1
            if (length, code) in HUFFMAN:
                out.append(HUFFMAN[length, code])
                code, length = 0, 0
    return bytes(out)  # what is left are the ones of the padding


class Decoder:
    """HPACK's decoder, with its dynamic table."""

    def __init__(self):
        self.dynamic, self.size, self.limit = [], 0, 4096
        self.data, self.at = b"", 0

    def _integer(self, bits):
        most = (1 << bits) - 1
        value = self.data[self.at] & most
        self.at += 1
        shift = 0
        while value >= most or shift:
            byte = self.data[self.at]
            self.at += 1
            value += (byte & 127) << shift
            shift += 7
            if not byte & 128:
                break
        return value

    def _string(self):
        packed = self.data[self.at] & 128
        length = self._integer(7)
        text = self.data[self.at:self.at + length]
        self.at += length
        return (huffman(text) if packed else text).decode("latin-1")

    def _entry(self, index):
        return STATIC[index - 1] if index <= len(STATIC) else self.dynamic[index - len(STATIC) - 1]

    def _shrink(self):
        while self.size > self.limit:
            name, value = self.dynamic.pop()
            self.size -= len(name) + len(value) + 32

    def decode(self, data):
        self.data, self.at = data, 0
        fields = []
        while self.at < len(self.data):
            first = self.data[self.at]
            if first & 0x80:
                fields.append(self._entry(self._integer(7)))
            elif first & 0xe0 == 0x20:
                self.limit = self._integer(5)
                self._shrink()
            else:
                kept = first & 0x40
                index = self._integer(6 if kept else 4)
                name = self._entry(index)[0] if index else self._string()
                fields.append((name, self._string()))
                if kept:
                    self.dynamic.insert(0, fields[-1])
                    self.size += len(name) + len(fields[-1][1]) + 32
                    self._shrink()
        return fields


def integer(value, bits, first=0):
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    out = bytearray([first | most])
    value -= most
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def literal(name, value):
    """One header field without the tables."""
    name, value = (x if isinstance(x, bytes) else x.encode("latin-1", "replace")
                   for x in (name, value))
    return b"\0" + integer(len(name), 7) + name + integer(len(value), 7) + value


def block(fields):
    return b"".join(literal(name, value) for name, value in fields)


def frame(kind, flags, stream, payload=b""):
    return (len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
            + payload)


def settings(**values):
    """settings(initial_window_size=5): the frame."""
    return frame(SETTINGS, 0, 0, b"".join(
        globals()[name.upper()].to_bytes(2, "big") + value.to_bytes(4, "big")
        for name, value in values.items()))


def window(stream, more):
    return frame(WINDOW_UPDATE, 0, stream, more.to_bytes(4, "big"))


def headers(stream, fields, end=False, most=16384):
    """HEADERS, and CONTINUATION where it takes more than one frame."""
    data = block(fields)
    parts = [data[i:i + most] for i in range(0, len(data), most)] or [b""]
    out = []
    for i, part in enumerate(parts):
        flags = (END_HEADERS if i == len(parts) - 1 else 0) | (END_STREAM if end and i == 0 else 0)
        out.append(frame(CONTINUATION if i else HEADERS, flags, stream, part))
    return b"".join(out)


def body(stream, data, end=True, most=16384):
    parts = [data[i:i + most] for i in range(0, len(data), most)] or [b""]
    return b"".join(frame(DATA, END_STREAM if end and i == len(parts) - 1 else 0, stream, part)
                    for i, part in enumerate(parts))


class Reader:
    """Frames off a socket; whole header blocks are decoded, padding is taken off."""

    def __init__(self, receive):
        self.receive = receive  # of up to so many bytes; b"" at the end
        self.buffer = bytearray()
        self.decoder = Decoder()
        self.open = None  # a header block that goes on: stream, flags, bytes

    def _exactly(self, count):
        while len(self.buffer) < count:
            data = self.receive(65536)
            if not data:
                return None
            self.buffer += data
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def preface(self):
        return self._exactly(len(PREFACE)) == PREFACE

    def frame(self):
        """(kind, flags, stream, payload); the payload of HEADERS is a list of fields. None: the end."""
        while True:
            head = self._exactly(9)
            payload = self._exactly(int.from_bytes(head[:3], "big")) if head else None
            if payload is None:
                return None
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:9], "big") & WINDOW_MAX
            if kind in (DATA, HEADERS) and flags & PADDED:
                payload = payload[1:len(payload) - payload[0]]
            if kind == HEADERS and flags & PRIORITY_FLAG:
                payload = payload[5:]
            if kind == HEADERS:
                self.open = (stream, flags, payload)
            elif kind == CONTINUATION and self.open:
                self.open = (stream, self.open[1] | flags, self.open[2] + payload)
            else:
                return kind, flags, stream, payload
            if self.open[1] & END_HEADERS:
                stream, flags, payload = self.open
                self.open = None
                return HEADERS, flags, stream, self.decoder.decode(payload)
