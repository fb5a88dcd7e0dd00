# SPDX-License-Identifier: Apache-2.0
"""Brings a cluster back to what it was when the estate started."""
import time

from api import KINDS as NAMED
from api import ApiError
from cluster import CRD
from process import EstateError, wait_until

# What is compared with the beginning, kind by kind. What is not here (pods, replica sets, events,
# endpoint slices) goes with its owner, or with its namespace. IstioOperators come first, always.
KINDS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
         "ValidatingAdmissionPolicyBinding", "ValidatingAdmissionPolicy",
         "ClusterRoleBinding", "ClusterRole", "Deployment", "Service", "HorizontalPodAutoscaler",
         "PodDisruptionBudget", "NetworkPolicy", "ResourceQuota", "RoleBinding", "Role", "ServiceAccount",
         "ConfigMap", "Secret", "Namespace")
CONTENTS = [kind for kind, (_, _, namespaced) in NAMED.items() if namespaced]
# Seconds that an operator may take to remove what it installed.
PATIENCE = 5


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
    for process in (cluster.controllers, cluster.scheduler, cluster.kwok):
        if not process.running():
            process.start()
    cluster.resume()
    if cluster.operated:
        reset_operator(cluster)
    now = survey(cluster)
    for kind in KINDS:
        restore(cluster, kind, cluster.beginning[kind], now[kind])
    for _, name in now["Namespace"].keys() - cluster.beginning["Namespace"].keys():
        remove_namespace(cluster, name)
    if now["Deployment"] != cluster.beginning["Deployment"]:
        cluster.wait_for_control_planes()


def reset_operator(cluster):
    if cluster.get("CustomResourceDefinition", CRD) is None:
        cluster.furnish()
        cluster.stop_operator()
    for namespace, name in operators(cluster):
        cluster.delete("IstioOperator", name, namespace)
    if not (cluster.operator and cluster.operator.running()) or cluster.renew_operator or \
            cluster.operator_settings != cluster.operator_defaults:
        cluster.start_operator(**cluster.operator_defaults)
        cluster.renew_operator = False
    wait_for_operator(cluster)


def operators(cluster):
    return [key(thing) for thing in cluster.list("IstioOperator")]


def wait_for_operator(cluster):
    """Waits until the operator has removed what it installed. Where it does not, because something
    stopped it, a new one tries again; then the finalizers go."""
    for _attempt in range(2):
        deadline = time.monotonic() + PATIENCE
        while operators(cluster):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return
        cluster.start_operator()
    for namespace, name in operators(cluster):
        try:
            cluster.patch("IstioOperator", name, {"metadata": {"finalizers": None}}, namespace)
        except ApiError as error:
            if error.status != 404:
                raise
    cluster.start_operator()  # its cache believes in objects that are gone


def remove_namespace(cluster, name):
    """The namespace controller waits 5 s before it does the same."""
    cluster.delete("Namespace", name)

    def emptied():
        left = 0
        for kind in CONTENTS:
            for thing in cluster.list(kind, name):
                left += kind != "Event"
                cluster.delete(kind, key(thing)[1], name, grace=0)
        return left == 0
    try:
        wait_until(emptied, f"namespace {name} to be empty", 30)
        thing = cluster.get("Namespace", name)
        if thing:
            thing["spec"]["finalizers"] = []
            cluster.request("PUT", f"/api/v1/namespaces/{name}/finalize", thing)
    except ApiError as error:
        if error.status not in (404, 409):  # the controller was faster
            raise
    cluster.wait_gone("Namespace", name)


def restore(cluster, kind, before, now):
    for namespace, name in now.keys() - before.keys():
        cluster.delete(kind, name, namespace)
    for at, thing in before.items():
        if now.get(at) == thing:
            continue
        if at in now:
            cluster.delete(kind, at[1], at[0], propagation="Foreground")
            cluster.wait_gone(kind, at[1], at[0])
        try:
            cluster.create(thing)
        except ApiError as error:
            if error.status != 409:
                raise EstateError(f"{kind} {at[1]} in {cluster.name}: {error}") from error
