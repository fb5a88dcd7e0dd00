# SPDX-License-Identifier: Apache-2.0
"""One build of the plugin under terraform, and what its processes use: for benchmarks that compare two.

What is counted is the plugin's own processes (all that terraform starts for one command), not
terraform. Builds take turns in one run; compare minima first: they suffer least from a busy machine.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time

SOURCE = "terraform-provider-glm/glm"
# Stands where terraform looks for the plugin, and writes down what it used: CPU seconds, KiB.
METER = """#!{python}
import os, sys
pid = os.fork()
if pid == 0:
    os.execv({plugin!r}, ["terraform-provider-glm", *sys.argv[1:]])
_, status, usage = os.wait4(pid, 0)
with open({log!r}, "a") as log:
    log.write(f"{{usage.ru_utime + usage.ru_stime}} {{usage.ru_maxrss}}\\n")
sys.exit(os.waitstatus_to_exitcode(status) & 127)
"""
SPEC = """profile: empty
hub: registry.example/istio
tag: 1.24.3
meshConfig:
  accessLogFile: /dev/stdout
  defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}
components:
  ingressGateways:
  - name: istio-ingressgateway-%d
    namespace: gateways
    enabled: true
    label: {istio: ingress, app: ingress}
    k8s:
      resources: {requests: {cpu: 100m, memory: 128Mi}}
      env: [{name: ISTIO_META_ROUTER_MODE, value: sni-dnat}]
      hpaSpec:
        minReplicas: 2
        maxReplicas: 5
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: istio-ingressgateway-%d}
      service:
        type: LoadBalancer
        ports:
        - {name: status-port, port: 15021, targetPort: 15021}
        - {name: http2, port: 80, targetPort: 8080}
        - {name: https, port: 443, targetPort: 8443}
      overlays:
      - kind: Deployment
        name: istio-ingressgateway-%d
        patches:
        - {path: spec.template.spec.terminationGracePeriodSeconds, value: 60}
"""


def provider(clusters):
    """The blocks of a provider whose clusters have these entries, by name."""
    entries = "\n".join(f"    {c} = {{ {entry} }}" for c, entry in clusters.items())
    return ("terraform {\n  required_providers {\n"
            f'    glm = {{ source = "{SOURCE}" }}\n  }}\n}}\n'
            f'provider "glm" {{\n  clusters = {{\n{entries}\n  }}\n}}\n')


def directories(names):
    return provider({name: f'directory = "./clusters/{name}"' for name in names})


class Side:
    """One build of the plugin, in a scratch directory of its own."""

    def __init__(self, name, plugin, terraform, scratch):
        self.name = name
        self.terraform = os.path.abspath(shutil.which(terraform) or terraform)
        self.top = scratch / name
        self.log = self.top / "log"
        self.counted = {}  # (what, unit): a figure for each turn
        program = self.top / "plugin" / "terraform-provider-glm"
        program.parent.mkdir(parents=True)
        program.write_text(METER.format(python=sys.executable, plugin=os.path.abspath(plugin),
                                        log=str(self.log)))
        program.chmod(0o755)
        rc = self.top / "cli.tfrc"
        rc.write_text("provider_installation {\n  dev_overrides { "
                      f'"{SOURCE}" = "{program.parent}" }}\n  direct {{}}\n}}\n')
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
        self.env.update(TF_CLI_CONFIG_FILE=str(rc), CHECKPOINT_DISABLE="1", TF_INPUT="0")

    def count(self, what, unit, value):
        self.counted.setdefault((what, unit), []).append(value)

    def run(self, what, work, *command):
        """Counts one command of terraform as `what` (None: not at all); what terraform said."""
        self.log.write_text("")
        began = time.monotonic()
        process = subprocess.run([self.terraform, *command, "-no-color"], cwd=work, env=self.env,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, check=False)
        wall = time.monotonic() - began
        if process.returncode != 0:
            sys.exit(f"{self.name}: terraform {' '.join(command)} failed:\n{process.stdout.decode()}")
        if what:
            used = [line.split() for line in self.log.read_text().splitlines()]
            self.count(what, "CPU ms", sum(float(seconds) for seconds, _ in used) * 1000)
            self.count(what, "MB", max(int(kib) for _, kib in used) * 1024 / 1e6)
            self.count(what, "wall ms", wall * 1000)
        return process.stdout.decode()


def report(sides):
    heads = "".join(f"{side.name:>12}{'median':>10}" for side in sides)
    print(f"\n{'minimum, median':<40}{'':8}{heads}" + ("     ratio    median" if len(sides) > 1 else ""))
    for what, unit in sides[0].counted:
        values = [side.counted[what, unit] for side in sides]
        line = "".join(f"{min(v):>12.1f}{statistics.median(v):>10.1f}" for v in values)
        if len(sides) > 1 and min(values[1]) > 0:
            line += (f"{min(values[0]) / min(values[1]):>10.3f}"
                     f"{statistics.median(values[0]) / statistics.median(values[1]):>10.3f}")
        print(f"{what:<40}{unit:<8}{line}")
