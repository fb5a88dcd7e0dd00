# SPDX-License-Identifier: Apache-2.0
"""One cell of the matrix: a resource in two clusters, of which one is hostile from some stage on.

The operation is driven to its end, and again (another process) until it is stopped in the middle of the
attack; what both must keep is checked here."""
import base64
import functools
import pathlib
import re
import sys
import time
import urllib.parse

from plugin import Ended, Plugin, Resource, dynamic, message
from hostile.attacks import ATTACKS
from hostile.objects import Cluster
from hostile.server import Server

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "terraform"))
from whole import documents  # noqa: E402

GOOD, BAD = "good", "bad"
REVISION = "1-23"
TOKEN = "the-t0ken~of/the+hostile+cluster=4711"
PASSWORD = "pass w0rd/of~the+hostile=4712"
PROXY_PASSWORD = "pr0xy w0rd/of~the+hostile=4713"
# Seconds.
REQUEST = 1
READ = 3
CREATE = DELETE = 4
PATIENT = 20  # REQUEST of the other cluster, which is only late where this machine is busy
SLACK = 1
STOP = 1
# How long after an attack has begun it is stopped: in the middle of it.
MIDDLE = 0.3
NAME = "istio-ingressgateway"
SPEC = """profile: empty
hub: example.com/istio
tag: 1.23.6
components:
  ingressGateways:
    - name: istio-ingressgateway
      namespace: gloo-mesh-gateways
      enabled: true
      label: {istio: ingressgateway, app: istio-ingressgateway}
      k8s:
        service:
          type: LoadBalancer
          selector: {istio: ingressgateway}
          ports: [{name: http2, port: 80, targetPort: 8080}]
"""
# stage of the matrix: the operation, and the stage of the server
STAGES = {
    "connect": ("create", "connect"),
    "read": ("refresh", "read"),
    "look": ("create", "read"),
    "write": ("create", "write"),
    "watch": ("create", "watch"),
    "wait": ("create", "wait"),
    "switch": ("create", "switch"),
    "delete": ("delete", "delete"),
    "gone": ("delete", "wait"),
    "import": ("import", "read"),
    "data": ("data", "read"),
}
# An import has the time of a read by default: two minutes.
LIMITS = {"create": CREATE, "refresh": READ, "delete": DELETE, "import": 120, "data": READ}
CLUSTER_ATTRIBUTES = (
    "context", "host", "kubeconfig", "in_cluster", "directory", "operator_namespace", "installer",
    "cluster_ca_certificate", "client_certificate", "client_key", "token", "token_file", "username",
    "password", "exec", "insecure", "tls_server_name", "proxy_url", "impersonate", "request_timeout",
    "on_unreachable", "decommissioned")
PROVIDER_ATTRIBUTES = ("clusters", "config_paths", "operator_namespace", "installer",
                       "default_distribution", "field_manager", "max_parallel_clusters")
RESOURCE_ATTRIBUTES = ("name", "namespace", "installations", "helm_global", "wait_for_healthy",
                       "deletion_protection", "adopt_existing", "force_conflicts", "timeouts", "id",
                       "objects", "services", "addresses", "status")
DATA_ATTRIBUTES = ("name", "namespace", "clusters", "timeouts", "id", "installations", "status")


def whole(names, **values):
    """An object with all attributes, null but for these."""
    return {**dict.fromkeys(names), **values}


def proxy_url(server):
    """Of one that has a proxy before it, on the same port."""
    if not server.proxy:
        return None
    scheme = "http" if server.attack.layer == "proxy" else "socks5h"
    return f"{scheme}://ops:{urllib.parse.quote(PROXY_PASSWORD, '')}@127.0.0.1:{server.port}"


def provider_config(servers, identity, password):
    entries = {}
    for name, server in servers.items():
        login = ({"username": "ops", "password": PASSWORD} if password else {"token": TOKEN}) \
            if name == BAD else {"token": "well-known"}
        patience = REQUEST if server.attack else PATIENT
        entries[name] = whole(CLUSTER_ATTRIBUTES, host=server.url, request_timeout=f"{patience}s",
                              cluster_ca_certificate=identity.ca.read_text(),
                              proxy_url=proxy_url(server), **login)
    return whole(PROVIDER_ATTRIBUTES, clusters=entries)


