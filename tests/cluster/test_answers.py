# SPDX-License-Identifier: Apache-2.0
"""What the tables say Kubernetes refuses, asked of a real API server.

tests/golden/kubernetes/answers.json has values, each with the answer that spec_kubernetes_test.c
holds the tables against. Here the API server gives its own, in a dry run: nothing is written."""
import json
import pathlib

import api
from gateways import equal

ANSWERS = pathlib.Path(__file__).parents[1] / "golden/kubernetes/answers.json"
OBJECTS = {  # whose spec the value is
    "ServiceSpec": ("v1", "Service"),
    "HorizontalPodAutoscalerSpec": ("autoscaling/v2", "HorizontalPodAutoscaler"),
    "PodDisruptionBudgetSpec": ("policy/v1", "PodDisruptionBudget"),
}
PLACES = {  # where in a Deployment the value goes
    "DeploymentStrategy": lambda spec, pod, box, value: spec.update(strategy=value),
    "Probe": lambda spec, pod, box, value: box.update(readinessProbe=value),
    "EnvVar": lambda spec, pod, box, value: box.update(env=[value]),
    "ResourceRequirements": lambda spec, pod, box, value: box.update(resources=value),
    "Toleration": lambda spec, pod, box, value: pod.update(tolerations=[value]),
    "Affinity": lambda spec, pod, box, value: pod.update(affinity=value),
    "PodSecurityContext": lambda spec, pod, box, value: pod.update(securityContext=value),
}


def thing(kind, value, name):
    """An object that is right but for the value."""
    metadata = {"name": name, "namespace": "default"}
    if kind in OBJECTS:
        version, of = OBJECTS[kind]
        return {"apiVersion": version, "kind": of, "metadata": metadata, "spec": value}
    box = {"name": "istio-proxy", "image": "registry.example.com/proxyv2:1"}
    pod = {"containers": [box]}
    spec = {"selector": {"matchLabels": {"app": "edge"}},
            "template": {"metadata": {"labels": {"app": "edge"}}, "spec": pod}}
    PLACES[kind](spec, pod, box, value)
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def is_refused(cluster, wanted):
    """By server-side apply, as the operator and this provider write."""
    path = api.path_of(wanted["kind"], "default", wanted["metadata"]["name"])
    try:
        cluster.api.request("PATCH", path, wanted, api.APPLY, fieldManager="glm-answers",
                            force="true", dryRun="All")
        return False
    except api.ApiError as error:
        if error.status in (400, 422, 500):
            return True
        raise


def test_the_tables_refuse_what_an_api_server_refuses(w, estate):
    """Each value of the list gets the answer that is recorded for it."""
    del w
    cluster = estate.clusters[0]
    wrong = []
    for number, answer in enumerate(json.loads(ANSWERS.read_text())):
        wanted = thing(answer["type"], answer["value"], f"answer-{number}")
        if is_refused(cluster, wanted) != answer["refused"]:
            wrong.append(f"{answer['type']}: {answer['name']}")
    equal(wrong, [], "answers other than recorded")
