# SPDX-License-Identifier: Apache-2.0
"""Values that are not known before another resource is applied."""
import json

from harness import SOURCE, Failure, resource

GIVEN = {  # a legal value where the type does not tell one; others get null
    "namespace": "gloo-mesh", "installations.gateway_revision": "1-24",
    "installations.control_plane_revision": "1-24",
    "installations.istio_version": "1.24", "installations.clusters.network": "net",
    "installations.clusters.trust_domain": "td", "helm_global.repo": "oci://example.com/charts",
    "helm_global.repo_secrets": [{"name": "pull", "namespace": "x"}],
    "helm_global.repo_secrets.namespace": "gloo-mesh",
    "timeouts": {"create": "20m"}, "timeouts.create": "20m", "timeouts.update": "20m",
    "timeouts.delete": "15m", "timeouts.read": "2m",
    "helm_global": {"repo": "oci://example.com/charts"},
}


def hcl(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {hcl(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(hcl, value)) + "]"
    return value.text if isinstance(value, Raw) else json.dumps(value)


class Raw:
    def __init__(self, text):
        self.text = text


def optional(attributes, at=""):
    """Every optional attribute as (dotted path, schema)."""
    for name, a in attributes.items():
        path = f"{at}.{name}".strip(".")
        if a.get("optional"):
            yield path, a
        if "nested_type" in a:
            yield from optional(a["nested_type"]["attributes"], path)


def resource_config():
    return {"name": "istio-ingressgateway", "installations": {"1-24": {
        "clusters": {"east": {"active_gateway": True}},
        "istio_operator_spec": Raw('file("ingress.yaml")')}}}


def source(value, kind="x"):
    return f'resource "terraform_data" "{kind}" {{\n  input = {hcl(value)}\n}}\n'


def whole(w, config, before):
    w.main(before + 'resource "glm_gateway_lifecycle_manager" "ingress" {\n' + "".join(
        f"  {k} = {hcl(v)}\n" for k, v in config.items()) + "}\n")


def converges(w):
    w.plan()
    w.apply()
    w.no_changes()


def test_every_optional_attribute_of_the_resource(w):
    """As the schema lists them; each alone, in a fresh state."""
    w.fixture("ingress.yaml")
    schemas = json.loads(w.run("providers", "schema", "-json").text[0:] or "{}")
    schema = next(v for k, v in schemas["provider_schemas"].items() if k.endswith(SOURCE))
    attributes = schema["resource_schemas"]["glm_gateway_lifecycle_manager"]["block"]["attributes"]
    wrong = []
    for path, a in optional(attributes):
        value = GIVEN.get(path, False if a.get("type") == "bool" else None)
        if path == "installations.istio_operator_spec":  # one of the two forms has to be there
            value = Raw('file("ingress.yaml")')
        config = resource_config()
        at = config
        parts = path.split(".")
        for part in parts[:-1]:
            at = at.setdefault(part, [{"name": "pull"}] if part == "repo_secrets" else {})
            at = at[0] if isinstance(at, list) else at
            at = at.get({"installations": "1-24", "clusters": "east"}.get(part), at)
        at[parts[-1]] = Raw("terraform_data.x.output")
        try:
            whole(w, {k if k != "1-24" else k: v for k, v in config.items()}, source(value))
            w.path("main.tf").write_text(w.path("main.tf").read_text()
                                         .replace("1-24 =", '"1-24" ='))
            converges(w)
            w.destroy()
        except Failure as failure:
            wrong.append(f"{path}: {str(failure)[:1500]}")
    if wrong:
        raise Failure("\n".join(wrong))


def test_unknown_name(w):
    """The name decides the names of everything."""
    w.fixture("ingress.yaml")
    w.main(source("istio-ingressgateway") + resource({"1-24": {"east": True}}).replace(
        'name = "istio-ingressgateway"', "name = terraform_data.x.output"))
    converges(w)


def test_unknown_spec(w):
    """A text from elsewhere."""
    w.fixture("ingress.yaml")
    w.main(source(Raw('file("ingress.yaml")')) + resource(
        {"1-24": ({"east": True}, "terraform_data.x.output", "")}))
    converges(w)


def test_unknown_installations_and_clusters(w):
    """Whole maps."""
    w.fixture("ingress.yaml")
    inner = resource_config()["installations"]["1-24"]
    for value, use in (({"1-24": inner}, "terraform_data.x.output"),
                       (inner["clusters"], None)):
        config = resource_config()
        if use:
            config["installations"] = Raw(use)
        else:
            config["installations"]["1-24"]["clusters"] = Raw("terraform_data.x.output")
        whole(w, config, source(value))
        text = w.path("main.tf").read_text().replace("1-24 =", '"1-24" =')
        w.main(text)
        converges(w)
        w.destroy()


def test_unknown_clusters_of_the_provider(w):
    """The provider's whole map."""
    w.fixture("ingress.yaml")
    w.provider('provider "glm" {\n  clusters = terraform_data.x.output\n}\n')
    w.main(source({"east": {"directory": "./clusters/east"}}) + resource({"1-24": {"east": True}}))
    converges(w)


def test_unknown_default_distribution_and_all_that_a_directory_takes(w):
    """Every provider attribute that is legal with a directory, unknown at once, with auto."""
    w.fixture("ingress.yaml")
    out = "terraform_data.x.output."
    w.provider('provider "glm" {\n  clusters = { east = { directory = ' + out + 'directory\n'
               '    operator_namespace = ' + out + 'namespace } }\n'
               '  operator_namespace = ' + out + 'namespace\n  field_manager = ' + out + 'manager\n'
               '  max_parallel_clusters = ' + out + 'number\n  config_paths = ' + out + 'paths\n'
               '  default_distribution = ' + out + 'distribution\n}\n')
    w.write("ingress.yaml", w.path("ingress.yaml").read_text()
            .replace("hub: example.com/istio\ntag: 1.24.1\n", ""))
    w.main(source({"directory": "./clusters/east", "namespace": "istio-system", "manager": "me",
                   "number": 4, "paths": ["~/.kube/config"], "distribution": {
                       "revision": "1-24", "hub": "example.com/istio", "tag": "1.24.1"}}) +
           resource({"main": ({"east": True}, None, 'gateway_revision = "auto"')}))
    converges(w)
