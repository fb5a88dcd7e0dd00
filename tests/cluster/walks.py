# SPDX-License-Identifier: Apache-2.0
"""Walks from revision to revision: their configuration, and what traffic saw of them."""
import gateways as g
from api import ApiError, path_of
from gateways import equal, true
from process import wait_until
from workspace import harness

# revision -> tag that its control plane has, see objects.py
TAGS = {"1-22": "1.22.8", "1-23": "1.23.6", "1-24": "1.24.2", "1-30": "1.30.3", "1-31": "1.31.0"}


def revisions(w, wanted, tags=None, extra="", edit=()):
    """The ingress example once for each revision. wanted: {revision: {cluster: active}}, or
    {revision: active} for every cluster; "1-24 bad" is a second installation of revision 1-24.
    tags: {key of wanted: tag} where it is not the usual one."""
    tags = {**TAGS, **(tags or {})}
    text = (harness.FIXTURES / "api-ingress.yaml").read_text()
    for old, new in edit:
        true(old in text, f"the example does not have {old!r}")
        text = text.replace(old, new)
    installations = {}
    for key, clusters in wanted.items():
        if isinstance(clusters, bool):
            clusters = {c.name: clusters for c in w.estate}
        revision, _, second = key.partition(" ")
        tag = tags.get(key, tags[revision])
        label = f"{revision}-{second}" if second else revision
        w.write(f"ingress-{label}.yaml", text.replace("tag: 1.24.1", f"tag: {tag}"))
        installations[label] = (clusters, f'file("ingress-{label}.yaml")',
                                f'      gateway_revision = "{revision}"' if second else "")
    w.main(harness.resource(installations, extra=extra))


def ready(pod):
    return "deletionTimestamp" not in pod["metadata"] and any(
        c["type"] == "Ready" and c["status"] == "True"
        for c in pod.get("status", {}).get("conditions", []))


class Traffic:
    """What a Service could have sent traffic to, at each moment from here, or from the last check(),
    to check(). The API server's own history tells it: one order of all changes of the Service, its
    EndpointSlices and the Pods."""
    KINDS = ("Service", "EndpointSlice", "Pod")

    def __init__(self, cluster, service=g.GATEWAY, namespace=g.GATEWAYS):
        self.cluster, self.service, self.namespace = cluster, service, namespace
        self.since, self.objects = {}, {}
        for kind in self.KINDS:
            items, self.since[kind] = self._list(kind)
            for item in items:
                self.objects[kind, item["metadata"]["name"]] = item

    def _list(self, kind):
        found = self.cluster.request("GET", path_of(kind, self.namespace))
        return found["items"] or [], found["metadata"]["resourceVersion"]

    def _history(self):
        """[(resourceVersion, kind, type, object)] in order, complete until now."""
        events = []

        def complete():
            events.clear()
            wanted = {(kind, i["metadata"]["name"]): int(i["metadata"]["resourceVersion"])
                      for kind in self.KINDS for i in self._list(kind)[0]}
            for kind in self.KINDS:
                for event, thing in self.cluster.watch(kind, self.namespace, self.since[kind], 1):
                    if event == "ERROR":
                        raise ApiError("WATCH", kind, thing.get("code", 0), str(thing).encode())
                    events.append((int(thing["metadata"]["resourceVersion"]), kind, event, thing))
            last = {key: int(item["metadata"]["resourceVersion"])
                    for key, item in self.objects.items()}
            for version, kind, event, thing in sorted(events, key=lambda e: e[0]):
                last[kind, thing["metadata"]["name"]] = version
                if event == "DELETED":
                    del last[kind, thing["metadata"]["name"]]
            return last.keys() <= wanted.keys() and \
                all(last.get(key, 0) >= version for key, version in wanted.items())
        wait_until(complete, f"the history of {self.cluster.name}")
        return sorted(events, key=lambda e: e[0])

    def _look(self, version):
        """Raises unless traffic has a place to go; gives the revision that is selected."""
        where = f"{self.cluster.name} at resourceVersion {version}"
        service = self.objects.get(("Service", self.service))
        true(service, f"{where}: no Service")
        selector = service["spec"]["selector"]
        pods = {name: thing for (kind, name), thing in self.objects.items()
                if kind == "Pod" and ready(thing)}
        true(any(selector.items() <= pod["metadata"]["labels"].items() for pod in pods.values()),
             f"{where}: no ready Pod matches {selector}")
        endpoints = [e for (kind, _), thing in self.objects.items() if kind == "EndpointSlice"
                     and thing["metadata"]["labels"]["kubernetes.io/service-name"] == self.service
                     for e in thing["endpoints"] or []]
        true(any(e["conditions"].get("ready") and e["targetRef"]["name"] in pods
                 for e in endpoints),
             f"{where}: no endpoint is a ready Pod: {endpoints}, Pods {sorted(pods)}")
        return selector.get("revision")

    def check(self, *walk):
        """At every moment a ready endpoint was there, and the revisions selected were these, one
        after the other. Returns how many moments there were."""
        selected, moments = [], 0
        for version, kind, event, thing in [(0, None, None, None), *self._history()]:
            if kind and event == "DELETED":
                self.objects.pop((kind, thing["metadata"]["name"]), None)
            elif kind:
                self.objects[kind, thing["metadata"]["name"]] = thing
            if kind:
                self.since[kind] = str(version)
            revision = self._look(version)
            moments += 1
            if selected[-1:] != [revision]:
                selected.append(revision)
        equal(selected, list(walk), f"revisions selected in {self.cluster.name}")
        return moments
