# SPDX-License-Identifier: Apache-2.0
"""What a small, well-behaved API server holds: objects, server-side apply by a single manager, watches,
and a stand-in for Istio's operator that makes every gateway healthy at once. Only what the plugin
asks for is there."""
import copy
import json
import threading
import time
import urllib.parse

KINDS = {  # plural: apiVersion, kind
    "namespaces": ("v1", "Namespace"),
    "services": ("v1", "Service"),
    "pods": ("v1", "Pod"),
    "events": ("v1", "Event"),
    "deployments": ("apps/v1", "Deployment"),
    "istiooperators": ("install.istio.io/v1alpha1", "IstioOperator"),
    "endpointslices": ("discovery.k8s.io/v1", "EndpointSlice"),
    "mutatingwebhookconfigurations": ("admissionregistration.k8s.io/v1",
                                      "MutatingWebhookConfiguration"),
}
FINALIZER = "istio-finalizer.install.istio.io"
OWNER = "install.operator.istio.io/owning-resource"
STEP = 0.03  # seconds between what the operator does


class Place:
    """A path of the API, taken apart."""

    def __init__(self, target):
        path, _, query = target.partition("?")
        parts = [urllib.parse.unquote(part) for part in path.split("/") if part]
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        self.known = len(parts) > 1 and parts[0] in ("api", "apis")
        rest = parts[2 if parts[:1] == ["api"] else 3:]
        self.namespace = None
        if rest[:1] == ["namespaces"] and len(rest) > 2:
            self.namespace, rest = rest[1], rest[2:]
        self.plural = rest[0] if rest else ""
        self.name = rest[1] if len(rest) > 1 else None
        self.known = self.known and self.plural in KINDS
        self.watch = self.query.get("watch") == "true"


def status_object(code, reason, message, details=None):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "details": details or {}, "code": code}


def selects(selector, labels):
    for part in filter(None, (selector or "").split(",")):
        key, equals, value = part.partition("=")
        if key not in labels or (equals and labels[key] != value):
            return False
    return True


