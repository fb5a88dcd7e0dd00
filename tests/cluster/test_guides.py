# SPDX-License-Identifier: Apache-2.0
"""The guides in docs/guides against real clusters: their clusters are contexts, as the comments in
the examples say, and every plan in them is what terraform prints."""
import shlex

import direct
import gateways as g
from gateways import GATEWAY, equal, true
from walks import Traffic
from process import wait_until
from workspace import harness  # noqa: F401, which lets the next line find its module
from guides import EXAMPLES, Walk, forget_kubectl, quoted
from test_recovery import with_control_plane, without_control_plane

CLUSTERS = ("cluster1", "cluster2")
GLOO = "gm-iop-1-23"


class Live(Walk):
    """A guide in real clusters."""

    def __init__(self, w, name):
        super().__init__(w, name)
        w.env["KUBECONFIG"] = str(w.estate.engineers)
        self.clusters = [w.estate.cluster(cluster) for cluster in CLUSTERS]

    def copy(self):
        for path in self.folder.iterdir():
            if path.is_file():
                self.w.write(path.name, path.read_text())
        main = self.w.path("main.tf")
        for cluster in CLUSTERS:
            self.w.edit(main, f'directory = "./clusters/{cluster}"', f'context = "{cluster}"')

    def remove(self, _path, block):
        self.close()
        for line in block.splitlines():
            for cluster in self.clusters:
                cluster.kubectl(*shlex.split(line)[1:])

    def go_with_traffic(self, *walk):
        """From the end of the first step on, traffic selects these revisions one after another."""
        _, second, *_ = [i for i, (kind, _, _) in enumerate(self.marks) if kind == "step"]
        self.marks, rest = self.marks[:second], self.marks[second:]
        self.go()
        traffic = [Traffic(cluster) for cluster in self.clusters]
        self.marks = rest
        self.go()
        for one in traffic:
            one.check(*walk)


def test_the_guide_to_a_canary_upgrade(w, _):
    """Traffic never stops."""
    walk = Live(w, "canary-upgrade")
    walk.go_with_traffic("1-23", "1-24")
    for cluster in walk.clusters:
        equal(g.left(cluster), [f"Deployment {GATEWAY}-1-24", f"IstioOperator {GATEWAY}-1-24",
                                f"Service {GATEWAY}"], cluster.name)


def test_a_cluster_that_fails_in_the_guide_to_a_canary_upgrade(w, _):
    """All at once: the other cluster is done, the next plan shows the rest, and that is done next."""
    walk = Live(w, "canary-upgrade")
    steps = sorted((walk.folder / "steps").iterdir())
    w.write("terraform.tfvars", steps[0].read_text())
    w.apply()
    traffic = [Traffic(cluster) for cluster in walk.clusters]
    bad = walk.clusters[1]
    without_control_plane(bad)
    w.write("terraform.tfvars", steps[-1].read_text())
    quoted(walk.block("live apply fails"), w.apply(code=1).text, "apply")
    quoted(walk.block("live plan"), w.plan().text, "plan")
    with_control_plane(bad)
    mark = w.estate.marks()
    w.apply()
    equal([name for name, lines in g.writes(w.estate, mark).items() if lines], [bad.name], "writes")
    for one in traffic:
        one.check("1-23", "1-24")
    w.no_changes()


def test_the_guide_to_a_rollback(w, _):
    """Traffic never stops on the way back either."""
    walk = Live(w, "rollback")
    walk.go_with_traffic("1-24", "1-23")
    for cluster in walk.clusters:
        equal(g.operator(cluster), None, "the revision that failed")


def test_the_guide_to_a_patch_in_place(w, _):
    """The image is the new one, and the Service is not written."""
    walk = Live(w, "patch-in-place")
    walk.go_with_traffic("1-24")
    for cluster in walk.clusters:
        image = g.deployment(cluster)["spec"]["template"]["spec"]["containers"][0]["image"]
        true(image.endswith(":1.24.2"), image)


def with_gloo(w):
    """The guide from Gloo, in clusters that have Gloo's gateway behind its load balancer."""
    walk = Live(w, "from-gloo")
    for number, cluster in enumerate(walk.clusters):
        cluster.start_operator(watch_namespace=GLOO, revision="1-23")
        for namespace in (GLOO, g.GATEWAYS):
            cluster.namespace(namespace)
        cluster.kubectl("apply", "-R", "-f", str(EXAMPLES / "from-gloo/clusters" / cluster.name))
        cluster.wait_status(GATEWAY, namespace=GLOO)
        cluster.give_address(GATEWAY, g.GATEWAYS, ip=f"203.0.113.{number + 1}")
    return walk, [Traffic(cluster) for cluster in walk.clusters]


