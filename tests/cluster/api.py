# SPDX-License-Identifier: Apache-2.0
"""A tiny client of the Kubernetes API: JSON over HTTPS, one connection for each thread."""
import http.client
import json
import ssl
import threading
import urllib.parse

CORE, APPS, RBAC = "api/v1", "apis/apps/v1", "apis/rbac.authorization.k8s.io/v1"
ADMISSION = "apis/admissionregistration.k8s.io/v1"
# kind -> (path of its group and version, plural, in a namespace?)
KINDS = {
    "ClusterRole": (RBAC, "clusterroles", False),
    "ClusterRoleBinding": (RBAC, "clusterrolebindings", False),
    "ConfigMap": (CORE, "configmaps", True),
    "CustomResourceDefinition": ("apis/apiextensions.k8s.io/v1", "customresourcedefinitions", False),
    "Deployment": (APPS, "deployments", True),
    "EndpointSlice": ("apis/discovery.k8s.io/v1", "endpointslices", True),
    "Event": (CORE, "events", True),
    "HorizontalPodAutoscaler": ("apis/autoscaling/v2", "horizontalpodautoscalers", True),
    "IstioOperator": ("apis/install.istio.io/v1alpha1", "istiooperators", True),
    "MutatingWebhookConfiguration": (ADMISSION, "mutatingwebhookconfigurations", False),
    "Namespace": (CORE, "namespaces", False),
    "NetworkPolicy": ("apis/networking.k8s.io/v1", "networkpolicies", True),
    "Node": (CORE, "nodes", False),
    "Pod": (CORE, "pods", True),
    "PodDisruptionBudget": ("apis/policy/v1", "poddisruptionbudgets", True),
    "ReplicaSet": (APPS, "replicasets", True),
    "ResourceQuota": (CORE, "resourcequotas", True),
    "Role": (RBAC, "roles", True),
    "RoleBinding": (RBAC, "rolebindings", True),
    "Secret": (CORE, "secrets", True),
    "Service": (CORE, "services", True),
    "ServiceAccount": (CORE, "serviceaccounts", True),
    "ValidatingAdmissionPolicy": (ADMISSION, "validatingadmissionpolicies", False),
    "ValidatingAdmissionPolicyBinding": (ADMISSION, "validatingadmissionpolicybindings", False),
    "ValidatingWebhookConfiguration": (ADMISSION, "validatingwebhookconfigurations", False),
}
MANAGER = "glm-estate"
AGENT = "glm-estate"
APPLY, MERGE = "application/apply-patch+yaml", "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"


class ApiError(Exception):
    """An answer other than 2xx."""

    def __init__(self, method, path, status, body):
        try:
            message = json.loads(body).get("message", "")
        except (ValueError, AttributeError):
            message = body.decode("utf-8", "replace")[:1000]
        super().__init__(f"{method} {path}: {status}: {message}")
        self.status = status
        self.message = message


def path_of(kind, namespace=None, name=None, subresource=None):
    group, plural, namespaced = KINDS[kind]
    parts = [group]
    if namespaced and namespace:
        parts += ["namespaces", namespace]
    parts.append(plural)
    parts += [urllib.parse.quote(part) for part in (name, subresource) if part]
    return "/" + "/".join(parts)


class Api:
    def __init__(self, port, ca_file, token, agent=AGENT):
        self.port = port
        self.ca_file = str(ca_file)
        self.headers = {"Authorization": f"Bearer {token}", "User-Agent": agent,
                        "Accept": "application/json"}
        self.local = threading.local()

    def _connect(self, timeout):
        tls = ssl.create_default_context(cafile=self.ca_file)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=tls)

    def _exchange(self, method, path, data, headers, timeout):
        kept = getattr(self.local, "connection", None)
        connection = kept or self._connect(timeout)
        self.local.connection = None
        try:
            if connection.sock is not None:
                connection.sock.settimeout(timeout)
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            # A kept connection may have ended with an earlier API server.
            if kept is not None:
                return self._exchange(method, path, data, headers, timeout)
            raise
        self.local.connection = connection
        return response.status, body

    def raw(self, method, path, data=None, content_type="application/json", timeout=30, **query):
        """One request; the body as bytes."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = dict(self.headers)
        if data is not None:
            headers["Content-Type"] = content_type
            data = data if isinstance(data, (bytes, str)) else json.dumps(data)
            data = data.encode() if isinstance(data, str) else data
        status, body = self._exchange(method, path, data, headers, timeout)
        if not 200 <= status < 300:
            raise ApiError(method, path, status, body)
        return body

    def request(self, method, path, data=None, content_type="application/json", **query):
        return json.loads(self.raw(method, path, data, content_type, **query))

    # ---- objects ----

    def get(self, kind, name, namespace=None):
        """The object, or None when there is none."""
        try:
            return self.request("GET", path_of(kind, namespace, name))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def list(self, kind, namespace=None, labels=None):
        query = {"labelSelector": labels} if labels else {}
        try:
            items = self.request("GET", path_of(kind, namespace), **query)["items"] or []
        except ApiError as error:
            if error.status == 404:
                return []
            raise
        # Items of a list do not say what they are.
        named = {"apiVersion": KINDS[kind][0].split("/", 1)[1], "kind": kind}
        return [{**named, **item} for item in items]

    def create(self, thing, **query):
        meta = thing["metadata"]
        return self.request("POST", path_of(thing["kind"], meta.get("namespace")), thing,
                            fieldManager=MANAGER, **query)

    def apply(self, thing, manager=MANAGER, force=True):
        """Server-side apply of an object."""
        meta = thing["metadata"]
        path = path_of(thing["kind"], meta.get("namespace"), meta["name"])
        return self.request("PATCH", path, thing, APPLY, fieldManager=manager,
                            force="true" if force else "false")

    def patch(self, kind, name, patch, namespace=None, subresource=None, content_type=MERGE,
              manager=MANAGER):
        """A JSON merge patch: what somebody's kubectl patch or edit does."""
        return self.request("PATCH", path_of(kind, namespace, name, subresource), patch,
                            content_type, fieldManager=manager)

    def delete(self, kind, name, namespace=None, grace=None, propagation="Background"):
        """Asks for deletion; False when there is no such object."""
        options = {"propagationPolicy": propagation}
        if grace is not None:
            options["gracePeriodSeconds"] = grace
        try:
            self.request("DELETE", path_of(kind, namespace, name), options)
            return True
        except ApiError as error:
            if error.status == 404:
                return False
            raise

    def watch(self, kind, namespace=None, since=None, seconds=60):
        """Yields (type, object) until `seconds` are over; from now on without `since`."""
        query = {"watch": "1", "timeoutSeconds": max(1, int(seconds))}
        if since:
            query["resourceVersion"] = since
        connection = self._connect(seconds + 5)
        try:
            connection.request("GET", path_of(kind, namespace) + "?" +
                               urllib.parse.urlencode(query), headers=self.headers)
            response = connection.getresponse()
            if response.status != 200:
                raise ApiError("GET", path_of(kind, namespace), response.status, response.read())
            while line := response.readline():
                event = json.loads(line)
                yield event["type"], event["object"]
        finally:
            connection.close()

    def ready(self):
        try:
            return self.raw("GET", "/readyz", timeout=5) == b"ok"
        except (ApiError, OSError, http.client.HTTPException):
            return False
