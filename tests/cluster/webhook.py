# SPDX-License-Identifier: Apache-2.0
"""Scripted mutating webhooks on 127.0.0.1. One such as a policy engine is: it applies one JSON patch to
IstioOperators that somebody other than the operator writes. And one in the place of Istio's injection."""
import base64
import http.server
import json
import ssl
import threading

import objects
from process import wait_until


class Webhook:
    name = "policy"
    rule = {"apiGroups": ["install.istio.io"], "apiVersions": ["*"],
            "operations": ["CREATE", "UPDATE"], "resources": ["istiooperators"]}
    labels, more = None, {}

    def __init__(self, cluster, patch):
        """patch: operations of RFC 6902."""
        encoded = base64.b64encode(json.dumps(patch).encode()).decode()
        self.cluster = cluster
        self.calls, self.is_down = 0, False

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(handler):  # http.server names it
                self.calls += 1
                if self.is_down:  # on a connection that was kept
                    handler.close_connection = True
                    return
                asked = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
                response = {"uid": asked["request"]["uid"], "allowed": True}
                if asked["request"]["userInfo"]["username"] != "operator":
                    response.update(patchType="JSONPatch", patch=encoded)
                body = json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
                                   "response": response}).encode()
                handler.send_response(200)
                handler.send_header("Content-Type", "application/json")
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(handler, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(cluster.pki.path("server.crt"), cluster.pki.path("server.key"))
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        ca = base64.b64encode(self.cluster.ca.read_bytes()).decode()
        port = self.server.server_address[1]
        self.cluster.apply(objects.thing(
            "MutatingWebhookConfiguration", self.name, labels=self.labels, webhooks=[{
                "name": f"{self.name}.example.com", "admissionReviewVersions": ["v1"],
                "clientConfig": {"url": f"https://127.0.0.1:{port}/", "caBundle": ca},
                "rules": [self.rule], "failurePolicy": "Fail", "sideEffects": "None",
                "timeoutSeconds": 5, **self.more}]))
        # The API server learns of it after a moment: a dry run shows when.
        wait_until(self._asked, "the webhook to be asked")
        return self

    def probe(self):
        probe = objects.istio_operator("probe")
        probe["spec"]["components"]["ingressGateways"][0]["k8s"] = {}
        return probe

    def _asked(self):
        self.cluster.create(self.probe(), dryRun="All")
        return self.calls

    def __exit__(self, *_):
        self.cluster.delete("MutatingWebhookConfiguration", self.name)
        self.down()

    def down(self):
        """Nobody answers any more; the API server goes on asking."""
        if not self.is_down:
            self.is_down = True
            self.server.shutdown()
            self.server.server_close()


class Injector(Webhook):
    """Answers in the place of istiod of one revision: it gives the first container of Pods that ask
    for the injection of that revision an image, and does nothing else of what Istio's does. image
    "auto": not even that."""
    name = "glm-test-injector"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}

    def __init__(self, cluster, revision, image):
        self.labels = {"app": "sidecar-injector", "istio.io/rev": revision}
        self.asks = {"istio.io/rev": revision, "sidecar.istio.io/inject": "true"}
        self.more = {"objectSelector": {"matchLabels": self.asks}}
        super().__init__(cluster, [{"op": "replace", "path": "/spec/containers/0/image",
                                    "value": image}])

    def probe(self):
        return objects.thing("Pod", "probe", "default", self.asks, spec={
            "containers": [{"name": "istio-proxy", "image": "auto"}]})
