# SPDX-License-Identifier: Apache-2.0
"""The test estate: one etcd, N real clusters on it, each with the real Istio operator, or without one.

    with Estate.start(n=3) as estate:
        cluster = estate.cluster("cluster1")
        cluster.apply(...); cluster.kubectl("get", "pods", "-A"); cluster.requests(since=mark)

Everything is on 127.0.0.1, on free ports, with certificates of its own, below one directory. stop()
ends every process and removes the directory; a process that is killed takes its children along
(process.py). Tests share an estate: reset() brings it back to what it was. lanes(): the same estate,
once for each cluster alone, for tests that need no more and run beside one another.
"""
import concurrent.futures
import pathlib
import shutil
import signal
import tempfile
import threading
import urllib.request

import cleanup
from cluster import Cluster, kubeconfig
from process import EstateError, Process, check_programs, free_port, wait_until
from proxy import Toxiproxy


OPERATORS = ("istio", "none")


class Estate:
    def __init__(self, n=3, directory=None, operator="istio", **settings):
        self.made = directory is None
        self.operator = operator
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="glm-estate-"))
        self.etcd_port, peer_port = free_port(), free_port()
        url, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{peer_port}"
        self.etcd = Process("etcd", [
            "etcd", f"--data-dir={self.directory / 'etcd'}", f"--listen-client-urls={url}",
            f"--advertise-client-urls={url}", f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}",
            # Nothing here has to survive a power failure.
            "--unsafe-no-fsync", "--log-level=warn"], self.directory)
        self.clusters = [Cluster(self, number, **settings) for number in range(1, n + 1)]
        self.kubeconfig = self.directory / "kubeconfig"  # the admin's
        self.engineers = self.directory / "engineers.kubeconfig"
        self._toxiproxy = None
        self._lock = threading.Lock()

    @classmethod
    def start(cls, n=3, directory=None, operator="istio", **settings):
        """Starts everything and waits until it is ready. operator: "none" leaves it out, and the
        CRD of IstioOperators with it. settings: see Cluster.start_operator()."""
        check_programs()
        estate = cls(n, directory, operator, **settings)
        try:
            estate._start()
        except BaseException:
            estate.stop()
            raise
        return estate

    def _start(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        self.etcd.start()
        with concurrent.futures.ThreadPoolExecutor(len(self.clusters)) as pool:
            jobs = [pool.submit(cluster.start) for cluster in self.clusters]
            try:
                for job in concurrent.futures.as_completed(jobs):
                    job.result()
            except BaseException:
                self._kill()  # which ends the other jobs' waiting
                raise
        for path, user in ((self.kubeconfig, "admin"), (self.engineers, "engineer")):
            path.touch(0o600)
            path.write_text(kubeconfig(self.clusters, user))
        cleanup.remember(self)

    def wait_for_etcd(self):
        wait_until(self._etcd_answers, "etcd", process=self.etcd)

    def _etcd_answers(self):
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"http://127.0.0.1:{self.etcd_port}/health", timeout=5) as answer:
                return b'"true"' in answer.read()
        except OSError:
            return False

    def cluster(self, name):
        for cluster in self.clusters:
            if cluster.name == name:
                return cluster
        raise EstateError(f"no {name}: there are {[c.name for c in self.clusters]}")

    def __iter__(self):
        return iter(self.clusters)

    def each(self, function):
        """function(cluster) for all clusters at once; the results in order."""
        with concurrent.futures.ThreadPoolExecutor(len(self.clusters)) as pool:
            return list(pool.map(function, self.clusters))

    def marks(self):
        return self.each(lambda cluster: cluster.mark())

    def requests(self, since=None, **wanted):
        """{cluster name: requests since marks()}; see Audit.requests()."""
        since = since or [0] * len(self.clusters)
        return {cluster.name: cluster.requests(mark, **wanted)
                for cluster, mark in zip(self.clusters, since)}

    def toxiproxy(self):
        with self._lock:
            if self._toxiproxy is None:
                self._toxiproxy = Toxiproxy(self.directory).start()
            return self._toxiproxy

    def reset(self):
        """As it was after start(): everything runs, and what tests made is gone."""
        if self._toxiproxy:
            self._toxiproxy.reset(cluster.name for cluster in self.clusters)
        self.each(cleanup.reset)

    def lanes(self):
        """[an estate of this cluster alone]. Whoever uses one leaves the others alone; stop() is
        not theirs."""
        return [Lane(self, cluster) for cluster in self.clusters]

    def processes(self):
        found = [process for cluster in self.clusters for process in cluster.processes()]
        if self._toxiproxy:
            found.append(self._toxiproxy.process)
        return [*found, self.etcd]

    def _kill(self):
        for process in self.processes():
            process.send(signal.SIGKILL)

    def stop(self):
        """Ends everything and removes the directory. A second Ctrl-C does not interrupt it."""
        main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
        try:
            self._kill()
            for process in self.processes():
                process.stop()
            shutil.rmtree(self.directory, ignore_errors=True)
        finally:
            if main:
                signal.signal(signal.SIGINT, before)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Lane(Estate):
    """One cluster of an estate, which behaves as if there were no other."""

    def __init__(self, whole, cluster):  # pylint: disable=super-init-not-called
        self.whole, self.clusters = whole, [cluster]
        self.operator, self.directory = whole.operator, whole.directory
        self.kubeconfig, self.engineers = whole.kubeconfig, whole.engineers

    @property
    def _toxiproxy(self):
        return self.whole._toxiproxy

    def toxiproxy(self):
        return self.whole.toxiproxy()

    def stop(self):
        raise EstateError("a lane does not stop the estate")
