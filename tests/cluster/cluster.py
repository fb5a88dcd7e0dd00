# SPDX-License-Identifier: Apache-2.0
"""One cluster: an API server with its controllers, KWOK's nodes, and the real Istio operator, or, as
with every Istio since 1.24, none and no IstioOperators either."""
import base64
import json
import signal
import subprocess

import objects
from api import STRATEGIC, Api, ApiError
from audit import POLICY, Audit
from pki import USERS, Pki
from process import PEERS, ROOT, EstateError, Process, free_port, wait_until

CRD_FILE = PEERS.parent / "crd-istiooperators.yaml"
CRD = "istiooperators.install.istio.io"
STAGES = ROOT / "tests/cluster/stages.yaml"
CONTROLLERS = ("namespace-controller", "garbage-collector-controller", "deployment-controller",
               "replicaset-controller", "serviceaccount-controller",
               "root-ca-certificate-publisher-controller", "endpoints-controller",
               "endpointslice-controller", "horizontal-pod-autoscaler-controller",
               "disruption-controller")
SELECTOR = "scheduler.alpha.kubernetes.io/node-selector"
FAIL = "glm.test/fail"
FINALIZER = "istio-finalizer.install.istio.io"
OPERATOR_DEFAULTS = {"wait_for_resources": "60s", "watch_namespace": objects.SYSTEM,
                     "revision": None}


