# SPDX-License-Identifier: Apache-2.0
"""The estate itself: what the other tests stand on."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import objects
from api import ApiError
from estate import Estate
from process import PEERS, ROOT
from workspace import harness

equal, true, Failure = harness.equal, harness.true, harness.Failure
GATEWAYS = "gloo-mesh-gateways"


def install(cluster, name="gateway", **more):
    cluster.namespace(GATEWAYS)
    cluster.apply(objects.istio_operator(name, **more))


def deployment(cluster, name="gateway"):
    return cluster.get("Deployment", name, GATEWAYS)


def test_the_operator_installs_a_gateway_everywhere(_, estate):
    """HEALTHY, pods ready, endpoints ready; deletion prunes everything."""
    def one(cluster):
        install(cluster)
        status = cluster.wait_status("gateway")["status"]
        equal(status["componentStatus"]["IngressGateways"]["status"], "HEALTHY", cluster.name)
        equal(deployment(cluster)["status"]["readyReplicas"], 1, "ready replicas")
        true(cluster.ready_endpoints("gateway", GATEWAYS), "the Service must have ready endpoints")
        service = cluster.get("Service", "gateway", GATEWAYS)
        equal(service["spec"]["type"], "LoadBalancer", "type")
        equal(service["status"]["loadBalancer"], {}, "no cloud gives addresses here")
        cluster.give_address("gateway", GATEWAYS)
        service = cluster.get("Service", "gateway", GATEWAYS)
        equal(service["status"]["loadBalancer"]["ingress"][0]["ip"], "203.0.113.10", "address")
        cluster.delete("IstioOperator", "gateway", objects.SYSTEM)
        cluster.wait_gone("IstioOperator", "gateway", objects.SYSTEM)
        for kind in ("Deployment", "Service"):
            cluster.wait_gone(kind, "gateway", GATEWAYS)
    estate.each(one)


def test_clusters_are_apart(_, estate):
    """One etcd, but no object of one cluster is in another."""
    if len(estate.clusters) < 2:
        raise harness.Skip("needs two clusters")
    first, second = estate.clusters[:2]
    first.namespace("only-here")
    equal(second.get("Namespace", "only-here"), None, "in the second cluster")
    uids = {c.get("Namespace", "kube-system")["metadata"]["uid"] for c in estate}
    equal(len(uids), len(estate.clusters), "different UIDs of kube-system")
    try:
        second.api.__class__(second.port, first.ca, second.token()).raw("GET", "/version")
    except OSError as error:
        true("CERTIFICATE_VERIFY_FAILED" in str(error), str(error))
    else:
        raise Failure("the first cluster's CA must not be good for the second")


def test_the_control_planes_are_there(_, estate):
    """As whoever looks for istiod finds them: Deployments, Services, injectors, tags."""
    def one(cluster):
        found = {d["metadata"]["labels"]["istio.io/rev"]: d
                 for d in cluster.list("Deployment", objects.SYSTEM, "app=istiod")}
        equal(sorted(found), sorted(cluster.control_planes), "revisions")
        for revision, version in cluster.control_planes.items():
            image = found[revision]["spec"]["template"]["spec"]["containers"][0]["image"]
            equal(image.rpartition(":")[2], version, "tag of revision " + revision)
            equal(found[revision]["status"].get("availableReplicas"), 1, revision)
        tags = {w["metadata"]["labels"]["istio.io/tag"]: w["metadata"]["labels"]["istio.io/rev"]
                for w in cluster.list("MutatingWebhookConfiguration", labels="istio.io/tag")}
        equal(tags, objects.TAGS[cluster.estate.operator], "revision tags")
    estate.each(one)


def test_users_have_different_rights(_, estate):
    """admin does all, viewer reads, nobody neither, a wrong token is nobody at all."""
    cluster = estate.cluster("cluster1")

    def attempt(token, method):
        api = cluster.api.__class__(cluster.port, cluster.ca, token, "rights")
        path = "/apis/install.istio.io/v1alpha1/namespaces/istio-system/istiooperators"
        try:
            api.raw(method, path, objects.istio_operator() if method == "POST" else None,
                    **({"dryRun": "All"} if method == "POST" else {}))
        except ApiError as error:
            return error.status
        return 200
    for user, read, write in (("admin", 200, 200), ("viewer", 200, 403), ("nobody", 403, 403)):
        equal((attempt(cluster.token(user), "GET"), attempt(cluster.token(user), "POST")),
              (read, write), user)
    equal(attempt("unknown", "GET"), 401, "an unknown token")
    true("yes" in cluster.kubectl("auth", "can-i", "create", "pods"), "the admin's kubeconfig")
    equal(cluster.kubectl("auth", "can-i", "create", "pods", user="viewer", check=False).strip(),
          "no", "the viewer's kubeconfig")


def test_requests_are_counted(_, estate):
    """Exactly those made between two marks, by user, agent and verb."""
    cluster = estate.cluster("cluster1")
    as_admin = cluster.api.__class__(cluster.port, cluster.ca, cluster.token(), "counted/1.0")
    as_viewer = cluster.api.__class__(cluster.port, cluster.ca, cluster.token("viewer"), "other")
    as_admin.list("Pod")
    mark = cluster.mark()
    for _round in range(3):
        as_admin.get("Namespace", "default")
        as_viewer.list("Service")
    as_admin.apply(objects.thing("Namespace", "counted"))
    for event, _thing in as_admin.watch("Namespace", seconds=1):
        true(event in ("ADDED", "MODIFIED"), event)
    equal([(r.verb, r.resource, r.code) for r in cluster.requests(mark, user_agent="counted")],
          [("get", "namespaces", 200)] * 3 + [("patch", "namespaces", 201),
                                              ("watch", "namespaces", 200)], "requests")
    equal(len(cluster.requests(mark, user="viewer", verb="list")), 3, "by user and verb")
    equal(cluster.requests(cluster.mark(), user=("admin", "viewer")), [], "nothing since")


def test_the_operator_stops_and_starts(_, estate):
    """Nothing is reconciled in between, everything afterwards."""
    cluster = estate.cluster("cluster1")
    cluster.stop_operator()
    install(cluster)
    time.sleep(1)
    found = cluster.get("IstioOperator", "gateway", objects.SYSTEM)
    true("status" not in found and "finalizers" not in found["metadata"], "must be untouched")
    cluster.start_operator()
    cluster.wait_status("gateway")


def test_the_api_server_stops_and_starts_on_its_port(_, estate):
    """Refused in between; afterwards the same objects, and the controllers work on."""
    cluster = estate.cluster("cluster1")
    install(cluster)
    cluster.wait_status("gateway")
    cluster.stop_apiserver()
    try:
        socket.create_connection(("127.0.0.1", cluster.port), 5).close()
    except ConnectionRefusedError:
        pass
    else:
        raise Failure("the port must be closed")
    cluster.start_apiserver()
    true(deployment(cluster), "the Deployment must be there")
    install(cluster, "second", tag="1.22.7")
    cluster.wait_status("second")
    true(deployment(cluster, "second")["status"]["readyReplicas"], "the second gateway")


def test_pods_fail_on_request(_, estate):
    """Never ready: ERROR after the operator's wait. Ready ones: crash. Off: ready again."""
    cluster = estate.cluster("cluster1")
    cluster.start_operator(wait_for_resources="4s")
    cluster.namespace(GATEWAYS)
    cluster.fail_pods(GATEWAYS)
    install(cluster)
    cluster.wait_status("gateway", "ERROR")
    equal(deployment(cluster)["status"].get("readyReplicas", 0), 0, "ready replicas")

    def ready(number):
        cluster.wait("Deployment", "gateway", GATEWAYS,
                     lambda d: d["status"].get("readyReplicas", 0) == number, f"{number} ready")
    cluster.fail_pods(GATEWAYS, False)
    ready(1)
    cluster.fail_pods(GATEWAYS)
    ready(0)
    pod = cluster.list("Pod", GATEWAYS)[0]
    equal(pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"], "CrashLoopBackOff",
          "reason")
    cluster.fail_pods(GATEWAYS, False)
    ready(1)


