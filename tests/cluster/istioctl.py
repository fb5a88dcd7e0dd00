# SPDX-License-Identifier: Apache-2.0
"""Istio's own istioctl, install and uninstall, and what a user of it would have installed."""
import json
import subprocess

import objects
from direct import NEXT, TAGS
from gateways import GATEWAY, GATEWAYS
from process import PEERS, EstateError


def run(cluster, *args):
    """Runs it against one cluster; gives what it prints, errors included."""
    done = subprocess.run(
        [PEERS / "istioctl", "--kubeconfig", cluster.kubeconfig, *args], check=False,
        env={"HOME": str(cluster.directory), "PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=180)
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        raise EstateError(f"istioctl {' '.join(map(str, args))} in {cluster.name}: {text}")
    return text


def document(name=f"{GATEWAY}-{NEXT}", revision=NEXT, namespace=GATEWAYS, cluster="cluster1", **label):
    """An IstioOperator with one ingress gateway, whose Service is the user's own."""
    return {
        "apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator",
        "metadata": {"name": name, "namespace": objects.SYSTEM},
        "spec": {"profile": "empty", "revision": revision, "hub": "example.com/istio",
                 "tag": TAGS[revision], "meshConfig": {"trustDomain": cluster},
                 "components": {"ingressGateways": [{
                     "name": name, "namespace": namespace, "enabled": True, "label": label or {
                         "app": GATEWAY, "istio": "ingressgateway", "revision": revision}}]},
                 "values": {"gateways": {"istio-ingressgateway": {"customService": True}},
                            "global": {"multiCluster": {"clusterName": cluster}}}}}


def install(w, cluster, what):
    path = w.write(f"{what['metadata']['name']}.iop.yaml", json.dumps(what))
    return run(cluster, "install", "-f", path, "-y", "--readiness-timeout", "60s")
