# SPDX-License-Identifier: Apache-2.0
"""The data source, the process and its surroundings."""
import json
import os

from harness import RESOURCE, SOURCE, Skip, Workspace, equal, resource, true

DATA = f"data.{RESOURCE}.found"


def start(w):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": False}}))
    w.apply()


def data(w, attributes='  name = "istio-ingressgateway"'):
    return f'data "{RESOURCE}" "found" {{\n{attributes}\n}}\noutput "found" {{\n' \
           f"  value = {DATA}\n}}\n"


def found(w):
    return json.loads(w.run("output", "-json", "found").text)


def check(value, clusters=("east", "west")):
    equal(value["id"], "gloo-mesh/istio-ingressgateway", "id")
    equal(list(value["installations"]), ["1-24"], "installations")
    installation = value["installations"]["1-24"]
    equal(installation["gateway_revision"], "1-24", "revision")
    equal({c: v["active_gateway"] for c, v in installation["clusters"].items()},
          {c: c == "east" for c in clusters}, "active")
    for cluster in clusters:
        entry = value["status"]["clusters"][cluster]["installations"]["1-24"]
        equal(entry["state"], "INSTALL_PENDING", "state")
        equal(entry["observed_revision"], "1-24", "observed revision")
        equal(json.loads(entry["observed_operator"])["tag"], "1.24.1", "observed operator")


def test_the_data_source_reports_what_the_resource_made(w):
    """In the same configuration, after the resource."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": False}}) +
           data(w, f"  name = {RESOURCE}.ingress.name\n  depends_on = [{RESOURCE}.ingress]"))
    w.apply()
    check(found(w))
    w.no_changes()


def test_the_data_source_works_from_another_workspace(w):
    """Its state knows nothing; the files do."""
    start(w)
    other = Workspace("other", w.plugin, w.terraform, w.valgrind)
    try:
        other.use({c: {"directory": str(w.path("clusters", c))} for c in ("east", "west")})
        spec = f'data.{RESOURCE}.found.installations["1-24"].istio_operator_spec'
        other.fixture("ingress.yaml")
        other.main(data(other) + 'output "same" {\n  value = jsondecode(' + spec +
                   ') == yamldecode(file("ingress.yaml"))\n}\n')
        other.apply().has("same = true")
        check(found(other))
        other.main(data(other, '  name = "istio-ingressgateway"\n  clusters = ["west"]'))
        other.apply()
        check(found(other), ["west"])
        other.check_the_checkers()
    finally:
        other.close()


def test_the_data_source_refuses_unknown_clusters(w):
    """It lists those there are."""
    start(w)
    w.main(data(w, '  name = "istio-ingressgateway"\n  clusters = ["esat"]'))
    w.plan(code=1).has("esat", "east", "west", "Unknown cluster")


def test_the_data_source_says_when_there_is_nothing(w):
    """A clear error, with what was looked for."""
    w.main(data(w, '  name = "nothing"'))
    w.plan(code=1).has("gloo-mesh/nothing", "Nothing found")


def test_the_data_source_waits_for_an_unknown_name(w):
    """Read during apply then."""
    start(w)
    w.main('resource "terraform_data" "u" {\n  input = "istio-ingressgateway"\n}\n' +
           resource({"1-24": {"east": True, "west": False}}) +
           data(w, "  name = terraform_data.u.output"))
    w.apply()
    check(found(w))
    w.no_changes()


def test_the_data_source_sees_hand_edits(w):
    """It reports what is there, not what was applied."""
    start(w)
    w.edit(w.operator_file("east"), "\n  tag: 1.24.1", "\n  tag: 9.9.9")
    w.main(data(w))
    w.apply("-target=" + DATA)
    operator = found(w)["status"]["clusters"]["east"]["installations"]["1-24"]["observed_operator"]
    equal(json.loads(operator)["tag"], "9.9.9", "observed tag")


def test_without_tls_between_terraform_and_the_plugin(w):
    """TF_DISABLE_PLUGIN_TLS=1."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply(env={"TF_DISABLE_PLUGIN_TLS": "1"})
    w.no_changes()
    w.plan("-detailed-exitcode", env={"TF_DISABLE_PLUGIN_TLS": "1"})


def test_a_temporary_directory_too_long_for_a_socket(w):
    """A unix socket's path has 107 bytes."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    deep = w.path("t" * 100, "u" * 100)
    deep.mkdir(parents=True)
    w.apply(env={"TMPDIR": str(deep)})
    w.plan("-detailed-exitcode", env={"TMPDIR": str(deep)})


def test_no_socket_is_left_behind(w):
    """After plan and apply the temporary directory is empty."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    tmp = w.path("tmp")
    tmp.mkdir()
    w.apply(env={"TMPDIR": str(tmp)})
    equal([str(p) for p in tmp.rglob("*") if "terraform-provider" in p.name or p.is_socket()], [],
          "what is left in TMPDIR")


