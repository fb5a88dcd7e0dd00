# SPDX-License-Identifier: Apache-2.0
"""How the tests of access reach a cluster: entries of `clusters`, and what they install."""
import objects
from workspace import harness

GATEWAY, NAMESPACE = "istio-ingressgateway", "gloo-mesh-gateways"
REVISION, TAG = "1-23", "1.23.6"
OPERATOR = f"{GATEWAY}-{REVISION}"
# The directory of a Pod's service account: the field's fixed place.
SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def by_host(cluster, **more):
    """The host way in, without any credential."""
    entry = {"host": cluster.server, "cluster_ca_certificate": cluster.ca.read_text(), **more}
    return {name: value for name, value in entry.items() if value is not None}


def by_token(cluster, user="engineer", **more):
    return by_host(cluster, token=cluster.token(user), **more)


def gateways(w, clusters, tag=TAG, **more):
    """main.tf: one gateway in each of these clusters."""
    w.edit(w.fixture("ingress.yaml"), "1.24.1", tag)
    w.main(harness.resource({REVISION: dict.fromkeys(clusters, True)}, GATEWAY, **more))


def one(w, entry, name="cluster1", **more):
    """A workspace with one cluster, reached in this way, and one gateway in it."""
    w.connect({name: entry}, **more)
    gateways(w, [name])


def installed(cluster):
    """The IstioOperator that the provider has written, or None."""
    return cluster.get("IstioOperator", OPERATOR, objects.SYSTEM)


def state_of(w, cluster, revision=REVISION):
    """The status that Terraform's state has for one cluster."""
    clusters = (w.state() or {}).get("status", {}).get("clusters", {})
    return clusters.get(cluster, {}).get("installations", {}).get(revision, {}).get("state")


def round_trip(w, cluster, name="cluster1", **env):
    """Install, see it in the cluster, plan nothing, remove."""
    w.env.update(env)
    w.apply()
    harness.true(installed(cluster), "the IstioOperator must be in the cluster")
    harness.equal(state_of(w, name), "HEALTHY", "state")
    w.no_changes()
    w.destroy()
    harness.equal(installed(cluster), None, "the IstioOperator after destroy")
