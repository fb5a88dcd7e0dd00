# SPDX-License-Identifier: Apache-2.0
"""Black-box tests through a real terraform (or tofu): a scratch workspace, and helpers.

Every test is a function `test_<behaviour>(w)` in a test_*.py, with a docstring of one line, that
gets a fresh Workspace. It fails by raising. A run of terraform fails the test by itself when the
plugin crashed, a sanitizer spoke, or terraform found the provider inconsistent.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

SOURCE = "terraform-provider-glm/glm"
HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"
TIMEOUT = 300

# What no run may ever print.
POISON = re.compile(
    r"Provider produced (inconsistent|invalid)|plugin crashed|Plugin did not respond|"
    r"panic:|AddressSanitizer|LeakSanitizer|runtime error:|Invalid read of size|"
    r"Invalid write of size|definitely lost: [1-9]|unexpected EOF"
)


class Failure(AssertionError):
    """What was expected and what came."""


class Skip(Exception):
    """Why a test cannot run here."""


class Result:
    def __init__(self, code, text):
        self.code = code
        self.text = text
        # Diagnostics are drawn in a box and wrapped: one line of words to search in.
        self.words = re.sub(r"\s+", " ", re.sub(r"[│╷╵]", " ", text))

    def has(self, *parts):
        for part in parts:
            if part not in self.words and part not in self.text:
                raise Failure(f"expected {part!r} in the output:\n{self.text}")
        return self

    def lacks(self, *parts):
        for part in parts:
            if part in self.words or part in self.text:
                raise Failure(f"did not expect {part!r} in the output:\n{self.text}")
        return self


class Workspace:
    def __init__(self, name, plugin, terraform):
        self.terraform = terraform
        self.plugin = pathlib.Path(plugin).resolve()
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"glm-{name[:40]}-"))
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
        rc = self.dir / "cli.tfrc"
        override = self.dir / "plugin"
        override.mkdir()
        (override / "terraform-provider-glm").symlink_to(self.plugin)
        rc.write_text(
            f'provider_installation {{\n  dev_overrides {{ "{SOURCE}" = "{override}" }}\n'
            "  direct {}\n}\n"
        )
        self.env.update(
            CHECKPOINT_DISABLE="1", TF_CLI_CONFIG_FILE=str(rc), TF_IN_AUTOMATION="1",
            TF_INPUT="0", NO_COLOR="1",
        )
        self.log = []
        self.use({"east": {}, "west": {}})

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    # ---- files ----

    def path(self, *parts):
        return self.dir.joinpath(*parts)

    def write(self, name, text):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def fixture(self, name, to=None):
        return self.write(to or name, (FIXTURES / name).read_text())

    def cluster_files(self, cluster):
        """Relative paths of every file below clusters/<cluster>, sorted."""
        root = self.path("clusters", cluster)
        return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())

    def operator_file(self, cluster, name="istio-ingressgateway", revision="1-24"):
        suffix = f"-{revision}" if revision else ""
        return self.path("clusters", cluster, "namespaces", "istio-system",
                         f"istiooperator-{name}{suffix}.yaml")

    def service_file(self, cluster, name="istio-ingressgateway", namespace="gloo-mesh-gateways"):
        return self.path("clusters", cluster, "namespaces", namespace, f"service-{name}.yaml")

    # ---- configuration ----

    def use(self, clusters, extra=""):
        """The provider block. A cluster without attributes gets directory ./clusters/<name>."""
        entries = []
        for name, attributes in clusters.items():
            attributes = attributes or {"directory": f"./clusters/{name}"}
            body = ", ".join(f"{k} = {json.dumps(v)}" for k, v in attributes.items())
            entries.append(f"    {name} = {{ {body} }}")
        self.provider(
            "provider \"glm\" {\n  clusters = {\n" + "\n".join(entries) + "\n  }\n" + extra + "}\n")

    def provider(self, block):
        self.write("provider.tf",
                   "terraform {\n  required_providers {\n"
                   f'    glm = {{ source = "{SOURCE}" }}\n  }}\n}}\n' + block)

    def main(self, text):
        self.write("main.tf", text)

    # ---- commands ----

    def run(self, *args, code=0, env=None, poison=True, timeout=TIMEOUT):
        """terraform ARGS; code None takes any exit code."""
        process = subprocess.run(
            [self.terraform, *args], cwd=self.dir, env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=timeout, check=False)
        text = process.stdout.decode("utf-8", "replace")
        self.log.append(f"$ terraform {' '.join(args)}  -> {process.returncode}\n{text}")
        if poison and POISON.search(text):
            raise Failure(f"the provider misbehaved:\n{text}")
        if code is not None and process.returncode != code:
            raise Failure(f"terraform {' '.join(args)}: exit code {process.returncode}, "
                          f"expected {code}:\n{text}")
        return Result(process.returncode, text)

    def start(self, *args, env=None):
        """terraform ARGS in a process group of its own, output to a file; for kills and Ctrl-C."""
        out = open(self.path("started.log"), "wb")
        process = subprocess.Popen([self.terraform, *args], cwd=self.dir,
                                   env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        out.close()
        return process

    def plugin_pids(self):
        """The plugin processes that this workspace's terraform started."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if os.readlink(entry / "cwd") == str(self.dir) and \
                        "terraform-provider-glm" in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    @staticmethod
    def kill_group(process, sig=signal.SIGKILL):
        try:
            os.killpg(process.pid, sig)
        except ProcessLookupError:
            pass

    def plan(self, *args, **kw):
        return self.run("plan", "-no-color", *args, **kw)

    def apply(self, *args, **kw):
        return self.run("apply", "-auto-approve", "-no-color", *args, **kw)

    def destroy(self, *args, **kw):
        return self.run("destroy", "-auto-approve", "-no-color", *args, **kw)

    def no_changes(self, *args):
        """A plan that must say that nothing changes."""
        result = self.plan("-detailed-exitcode", *args, code=None)
        if result.code != 0 or "No changes" not in result.text:
            raise Failure(f"expected no changes, exit code {result.code}:\n{result.text}")
        return result

    def plan_json(self, *args):
        """The plan as terraform show -json has it."""
        self.plan("-out=plan.bin", *args)
        return json.loads(self.run("show", "-json", "plan.bin").text)

    def change(self, address="glm_gateway_lifecycle_manager.ingress", *args):
        """resource_changes[].change of one address."""
        for entry in self.plan_json(*args).get("resource_changes", []):
            if entry["address"] == address:
                return entry["change"]
        raise Failure(f"the plan has no {address}")

    def state(self, address="glm_gateway_lifecycle_manager.ingress"):
        """Attribute values of one resource in the state; None when it is not there."""
        values = json.loads(self.run("show", "-json").text).get("values") or {}
        for resource in values.get("root_module", {}).get("resources", []):
            if resource["address"] == address:
                return resource["values"]
        return None

    def tainted(self, address="glm_gateway_lifecycle_manager.ingress"):
        values = json.loads(self.run("show", "-json").text).get("values") or {}
        return any(r["address"] == address and r.get("tainted")
                   for r in values.get("root_module", {}).get("resources", []))