def test_secrets_of_the_provider_reach_no_log_and_no_state(w):
    """TF_LOG=trace, with and without TLS, and errors about the secret itself."""
    secret = "s3cr3t-4f1d9c"
    w.fixture("ingress.yaml")
    w.provider('variable "token" {\n  sensitive = true\n}\n'
               'provider "glm" {\n  clusters = {\n    east = { directory = "./clusters/east" }\n'
               '    a = { decommissioned = true, host = "https://10.0.0.1", token = var.token }\n'
               '    b = { decommissioned = true, host = "https://10.0.0.1", username = "me",'
               ' password = var.token }\n'
               '    c = { decommissioned = true, host = "https://10.0.0.1",'
               ' exec = { api_version = "client.authentication.k8s.io/v1", command = "true",'
               ' env = { KEY = var.token } } }\n  }\n}\n')
    w.main(resource({"1-24": {"east": True}}))
    tokens = {"TF_VAR_token": secret, "TF_LOG": "trace"}
    for more in ({}, {"TF_DISABLE_PLUGIN_TLS": "1"}):
        log = w.path("trace.log")
        env = {**tokens, "TF_LOG_PATH": str(log), **more}
        w.plan(env=env, poison=True).lacks(secret)
        w.apply(env=env).lacks(secret)
        true(log.stat().st_size > 1000, "there must be a log")
        text = log.read_text("utf-8", "replace")
        true("terraform-provider-glm" in text, "the plugin must be in the log")
        true(secret not in text, "the secret is in the log: " + next(
            (line for line in text.splitlines() if secret in line), ""))
    true(secret not in w.path("terraform.tfstate").read_text(), "the secret is in the state")
    out = w.plan(code=1, env={"TF_VAR_token": secret + "\n"})
    out.has("line break").lacks(secret)


def test_the_log_is_levelled(w):
    """What the plugin says on stderr is JSON that Terraform understands."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    log = w.path("trace.log")
    w.apply(env={"TF_LOG": "trace", "TF_LOG_PATH": str(log)})
    bad = [line for line in log.read_text("utf-8", "replace").splitlines()
           if "terraform-provider-glm" in line and ("[ERROR]" in line or "panic" in line)]
    equal(bad, [], "errors in the log")


def test_providers_schema_lists_what_there_is(w):
    """The resource, the data sources, versions and descriptions of every attribute."""
    schema = w.schema()
    equal(list(schema["resource_schemas"]), [RESOURCE], "resources")
    equal(sorted(schema["data_source_schemas"]), ["glm_control_planes", RESOURCE], "data sources")
    missing = []

    def walk(attributes, at):
        for name, attribute in attributes.items():
            if not attribute.get("description"):
                missing.append(f"{at}{name}")
            walk(attribute.get("nested_type", {}).get("attributes", {}), f"{at}{name}.")
    walk(schema["provider"]["block"]["attributes"], "provider.")
    walk(schema["resource_schemas"][RESOURCE]["block"]["attributes"], "")
    for name, data_source in schema["data_source_schemas"].items():
        walk(data_source["block"]["attributes"], f"data.{name}.")
    equal(missing, [], "attributes without a description")


def test_credentials_are_sensitive_in_the_schema(w):
    """Terraform hides them."""
    clusters = w.schema()["provider"]["block"]["attributes"]["clusters"]
    attributes = clusters["nested_type"]["attributes"]
    for name in ("kubeconfig", "client_key", "token", "password"):
        true(attributes[name].get("sensitive"), f"{name} must be sensitive")


def test_an_installed_plugin_works_through_init(w):
    """A filesystem mirror, terraform init, apply: no development override."""
    host = "registry.opentofu.org" if "tofu" in os.path.basename(w.terraform) \
        else "registry.terraform.io"
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine)
    if not machine:
        raise Skip(f"no mirror layout for {os.uname().machine}")
    version = w.path(f"mirror/{host}/{SOURCE}/0.1.0/linux_{machine}")
    version.mkdir(parents=True)
    w.run_shell("cp", "-L", str(w.path("plugin/terraform-provider-glm")),
                str(version / "terraform-provider-glm_v0.1.0"))
    w.path("cli.tfrc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{w.path("mirror")}" }}\n}}\n')
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.run("init", "-no-color").has("successfully initialized")
    w.apply()
    w.no_changes().lacks("development overrides")


def test_run_by_hand_the_plugin_explains_itself(w):
    """Without Terraform it exits 1; --version works."""
    import subprocess
    run = subprocess.run([w.plugin], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                         stdin=subprocess.DEVNULL, timeout=60)
    equal(run.returncode, 1, "exit code")
    true(b"terraform" in run.stdout.lower(), run.stdout)
    run = subprocess.run([w.plugin, "--version"], stdout=subprocess.PIPE, check=True, timeout=60)
    true(b"0.1" in run.stdout, run.stdout)
