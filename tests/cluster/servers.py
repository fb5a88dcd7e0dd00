# SPDX-License-Identifier: Apache-2.0
"""What stands between Terraform and an API server: small proxies that count what they carry."""
import re
import socket
import ssl
import struct
import threading


class Listener:
    """A TCP listener on 127.0.0.1 that gives each connection to `handle` in a thread of its own.
    connections: how many there were."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.connections = 0
        self.open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            self.open.append(connection)
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection):
        try:
            self.handle(connection)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def handle(self, connection):
        """Takes connections, and says nothing until they end."""
        while connection.recv(65536):
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in (self.socket, *self.open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()


def carry(one, other):
    """Both ways, until either side ends."""
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    back = threading.Thread(target=copy, args=(other, one), daemon=True)
    back.start()
    copy(one, other)
    back.join()
    other.close()


class Forward(Listener):
    """Another port of an API server."""

    def __init__(self, cluster):
        self.cluster = cluster
        super().__init__()
        self.server = f"https://127.0.0.1:{self.port}"

    def handle(self, connection):
        carry(connection, socket.create_connection(("127.0.0.1", self.cluster.port)))


def exactly(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ValueError("ended early")
        data += more
    return data


def head(connection):
    """An HTTP head with its empty line, and what came after it."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ValueError("ended early")
        data += more
    first, _, rest = data.partition(b"\r\n\r\n")
    return first + b"\r\n\r\n", rest


class HttpProxy(Listener):
    """CONNECT. targets: what was asked for; names: {a name: the port here that it stands for}."""

    def __init__(self, names=None, login=None):
        self.targets, self.names, self.login = [], names or {}, login
        super().__init__()

    def handle(self, connection):
        asked, _rest = head(connection)
        line = asked.split(b"\r\n", 1)[0].decode()
        method, target, _version = line.split(" ")
        self.targets.append(target)
        if self.login and f"\r\nProxy-Authorization: Basic {self.login}\r\n".encode() not in asked:
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                               b"Content-Length: 0\r\n\r\n")
            return
        if method != "CONNECT":
            connection.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        name, _, port = target.rpartition(":")
        there = socket.create_connection(("127.0.0.1", self.names.get(name, int(port))))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        carry(connection, there)


class Socks5Proxy(Listener):
    """RFC 1928 without a login: CONNECT to IPv4 addresses and names."""

    def __init__(self, names=None):
        self.targets, self.names = [], names or {}
        super().__init__()

    def handle(self, connection):
        _version, methods = exactly(connection, 2)
        exactly(connection, methods)
        connection.sendall(b"\x05\x00")
        _version, _command, _reserved, kind = exactly(connection, 4)
        if kind == 1:
            name = socket.inet_ntoa(exactly(connection, 4))
        else:
            name = exactly(connection, exactly(connection, 1)[0]).decode()
        port = struct.unpack("!H", exactly(connection, 2))[0]
        self.targets.append(f"{name}:{port}")
        there = socket.create_connection(("127.0.0.1", self.names.get(name, port)))
        connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        carry(connection, there)


class Front(Listener):
    """TLS in front of an API server, with its own certificate: passes a request on, below another
    path if need be, or answers it itself. paths: what was asked for."""

    def __init__(self, cluster):
        self.cluster, self.paths = cluster, []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(cluster.pki.path("server.crt"), cluster.pki.path("server.key"))
        self.client = ssl.create_default_context(cafile=str(cluster.ca))
        super().__init__()
        self.server = f"https://127.0.0.1:{self.port}"

    def decide(self, method, path):
        """(the path to pass it on to, None), or (None, (status, headers, body))."""
        raise NotImplementedError

    def passed(self, method, path):
        """The API server has answered, and whoever asked does not know yet."""

    def handle(self, connection):
        """One request to a connection, which its end says."""
        with self.tls.wrap_socket(connection, server_side=True) as inside:
            asked, rest = head(inside)
            method, path, more = asked.decode("latin-1").split(" ", 2)
            size = re.search(r"(?i)\r\ncontent-length: *(\d+)", more)
            body = rest + exactly(inside, int(size[1]) - len(rest)) if size else b""
            self.paths.append(path)
            onward, answer = self.decide(method, path)
            if answer:
                status, headers, text = answer
                inside.sendall(f"HTTP/1.1 {status} Scripted\r\nContent-Length: {len(text)}\r\n"
                               f"Connection: close\r\n{headers}\r\n{text}".encode())
                return
            more = more.replace("\r\n", "\r\nConnection: close\r\n", 1)
            with self.client.wrap_socket(
                    socket.create_connection(("127.0.0.1", self.cluster.port)),
                    server_hostname="127.0.0.1") as there:
                there.sendall(f"{method} {onward} {more}".encode("latin-1") + body)
                data = there.recv(65536)
                self.passed(method, path)
                while data:
                    inside.sendall(data)
                    data = there.recv(65536)


class PrefixProxy(Front):
    """Takes requests below a path only, as Rancher does."""

    def __init__(self, cluster, prefix):
        self.prefix = prefix
        super().__init__(cluster)

    def decide(self, _method, path):
        if path.startswith(self.prefix + "/"):
            return path[len(self.prefix):], None
        return None, (404, "", "not here\n")


class ScriptedFaults(Front):
    """A fake in so far as it answers some requests itself. `script`: {(a method, a part of the
    path): answers}, each of which is used once; the last one of a list that ends with ... for ever.
    An answer is (status, headers with their line ends, body)."""

    def __init__(self, cluster, script=None):
        self.script = script or {}
        self.answered = []
        super().__init__(cluster)

    def decide(self, method, path):
        for (verb, part), answers in self.script.items():
            if verb in (method, "*") and part in path and answers:
                answer = answers[0]
                if answers[1:] != [...]:
                    answers.pop(0)
                self.answered.append((method, path))
                return None, answer
        return path, None


class Gate(Front):
    """Passes everything on, and counts the writes that are no dry runs. The one numbered `at` is done,
    and nobody hears of it: `then` is called in the place of its answer. writes: all of them."""

    def __init__(self, cluster):
        self.at, self.then, self.writes, self.lock = None, None, [], threading.Lock()
        self.fired = False
        super().__init__(cluster)

    def arm(self, at, then):
        self.writes, self.fired = [], False
        self.at, self.then = at, then

    def disarm(self):
        self.at = None

    def decide(self, _method, path):
        return path, None

    def passed(self, method, path):
        if method == "GET" or "dryRun=All" in path:
            return
        with self.lock:
            self.writes.append(f"{method} {path.partition('?')[0]}")
            fires = self.at is not None and len(self.writes) == self.at
        if fires:
            self.fired = True
            self.then()
