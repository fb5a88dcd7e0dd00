# SPDX-License-Identifier: Apache-2.0
"""No secret in what Terraform logs, keeps or prints, however much it logs. They are given in an
ephemeral variable: what is written out in a configuration is in Terraform's plan files anyway."""
import base64
import json
import zipfile

import reach
from faults import BAD, GOOD, needs_two
from plugins import by_plugin, credential, plugin, printing
from workspace import harness

PASSWORD = "hunter2-password-of-ops"


def connect(w, clusters):
    if w.is_tofu:
        raise harness.Skip("ephemeral variables are Terraform's")
    paths = harness.hcl([str(w.estate.engineers)])
    w.provider(f"""
variable "clusters" {{
  type      = any
  ephemeral = true
}}
provider "glm" {{
  clusters     = var.clusters
  config_paths = {paths}
}}
""")
    w.env["TF_VAR_clusters"] = json.dumps(clusters)


def traced(w, *args, code=None):
    """terraform ARGS with everything logged; gives the exit code."""
    w.env.update(TF_LOG="TRACE", TF_LOG_PATH=str(w.path("trace.log")))
    return w.run(*args, "-no-color", code=code)


def search(w, secrets):
    """Fails where one of the secrets is in a file of the workspace that Terraform or the provider
    has written, or in anything that was printed."""
    w.write("printed.log", "\n".join(w.log))
    needles = set()
    for name, secret in secrets.items():
        raw = secret.encode()
        needles |= {(name, raw), (name + " in base64", base64.b64encode(raw).rstrip(b"=")[:-1])}
        # A PEM text is in a log line by line, or with its line ends written as \n.
        needles |= {(name, line) for line in raw.splitlines() if len(line) > 40}
    found = set()
    for path in w.dir.rglob("*"):
        # The plugins of the test are the only ones who may know.
        if not path.is_file() or path.relative_to(w.dir).parts[0] in ("bin", "plugin"):
            continue
        data = path.read_bytes()
        if path.suffix == ".bin":
            with zipfile.ZipFile(path) as plan:
                data = b"\n".join(plan.read(name) for name in plan.namelist())
        found |= {f"{name} in {path.name}" for name, needle in needles if needle in data}
    harness.equal(sorted(found), [], "secrets")
    harness.true(w.path("trace.log").stat().st_size > 10000, "the log must be there")


def all_of(w, secrets, *errors):
    """plan, apply, plan, destroy; the apply fails with these words, if there are any."""
    traced(w, "plan", "-out=plan.bin", code=0)
    applied = traced(w, "apply", "plan.bin", code=1 if errors else 0).has(*errors)
    if applied.code == 0:
        traced(w, "plan", "-out=again.bin", code=0)
    search(w, secrets)
    traced(w, "destroy", "-auto-approve")
    search(w, secrets)


def test_no_secret_gets_out_when_all_is_well(w, estate):
    """A token, a client key, a plugin's environment and its answer."""
    good, bad = needs_two(estate)
    key = good.pki.path("client.key").read_text()
    plugin(w, printing(bad.token()))
    connect(w, {
        GOOD: reach.by_host(good, client_key=key,
                            client_certificate=good.pki.path("client.crt").read_text()),
        BAD: by_plugin(bad, env={"GLM_TEST_SECRET": "environment-of-a-plugin"})})
    reach.gateways(w, (GOOD, BAD))
    all_of(w, {"key": key, "answer": bad.token(), "environment": "environment-of-a-plugin"})


def test_no_secret_gets_out_when_it_is_refused(w, estate):
    """A token and a password that the servers do not take."""
    good, bad = needs_two(estate)
    token = "0123456789abcdef-refused-token"
    connect(w, {GOOD: reach.by_host(good, token=token),
               BAD: reach.by_host(bad, username="ops", password=PASSWORD)})
    reach.gateways(w, (GOOD, BAD))
    all_of(w, {"token": token, "password": PASSWORD,
               "login": base64.b64encode(f"ops:{PASSWORD}".encode()).decode()},
           "401", "system:anonymous")


def test_no_secret_gets_out_when_a_plugin_talks_too_much(w, estate):
    """Its answer is cut short, and its variables are in what it says on stderr."""
    good, bad = needs_two(estate)
    token, secret = "half-an-answer-with-a-token", "environment-of-a-plugin"
    plugin(w, f"""echo "login with $GLM_TEST_SECRET failed" >&2
printf '%s' '{credential(token)[:-2]}'""")
    plugin(w, f"""echo '{credential(token)}' >&2
exit 1""", "glm-login-2")
    environment = {"GLM_TEST_SECRET": secret}
    connect(w, {GOOD: by_plugin(good, env=environment),
               BAD: by_plugin(bad, "glm-login-2", env=environment)})
    reach.gateways(w, (GOOD, BAD))
    all_of(w, {"answer": token, "environment": secret}, "glm-login-2", "failed")


def test_no_secret_of_a_mistaken_entry_gets_out(w, estate):
    """Values in the wrong place: a key that is none, a kubeconfig that is none, a token with a
    line break."""
    _, bad = needs_two(estate)
    token = "token-in-a-broken-kubeconfig"
    for entry in ({"kubeconfig": f"users: [{{name: x, user: {{token: {token}}}"},
                  {"kubeconfig": f"apiVersion: v1\nkind: Config\nusers: {token}\n"},
                  reach.by_host(bad, token=token + "\nX-Header: 1"),
                  reach.by_host(bad, client_key=token, client_certificate=token)):
        connect(w, {GOOD: {"context": GOOD}, BAD: entry})
        reach.gateways(w, (GOOD, BAD))
        traced(w, "plan", "-out=plan.bin")
        traced(w, "apply", "-auto-approve", code=1).has("Error: ")
        search(w, {"token": token})