def test_an_image_can_be_missing(_, estate):
    """A tag with "missing" in it: ImagePullBackOff, with an event that says so."""
    cluster = estate.cluster("cluster1")
    cluster.start_operator(wait_for_resources="4s")
    install(cluster, tag="1.22-missing")
    cluster.wait_status("gateway", "ERROR")
    pod = cluster.list("Pod", GATEWAYS)[0]
    equal(pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"], "ImagePullBackOff",
          "reason")
    true(any(e["type"] == "Warning" and e["involvedObject"]["kind"] == "Pod"
             for e in cluster.list("Event", GATEWAYS)), "a warning event")


def test_the_network_fails_on_request(_, estate):
    """Through the proxy: fine, slow, silent, reset, refused, fine."""
    cluster = estate.cluster("cluster1")
    proxy = cluster.proxy()

    def attempt(timeout=5):
        api = cluster.api.__class__(proxy.port, cluster.ca, cluster.token())
        began = time.monotonic()
        try:
            api.raw("GET", "/version", timeout=timeout)
            return time.monotonic() - began
        except OSError as error:
            return type(error).__name__
    true(isinstance(attempt(), float), "without a fault")
    proxy.latency(300)
    slow = attempt()
    true(isinstance(slow, float) and slow > 0.3, f"with latency: {slow}")
    proxy.clear()
    proxy.black_hole()
    equal(attempt(0.5), "TimeoutError", "a black hole")
    proxy.clear()
    proxy.reset_peer()
    true(attempt() in ("ConnectionResetError", "SSLEOFError", "SSLZeroReturnError"), "reset")
    proxy.clear()
    proxy.down()
    equal(attempt(), "ConnectionRefusedError", "down")
    proxy.clear()
    true(isinstance(attempt(), float), "clear again")


