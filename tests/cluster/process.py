# SPDX-License-Identifier: Apache-2.0
"""Child processes that cannot outlive us, and ports for them.

Each child gets the parent-death signal SIGKILL (setpriv of util-linux), so that nothing is left
when this process is killed in whatever way. Linux sends that signal when the *thread* that forked
ends, hence one thread that lives as long as the process does all the forking.
"""
import concurrent.futures
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = pathlib.Path(os.environ.get("GLM_PEERS", ROOT / "build/peers/bin"))
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl",
            "kwok", "operator", "istioctl", "toxiproxy")
_GIVEN = set()
_FORKER = concurrent.futures.ThreadPoolExecutor(1, "forker")


class EstateError(Exception):
    """The estate, not the product, is in trouble."""


def check_programs():
    missing = [name for name in PROGRAMS if not os.access(PEERS / name, os.X_OK)]
    if missing:
        raise EstateError(f"not in {PEERS}: {', '.join(missing)}; run make peers first")


def free_port():
    """A TCP port of 127.0.0.1 outside the range that outgoing connections take theirs from: a
    server that is stopped for a while finds it free again."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        lowest = int(file.read().split()[0])
    candidates = range(16384, lowest) if lowest > 20000 else range(61000, 65535)
    for port in random.sample(candidates, 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port
    raise EstateError("no free port on 127.0.0.1")


def wait_until(condition, what, seconds=60, every=0.05, process=None):
    """Polls until condition() is true, and gives its value back. `process` must stay alive."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if process is not None and not process.running():
            raise EstateError(f"{process.name} has ended while waiting for {what}:\n"
                              f"{process.tail()}")
        if time.monotonic() > deadline:
            raise EstateError(f"waited {seconds} s in vain for {what}" +
                              (f":\n{process.tail()}" if process else ""))
        time.sleep(every)


class Process:
    """One program with its arguments, to be started and stopped as often as one likes; its output
    is appended to one log."""

    def __init__(self, name, argv, directory, env=None):
        self.name = name
        self.argv = [str(PEERS / argv[0]), *map(str, argv[1:])]
        self.directory = pathlib.Path(directory)
        self.log = self.directory / f"{argv[0]}.log"
        self.env = {"PATH": os.environ.get("PATH", ""), "HOME": str(directory), **(env or {})}
        self.popen = None
        self.log_start = 0

    def start(self):
        self.log_start = self.log.stat().st_size if self.log.exists() else 0
        self.popen = _FORKER.submit(self._fork).result()
        return self

    def _fork(self):
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *self.argv], cwd=self.directory, env=self.env,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def running(self):
        return self.popen is not None and self.popen.poll() is None

    @property
    def pid(self):
        return self.popen.pid if self.popen else None

    def send(self, number):
        if self.running():
            self.popen.send_signal(number)

    def stop(self, sig=signal.SIGKILL, seconds=10):
        """Ends the process and waits for its end: with sig, after some seconds with SIGKILL."""
        if self.popen is None:
            return
        self.send(sig)
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self.popen = None

    def logged(self, text):
        """Has this start of the program logged the text?"""
        with open(self.log, "rb") as log:
            log.seek(self.log_start)
            return text.encode() in log.read()

    def tail(self, lines=15):
        try:
            text = self.log.read_text("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(line[:500] for line in text.splitlines()[-lines:])