def resource_config():
    clusters = {name: whole(("active_gateway", "trust_domain"), active_gateway=True)
                for name in (GOOD, BAD)}
    installation = whole(("gateway_revision", "control_plane_revision", "skip_upgrade_validation"),
                         clusters=clusters, istio_operator_spec=SPEC)
    timeouts = whole((), create=f"{CREATE}s", update=f"{CREATE}s", delete=f"{DELETE}s",
                     read=f"{READ}s")
    return whole(RESOURCE_ATTRIBUTES, name=NAME, installations={REVISION: installation},
                 timeouts=timeouts)


class Failed(AssertionError):
    """What a cell did not keep."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


@functools.cache
def created(program, identity):
    """Well-behaved clusters after a create, and its result: what refresh and delete begin with."""
    for _ in range(2):
        try:
            return create(program, identity)
        except (Failed, Ended):
            pass
    return create(program, identity)


def create(program, identity):
    clusters = {name: Cluster(name) for name in (GOOD, BAD)}
    servers = {name: Server(identity, cluster) for name, cluster in clusters.items()}
    plugin = Plugin(program)
    try:
        plugin.configure(provider_config(servers, identity, False))
        planned, _ = plugin.plan(Resource(), resource_config(), resource_config())
        made, diagnostics = plugin.finish_apply(
            plugin.begin_apply(Resource(), resource_config(), planned))
        expect(not any(d.error for d in diagnostics) and state_of(made, BAD) == "HEALTHY",
               "a create without any attack failed: " + "\n".join(map(str, diagnostics)))
        return made, clusters
    finally:
        plugin.close()
        for server in servers.values():
            server.stop()


class Run:
    """One process of the plugin against the two clusters."""

    def __init__(self, program, identity, attack, stage):
        self.attack = attack
        self.operation, server_stage = STAGES[stage]
        self.before = Resource()
        self.clusters = {name: Cluster(name) for name in (GOOD, BAD)}
        if self.operation != "create":
            self.before, made = created(program, identity)
            self.clusters = {name: cluster.copy() for name, cluster in made.items()}
        self.servers = {GOOD: Server(identity, self.clusters[GOOD]),
                        BAD: Server(identity, self.clusters[BAD], attack, server_stage)}
        self.bad = self.servers[BAD]
        self.plugin = Plugin(program)
        self.plugin.configure(provider_config(self.servers, identity, "password" in attack.name))
        self.texts = []  # everything that a user may see or keep

    def note(self, resource, diagnostics):
        self.texts += [str(d) for d in diagnostics]
        for part in (resource.state, resource.private, resource.identity):
            self.texts.append((part or b"").decode("latin-1"))
        return resource, diagnostics

    def begin(self):
        """Begins the operation under attack."""
        plugin = self.plugin
        if self.operation == "refresh":
            self.began = time.monotonic()
            self.stream = plugin.begin_read(self.before)
            return
        if self.operation in ("import", "data"):
            self.began = time.monotonic()
            config = whole(DATA_ATTRIBUTES, name=NAME, timeouts={"read": f"{READ}s"})
            self.stream = plugin.begin_data(config) if self.operation == "data" else \
                plugin.begin_import(f"gloo-mesh/{NAME}")
            return
        config = resource_config() if self.operation == "create" else None
        planned, diagnostics = plugin.plan(self.before, config, config)
        expect(not any(d.error for d in diagnostics), "the plan: " + "\n".join(map(str, diagnostics)))
        if self.operation == "delete":
            planned = Resource(None, planned.private)
        self.began = time.monotonic()
        self.stream = plugin.begin_apply(self.before, config, planned)

    def finish(self, seconds):
        finish = {"refresh": self.plugin.finish_read, "import": self.plugin.finish_import,
                  "data": self.plugin.finish_data}.get(self.operation, self.plugin.finish_apply)
        result = self.note(*finish(self.stream, seconds))
        self.took = time.monotonic() - self.began
        return result

    def close(self):
        self.plugin.close()
        for server in self.servers.values():
            server.stop()


def state_of(resource, cluster):
    """The state of a cluster's installation; None where there is none."""
    status = (resource.value or {}).get("status") or {}
    entry = status.get("clusters", {}).get(cluster) or {}
    return (entry.get("installations", {}).get(REVISION) or {}).get("state")


