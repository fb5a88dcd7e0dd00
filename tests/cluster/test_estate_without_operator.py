# SPDX-License-Identifier: Apache-2.0
"""The estate without an operator itself."""
import json
import pathlib
import subprocess

import direct
import objects
import test_estate
from api import ApiError
from process import ROOT
from workspace import harness, one_cluster

OPERATOR = "none"
equal, true = harness.equal, harness.true


def test_nobody_has_heard_of_istio_operators(_, estate):
    """No operator runs, the API does not serve the kind, and the control planes are there."""
    for cluster in estate:
        equal(cluster.operator, None, "the operator")
        try:
            cluster.request("GET", "/apis/install.istio.io/v1alpha1/istiooperators")
        except ApiError as error:
            equal(error.status, 404, cluster.name)
        else:
            raise harness.Failure(f"{cluster.name} serves IstioOperators")
        equal(sorted(cluster.control_planes), ["1-30", "1-31", "default"], "control planes")
    test_estate.test_the_control_planes_are_there(None, estate)


def test_a_row_of_tests_has_one_cluster_and_resets_it_alone(_, estate):
    """What others made in theirs stays."""
    lanes = estate.lanes()
    equal([[c.name for c in lane] for lane in lanes], [[c.name] for c in estate], "clusters")
    for lane in lanes:
        lane.clusters[0].namespace("made")
    lanes[0].reset()
    equal([bool(c.get("Namespace", "made")) for c in estate],
          [c is not estate.clusters[0] for c in estate], "what was made is there")


@one_cluster
def test_clusters_without_an_operator_go_up_by_hand(w, _):
    """up says that there is none, and how the provider installs then; the other kind is refused."""
    program, directory = ROOT / "tests/cluster/clusters", w.path("by-hand")

    def clusters(*action, code=0):
        done = subprocess.run([program, *action, "--directory", directory, "-n", "1"], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        equal(done.returncode, code, done.stdout.decode())
        return done.stdout.decode()
    text = clusters("up", "--operator", "none")
    try:
        true("no operator" in text and 'installer = "direct"' in text and "1-30 and 1-31" in text,
             text)
        keeper = json.loads((directory / "keeper.json").read_text())["pid"]
        children = [int(p) for p in pathlib.Path(f"/proc/{keeper}/task").glob("*/children")
                    for p in p.read_text().split()]
        equal(len(children), 5, "processes")
        true("cluster-down" in clusters("up", code=1), "the other kind")
    finally:
        clusters("down")
    test_estate.ended([keeper, *children])


@one_cluster
def test_an_image_that_nobody_replaced_cannot_be_pulled(_, estate):
    """By a stage: "auto" is what Istio's injection replaces, and no registry has it."""
    cluster = estate.clusters[0]
    cluster.namespace(direct.GATEWAYS)
    cluster.apply(objects.thing("Pod", "injected", direct.GATEWAYS, spec={
        "containers": [{"name": "istio-proxy", "image": "auto"}]}))
    cluster.wait("Pod", "injected", direct.GATEWAYS, lambda pod: any(
        c["state"].get("waiting", {}).get("reason") == "ImagePullBackOff"
        for c in pod["status"].get("containerStatuses", [])))
