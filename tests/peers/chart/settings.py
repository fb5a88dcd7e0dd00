# SPDX-License-Identifier: Apache-2.0
"""Values of Istio's gateway chart: each key with each of these, alone and two keys at a time, at the top, below `global` and
among the chart's own defaults."""
import itertools

PORT = {"name": "http2", "port": 80, "targetPort": 80, "protocol": "TCP"}
ODD = ["123", "1e3", "y", "null", "010", "0x10", "1_000", "12:30", ".5", "~"]  # texts that YAML takes for something else

# Every key of the schema, with what it may be and what it may not.
KEYS = {
    "name": ["edge", "istio-edge", "istio-", *ODD, "", None, 5],
    "revision": ["1-30", "canary", "1.5", "true", "", None, 5],
    "replicaCount": [0, 1, 2, 1000000, None, "2"],
    "kind": ["Deployment", "DaemonSet", "StatefulSet", None],
    "rbac": [{"enabled": False}, {"enabled": True}, {}, {"enabled": "no"}, None],
    "serviceAccount": [{"create": False}, {"create": False, "name": "other"}, {"name": "own", "annotations": {"a": "b"}}, {"name": "1e3"}, {"annotations": {}}, None],
    "podAnnotations": [{"a": "b"}, {"prometheus.io/port": "15090"}, {"sidecar.istio.io/inject": None}, {"prometheus.io/port": 15090}, {"n": 1}, {}, None],
    "securityContext": [{"fsGroup": 1337}, {}, None, "x"],
    "containerSecurityContext": [{"runAsUser": 0}, {}, None],
    "service": [
        {"type": "None"}, {"type": "ClusterIP"}, {"type": "NodePort", "ports": [{**PORT, "nodePort": 30080}]}, {"type": None}, {"type": 5},
        {"ports": [PORT]}, {"ports": [{"name": "a", "port": 1}]}, {"ports": [{"port": 1, "targetPort": "named"}]}, {"ports": []}, {"ports": None}, {"ports": [{"port": 1.0}]}, {"ports": ["x"]},
        {"annotations": {"a": "b", "c": ""}}, {"annotations": {"n": 1, "on": True}}, {"annotations": None}, {"loadBalancerIP": "10.0.0.1"}, {"externalTrafficPolicy": "Local"},
        {"ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv4", "IPv6"]}, {"ipFamilies": ["IPv5"]}, {"ipFamilies": []}, {"loadBalancerSourceRanges": ["10.0.0.0/8"]}, {"externalIPs": ["10.0.0.1", "1"]},
        {"allocateLoadBalancerNodePorts": False}, {"allocateLoadBalancerNodePorts": None}, {"loadBalancerClass": "example.com/x"}, {"loadBalancerClass": "true"}, {"loadBalancerClass": "x", "type": "ClusterIP"},
        {"selectorLabels": {"color": "blue"}}, {"selectorLabels": {"app": "other"}}, {"selectorLabels": {"n": 1}}, {"clusterIP": "10.0.0.1"}, {"clusterIP": "10.1"}, {"clusterIP": None}, {"clusterIP": "None"},
        {"internalTrafficPolicy": "Local"}, {"healthCheckNodePort": 30100}, {"healthCheckNodePort": None}, {"nobody": "reads"}, {}, None],
    "resources": [
        {"limits": {"cpu": "2"}}, {"limits": {"cpu": "1e9", "memory": "1Gi"}}, {"limits": {"cpu": None, "memory": None}, "requests": {"cpu": "", "memory": None}}, {"requests": {"cpu": 2}},
        {"limits": None}, {"limits": {"example.com/gpu": 1, "example.com/zero": 0}}, {"requests": {"memory": "0x10", "cpu": "1_000"}}, {"claims": [{"name": "a"}]}, {}, None],
    "autoscaling": [
        {"enabled": False}, {"minReplicas": 2, "maxReplicas": 1000000}, {"targetCPUUtilizationPercentage": 0}, {"targetMemoryUtilizationPercentage": 70}, {"targetMemoryUtilizationPercentage": "70"},
        {"autoscaleBehavior": {"scaleDown": {"stabilizationWindowSeconds": 60}}}, {"minReplicas": "2"}, {"minReplicas": None}, {"enabled": None}, {"minReplicas": 2.0}, {}, None],
    "env": [{"A": "b"}, {"N": 1, "M": 1000000, "F": 1.5, "T": True, "Z": None}, {"y": "1", "123": "x"}, {"L": [1, "a"], "M": {"a": 1}}, {"Q": "a\"b\\n\n\tc", "U": "ü\u2028"}, {}, None, []],
    "envVarFrom": [[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}], [], [{"name": 5}], None],
    "labels": [
        {"team": "edge"}, {"app": "a", "istio": "b"}, {"app": "", "istio": ""}, {"app": None, "istio": None}, {"app": 5, "istio": True}, {"istio": "ingressgateway"},
        {"n": 1000000, "z": None, "list": ["a", 1]}, {"app.kubernetes.io/name": "mine", "helm.sh/chart": "x", "istio.io/rev": "r", "sidecar.istio.io/inject": "false"}, {"istio.io/dataplane-mode": "ambient"}, {}, None],
    "annotations": [{"a": "b"}, {"n": 5}, {"helm.sh/resource-policy": "keep"}, {"a": True}, {"a": ""}, {}, None],
    "strategy": [{"type": "Recreate"}, {"rollingUpdate": {"maxSurge": "50%"}}, {}, None],
    "minReadySeconds": [5, 0, 1000000, None, "5"],
    "readinessProbe": [{"tcpSocket": {"port": 443}}, {}, None, 5],
    "nodeSelector": [{"a": "b"}, {"n": 1}, {}, None],
    "tolerations": [[{"operator": "Exists"}], [], None, {}],
    "topologySpreadConstraints": [[{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}], [], None],
    "affinity": [{"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}, {}, None],
    "networkGateway": ["net1", "123", "", None, 5],
    "networkGatewayPorts": [{"tls": {"port": 443}}, {"tls": {"port": 443, "targetPort": 8443, "protocol": "UDP"}}, {"tls": None}, {"tls": {"targetPort": 1}}, {"more": {"port": 5}}, {"tls": {"port": "443"}}, {}, None],
    "imagePullPolicy": ["Always", "Never", "", "Sometimes", None],
    "imagePullSecrets": [[{"name": "a"}], ["a"], [{"name": 5}], [], None],
    "podDisruptionBudget": [{"minAvailable": 1}, {"maxUnavailable": "50%"}, {"minAvailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}, {"minAvailable": 1.5}, {"selector": {}, "minAvailable": 1}, {}, None],
    "dnsPolicy": ["None", "ClusterFirst", "on", "", None],
    "dnsConfig": [{"nameservers": ["10.0.0.53"]}, {}, None],
    "terminationGracePeriodSeconds": [0, 60, 1000000, 1.5, "60", None],
    "volumes": [[{"name": "a", "emptyDir": {}}], [], ["a"], None],
    "volumeMounts": [[{"name": "a", "mountPath": "/a", "readOnly": True}], [], None],
    "initContainers": [[{"name": "a", "image": "b"}], [], ["a"], None],
    "additionalContainers": [[{"name": "a", "image": "b", "env": None}], [], None],
    "priorityClassName": ["high", "123", "off", "", None],
    "lifecycle": [{"preStop": {"exec": {"command": ["sleep", "5"]}}}, {"preStop": 5}, {}, None],
    "profile": ["ambient", "demo", "preview", "remote", "openshift", "openshift-ambient", "platform-k3s", "nothing", "", None],
    "platform": ["openshift", "gke", "k3d", "eks", "", None],
    "compatibilityVersion": ["1.20", "1.25", "1.30", "1.31", "", 1.25, None],
    "global": [{}, {"networkPolicy": {"enabled": True}}, {"networkPolicy": {"enabled": True}, "ownerName": "me"}, {"networkPolicy": None}, {"platform": "openshift"}, {"profile": "demo"}, {"hub": "x", "tag": "y"},
               {"imagePullSecrets": ["a"]}, {"networkPolicy": {"enabled": "x"}, "ownerName": "5"}, None],
    "enabled": [True, False, "true"],
    "defaultRevision": ["default", 5],
    "pilot": [{"a": 1}, 5],
    "runAsRoot": [True, "x"],
    "unprivilegedPort": ["auto", True, "x"],
    "defaults": [{"name": "deep"}, {}, None, ""],
    "_internal_defaults_do_not_set": [{"replicaCount": 2, "autoscaling": {"enabled": False}}, {"service": {"ports": None}}, {"resources": {"limits": None}}, {"podAnnotations": {"prometheus.io/port": None}}, {"service": None}, None],
    "image": [{"tag": "1"}],
    "replicas": [2],
}
RELEASES = [("istio-ingressgateway", "istio-ingress"), ("gw", "ns"), ("RELEASE-NAME", "ns"), ("123", "456"), ("true", "on"), ("a" * 53, "n" * 63), ("istio-", "ns"), ("v1.5", "1e3")]


EVERY_KIND = {"global": {"networkPolicy": {"enabled": True}}, "podDisruptionBudget": {"minAvailable": 1}, "autoscaling": {"minReplicas": 2}}


def alone():
    for release, namespace in RELEASES:
        yield f"release {release}", release, namespace, {}
        yield f"release {release} with policy", release, namespace, EVERY_KIND
    for key, values in KEYS.items():
        for i, value in enumerate(values):
            yield f"{key} {i}", *RELEASES[0], {key: value}
            if key != "global":
                yield f"global.{key} {i}", *RELEASES[1], {"global": {key: value}}
                yield f"a default {key} {i}", *RELEASES[1], {"_internal_defaults_do_not_set": {key: value}}


def merged(one, two):
    """Two settings of different keys in one document."""
    both = dict(one)
    for key, value in two.items():
        both[key] = merged(both[key], value) if isinstance(both.get(key), dict) and isinstance(value, dict) else value
    return both


def pairs(rng):
    """Each key with every other key, each of the two with a value of its own; every second time with all kinds of objects."""
    for one, two in itertools.combinations(KEYS, 2):
        values = merged({one: rng.choice(KEYS[one])}, {two: rng.choice(KEYS[two])})
        yield f"{one} and {two}", *rng.choice(RELEASES[:3]), merged(values, EVERY_KIND) if rng.random() < .5 else values
