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

import whole

SOURCE = "terraform-provider-glm/glm"
HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"
TIMEOUT = 300

# What no run may ever print.
POISON = re.compile(
    r"Provider produced (inconsistent|invalid)|plugin crashed|Plugin did not respond|"
    r"panic:|AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:|Invalid read of size|"
    r"Invalid write of size|definitely lost: [1-9]|unexpected EOF|"
    r"Failed to load plugin schemas|Unrecognized remote plugin|plugin exited"
)
# A plugin's own stderr goes to Terraform's log; what checkers find goes to files of their own.
CHECKED = "checker"
VALGRIND = """#!/bin/sh
exec valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,indirect \\
  --show-leak-kinds=definite,indirect --suppressions='{suppressions}' --log-file='{log}.%p' '{plugin}' "$@"
"""
RESOURCE = "glm_gateway_lifecycle_manager"
INGRESS = f"{RESOURCE}.ingress"


class Failure(AssertionError):
    """What was expected and what came."""


class Skip(Exception):
    """Why a test cannot run here."""


def tofu_only(test):
    """Marks a test of what only OpenTofu has: make tofu-check runs it, terraform passes it over."""
    test.tofu_only = True
    return test


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


def once_more(failures):
    """Says at the end, where it is seen, what failed: [(name, traceback)]. The line of the test, and how
    that begins and ends what it has to say."""
    if failures:
        print("== what failed, once more")
    for name, detail in failures[:8]:
        lines = detail.splitlines()
        at = [i for i, line in enumerate(lines) if re.match(r'  File ".*/test_\w+\.py"', line)]
        said = [i for i, line in enumerate(lines) if i and line[:1].strip()]
        print(f"FAILED  {name}")
        for line in lines[at[-1]:at[-1] + 2] if at else []:
            print("  " + line)
        said = [line for line in lines[said[0] if said else 0:] if line.strip()]
        most = max(4, 20 // len(failures))
        for line in said if len(said) <= most else said[:2] + ["..."] + said[2 - most:]:
            print("    " + line[:300])
    if len(failures) > 8:
        print(f"and {len(failures) - 8} more")


def heed_signals():
    """nohup, and shells in front of what they put into the background, have signals ignored, and the
    programs of tests would inherit that. A handler is not inherited, whatever it does."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


class Workspace:
    def __init__(self, name, plugin, terraform, valgrind=False):
        self.terraform = terraform
        self.is_tofu = "tofu" in pathlib.Path(terraform).name
        self.valgrind = valgrind
        self.plugin = pathlib.Path(plugin).resolve()
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"glm-{name[:40]}-"))
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
        rc = self.dir / "cli.tfrc"
        override = self.dir / "plugin"
        override.mkdir()
        program = override / "terraform-provider-glm"
        if valgrind:
            program.write_text(VALGRIND.format(
                plugin=self.plugin, log=self.dir / CHECKED,
                suppressions=HERE.parent / "make" / "valgrind.supp"))
            program.chmod(0o755)
        else:
            program.symlink_to(self.plugin)
        rc.write_text(
            f'provider_installation {{\n  dev_overrides {{ "{SOURCE}" = "{override}" }}\n'
            "  direct {}\n}\n"
        )
        self.env.update(
            CHECKPOINT_DISABLE="1", TF_CLI_CONFIG_FILE=str(rc), TF_IN_AUTOMATION="1",
            TF_INPUT="0", NO_COLOR="1", HOME=str(self.dir),
        )
        self.env.pop("KUBECONFIG", None)
        for checker in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            given = self.env.get(checker)
            own = f"log_path={self.dir / CHECKED}"
            self.env[checker] = f"{given}:{own}" if given else own
        self.log = []
        self.use({"east": {}, "west": {}})

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def check_the_checkers(self):
        """Fails when a sanitizer or valgrind left a report."""
        reports = [p.read_text("utf-8", "replace") for p in sorted(self.dir.glob(CHECKED + ".*"))
                   if p.stat().st_size > 0]
        if reports:
            raise Failure("a sanitizer or valgrind reported:\n" + "\n".join(reports)[:20000])

    def stand_in(self, provider):
        """This provider in the place of another one ("publisher/name"), which Terraform only starts: whatever has
        something in the state must be there."""
        folder = self.dir / f"plugin-{provider.replace('/', '-')}"
        folder.mkdir()
        (folder / f"terraform-provider-{provider.split('/')[1]}").symlink_to(self.plugin)
        self.edit(self.dir / "cli.tfrc", "dev_overrides { ", f'dev_overrides {{ "{provider}" = "{folder}"\n    ')

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

    def tree(self, cluster):
        """{path: (inode, mtime, bytes)} of a cluster's files: equal when nothing was touched."""
        root = self.path("clusters", cluster)
        return {name: (os.stat(root / name).st_ino, os.stat(root / name).st_mtime_ns,
                       (root / name).read_bytes()) for name in self.cluster_files(cluster)}

    def leftovers(self):
        """Temporary files below the clusters' directories."""
        return sorted(str(p) for p in self.path("clusters").rglob("*")
                      if p.is_file() and p.suffix != ".yaml")

    def edit(self, path, old, new):
        """Replaces text in a file, in place; the text must be there."""
        text = path.read_text()
        if old not in text:
            raise Failure(f"{path} does not have {old!r}:\n{text}")
        path.write_text(text.replace(old, new))

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
            timeout=timeout * (10 if self.valgrind else 1), check=False)
        text = process.stdout.decode("utf-8", "replace")
        if re.search(r"(?<!\w)\(null\)", text):  # what C prints of a text that somebody forgot
            raise Failure(f"a text is missing in the output:\n{text}")
        self.log.append(f"$ terraform {' '.join(args)}  -> {process.returncode}\n{text}")
        if poison and POISON.search(text):
            raise Failure(f"the provider misbehaved:\n{text}")
        if code is not None and process.returncode != code:
            raise Failure(f"terraform {' '.join(args)}: exit code {process.returncode}, "
                          f"expected {code}:\n{text}")
        return Result(process.returncode, text)

    def run_shell(self, *command):
        """A program in the workspace; it must succeed."""
        subprocess.run(command, cwd=self.dir, check=True)

    def start(self, *args, env=None):
        """terraform ARGS in a process group of its own, output to a file; for kills and Ctrl-C."""
        out = open(self.path("started.log"), "wb")
        process = subprocess.Popen([self.terraform, *args], cwd=self.dir,
                                   env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        out.close()
        return process

    @staticmethod
    def children(process):
        """The processes that a running terraform started: found at once, where plugin_pids looks
        through every process of the machine."""
        found = []
        for path in pathlib.Path(f"/proc/{process.pid}/task").glob("*/children"):
            try:
                found += [int(pid) for pid in path.read_text().split()]
            except OSError:
                continue
        return found

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

    def plan_generated(self):
        """The plan of an import block that also writes generated.tf."""
        # Terraform 1.16 has to be told the provider of a resource that is not in the configuration;
        # every version refuses to be told that of one that is.
        main = self.path("main.tf")
        before = main.read_text()
        main.write_text(re.sub(r"(?m)^import {$", "import {\n  provider = glm", before))
        # tofu 1.12 writes keys without quotes, `1 - 24 = {`, which is -23 and refused.
        result = self.plan("-generate-config-out=generated.tf",
                           code=None if self.is_tofu else 0)
        main.write_text(before)
        if self.is_tofu:
            path = self.path("generated.tf")
            path.write_text(re.sub(r"(?m)^( +)(\d+) - (\d+) = {", r'\1"\2-\3" = {',
                                   path.read_text()))
            result = self.plan()
        return result

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

    def schema(self):
        """This provider's part of terraform providers schema -json."""
        schemas = json.loads(self.run("providers", "schema", "-json").text)["provider_schemas"]
        found = [v for k, v in schemas.items() if k.endswith("/" + SOURCE)]
        if len(found) != 1:
            raise Failure(f"no schema of {SOURCE} in {list(schemas)}")
        return found[0]

    def shown(self, address="glm_gateway_lifecycle_manager.ingress"):
        """One resource of the state as terraform show -json has it; {} when it is not there."""
        values = json.loads(self.run("show", "-json").text).get("values") or {}
        for resource in values.get("root_module", {}).get("resources", []):
            if resource["address"] == address:
                return resource
        return {}

    def state(self, address="glm_gateway_lifecycle_manager.ingress"):
        """Attribute values of one resource in the state; None when it is not there."""
        return self.shown(address).get("values")

    def documents(self, address="glm_gateway_lifecycle_manager.ingress"):
        """{cluster: {revision: IstioOperator}} of a resource in the state, each of them whole."""
        return whole.documents(self.state(address) or {})

    def services(self, address="glm_gateway_lifecycle_manager.ingress"):
        """{cluster: {"namespace/name": {"manifest": Service, "addresses": [address]}}} likewise."""
        return whole.services(self.state(address) or {})

    def output(self, name):
        """The value of an output."""
        return json.loads(self.run("output", "-json", name).text)

    def tainted(self, address="glm_gateway_lifecycle_manager.ingress"):
        return self.shown(address).get("tainted", False)


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


def hcl(value):
    """A Python value as an HCL expression; HCL() stays as it is."""
    if isinstance(value, HCL):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {hcl(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(hcl(v) for v in value) + "]"
    if isinstance(value, str):
        return json.dumps(value).replace("${", "$${").replace("%{", "%%{")
    return json.dumps(value)


class HCL(str):
    """An expression, not a string."""


def block(attributes, label="ingress", extra=""):
    """The resource from a dict of attributes, any value of which may be HCL()."""
    lines = "".join(f"  {k} = {hcl(v)}\n" for k, v in attributes.items())
    return f'resource "{RESOURCE}" "{label}" {{\n{lines}{extra}}}\n'


def leaves(value, at=()):
    """{path: scalar} of nested maps and lists; JSON objects inside strings are opened."""
    if isinstance(value, str) and value[:1] == "{":
        try:
            value = json.loads(value)
        except ValueError:
            pass
    if isinstance(value, dict) and value:
        return {k: v for key, item in value.items() for k, v in leaves(item, (*at, key)).items()}
    if isinstance(value, list) and value:
        return {k: v for i, item in enumerate(value) for k, v in leaves(item, (*at, i)).items()}
    return {at: value if not isinstance(value, (dict, list)) else repr(value)}


def differences(before, after):
    """{path: (old, new)} of the leaves that differ; None where there is none."""
    old, new = leaves(before), leaves(after)
    return {p: (old.get(p), new.get(p)) for p in sorted(old.keys() | new.keys(), key=str)
            if old.get(p) != new.get(p)}


def unknowns(after_unknown):
    """Paths that a plan leaves unknown."""
    return sorted(".".join(map(str, p)) for p, v in leaves(after_unknown).items() if v is True)


def unknown_objects(change):
    """Paths that a plan leaves unknown of what shows objects."""
    return unknowns({n: v for n, v in change["after_unknown"].items() if n in whole.SHOWN})


def unboxed(text):
    """Diagnostics without the frame that Terraform draws around them."""
    return "\n".join(re.sub(r"^[│╷╵] ?", "", line) for line in text.splitlines())


def unquoted(text):
    """Without the lines of the configuration that Terraform quotes, more or fewer by version."""
    return re.sub(r"(?m)^\s*\d+: .*$", "", unboxed(text))


def equal(actual, expected, what=""):
    if actual != expected:
        raise Failure(f"{what}: expected {expected!r}, got {actual!r}")


def true(condition, what):
    if not condition:
        raise Failure(what)