# ---- what every cell keeps ----

# \n and \t are Terraform's own to lay out.
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def check_texts(run):
    secrets = {TOKEN, base64.b64encode(TOKEN.encode()).decode(), urllib.parse.quote(TOKEN)}
    for password in (PASSWORD, PROXY_PASSWORD):
        secrets |= {password, base64.b64encode(f"ops:{password}".encode()).decode(),
                    urllib.parse.quote(password), urllib.parse.quote(password, "")}
    # As long as the pieces that a server has cut them into.
    secrets |= {login[at:at + 10] for login in (TOKEN, PASSWORD) for at in (10, 20)}
    log = run.plugin.logged()
    for text in (*run.texts, log):
        for secret in (*secrets, "(null)"):
            if secret in text:
                raise Failed(f"{secret} in {around(text, secret)}")


def check_diagnostics(diagnostics):
    for d in diagnostics:
        for found in RAW.finditer(str(d)):
            raise Failed(f"{found[0]!a} raw in {around(str(d), found[0])}")
        expect(len(str(d)) < 100000, f"a diagnostic of {len(str(d))} characters")


def around(text, part):
    at = text.index(part)
    return ascii(text[max(0, at - 200):at + 200])


def check_alive(run):
    expect(run.plugin.process.poll() is None,
           f"the process has ended: {run.plugin.process.poll()}\n{run.plugin.logged()[-2000:]}")
    run.plugin.call("GetMetadata", seconds=5)


def check_memory(run, most):
    peak = run.plugin.peak()
    expect(peak < most, f"took {peak >> 20} MB of memory at its peak")
    return peak


def check_good(run, result):
    """The other cluster: its result is in the state, and was not waited for."""
    if run.operation in ("import", "data"):
        expect(state_of(result, GOOD) in ("HEALTHY", None if result.value is None else "HEALTHY"),
               f"the other cluster is {state_of(result, GOOD)} in what was found")
        return
    expected = {"create": "HEALTHY", "refresh": "HEALTHY", "delete": None}[run.operation]
    expect(state_of(result, GOOD) == expected,
           f"the other cluster is {state_of(result, GOOD)} in the state")
    if run.operation == "delete":
        expect(not run.clusters[GOOD].list("istiooperators")[0], "the other cluster's is not gone")


def held_up(run):
    """Seconds until the other cluster got its last change."""
    changes = [at for at, method, _ in run.clusters[GOOD].requests
               if method in ("PATCH", "DELETE") and at >= run.began]
    return changes[-1] - run.began if changes else 0


LATE = re.compile(r"in time|timed? ?out|within|did not answer|has not answered|no answer|time was over|"
                  r"time is over|took longer", re.I)


def outcome(run, result, diagnostics):
    """How it ended, in a word that does not depend on how fast this machine is."""
    errors = [d for d in diagnostics if d.error]
    about = [d for d in diagnostics if f'"{BAD}"' in str(d)]
    if run.operation == "refresh":
        if errors:
            return "refused"
        return "kept" if about else "read"
    if run.operation in ("import", "data") and not errors:
        return "kept" if about else "read"
    if not errors:
        return "done"
    expect(any(f'"{BAD}"' in str(d) for d in errors), "no error names the cluster:\n" +
           "\n".join(map(str, errors))[:3000])
    expect(not any(f'"{GOOD}"' in str(d) for d in errors), "an error names the other cluster:\n" +
           "\n".join(map(str, errors))[:3000])
    return "refused"


