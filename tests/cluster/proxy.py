# SPDX-License-Identifier: Apache-2.0
"""Toxiproxy in front of an API server: a slow, cut or silent network."""
import itertools
import json
import urllib.request

from process import EstateError, Process, free_port, wait_until


class Toxiproxy:
    """The server; one for an estate."""

    def __init__(self, directory):
        self.port = free_port()
        self.process = Process("toxiproxy", ["toxiproxy", "-host", "127.0.0.1", "-port", self.port],
                               directory)
        self.proxies, self.made = [], itertools.count()

    def start(self):
        self.process.start()
        wait_until(self._up, "toxiproxy", process=self.process)
        return self

    def _up(self):
        try:
            self.call("GET", "/version")
            return True
        except OSError:
            return False

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            return response.read()

    def proxy(self, name, upstream_port):
        made = Proxy(self, name, upstream_port)
        self.proxies.append(made)
        return made

    def reset(self, names):
        """Ends the proxies in front of these clusters."""
        names = set(names)
        for proxy in [one for one in self.proxies if one.name.rpartition("-")[0] in names]:
            proxy.close()
            self.proxies.remove(proxy)


class Proxy:
    """One listening port in front of an API server. The server's certificate is good for it."""

    def __init__(self, toxiproxy, name, upstream_port):
        self.toxiproxy, self.name = toxiproxy, name
        self.path = f"/proxies/{name}"
        answer = json.loads(toxiproxy.call("POST", "/proxies", {
            "name": name, "listen": "127.0.0.1:0", "upstream": f"127.0.0.1:{upstream_port}",
            "enabled": True}))
        self.port = int(answer["listen"].rsplit(":", 1)[1])
        self.server = f"https://127.0.0.1:{self.port}"

    def _toxic(self, kind, stream="downstream", toxicity=1.0, **attributes):
        self.toxiproxy.call("POST", self.path + "/toxics", {
            "name": f"{kind}-{stream}", "type": kind, "stream": stream, "toxicity": toxicity,
            "attributes": attributes})

    def latency(self, milliseconds):
        """Each answer comes later."""
        self._toxic("latency", latency=milliseconds)

    def black_hole(self):
        """Connections open, and nothing ever comes: neither data nor an end."""
        self._toxic("timeout", timeout=0)

    def reset_peer(self, milliseconds=0):
        """Every connection is reset, after some milliseconds."""
        self._toxic("reset_peer", timeout=milliseconds)

    def limit_data(self, size):
        """The connection ends after so many bytes of an answer."""
        self._toxic("limit_data", bytes=size)

    def down(self):
        """Connections are refused."""
        self.toxiproxy.call("POST", self.path, {"enabled": False})

    def up(self):
        self.toxiproxy.call("POST", self.path, {"enabled": True})

    def clear(self):
        """As if there were no proxy."""
        for toxic in json.loads(self.toxiproxy.call("GET", self.path + "/toxics")):
            self.toxiproxy.call("DELETE", f"{self.path}/toxics/{toxic['name']}")
        self.up()

    def close(self):
        try:
            self.toxiproxy.call("DELETE", self.path)
        except OSError as error:
            raise EstateError(f"toxiproxy: {error}") from error
