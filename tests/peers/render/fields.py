# SPDX-License-Identifier: Apache-2.0
"""What the generated documents set: places in an IstioOperator that reach a gateway, each with values that say something
there. A place is a path below `spec`; GATEWAY stands for the one gateway of the document, APP for its type's key in
`values.gateways`. Beside these, every other field of the input tables gets a value of its type (family.py)."""

GATEWAY, APP = "GATEWAY", "APP"

PORTS = [[{"name": "https", "port": 443, "targetPort": 8443}], [{"name": "b", "port": 8081}, {"name": "udp", "port": 5353, "protocol": "UDP"}],
         [{"name": "n", "port": 9000, "targetPort": 9001, "nodePort": 30090, "appProtocol": "http"}], []]
TERM = {"nodeSelectorTerms": [{"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]}]}]}
CONTAINER = {"name": "beside", "image": "example.com/beside:1", "args": ["--x"], "ports": [{"containerPort": 9999}]}
SPREAD = [{"key": "istio", "operator": "In", "values": "a,b", "topologyKey": "zone", "namespaces": "n,m"},
          {"key": "app", "operator": "Exists", "topologyKey": "kubernetes.io/hostname"}]
TOLERATIONS = [[{"key": "t", "operator": "Exists", "effect": "NoSchedule"}], [{"key": "k", "value": "v", "tolerationSeconds": 5}], []]
QUANTITIES = [{"limits": {"cpu": "500m", "memory": "1Gi"}}, {"requests": {"cpu": "0.1", "memory": "100M"}},
              {"limits": {"cpu": "2000m", "memory": "1024Mi", "example.com/device": "3"}, "requests": {"cpu": "1500m"}}]

# Below components.*Gateways[0].
ENTRY = {
    "enabled": [True, False],
    "hub": ["hub.example.com/istio", "docker.io/istio"],
    "tag": ["1.29.1", "1.30-dev", "1.30.1-solo", "latest"],
    "label": [{}, {"team": "edge"}, {"app": "mine", "istio": "mine"}, {"version": "v2"}, {"app.kubernetes.io/version": "3.1", "version": "v4"}],
    "namespace": ["istio-system", "other"],
}
K8S = {
    "affinity": [{}, {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": TERM}},
                 {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
                     {"weight": 3, "preference": {"matchFields": [{"key": "metadata.name", "operator": "NotIn", "values": ["n"]}]}}]}},
                 {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
                     {"topologyKey": "zone", "labelSelector": {"matchLabels": {"a": "b"}}, "namespaceSelector": {}}]},
                  "podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
                      {"weight": 1, "podAffinityTerm": {"topologyKey": "zone", "matchLabelKeys": ["k"]}}]}}],
    "env": [[], [{"name": "NEW", "value": "x"}], [{"name": "NEW", "value": ""}, {"name": "CA_ADDR", "value": "ca:1"}, {"name": "OTHER", "value": "$(POD_NAME)"}],
            [{"name": "ISTIO_META_NETWORK", "value": "net9"}, {"name": "PILOT_CERT_PROVIDER", "value": "p"}],
            [{"name": "HIDDEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": True}}},
             {"name": "FIELD", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
             {"name": "LIMIT", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}}},
             {"name": "MAP", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}],
            [{"name": "TRUST_DOMAIN", "value": "t"}, {"name": "A", "value": "1"}, {"name": "POD_NAME", "valueFrom": None, "value": "fixed"}, {"name": "Z", "value": "2"}]],
    "hpaSpec": [{}, {"minReplicas": 2}, {"minReplicas": 3, "maxReplicas": 9}, {"maxReplicas": 7}, {"minReplicas": 1, "maxReplicas": 1},
                {"minReplicas": 2, "metrics": [{"type": "Resource", "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "1Gi"}}}],
                 "behavior": {"scaleDown": {"stabilizationWindowSeconds": 60, "selectPolicy": "Min", "policies": [{"type": "Pods", "value": 1, "periodSeconds": 15}]}}},
                {"maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "another"}}],
    "imagePullPolicy": ["Always", "IfNotPresent"],
    "nodeSelector": [{}, {"disk": "ssd"}, {"kubernetes.io/os": "linux", "a": "1"}],
    "podDisruptionBudget": [{}, {"minAvailable": 2}, {"minAvailable": "50%"}, {"maxUnavailable": 1}, {"maxUnavailable": "25%", "minAvailable": 3},
                            {"selector": {"matchLabels": {"x": "y"}}, "unhealthyPodEvictionPolicy": "AlwaysAllow"}],
    "podAnnotations": [{}, {"a": "b"}, {"sidecar.istio.io/inject": "true", "prometheus.io/port": "1"}, {"$patch": "replace", "only": "this"}],
    "priorityClassName": ["high", "system-cluster-critical"],
    "readinessProbe": [{}, {"failureThreshold": 5, "initialDelaySeconds": 0}, {"httpGet": {"path": "/x", "port": 1, "httpHeaders": [{"name": "h", "value": "v"}]}},
                       {"tcpSocket": {"port": "named"}, "httpGet": None}, {"exec": {"command": ["true"]}, "timeoutSeconds": 7}],
    "replicaCount": [0, 1, 4],
    "resources": [{}, *QUANTITIES, {"claims": [{"name": "c", "request": "r"}]}, {"limits": {"cpu": "1.5", "memory": "1e9"}}, {"limits": {"cpu": None}}],
    "securityContext": [{}, {"runAsUser": 1}, {"fsGroup": 3, "sysctls": [{"name": "kernel.shm_rmid_forced", "value": "1"}], "supplementalGroups": [1, 2]},
                        {"runAsNonRoot": False, "seccompProfile": {"type": "RuntimeDefault"}, "seLinuxOptions": {"level": "s0"}}],
    "service": [{}, *({"ports": p} for p in PORTS), {"type": "ClusterIP", "selector": {"more": "x"}}, {"loadBalancerIP": "192.0.2.1", "externalIPs": ["192.0.2.2"]},
                {"selector": {"$patch": "replace", "only": "this"}, "externalTrafficPolicy": "Local", "healthCheckNodePort": 30100},
                {"ports": [{"port": 80, "targetPort": 8080, "name": "http", "protocol": "TCP"}, {"port": 15021, "targetPort": 15021, "name": "status-port"}],
                 "loadBalancerSourceRanges": ["10.0.0.0/8"], "sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 9}}},
                {"ipFamilies": ["IPv6", "IPv4"], "ipFamilyPolicy": "RequireDualStack", "internalTrafficPolicy": "Local", "publishNotReadyAddresses": True}],
    "serviceAnnotations": [{}, {"a": "b"}, {"example.com/lb": "internal", "number": "1"}],
    "strategy": [{}, {"rollingUpdate": {"maxSurge": 3}}, {"rollingUpdate": {"maxUnavailable": "10%"}, "type": "RollingUpdate"}, {"type": "Recreate", "rollingUpdate": None}],
    "tolerations": TOLERATIONS,
    "volumes": [[{"name": "v", "emptyDir": {}}]],
    "volumeMounts": [[{"name": "v", "mountPath": "/v"}]],
    "overlays": [
        [],
        [{"kind": "Deployment", "name": "edge", "patches": [{"path": "spec.minReadySeconds", "value": 7}, {"path": "spec.template.spec.containers.[name:istio-proxy].args.[-1]", "value": "--more"},
                                                           {"path": "metadata.annotations", "value": "a: \"1\"\nb: two\n"}, {"path": "spec.replicas.none", "value": 3}]}],
        [{"apiVersion": "v1", "kind": "Service", "name": "edge", "patches": [{"path": "spec.ports.[name:https].nodePort", "value": 30443}, {"path": "spec.ports.[port:80]"}]},
         {"kind": "Service", "name": "edge", "patches": [{"path": "metadata.annotations.x", "value": "plain"}, {"path": "spec.ports.[0].name", "value": "renamed"}]}],
        [{"kind": "HorizontalPodAutoscaler", "name": "edge", "patches": [{"path": "spec.maxReplicas", "value": 20}, {"path": "spec.metrics.[0].resource.name", "value": "memory"}]},
         {"kind": "PodDisruptionBudget", "name": "edge", "patches": [{"path": "spec.minAvailable", "value": "30%"}]},
         {"kind": "ServiceAccount", "name": "edge-service-account", "patches": [{"path": "automountServiceAccountToken", "value": False}]},
         {"kind": "Role", "name": "edge-sds", "patches": [{"path": "rules.[0].verbs.[:list]"}]},
         {"kind": "NetworkPolicy", "name": "edge", "patches": [{"path": "spec.policyTypes.[1]", "value": None}]}],
    ],
}

# Below values.gateways.istio-*gateway. The second map is what only unvalidatedValues takes (for ingress, egress or both).
VALUES = {
    "additionalContainers": [[], [CONTAINER]],
    "autoscaleEnabled": [False, True],
    "autoscaleMax": [1, 9], "autoscaleMin": [2, 1],
    "configVolumes": [[{"name": "cv", "mountPath": "/cv", "configMapName": "cm"}, {"name": "unmounted", "configMapName": "x"}], []],
    "cpu": [{"targetAverageUtilization": 60}],
    "customService": [True, False], "enabled": [True, False],
    "env": [{}, {"A": "one", "ISTIO_META_NETWORK": "net2"}, {"B": True, "C": 3, "D": "", "E": 0.5, "F": 1000000, "G": 12345678}],
    "externalTrafficPolicy": ["Local", "Cluster"],
    "ingressPorts": [[{"name": "more", "port": 9000}], []],
    "injectionTemplate": ["gateway", "gateway,custom"],
    "ipFamilies": [["IPv4"], ["IPv6", "IPv4"]], "ipFamilyPolicy": ["PreferDualStack", "SingleStack"],
    "labels": [{"lost": "x"}], "memory": [{"targetAverageUtilization": 70}], "name": ["lost"],
    "loadBalancerIP": ["192.0.2.9"], "loadBalancerSourceRanges": [["10.0.0.0/8", "192.0.2.0/24"], []],
    "nodeSelector": [{"disk": "hdd", "a": "b"}, {}],
    "podAnnotations": [{"p": "q", "count": 5, "t": True}, {}],
    "ports": PORTS,
    "replicaCount": [3, 1],
    "resources": [{}, *QUANTITIES[:2], {"limits": {"memory": "3Gi"}, "requests": {"memory": "3Gi"}}],
    "rollingMaxSurge": [1, "50%"], "rollingMaxUnavailable": [0, "10%"],
    "runAsRoot": [True, False],
    "secretVolumes": [[], [{"name": "sv", "secretName": "s", "mountPath": "/sv"}]],
    "serviceAccount": [{"annotations": {"iam": "role"}}, {}],
    "serviceAnnotations": [{"lb": "x", "flag": True, "count": 600, "big": 1000000}, {}],
    "tolerations": TOLERATIONS,
    "type": ["ClusterIP", "NodePort"],
}
FREE = {
    (APP, "podAntiAffinityLabelSelector"): [SPREAD, SPREAD[1:]], (APP, "podAntiAffinityTermLabelSelector"): [SPREAD, SPREAD[1:]],
    (APP, "tag"): ["t2"], (APP, "hub"): ["h2"], (APP, "replicaCount"): [2], (APP, "externalTrafficPolicy"): ["Local"],
    (APP, "loadBalancerIP"): ["192.0.2.8"], (APP, "ingressPorts"): [[{"name": "i", "port": 1}]], (APP, "egressPorts"): [[{"name": "e", "port": 2}]],
    (APP, "serviceAccount"): [{"annotations": {"n": 5}}], (APP, "unknown"): ["x"],
    ("platform", ): ["openshift", "k3d"], ("global", "proxy", "variant"): ["debug"], ("global", "platform"): ["openshift", "gke"],
    ("global", "proxy", "image"): ["example.com/whole/image:1", "other"],
}
GLOBAL = {
    "arch": [{"amd64": 3, "arm64": 2, "s390x": 0}, {"amd64": 0, "arm64": 0, "ppc64le": 0, "s390x": 0}],
    "caAddress": ["ca.example.com:15012"],
    "defaultNodeSelector": [{"os": "linux"}, {}],
    "defaultPodDisruptionBudget": [{"enabled": False}, {"enabled": True}],
    "defaultResources": [{"requests": {"cpu": "1m", "memory": "2M"}}],
    "defaultTolerations": TOLERATIONS,
    "hub": ["hub.example.com/global"],
    "imagePullPolicy": ["Always", "IfNotPresent"], "imagePullSecrets": [["one", "two"], []],
    "istioNamespace": ["mesh", "istio-system"],
    "logAsJson": [True, False], "logging": [{"level": "default:debug,all:info"}, {"level": ""}],
    "meshID": ["mesh1"], "mountMtlsCerts": [True, False],
    "multiCluster": [{"clusterName": "east"}, {"enabled": True, "clusterName": ""}],
    "network": ["net1"], "networkPolicy": [{"enabled": True}, {"enabled": False}],
    "pilotCertProvider": ["kubernetes", "istiod"], "platform": ["openshift", "k3s", "gke", "microk8s", "minikube"],
    "priorityClassName": ["low"],
    "proxy": [{"image": "proxyv3"}, {"image": "example.com/p/i:2"}, {"clusterDomain": "corp.local", "logLevel": "debug", "componentLogLevel": ""}, {"logLevel": ""}],
    "revision": ["global-only"],
    "sds": [{"token": {"aud": "other"}}],
    "sts": [{"servicePort": 15463}, {"servicePort": 0}],
    "tag": ["1.30.0", "1.30.3@sha256:0123456789abcdef", 1.5],
    "trustBundleName": ["bundle"], "variant": ["distroless"],
}
MESH = {
    "trustDomain": ["td.example.com", ""],
    "enablePrometheusMerge": [False, True],
    "defaultConfig": [{"proxyMetadata": {"Z": "1", "A": "two", "ISTIO_META_DNS_CAPTURE": "true"}}, {"proxyMetadata": {"NEW": "3"}, "concurrency": 2}],
    "accessLogFile": ["/dev/stdout"],
}
SPEC = {
    "compatibilityVersion": ["1.25", "1.28", "1.30"],
    "hub": ["hub.example.com/spec"], "tag": ["1.30.2", "1.30"], "revision": ["1-31", "canary"], "namespace": ["nowhere"],
    "profile": ["default", "minimal", "demo", "preview", "stable", "ambient", "openshift", "openshift-ambient", "remote", "empty"],
}
TOP = {"revision": ["values-rev"], "ownerName": ["owner"], "profile": ["demo", "preview", "stable", "ambient", "remote"], "compatibilityVersion": ["1.27"]}


def places():
    """Every place with its values, one after the other: [(path, values)]."""
    yield from (((GATEWAY, name), values) for name, values in ENTRY.items())
    yield from (((GATEWAY, "k8s", name), values) for name, values in K8S.items())
    yield from ((("values", "gateways", APP, name), values) for name, values in VALUES.items())
    yield from ((("values", "global", name), values) for name, values in GLOBAL.items())
    yield from ((("values", name), values) for name, values in TOP.items())
    yield from (((name, ), values) for name, values in SPEC.items())
    yield from ((("meshConfig", name), values) for name, values in MESH.items())
    yield from ((("values", "meshConfig", name), values) for name, values in MESH.items())
    yield ("values", "pilot", "env"), [{"ENABLE_CLUSTER_TRUST_BUNDLE_API": True}, {"ENABLE_CLUSTER_TRUST_BUNDLE_API": False}]
    for path, values in FREE.items():
        below = ("gateways", *path) if path[0] == APP else path
        yield ("unvalidatedValues", *below), values