def check_kept(run, result, ended):
    """Nothing that was known is lost."""
    value, before = result.value, run.before.value
    if run.operation in ("import", "data"):
        writes = [r for c in run.clusters.values() for r in c.requests if r[1] in ("PATCH", "DELETE")
                  and r[0] >= run.began]
        expect(not writes, f"it wrote: {writes}")
        expect(value is not None or ended == "refused", "nothing was found, without an error")
        return
    if ended == "done" and run.operation == "delete":
        return
    if run.operation == "create":
        written = [name for name, cluster in run.clusters.items() if cluster.list("istiooperators")[0]]
        expect(value is not None or not written, f"written in {written}, and no state")
        if run.clusters[BAD].get("istiooperators", "istio-system", f"{NAME}-{REVISION}"):
            expect(documents(value).get(BAD), "what was written is not in the state")
        return
    expect(value is not None, "the resource has left the state")
    if ended in ("kept", "refused"):
        expect(documents(value).get(BAD) == documents(before).get(BAD),
               "the state has lost or changed the cluster's IstioOperator")


class Outcome:
    """What came of a cell."""

    def __init__(self, attack, stage):
        self.attack, self.stage = attack, stage
        self.ended = self.failure = None
        self.other = False  # the failure is that it ended otherwise than outcomes.txt says
        self.took = self.stopped = self.longest = self.held_up = 0.0
        self.peak = 0
        self.words = ""


def to_the_end(run, out, most):
    limit = LIMITS[run.operation] + SLACK
    run.begin()
    result, diagnostics = run.finish(limit + 20)
    out.took, out.held_up = run.took, held_up(run)
    out.words = "\n".join(map(str, diagnostics))
    expect(run.bad.begun.is_set(), "the attack was never met")
    out.ended = outcome(run, result, diagnostics)
    check_good(run, result)
    check_kept(run, result, out.ended)
    check_diagnostics(diagnostics)
    check_alive(run)
    out.peak = check_memory(run, most)
    code = run.plugin.shut_down()
    expect(code == 0, f"exit code {code}\n{run.plugin.logged()[-2000:]}")
    check_texts(run)
    out.longest = run.bad.longest
    expect(out.took <= limit, f"took {out.took:.1f} s, its limit is {limit - SLACK} s")
    expect(out.longest <= REQUEST + SLACK,
           f"one request took {out.longest:.1f} s, its limit is {REQUEST} s")


def stopped_in_the_middle(run, out):
    run.begin()
    run.bad.begun.wait(LIMITS[run.operation] + 5)
    time.sleep(MIDDLE)
    began = time.monotonic()
    # Ctrl-C comes as StopProvider; a CI job that is cancelled, as a signal to the whole group.
    if out.stage in ("write", "gone"):
        run.plugin.process.terminate()
    else:
        run.plugin.stop()
    result, diagnostics = run.finish(20)
    out.stopped = time.monotonic() - began
    check_kept(run, result, "refused" if any(d.error for d in diagnostics) else "done")
    check_diagnostics(diagnostics)
    code = run.plugin.shut_down()
    out.stopped = max(out.stopped, time.monotonic() - began)
    expect(code == 0, f"exit code {code} after a stop\n{run.plugin.logged()[-2000:]}")
    check_texts(run)
    expect(out.stopped <= STOP, f"ended {out.stopped:.1f} s after the stop")


def play(program, identity, name, stage, most=200 << 20):
    """One cell, both ways."""
    out = Outcome(name, stage)
    ways = [lambda run: to_the_end(run, out, most)]
    if ATTACKS[name].layer != "content" or ATTACKS[name].busy or stage in ("watch", "wait"):
        ways.append(lambda run: stopped_in_the_middle(run, out))  # otherwise it is over at once
    for way in ways:
        run = None
        try:
            run = Run(program, identity, ATTACKS[name], stage)
            way(run)
        except (Failed, Ended) as failure:
            out.failure = f"{type(failure).__name__}: {failure}"
            break
        finally:
            if run:
                run.close()
    return out