class Cluster:
    """One cluster. Every method may be called by any thread."""

    def __init__(self, name, revision="1-23", tag="1.23.6"):
        self.name = name
        self.changed = threading.Condition()
        self.version = 1000
        self.objects = {}   # (plural, namespace, name): object
        self.history = []   # (version, plural, type, object)
        self.requests = []  # (seconds, method, target)
        self.closed = False
        for namespace in ("kube-system", "istio-system", "gloo-mesh-gateways"):
            self._put("namespaces", None, namespace, {})
        labels = {"app": "istiod", "istio.io/rev": revision}
        self._put("deployments", "istio-system", f"istiod-{revision}", {
            "metadata": {"labels": labels},
            "spec": {"template": {"spec": {"containers": [
                {"name": "discovery", "image": f"example.com/istio/pilot:{tag}"}]}}},
            "status": {"availableReplicas": 1}})
        self._put("deployments", "istio-operator", "istio-operator", {
            "spec": {"template": {"spec": {"containers": [
                {"name": "operator", "image": f"example.com/istio/operator:{tag}"}]}}},
            "status": {"availableReplicas": 1}})

    def copy(self):
        """Another cluster that holds the same."""
        other = Cluster(self.name)
        with self.changed:
            other.version, other.objects = self.version, copy.deepcopy(self.objects)
        return other

    # ---- objects ----

    def _put(self, plural, namespace, name, value, event="ADDED"):
        with self.changed:
            self.version += 1
            api_version, kind = KINDS[plural]
            value = copy.deepcopy(value)
            metadata = value.setdefault("metadata", {})
            metadata.setdefault("uid", f"{self.name}-uid-{self.version}")
            metadata.setdefault("creationTimestamp", "2024-01-01T00:00:00Z")
            metadata.setdefault("generation", 1)
            metadata.update(name=name, resourceVersion=str(self.version))
            if namespace:
                metadata["namespace"] = namespace
            value = {"apiVersion": api_version, "kind": kind, **value}
            if event == "DELETED":
                self.objects.pop((plural, namespace, name), None)
            else:
                self.objects[plural, namespace, name] = value
            self.history.append((self.version, plural, event, value))
            self.changed.notify_all()
            return value

    def get(self, plural, namespace, name):
        with self.changed:
            return copy.deepcopy(self.objects.get((plural, namespace, name)))

    def list(self, plural, namespace=None, labels="", fields=""):
        with self.changed:
            found = [value for (kind, at, _), value in sorted(
                self.objects.items(), key=lambda item: tuple(map(str, item[0])))
                if kind == plural and namespace in (None, at)
                # All pods are those of the gateway.
                and (plural == "pods" or selects(labels, value["metadata"].get("labels", {})))
                and fields in ("", "metadata.name=" + value["metadata"]["name"])]
            return copy.deepcopy(found), str(self.version)

    # ---- requests ----

    def answer(self, method, target, body):
        """(status, object); of a watch None: the caller follows `events`."""
        place = Place(target)
        with self.changed:
            self.requests.append((time.monotonic(), method, target))
        if not place.known:
            return 404, status_object(404, "NotFound",
                                      "the server could not find the requested resource")
        if method == "GET" and place.watch:
            return 200, None
        if method == "GET" and not place.name:
            return self._list(place)
        now = self.get(place.plural, place.namespace, place.name)
        if method == "PATCH":
            return self._apply(place, now, json.loads(body))
        if now is None:
            return 404, self.absent(place)
        return (200, now) if method == "GET" else self._delete(place, now, json.loads(body or b"{}"))

    @staticmethod
    def absent(place):
        group = KINDS[place.plural][0].rpartition("/")[0]
        resource = place.plural + ("." + group if group else "")
        return status_object(404, "NotFound", f'{resource} "{place.name}" not found',
                             {"name": place.name, "group": group, "kind": place.plural})

    def _list(self, place):
        items, version = self.list(place.plural, place.namespace, place.query.get("labelSelector"),
                                   place.query.get("fieldSelector", ""))
        api_version, kind = KINDS[place.plural]
        if place.plural == "endpointslices":
            items = self._slices(place)
        return 200, {"apiVersion": api_version, "kind": kind + "List",
                     "metadata": {"resourceVersion": version}, "items": items}

    def _slices(self, place):
        pods, _ = self.list("pods", place.namespace)
        service = place.query.get("labelSelector", "").partition("=")[2]
        return [{"metadata": {"name": f"{service}-1", "namespace": place.namespace},
                 "endpoints": [{"conditions": {"ready": True},
                                "targetRef": {"kind": "Pod", "name": pod["metadata"]["name"]}}
                               for pod in pods]}]

    def _conflict(self, place, why):
        return 409, status_object(409, "Conflict", f'Operation cannot be fulfilled on {place.plural} '
                                  f'"{place.name}": {why}', {"name": place.name, "kind": place.plural})

    def _apply(self, place, now, wanted):
        metadata = wanted.setdefault("metadata", {})
        uid, version = metadata.pop("uid", None), metadata.pop("resourceVersion", None)
        if uid and (not now or now["metadata"]["uid"] != uid):
            return self._conflict(place, "the UID in the precondition does not match")
        if now and version and now["metadata"]["resourceVersion"] != version:
            return self._conflict(place, "the object has been modified")
        if not now:
            made = self._put(place.plural, place.namespace, place.name, wanted)
        else:
            made = copy.deepcopy(now)
            for key in ("labels", "annotations"):
                if key in metadata:
                    made["metadata"][key] = metadata[key]
            made.update({k: v for k, v in wanted.items() if k not in ("metadata", "status")})
            if made == now:
                return 200, now
            made["metadata"]["generation"] += made.get("spec") != now.get("spec")
            made = self._put(place.plural, place.namespace, place.name, made, "MODIFIED")
        if place.plural == "istiooperators":
            threading.Thread(target=self._operate, args=(place, made), daemon=True).start()
        return (200 if now else 201), made

    def _delete(self, place, now, options):
        uid = options.get("preconditions", {}).get("uid")
        if uid and uid != now["metadata"]["uid"]:
            return self._conflict(place, "the UID in the precondition does not match")
        if now["metadata"].get("finalizers"):
            now["metadata"]["deletionTimestamp"] = "2024-01-01T00:00:00Z"
            now = self._put(place.plural, place.namespace, place.name, now, "MODIFIED")
            threading.Thread(target=self._remove, args=(place, now), daemon=True).start()
            return 200, now
        self._put(place.plural, place.namespace, place.name, now, "DELETED")
        return 200, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
                     "details": {"name": place.name, "kind": place.plural,
                                 "uid": now["metadata"]["uid"]}}

    # ---- the operator ----

    @staticmethod
    def _gateways(operator):
        spec = operator.get("spec", {})
        for kind in ("ingressGateways", "egressGateways"):
            for gateway in spec.get("components", {}).get(kind, []):
                if gateway.get("enabled"):
                    yield kind[0].upper() + kind[1:], gateway

    def _operate(self, place, operator):
        time.sleep(STEP)
        now = self.get(place.plural, place.namespace, place.name)
        if not now:
            return
        now["metadata"]["finalizers"] = [FINALIZER]
        now["status"] = {"status": "RECONCILING"}
        self._put(place.plural, place.namespace, place.name, now, "MODIFIED")
        time.sleep(STEP)
        spec = operator.get("spec", {})
        components = {}
        for component, gateway in self._gateways(operator):
            components[component] = {"status": "HEALTHY"}
            self._roll_out(place, gateway, f"{spec.get('hub', 'x')}/proxyv2:{spec.get('tag', 'y')}")
        now = self.get(place.plural, place.namespace, place.name)
        if now:
            now["status"] = {"status": "HEALTHY", "componentStatus": components}
            self._put(place.plural, place.namespace, place.name, now, "MODIFIED")

    def _roll_out(self, place, gateway, image):
        labels = {OWNER: place.name, OWNER + "-namespace": place.namespace,
                  **gateway.get("label", {})}
        pod = {"containers": [{"name": "istio-proxy", "image": image}]}
        namespace = gateway.get("namespace") or place.namespace
        self._put("deployments", namespace, gateway["name"], {
            "metadata": {"labels": labels},
            "spec": {"replicas": 1, "template": {"metadata": {"labels": labels}, "spec": pod}},
            "status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1,
                       "readyReplicas": 1, "availableReplicas": 1,
                       "conditions": [{"type": "Available", "status": "True"}]}})
        self._put("pods", namespace, gateway["name"] + "-1", {
            "metadata": {"labels": labels}, "spec": pod,
            "status": {"conditions": [{"type": "Ready", "status": "True"}]}})

    def _remove(self, place, operator):
        time.sleep(STEP)
        for _, gateway in self._gateways(operator):
            namespace = gateway.get("namespace") or place.namespace
            for plural, name in (("deployments", gateway["name"]), ("pods", gateway["name"] + "-1")):
                value = self.get(plural, namespace, name)
                if value:
                    self._put(plural, namespace, name, value, "DELETED")
        time.sleep(STEP)
        now = self.get(place.plural, place.namespace, place.name)
        if now:
            del now["metadata"]["finalizers"]
            self._put(place.plural, place.namespace, place.name, now, "DELETED")

    # ---- watches ----

    def events(self, target, going):
        """Events of a watch, as bytes, while going(); now and then b"" so that the caller can look."""
        place = Place(target)
        seen = int(place.query.get("resourceVersion") or 0)
        while going() and not self.closed:
            with self.changed:
                fresh = [entry for entry in self.history if entry[0] > seen]
                if not fresh:
                    self.changed.wait(0.1)
                    fresh = [entry for entry in self.history if entry[0] > seen]
            for version, plural, event, value in fresh:
                seen = version
                if plural == place.plural and selects(place.query.get("labelSelector"),
                                                      value["metadata"].get("labels", {})):
                    yield json.dumps({"type": event, "object": value}).encode() + b"\n"
            if not fresh:
                yield b""