def test_the_guide_from_the_operator_to_direct(w, _):
    """The same objects, and traffic never stops."""
    walk = Live(w, "from-the-operator-to-direct")
    for cluster in walk.clusters:
        cluster.allow("direct")
    said = walk.block("live plan")
    _, second, *_ = [i for i, (kind, _, _) in enumerate(walk.marks) if kind == "step"]
    walk.marks, rest = walk.marks[:second], walk.marks[second:]
    walk.go()
    before = [direct.uids(cluster) for cluster in walk.clusters]
    traffic = [Traffic(cluster) for cluster in walk.clusters]
    w.write("terraform.tfvars", (walk.folder / "steps/2-cluster1.tfvars").read_text())
    quoted(said, w.plan().text, "plan")
    walk.marks = rest
    walk.go()
    for one in traffic:
        one.check("1-23")
    equal([direct.uids(cluster) for cluster in walk.clusters], before, "objects")
    for cluster in walk.clusters:
        equal(cluster.list("IstioOperator"), [], "IstioOperators")


def test_the_guide_from_kubectl_manifest(w, _):
    """Moved without a write; the first change is a rollout under traffic, and the chart's Service stays the same."""
    walk = Live(w, "from-kubectl-manifest")
    forget_kubectl(w)
    for cluster in walk.clusters:
        cluster.namespace("istio-ingress")
        cluster.kubectl("apply", "-R", "-f", str(walk.folder / "clusters" / cluster.name))
        cluster.wait_status("ingress")
        wait_until(lambda c=cluster: c.ready_endpoints(GATEWAY, "istio-ingress"), "endpoints")
    uids = [cluster.get("Service", GATEWAY, "istio-ingress")["metadata"]["uid"] for cluster in walk.clusters]
    traffic = [Traffic(cluster, namespace="istio-ingress") for cluster in walk.clusters]
    at = [kind for kind, _, _ in walk.marks].index("plan") + 1
    mark = w.estate.marks()
    walk.marks, rest = walk.marks[:at], walk.marks[at:]
    walk.go()
    g.silent(w.estate, mark)
    walk.marks = rest
    walk.go()
    for one in traffic:
        one.check(None)
    equal([cluster.get("Service", GATEWAY, "istio-ingress")["metadata"]["uid"] for cluster in walk.clusters],
          uids, "Services")
    w.destroy()


def operators(cluster):
    return [o["metadata"]["name"] for o in cluster.list("IstioOperator", GLOO)]


def test_the_guide_from_gloo(w, _):
    """In the end only Gloo's Service is there, ours now, and traffic never stopped."""
    walk, traffic = with_gloo(w)
    uids = [g.service(cluster)["metadata"]["uid"] for cluster in walk.clusters]
    walk.go()
    for one in traffic:
        one.check("1-23", "1-23-tf")
    for cluster, uid in zip(walk.clusters, uids):
        equal(operators(cluster), [f"{GATEWAY}-1-23-tf"], "IstioOperators")
        equal(g.left(cluster), [f"Deployment {GATEWAY}-1-23-tf", f"Service {GATEWAY}"],
              cluster.name)
        equal(g.service(cluster)["metadata"]["uid"], uid, "the same Service")
    addresses = {name: services[f"{g.GATEWAYS}/{GATEWAY}"]["addresses"]
                 for name, services in w.services().items()}
    equal(addresses, {"cluster1": ["203.0.113.1"], "cluster2": ["203.0.113.2"]}, "addresses")
    w.destroy()


def test_the_way_back_to_gloo(w, _):
    """As the guide has it, after the switch: the load balancer stays, and traffic never stops."""
    walk, traffic = with_gloo(w)
    uids = [g.service(cluster)["metadata"]["uid"] for cluster in walk.clusters]
    back = walk.block("way back").splitlines()
    walk.marks = walk.marks[:[kind for kind, _, _ in walk.marks].index("way back")]
    walk.go()
    w.plan("-var=takes_traffic=false").has("Traffic ends in 2 clusters")
    for line in back:
        program, *arguments = shlex.split(line)
        if program == "terraform":
            w.run(*arguments)
        elif "scale" in arguments:  # Gloo's management plane, which writes its Service again
            for cluster in walk.clusters:
                cluster.kubectl("patch", "service", GATEWAY, "-n", g.GATEWAYS, "-p",
                                '{"spec": {"selector": {"revision": "1-23"}}}')
        else:
            for cluster in walk.clusters:
                cluster.kubectl(*arguments)
    for one in traffic:
        one.check("1-23", "1-23-tf", "1-23")
    equal([operators(cluster) for cluster in walk.clusters], [[GATEWAY]] * 2, "IstioOperators")
    equal([g.service(cluster)["metadata"]["uid"] for cluster in walk.clusters], uids, "Services")