def test_reset_brings_back_the_beginning(_, estate):
    """Whatever a test did: objects, namespaces, control planes, processes."""
    cluster = estate.cluster("cluster1")
    install(cluster)
    cluster.wait_status("gateway")
    cluster.namespace("made")
    cluster.apply(objects.thing("Service", "made", "default", spec={"ports": [{"port": 1}]}))
    cluster.delete("Deployment", "istiod-1-23", objects.SYSTEM)
    cluster.patch("Deployment", "istiod-1-22", {"spec": {"replicas": 0}}, objects.SYSTEM)
    cluster.delete("MutatingWebhookConfiguration", "istio-revision-tag-stable")
    # One that no operator understands stops it for all others.
    bad = objects.istio_operator("bad")
    bad["spec"]["unheard"] = "of"
    cluster.apply(bad)
    cluster.start_operator(wait_for_resources="1s")
    cluster.stop_apiserver()
    estate.reset()
    equal(cluster.list("IstioOperator"), [], "IstioOperators")
    equal(sorted(n["metadata"]["name"] for n in cluster.list("Namespace")),
          ["default", "istio-system", "kube-node-lease", "kube-public", "kube-system"], "namespaces")
    equal([s["metadata"]["name"] for s in cluster.list("Service", "default")], ["kubernetes"],
          "Services")
    test_the_control_planes_are_there(None, estate)
    install(cluster)
    cluster.wait_status("gateway")


def alive(pids):
    return [pid for pid in pids if os.path.exists(f"/proc/{pid}")]


def ended(pids, seconds=20):
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    equal(alive(pids), [], "processes that are left")


def test_nothing_is_left_after_stop(_, _estate):
    """No process, no open port, no file."""
    with Estate.start(n=1) as own:
        own.toxiproxy()
        pids = [process.pid for process in own.processes()]
        equal(len(alive(pids)), 7, "etcd, toxiproxy and the five of a cluster")
        ports = [own.etcd_port, own.cluster("cluster1").port, own.toxiproxy().port]
    ended(pids)
    for port in ports:
        with socket.socket() as probe:
            true(probe.connect_ex(("127.0.0.1", port)) != 0, f"port {port} is open")
    true(not own.directory.exists(), "the directory must be gone")


OWNER = """
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from estate import Estate
with Estate.start(n=1, directory=sys.argv[2]) as estate:
    print(*[process.pid for process in estate.processes()], flush=True)
    sys.stdin.read()
"""


def test_nothing_outlives_whoever_started_it(w, _estate):
    """Killed with SIGKILL, and stopped with Ctrl-C."""
    for sig in (signal.SIGKILL, signal.SIGINT):
        directory = w.path(f"estate-{sig}")
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(pathlib.Path(__file__).parent), str(directory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        equal(len(alive(pids)), 6, "processes")
        owner.send_signal(sig)
        owner.communicate()
        ended(pids)
        if sig == signal.SIGINT:
            true(not directory.exists(), "after Ctrl-C the directory must be gone")


def test_clusters_by_hand_go_up_and_down(w, _estate):
    """up is ready when it returns, a second up changes nothing, down ends all of it."""
    program = ROOT / "tests/cluster/clusters"
    directory = w.path("by-hand")

    def clusters(action):
        done = subprocess.run([program, action, "--directory", directory, "-n", "1"], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return done.stdout.decode()
    true("contexts cluster1" in clusters("up"), "what to do next")
    try:
        keeper = json.loads((directory / "keeper.json").read_text())["pid"]
        children = [int(p) for p in pathlib.Path(f"/proc/{keeper}/task").glob("*/children")
                    for p in p.read_text().split()]
        equal(len(children), 6, "processes")
        true("already up" in clusters("up"), "a second up")
        done = subprocess.run(
            [PEERS / "kubectl", "--kubeconfig", directory / "kubeconfig",
             "--context", "cluster1", "get", "deployments", "-n", "istio-system", "-o", "name"],
            check=True, stdout=subprocess.PIPE, timeout=60)
        equal(len(done.stdout.split()), len(objects.CONTROL_PLANES["istio"]), "control planes")
    finally:
        clusters("down")
    ended([keeper, *children])
    true(not (directory / "kubeconfig").exists(), "the kubeconfig must be gone")
    true("nothing is up" in clusters("down"), "a second down")


def test_down_stops_nobody_else(w, _estate):
    """A file of an earlier boot names a process that is somebody else's now."""
    directory = w.path("by-hand")
    directory.mkdir()
    other = subprocess.Popen(["sleep", "60"])
    try:
        (directory / "keeper.json").write_text(json.dumps({"pid": other.pid, "started": 1}))
        done = subprocess.run([ROOT / "tests/cluster/clusters", "down", "--directory", directory],
                              check=True, stdout=subprocess.PIPE, timeout=60)
        true(b"nothing is up" in done.stdout, done.stdout)
        equal(other.poll(), None, "the other process must live")
    finally:
        other.kill()
        other.wait()
