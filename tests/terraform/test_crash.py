# SPDX-License-Identifier: Apache-2.0
"""Killed at any moment: files are whole, and the next apply converges."""
import os
import random
import signal
import time

from harness import resource, true
from test_killed import has_state

CLUSTERS = [f"c{i:02}" for i in range(30)]
ADDRESS = "glm_gateway_lifecycle_manager.ingress"


def kill_at_random(w, kill, rounds):
    w.use({name: {} for name in CLUSTERS})
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {name: True for name in CLUSTERS}}))
    w.apply()
    text = w.path("ingress.yaml").read_text()
    for i in range(rounds):
        w.write("ingress.yaml", text.replace("1.24.1", f"1.24.{i + 2}"))
        process = w.start("apply", "-auto-approve", "-no-color")
        # All writes take a few milliseconds: a random moment would nearly always miss them.
        before = w.operator_file(CLUSTERS[0]).stat().st_ino
        while process.poll() is None and w.operator_file(CLUSTERS[0]).stat().st_ino == before:
            pass
        time.sleep(random.uniform(0, 0.002))
        kill(w, process)
        process.wait()
        for path in w.path("clusters").rglob("*.yaml"):
            true(path.read_text().endswith("\n") and "kind:" in path.read_text(), f"{path} is whole")
        w.path(".terraform.tfstate.lock.info").unlink(missing_ok=True)
        if not has_state(w):  # Terraform was killed in the middle of writing its own state
            w.run("import", ADDRESS, "gloo-mesh/istio-ingressgateway")
        w.apply()
    w.no_changes()
    left = list(w.path("clusters").rglob(".glm-write-*"))
    true(not left, f"temporary files are left: {left}")


def test_killing_terraform_and_the_plugin(w):
    """SIGKILL to the whole group, during updates."""
    def kill(w, process):
        pids = w.plugin_pids()
        w.kill_group(process)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    kill_at_random(w, kill, 5)