def resource(installations, name="istio-ingressgateway", label="ingress", extra=""):
    """HCL of a resource. installations: {key: {cluster: active or dict}} with the shared fixture,
    or {key: (clusters, spec expression, more HCL)}."""
    parts = []
    for key, value in installations.items():
        clusters, spec, more = value if isinstance(value, tuple) else (value, None, "")
        spec = spec or 'file("ingress.yaml")'
        entries = []
        for cluster, settings in clusters.items():
            if isinstance(settings, bool):
                settings = {"active_gateway": settings}
            body = ", ".join(f"{k} = {json.dumps(v)}" for k, v in settings.items())
            entries.append(f"        {cluster} = {{ {body} }}")
        parts.append(f'    "{key}" = {{\n{more}\n      clusters = {{\n' + "\n".join(entries) +
                     f"\n      }}\n      istio_operator_spec = {spec}\n    }}")
    return (f'resource "glm_gateway_lifecycle_manager" "{label}" {{\n  name = "{name}"\n{extra}\n'
            "  installations = {\n" + "\n".join(parts) + "\n  }\n}\n")


def equal(actual, expected, what=""):
    if actual != expected:
        raise Failure(f"{what}: expected {expected!r}, got {actual!r}")


def true(condition, what):
    if not condition:
        raise Failure(what)
