# SPDX-License-Identifier: Apache-2.0
"""An IstioOperator of another name or namespace for the same gateway."""
import gateways as g
import objects
from gateways import GATEWAY, INGRESS, equal, true
from walks import revisions


def refused(w, cluster, owner, **rest):
    """Its gateway would go away together with the old one."""
    before = cluster.list("Deployment", g.GATEWAYS)[0]["metadata"]["uid"]
    mark = w.estate.marks()
    w.apply(code=1, **rest).has("A gateway has an owner already", f"IstioOperator {owner}",
                                "which this apply would remove", "second revision")
    g.silent(w.estate, mark)
    equal([d["metadata"]["uid"] for d in cluster.list("Deployment", g.GATEWAYS)], [before],
          "the gateway")


def test_an_imported_operator_of_another_name_is_not_replaced(w, estate):
    """As Gloo names them, without the revision: a second revision takes over from it."""
    cluster = estate.clusters[0]
    cluster.namespace(g.GATEWAYS)
    one = objects.istio_operator(GATEWAY, revision="1-23", tag="1.23.6")
    gateway = one["spec"]["components"]["ingressGateways"][0]
    gateway["name"] += "-1-23"
    gateway["label"] = {"app": GATEWAY, "istio": "ingressgateway", "revision": "1-23"}
    cluster.apply(one)
    cluster.wait_status(GATEWAY)
    w.connect({cluster.name: {"context": cluster.context}})
    revisions(w, {"1-23": {cluster.name: True}})
    w.run("import", INGRESS, f"gloo-mesh/{GATEWAY}")
    refused(w, cluster, f"{objects.SYSTEM}/{GATEWAY}")


def test_a_gateway_is_not_moved_to_another_operator_namespace(w, estate):
    """A second revision there is what keeps traffic."""
    cluster = estate.clusters[0]
    w.connect({cluster.name: {"context": cluster.context}})
    revisions(w, {"1-24": {cluster.name: True}})
    w.apply()
    true(g.operator(cluster), "the IstioOperator")
    w.connect({cluster.name: {"context": cluster.context}},
              extra='  operator_namespace = "elsewhere"\n')
    refused(w, cluster, f"{objects.SYSTEM}/{GATEWAY}-1-24")
