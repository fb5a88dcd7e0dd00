# SPDX-License-Identifier: Apache-2.0
"""Documents made for the comparison: every place of fields.py with each of its values alone; every two places together;
every field of the input tables once."""
import collections, copy, itertools

import fields
from fields import APP, GATEWAY

TYPES = {"ingress": ("ingressGateways", "istio-ingressgateway"), "egress": ("egressGateways", "istio-egressgateway")}
# Components that are not gateways: off, or a profile that turns them on costs a second a hundred documents.
OTHERS = ("base", "pilot", "cni", "ztunnel")
TOGETHER = 7  # places in one document of pairs


def document(kind, settings):
    """The IstioOperator of one gateway with these settings: [(path, value)]. None where one overwrites another."""
    gateways, app = TYPES[kind]
    gateway = {"name": "edge", "namespace": "gw", "enabled": True}
    spec = {"profile": "empty", "components": {gateways: [gateway], **{name: {"enabled": False} for name in OTHERS}}}
    for path, value in settings:
        at = gateway if path[0] == GATEWAY else spec
        steps = [app if step == APP else step for step in (path[1:] if path[0] == GATEWAY else path)]
        for step in steps[:-1]:
            at = at.setdefault(step, {})
            if not isinstance(at, dict):
                return None
        at[steps[-1]] = copy.deepcopy(value)
    return {"apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator", "metadata": {"name": "iop", "namespace": "istio-system"}, "spec": spec}


def alone():
    """[(name, kind, [(path, value)])]; null is a value of every place."""
    for path, values in fields.places():
        for kind in TYPES:
            for i, value in enumerate([*values, None]):
                yield f"{'.'.join(path)} #{i}", kind, [(path, value)]


def pairs(rng, taken):
    """Settings that cover every two places, values by chance out of those that are taken alone: {kind: {path: [values]}}."""
    for kind in TYPES:
        usable = {path: values for path, values in taken[kind].items() if values}
        open_pairs = {frozenset(two) for two in itertools.combinations(usable, 2) if not nested(*two)}
        order = sorted(open_pairs, key=lambda two: sorted(two))
        rng.shuffle(order)
        for two in order:
            if two not in open_pairs:
                continue
            chosen = sorted(two)
            for path in rng.sample(sorted(usable), len(usable)):
                if len(chosen) == TOGETHER:
                    break
                new = [frozenset((path, other)) for other in chosen]
                if path not in chosen and sum(n in open_pairs for n in new) >= max(1, len(chosen) - 1) and not any(nested(path, other) for other in chosen):
                    chosen.append(path)
            open_pairs -= {frozenset(p) for p in itertools.combinations(chosen, 2)}
            yield f"{kind} pairs {len(chosen)}", kind, [(path, rng.choice(usable[path])) for path in sorted(chosen)]


def nested(one, other):
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


# Every field of the tables ---------------------------------------------------------------

# What a type needs beside a field to be taken at all.
BESIDE = {
    "Volume": {"name": "v"}, "VolumeMount": {"name": "v", "mountPath": "/v"}, "EnvVar": {"name": "A"}, "Container": {"name": "c", "image": "i"},
    "ContainerPort": {"containerPort": 80}, "LabelSelectorRequirement": {"key": "a", "operator": "Exists"}, "SecretVolume": {"name": "s"},
    "NodeSelectorRequirement": {"key": "a", "operator": "Exists"}, "Toleration": {"key": "a", "operator": "Equal"}, "ServicePort": {"name": "p", "port": 8080},
    "PortsConfig": {"name": "p", "port": 8080}, "HTTPHeader": {"name": "a"}, "K8SObjectOverlay": {"kind": "Deployment", "name": "edge"},
    "Tracing.Lightstep": {"address": "host:80", "accessToken": "t"}, "PrivateKeyProvider.CryptoMb": {"pollDelay": "5s"}, "PrivateKeyProvider.QAT": {"pollDelay": "5s"},
    "OutlierDetection": {"splitExternalLocalOriginErrors": True}, "LocalityLoadBalancerSetting.Distribute": {"from": "a/*", "to": {"b/*": 100}},
    "KubernetesOverlay": {"kind": "Deployment", "name": "edge"}, "Patch": {"path": "spec.minReadySeconds"}, "K8SObjectOverlay.PathValue": {"path": "spec.minReadySeconds"},
}
NUMBERS = [5, 8080, 65536]
OF_KIND = {
    "any": ["x", {}], "free": [{"a": "b"}, {}], "string": ["abc", "1.2.3.4", "10s", "/a", "host:80", "80", "10.0.0.0/8", "1.30", "demo", "k3s"], "bool": [True, False],
    "int32": NUMBERS, "uint32": NUMBERS, "int64": NUMBERS, "uint64": NUMBERS, "double": [0.5],
    "int or string": [5, "25%"], "quantity": ["5", "100m"], "duration": ["5s"], "bytes": ["YWJj"], "time": ["2026-01-31T12:00:00Z"],
}
Leaf = collections.namedtuple("Leaf", "path specs")


def leaves(tables):
    """Every field of the tables, as [(path, [specs with a value there])]; lists and maps have one element."""
    types, found = tables["types"], []

    def visit(index, path, make, stack):
        for field in types[index]["fields"]:
            at = (*path, field["name"])
            if field["dropped"]:
                continue

            def wrap(value, field=field, make=make):
                return make({field["name"]: [value] if field["shape"] == "list" else {"k": value} if field["shape"] == "map" else value})

            if field["kind"] != "object":
                found.append(Leaf(at, [wrap(v) for v in field.get("values") or OF_KIND[field["kind"]]]))
            elif field["type"] not in stack:
                beside = BESIDE.get(types[field["type"]]["name"], {})
                visit(field["type"], at, lambda inner, wrap=wrap, beside=beside: wrap({**beside, **inner}), [*stack, field["type"]])

    visit(tables["root"], (), lambda inner: inner, [tables["root"]])
    return found


def nulls(found):
    """Fields that templates read or k8s.* patches with, each null: [(name, kind, spec)]."""
    for leaf in found:
        if leaf.path[:2] in (("values", "global"), ("values", "gateways")) or "k8s" in leaf.path:
            spec = copy.deepcopy(leaf.specs[0])
            at = spec
            for step in leaf.path[:-1]:
                at = at[step][0] if isinstance(at[step], list) else at[step]
            at[leaf.path[-1]] = None
            yield ".".join(leaf.path) + " null", kind_of(leaf.path), spec


def kind_of(path):
    return "egress" if set(TYPES["egress"]) & set(path) else "ingress"


def merged(kind, specs):
    """One document with all of these settings of leaves."""
    base = document(kind, [])
    gateways = TYPES[kind][0]
    for spec in copy.deepcopy(specs):
        entries = spec.get("components", {}).pop(gateways, [])
        for entry in entries:
            merge(base["spec"]["components"][gateways][0], entry)
        merge(base["spec"], spec)
    return base


def merge(into, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value

