# SPDX-License-Identifier: Apache-2.0
"""What stands between Terraform and an API server: small proxies that count what they carry."""
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
    """CONNECT. targets: what was asked for; names: {a name: the port of 127.0.0.1 it stands for}."""

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


class PrefixProxy(Listener):
    """TLS with the API server's own certificate; takes requests below a path only, as Rancher does,
    and passes them on without it. paths: what was asked for."""

    def __init__(self, cluster, prefix):
        self.cluster, self.prefix, self.paths = cluster, prefix, []
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(cluster.pki.path("server.crt"), cluster.pki.path("server.key"))
        self.client = ssl.create_default_context(cafile=str(cluster.ca))
        super().__init__()

    def handle(self, connection):
        """One request to a connection: it says so to the API server."""
        inside = self.server.wrap_socket(connection, server_side=True)
        asked, rest = head(inside)
        method, path, more = asked.decode("latin-1").split(" ", 2)
        self.paths.append(path)
        if not path.startswith(self.prefix + "/"):
            inside.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n"
                           b"Connection: close\r\n\r\nnot here\n")
            return
        more = more.replace("\r\n", "\r\nConnection: close\r\n", 1)
        there = self.client.wrap_socket(
            socket.create_connection(("127.0.0.1", self.cluster.port)), server_hostname="127.0.0.1")
        there.sendall(f"{method} {path[len(self.prefix):]} {more}".encode("latin-1") + rest)
        carry(inside, there)