class Cluster:
    def __init__(self, estate, number, **settings):
        self.estate = estate
        self.number = number
        self.name = self.context = f"cluster{number}"
        self.directory = estate.directory / self.name
        self.kubeconfig = self.kubeconfig_of("admin")
        self.pki = Pki(self.directory, self.name)
        self.port = free_port()
        self.server = f"https://127.0.0.1:{self.port}"
        self.ca = self.pki.ca
        self.api = Api(self.port, self.ca, self.token("estate"))
        self.audit = Audit(self.directory / "audit.log", self.api)
        self.operated = estate.operator == "istio"
        self.control_planes = objects.CONTROL_PLANES[estate.operator]
        self.operator_settings = {**OPERATOR_DEFAULTS, **settings}
        self.operator_defaults = dict(self.operator_settings)
        self.was_down = False
        # Its operator remembers gateways that were taken from it: reset() starts another.
        self.renew_operator = False
        # The client's verbs are the cluster's.
        for verb in ("get", "list", "create", "apply", "patch", "delete", "watch", "request"):
            setattr(self, verb, getattr(self.api, verb))
        self.mark, self.requests = self.audit.mark, self.audit.requests

    # ---- start and stop ----

    def start(self):
        self.directory.mkdir(mode=0o700)
        self.pki.make()
        self._write_files()
        self._define_processes()
        self.estate.wait_for_etcd()
        self.start_apiserver()
        for process in (self.controllers, self.scheduler, self.kwok):
            process.start()
        self.furnish()
        if self.operated:
            self.start_operator()
        self.wait_for_control_planes()
        return self

    def _write_files(self):
        for user in USERS:
            path = self.kubeconfig_of(user)
            path.touch(0o600)
            path.write_text(kubeconfig([self], user))
        (self.directory / "audit-policy.json").write_text(json.dumps(POLICY))
        (self.directory / "audit.log").touch()
        # KWOK reads this one whether it is asked to or not.
        (self.directory / ".kwok").mkdir()

    def _define_processes(self):
        pki, components = self.pki.path, self.kubeconfig_of("components")

        def process(program, *flags, env=None):
            return Process(f"{self.name} {program}", [program, *flags], self.directory, env)
        self.apiserver = process(
            "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{self.estate.etcd_port}",
            f"--etcd-prefix=/registry-{self.name}", "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1", f"--secure-port={self.port}",
            "--service-cluster-ip-range=10.96.0.0/16", f"--cert-dir={self.directory}",
            f"--tls-cert-file={pki('server.crt')}", f"--tls-private-key-file={pki('server.key')}",
            f"--client-ca-file={self.ca}", f"--token-auth-file={pki('tokens.csv')}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={pki('service-account.pub')}",
            f"--service-account-signing-key-file={pki('service-account.key')}",
            "--authorization-mode=RBAC", "--allow-privileged=true",
            "--endpoint-reconciler-type=none", "--enable-admission-plugins=PodNodeSelector",
            "--disable-admission-plugins=TaintNodesByCondition",
            "--enable-priority-and-fairness=false", "--profiling=false",
            f"--audit-policy-file={self.directory / 'audit-policy.json'}",
            f"--audit-log-path={self.audit.path}")
        self.controllers = process(
            "kube-controller-manager", f"--kubeconfig={components}", "--secure-port=0",
            "--leader-elect=false", "--use-service-account-credentials=false",
            f"--service-account-private-key-file={pki('service-account.key')}",
            f"--root-ca-file={self.ca}", "--horizontal-pod-autoscaler-sync-period=2s",
            f"--controllers={','.join(CONTROLLERS)}")
        self.scheduler = process("kube-scheduler", f"--kubeconfig={components}",
                                 "--leader-elect=false", "--secure-port=0")
        self.kwok = process("kwok", f"--kubeconfig={components}", f"--config={STAGES}",
                            "--manage-all-nodes=true", f"--cidr=10.{100 + self.number}.0.1/16",
                            f"--node-ip=10.{99 - self.number}.0.1")
        self.operator = None

    def processes(self):
        found = [getattr(self, name, None) for name in
                 ("operator", "kwok", "scheduler", "controllers", "apiserver")]
        return [process for process in found if process]

    def start_apiserver(self):
        """Starts it, on the port that it always has, and waits until it is ready."""
        if not self.apiserver.running():
            self.apiserver.start()
        wait_until(self.api.ready, f"{self.apiserver.name} to be ready", process=self.apiserver)

    def stop_apiserver(self):
        """Kills it: nobody answers at the port any more."""
        self.apiserver.stop()
        self.was_down = True

    def resume(self):
        """After stop_apiserver(): starts it and all that worked with it. What waits for an API
        server to come back waits up to half a minute before it tries again."""
        self.start_apiserver()
        if not self.was_down:
            return
        for process in (self.controllers, self.scheduler, self.kwok):
            process.stop()
            process.start()
        if self.operator:
            self.start_operator()
        self.was_down = False

    def start_operator(self, **settings):
        """Starts the operator and waits until it works. Settings: wait_for_resources="60s",
        watch_namespace, revision; what is not given stays as it was."""
        if self.operator:
            self.stop_operator()
        self.operator_settings.update(settings)
        wanted = self.operator_settings
        env = {"KUBECONFIG": str(self.kubeconfig_of("operator")),
               "WATCH_NAMESPACE": wanted["watch_namespace"], "POD_NAME": "operator",
               "OPERATOR_NAME": "istio-operator",
               "WAIT_FOR_RESOURCES_TIMEOUT": wanted["wait_for_resources"]}
        if wanted["revision"]:
            env["REVISION"] = wanted["revision"]
        self.operator = Process(
            f"{self.name} operator",
            ["operator", "server", "--monitoring-host", "127.0.0.1", "--monitoring-port", "0",
             "--ctrlz_address", "127.0.0.1", "--ctrlz_port", "0"], self.directory, env)
        self.operator.start()
        # Its second line: an IstioOperator that it cannot read keeps it from all work.
        wait_until(lambda: self.operator.logged("Starting workers") or
                   self.operator.logged("Failed to watch *v1alpha1.IstioOperator"),
                   "the operator's workers", process=self.operator)

    def stop_operator(self):
        """Ends the operator as Kubernetes does, with SIGTERM."""
        if self.operator:
            self.operator.stop(signal.SIGTERM)
            self.operator = None

    # ---- what is in it ----

    def furnish(self):
        if self.operated:
            self.define_istio_operators()
        for one in (*objects.nodes(), objects.thing("Namespace", objects.SYSTEM), *objects.rights(),
                    *objects.control_planes(self.estate.operator)):
            self.apply(one)
        self.allow(objects.INSTALLERS[self.estate.operator])
        if self.operated:
            self.wait_for_istio_operators()

    def allow(self, installer):
        """The engineer may do what this installer needs, and nothing else."""
        name, role = objects.role_of(installer)
        self.request("PATCH", "/apis/rbac.authorization.k8s.io/v1/clusterroles/" + name, role,
                     "application/apply-patch+yaml", fieldManager="glm-estate")
        of = {"apiGroup": "rbac.authorization.k8s.io"}
        self.apply(objects.thing("ClusterRoleBinding", name,
                                 roleRef={**of, "kind": "ClusterRole", "name": name},
                                 subjects=[{**of, "kind": "User", "name": "engineer"}]))

    def define_istio_operators(self):
        crd = CRD_FILE.read_text().rstrip().removesuffix("---")
        self.request("PATCH", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + CRD, crd,
                     "application/apply-patch+yaml", fieldManager="glm-estate")

    def wait_for_istio_operators(self):
        wait_until(lambda: any(c["type"] == "Established" and c["status"] == "True" for c in
                               (self.get("CustomResourceDefinition", CRD) or {})
                               .get("status", {}).get("conditions", [])), "the CRD")
        wait_until(self._serves_istio_operators, "IstioOperators to be served")

    def _serves_istio_operators(self):
        try:
            self.list("IstioOperator")
        except ApiError as error:
            if error.status != 429:  # "storage is (re)initializing", when there was one before
                raise
            return False
        return True

    def wait_for_control_planes(self):
        def available():
            found = self.list("Deployment", objects.SYSTEM, "app=istiod")
            return len(found) == len(self.control_planes) and \
                all(d.get("status", {}).get("availableReplicas") for d in found)
        wait_until(available, f"{self.name}'s stand-in control planes", process=self.controllers)

    def token(self, user="admin"):
        """Of estate, admin, engineer (whom allow() speaks of), viewer (reads everything, writes
        nothing) or nobody (no rights)."""
        return self.pki.tokens[user]

    def kubeconfig_of(self, user):
        """A kubeconfig of this cluster alone: the admin's has a client certificate, the others'
        have tokens."""
        return self.directory / f"{user}.kubeconfig"

    def namespace(self, name):
        """Makes a namespace."""
        return self.apply(objects.thing("Namespace", name))

    def wait(self, kind, name, namespace, condition, what="", seconds=60):
        """Waits until condition(object or None) is true; gives the object."""
        seen = {}

        def holds():
            seen["last"] = self.get(kind, name, namespace)
            return condition(seen["last"])
        try:
            wait_until(holds, what or f"{kind} {namespace}/{name} in {self.name}", seconds)
        except EstateError as error:
            raise EstateError(f"{error}; last seen: {json.dumps(seen['last'])[:3000]}") from error
        return seen["last"]

    def wait_status(self, name, status="HEALTHY", namespace=objects.SYSTEM, seconds=60):
        """Waits for .status.status of an IstioOperator that the operator has its finalizer on."""
        return self.wait("IstioOperator", name, namespace, lambda iop: iop and
                         iop.get("status", {}).get("status") == status and
                         FINALIZER in iop["metadata"].get("finalizers", []),
                         f"IstioOperator {name} in {self.name} to be {status}", seconds)

    def wait_gone(self, kind, name, namespace=None, seconds=60):
        self.wait(kind, name, namespace, lambda found: found is None,
                  f"{kind} {name} in {self.name} to be gone", seconds)

    def ready_endpoints(self, service, namespace):
        """Addresses of a Service that are ready."""
        slices = self.list("EndpointSlice", namespace, f"kubernetes.io/service-name={service}")
        return sorted({address for one in slices for endpoint in one["endpoints"] or []
                       if endpoint["conditions"].get("ready") for address in endpoint["addresses"]})

    def give_address(self, service, namespace, ip="203.0.113.10", hostname=None):
        """What a cloud would do for a Service of type LoadBalancer. ip None takes it away."""
        entry = {"hostname": hostname} if hostname else {"ip": ip}
        return self.patch("Service", service, {"status": {"loadBalancer": {
            "ingress": [entry] if hostname or ip else None}}}, namespace, "status")

    def fail_pods(self, namespace, on=True):
        """Pods of a namespace: those that are there begin to crash, new ones fit on no node.
        With on=False all become ready again."""
        if on:
            self.patch("Namespace", namespace,
                       {"metadata": {"annotations": {SELECTOR: "glm.test/none=such"}}})
            self._wait_for_selector(namespace, True)
            for pod in self.list("Pod", namespace):
                self.patch("Pod", pod["metadata"]["name"],
                           {"metadata": {"annotations": {FAIL: "CrashLoopBackOff"}}}, namespace)
            return
        self.patch("Namespace", namespace, {"metadata": {"annotations": {SELECTOR: None}}})
        self._wait_for_selector(namespace, False)
        for pod in self.list("Pod", namespace):
            name = pod["metadata"]["name"]
            if "glm.test/none" in pod["spec"].get("nodeSelector", {}):
                self.delete("Pod", name, namespace, grace=0)
            elif FAIL in pod["metadata"].get("annotations", {}):
                self.patch("Pod", name, {"metadata": {"annotations": {FAIL: None}}}, namespace)

    def _wait_for_selector(self, namespace, on):
        """Admission reads namespaces from a cache: a dry run shows when it knows."""
        self.wait("ServiceAccount", "default", namespace, bool)
        probe = objects.thing("Pod", "probe", namespace, spec={
            "containers": [{"name": "probe", "image": "example.com/probe:1"}]})
        wait_until(lambda: ("glm.test/none" in self.create(probe, dryRun="All")["spec"].get(
            "nodeSelector", {})) == on, "admission of pods")

    def crash_pods(self, namespace, labels=None, reason="CrashLoopBackOff"):
        """Running pods stop being ready; those that replace them are fine."""
        for pod in self.list("Pod", namespace, labels):
            self.patch("Pod", pod["metadata"]["name"],
                       {"metadata": {"annotations": {FAIL: reason}}}, namespace,
                       content_type=STRATEGIC)

    def kubectl(self, *args, data=None, user="admin", check=True):
        """Runs kubectl as a user; gives what it prints, errors included."""
        done = subprocess.run(
            [PEERS / "kubectl", "--kubeconfig", self.kubeconfig_of(user), *args], check=False,
            env={"HOME": str(self.directory), "PATH": "/usr/bin:/bin"},
            input=data.encode() if data is not None else b"", stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=120)
        text = done.stdout.decode("utf-8", "replace")
        if check and done.returncode != 0:
            raise EstateError(f"kubectl {' '.join(args)} in {self.name}: {text}")
        return text

    def proxy(self):
        """A new port in front of the API server, with faults at will: see proxy.py."""
        return self.estate.toxiproxy().proxy(
            f"{self.name}-{next(self.estate.toxiproxy().made)}", self.port)


def kubeconfig(clusters, user="admin"):
    """A kubeconfig with one context for each cluster, named like the cluster. The admin has a
    client certificate, everybody else a token."""
    def encoded(path):
        return base64.b64encode(path.read_bytes()).decode()
    text = "apiVersion: v1\nkind: Config\npreferences: {}\n"
    text += f"current-context: {clusters[0].context}\nclusters:\n"
    for c in clusters:
        text += (f"- name: {c.name}\n  cluster:\n    server: {c.server}\n"
                 f"    certificate-authority-data: {encoded(c.ca)}\n")
    text += "contexts:\n"
    for c in clusters:
        text += (f"- name: {c.context}\n  context:\n    cluster: {c.name}\n"
                 f"    user: {c.name}-{user}\n")
    text += "users:\n"
    for c in clusters:
        text += f"- name: {c.name}-{user}\n  user:\n"
        if user == "admin":
            text += (f"    client-certificate-data: {encoded(c.pki.path('client.crt'))}\n"
                     f"    client-key-data: {encoded(c.pki.path('client.key'))}\n")
        else:
            text += f"    token: {c.token(user)}\n"
    return text
