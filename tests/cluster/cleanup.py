# SPDX-License-Identifier: Apache-2.0
"""Brings a cluster back to what it was when the estate started."""
import time

import objects
from api import ApiError
from process import EstateError

# What is compared with the beginning, kind by kind. What is not here (pods, replica sets, events,
# endpoint slices) goes with its owner, or with its namespace. IstioOperators come first, always.
KINDS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
         "ValidatingAdmissionPolicyBinding", "ValidatingAdmissionPolicy",
         "ClusterRoleBinding", "ClusterRole", "Deployment", "Service", "HorizontalPodAutoscaler",
         "PodDisruptionBudget", "ResourceQuota", "RoleBinding", "Role", "ServiceAccount",
         "ConfigMap", "Secret", "Namespace")
# How long the operator may take to remove what it installed, before we do it.
PATIENCE = 10


def key(thing):
    return thing["metadata"].get("namespace"), thing["metadata"]["name"]


def content(thing):
    """What a person would say the object is: no status, no bookkeeping."""
    noise = {"resourceVersion", "uid", "generation", "creationTimestamp", "managedFields"}
    metadata = {k: v for k, v in thing["metadata"].items() if k not in noise}
    metadata["annotations"] = {k: v for k, v in metadata.get("annotations", {}).items()
                               if k != "deployment.kubernetes.io/revision"}
    return {**{k: v for k, v in thing.items() if k != "status"}, "metadata": metadata}


def survey(cluster):
    return {kind: {key(thing): content(thing) for thing in cluster.list(kind)} for kind in KINDS}


def remember(estate):
    def one(cluster):
        cluster.beginning = survey(cluster)
    estate.each(one)


def reset(cluster):
    restart = not (cluster.operator and cluster.operator.running()) or \
        cluster.operator_settings != cluster.operator_defaults
    for process in (cluster.controllers, cluster.scheduler, cluster.kwok):
        if not process.running():
            process.start()
    cluster.start_apiserver()
    if cluster.get("CustomResourceDefinition", "istiooperators.install.istio.io") is None:
        cluster.furnish()
        restart = True
    if restart:
        cluster.start_operator(**cluster.operator_defaults)
    if not remove_operators(cluster):
        # Its cache believes in objects that are gone.
        cluster.start_operator()
    now = survey(cluster)
    for kind in KINDS:
        restore(cluster, kind, cluster.beginning[kind], now[kind])
    for _, name in now["Namespace"].keys() - cluster.beginning["Namespace"].keys():
        for pod in cluster.list("Pod", name):
            cluster.delete("Pod", pod["metadata"]["name"], name, grace=0)
    for _, name in now["Namespace"].keys() - cluster.beginning["Namespace"].keys():
        cluster.wait_gone("Namespace", name)
    if any(now[kind] != cluster.beginning[kind] for kind in ("Deployment", "Namespace")):
        cluster.wait_for_control_planes()


def remove_operators(cluster):
    """Deletes every IstioOperator; True when the operator itself removed what it had installed."""
    def left():
        return cluster.list("IstioOperator")
    for thing in left():
        cluster.delete("IstioOperator", key(thing)[1], key(thing)[0])
    deadline = time.monotonic() + PATIENCE
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)
    remaining = left()
    for thing in remaining:
        try:
            cluster.patch("IstioOperator", key(thing)[1], {"metadata": {"finalizers": None}},
                          key(thing)[0])
        except ApiError as error:
            if error.status != 404:
                raise
    return not remaining


def restore(cluster, kind, before, now):
    for namespace, name in now.keys() - before.keys():
        cluster.delete(kind, name, namespace)
    for at, thing in before.items():
        if now.get(at) == thing:
            continue
        if at in now:
            cluster.delete(kind, at[1], at[0], propagation="Foreground")
            cluster.wait_gone(kind, at[1], at[0])
        created = {k: v for k, v in thing.items()}
        try:
            cluster.create(created)
        except ApiError as error:
            if error.status != 409:
                raise EstateError(f"{kind} {at[1]} in {cluster.name}: {error}") from error
