# SPDX-License-Identifier: Apache-2.0
"""What may lie between Terraform and an API server."""
import base64
import os
import pathlib
import shutil

import reach
import servers
from workspace import harness

equal, true = harness.equal, harness.true
# The server's certificate is for this name too, and only a proxy knows where it is.
NAME = "kubernetes.default.svc"


def test_an_http_proxy_of_the_entry(w, estate):
    """All traffic goes through it, by the name that only it resolves, with its password."""
    cluster = estate.cluster("cluster1")
    login = base64.b64encode(b"ops:pa ss").decode()
    with servers.HttpProxy({NAME: cluster.port}, login) as proxy:
        entry = reach.by_token(cluster, host=f"https://{NAME}:6443",
                               proxy_url=f"http://ops:pa%20ss@127.0.0.1:{proxy.port}")
        reach.one(w, entry)
        reach.round_trip(w, cluster)
        equal(set(proxy.targets), {f"{NAME}:6443"}, "what the proxy was asked for")
        reach.one(w, {**entry, "proxy_url": f"http://ops:open-sesame@127.0.0.1:{proxy.port}"})
        w.apply(code=1).has("wants a user and password", f"127.0.0.1:{proxy.port}",
                           "proxy_url").lacks("open-sesame")


def test_a_socks_proxy_of_the_entry(w, estate):
    """socks5h resolves the name at the proxy; socks5 here, where it is not known."""
    cluster = estate.cluster("cluster1")
    with servers.Socks5Proxy({NAME: cluster.port}) as proxy:
        entry = reach.by_token(cluster, host=f"https://{NAME}:6443",
                               proxy_url=f"socks5h://127.0.0.1:{proxy.port}")
        reach.one(w, entry)
        reach.round_trip(w, cluster)
        equal(set(proxy.targets), {f"{NAME}:6443"}, "what the proxy was asked for")
        reach.one(w, {**entry, "proxy_url": f"socks5://127.0.0.1:{proxy.port}"})
        w.apply(code=1).has(NAME, "resolved", "socks5h://")


def test_the_proxy_of_the_environment(w, estate):
    """HTTPS_PROXY holds for what NO_PROXY does not name, and never for this machine."""
    cluster = estate.cluster("cluster1")
    with servers.HttpProxy({NAME: cluster.port}) as proxy:
        w.env.update(HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}", NO_PROXY="example.com")
        reach.one(w, reach.by_token(cluster, host=f"https://{NAME}:6443"))
        w.apply()
        equal(set(proxy.targets), {f"{NAME}:6443"}, "what the proxy was asked for")
        before = proxy.connections
        reach.one(w, reach.by_token(cluster))
        w.no_changes()
        equal(proxy.connections, before, "connections for 127.0.0.1")
        reach.one(w, reach.by_token(cluster, host=f"https://{NAME}:6443"))
        w.env["NO_PROXY"] = "example.com,.svc"
        w.plan().has(f"the name {NAME} cannot be resolved")
        equal(proxy.connections, before, "connections with NO_PROXY")


def test_a_proxy_that_is_not_there(w, estate):
    """The error is about the proxy, not about the cluster."""
    cluster = estate.cluster("cluster1")
    with servers.HttpProxy() as proxy:
        port = proxy.port
    reach.one(w, reach.by_token(cluster, proxy_url=f"http://127.0.0.1:{port}"))
    w.apply(code=1).has("proxy", f"127.0.0.1:{port}", "proxy_url", "HTTPS_PROXY")


def test_an_api_server_below_a_path(w, estate):
    """As Rancher and other gateways have it."""
    cluster = estate.cluster("cluster1")
    with servers.PrefixProxy(cluster, "/k8s/clusters/c-1") as proxy:
        host = f"https://127.0.0.1:{proxy.port}/k8s/clusters/c-1"
        reach.one(w, reach.by_token(cluster, host=host))
        reach.round_trip(w, cluster)
        true(proxy.paths, "the proxy must have been used")
        for path in proxy.paths:
            true(path.startswith("/k8s/clusters/c-1/api"), path)
        reach.one(w, reach.by_token(cluster, host=host.replace("c-1", "c-2")))
        w.apply(code=1).has("404", "c-2")


def test_the_name_of_the_certificate_is_another(w, estate):
    """tls_server_name is what the certificate must have; insecure looks at nothing."""
    cluster = estate.cluster("cluster1")
    entry = reach.by_token(cluster, tls_server_name=NAME)
    reach.one(w, entry)
    reach.round_trip(w, cluster)
    reach.one(w, {**entry, "tls_server_name": "api.example.com"})
    w.apply(code=1).has("certificate", "api.example.com", "tls_server_name")
    reach.one(w, reach.by_token(cluster, cluster_ca_certificate=None, insecure=True))
    reach.round_trip(w, cluster)


def test_in_a_pod(w, estate):
    """The service account's files, and the address from the environment."""
    cluster = estate.cluster("cluster1")
    directory = pathlib.Path(reach.SERVICE_ACCOUNT)
    top = next((p for p in reversed((directory, *directory.parents)) if not p.exists()), None)
    if directory.exists() or not os.access(top.parent, os.W_OK):
        raise harness.Skip(f"{directory} is there already, or cannot be made")
    reach.one(w, {"in_cluster": True})
    w.env.update(KUBERNETES_SERVICE_HOST="127.0.0.1", KUBERNETES_SERVICE_PORT=str(cluster.port))
    try:
        directory.mkdir(parents=True)
        (directory / "token").write_text(cluster.token())
        w.apply(code=1).has(f"{directory}/ca.crt")
        (directory / "ca.crt").write_text(cluster.ca.read_text())
        reach.round_trip(w, cluster)
    finally:
        shutil.rmtree(top)
    for name in ("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"):
        w.env.pop(name)
    w.apply(code=1).has("KUBERNETES_SERVICE_HOST", "in_cluster")
