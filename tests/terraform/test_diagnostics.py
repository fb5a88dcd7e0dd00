# SPDX-License-Identifier: Apache-2.0
"""Mistakes: all of them in one plan, each with its place and what to do about it."""
import json

from harness import Failure, HCL, block, equal, resource, true, unboxed

GOOD = HCL('file("ingress.yaml")')


def refused(w, text, *parts):
    """One plan that fails and says each of these."""
    w.main(text)
    out = w.plan(code=1)
    out.has(*parts)
    return out


def one(spec=GOOD, cluster=None, key="1-24", **more):
    installation = {"clusters": {"east": cluster or {}}, "istio_operator_spec": spec}
    installation.update(more.pop("installation", {}))
    return block({"name": "istio-ingressgateway", "installations": {key: installation}, **more})


def test_five_different_mistakes_are_reported_by_one_plan(w):
    """Undeclared cluster, typo, 1.24 as revision, two active revisions, nothing enabled."""
    w.fixture("ingress.yaml")
    text = w.path("ingress.yaml").read_text()
    w.write("typo.yaml", text.replace("components:", "componets:"))
    w.write("nothing.yaml", text.replace("enabled: true", "enabled: false"))
    active = {"active_gateway": True}
    w.main(block({"name": "istio-ingressgateway", "installations": {
        "1-19": {"clusters": {"wset": {}}, "istio_operator_spec": GOOD},
        "1-20": {"clusters": {"west": {}}, "istio_operator_spec": HCL('file("typo.yaml")')},
        "1.24": {"clusters": {"west": {}}, "istio_operator_spec": GOOD},
        "1-22": {"clusters": {"east": active}, "istio_operator_spec": GOOD},
        "1-23": {"clusters": {"east": active}, "istio_operator_spec": GOOD},
        "1-25": {"clusters": {"west": {}}, "istio_operator_spec": HCL('file("nothing.yaml")')},
    }}))
    out = w.plan(code=1)
    out.has('"wset"', 'Did you mean "west"?', "east", "west")
    out.has("componets", "Line 4, column 1", "components")
    out.has('"1.24"', "1-24", "DNS-1123")
    out.has("Two active revisions", '"east"', "1-22", "1-23")
    out.has("No gateway is enabled", "Line 6, column 7", "enabled: true")
    equal(out.text.count("Error: "), 5, f"errors\n{out.text}")
    for path in ('installations["1-19"].clusters["wset"]',
                 'installations["1-20"].istio_operator_spec', 'installations["1.24"]',
                 'installations["1-23"].clusters["east"].active_gateway',
                 'installations["1-25"].istio_operator_spec'):
        out.has(path)
    true(not w.path("clusters").exists(), "nothing may be written")


def test_revisions_without_quotes_are_explained(w):
    """Terraform itself crashes on a diagnostic that leads to a key which is written as a number."""
    w.fixture("ingress.yaml")
    for key, said in (("1-24", "is the number -23"), ("1.24", "1-24"), ("24", "wset")):
        cluster = "wset" if key == "24" else "east"
        w.main(f'resource "glm_gateway_lifecycle_manager" "x" {{\n  name = "x"\n'
               f'  installations = {{\n    {key} = {{\n      clusters = {{ {cluster} = {{}} }}\n'
               '      istio_operator_spec = file("ingress.yaml")\n    }\n  }\n}\n')
        w.run("validate", "-no-color", code=1).has("At installations[", said).lacks("rash")


def test_validate_finds_the_same_mistakes_without_a_plan(w):
    """terraform validate needs neither state nor clusters."""
    w.fixture("ingress.yaml")
    w.main(one(key="1.24"))
    w.run("validate", "-no-color", code=1).has("1-24", "DNS-1123")
    w.main(one())
    w.run("validate", "-no-color").has("valid")


def test_validate_json_points_at_the_line_of_the_attribute(w):
    """Editors show the error where it is."""
    w.fixture("ingress.yaml")
    w.main(one(name="Not_A_Name"))
    result = json.loads(w.run("validate", "-json", code=1).text)
    errors = [d for d in result["diagnostics"] if d["severity"] == "error"]
    equal(len(errors), 1, f"errors {errors}")
    equal(errors[0]["range"]["filename"], "main.tf", "file")
    equal(errors[0]["range"]["start"]["line"], 2, "line of name")


MISTAKES = {
    "a bad namespace": (one(namespace="Gloo_Mesh"), ["namespace", "Gloo_Mesh", "lower-case"]),
    "a bad name": (one(name="-x"), ["name", "-x"]),
    "a bad duration": (one(timeouts={"create": "20 minutes"}), ["create", "20 minutes", "20m"]),
    "a negative duration": (one(timeouts={"read": "-5s"}), ["read", "-5s"]),
    "no installation clusters": (one(installation={"clusters": {}}), ["No clusters", "1-24"]),
    "an empty spec": (one(spec=""), ["istio_operator_spec"]),
    "no map as spec": (one(spec="- a\n- b\n"), ["Not an IstioOperator spec", "Line 1,"]),
    "broken YAML": (one(spec="a: [1, 2\nb: }\n"), ["istio_operator_spec", "line"]),
    "duplicate keys": (one(spec="tag: a\nhub: x\ntag: b\n"), ["tag", "line 3"]),
    "a numeric tag": (one(spec=HCL('replace(file("ingress.yaml"), "1.24.1", "1.10")')),
                      ["The tag is a number", "1.10", '"1.10"', "Line 3,"]),
    "an object of another kind": (one(spec="apiVersion: admin.gloo.solo.io/v2\n"
                                           "kind: GatewayLifecycleManager\nspec: {}\n"),
                                  ["Line 2,", "kind", "manifest_decode"]),
    "a path for its content": (one(spec="./ingress.yaml"), ['file("./ingress.yaml")']),
    "a null installation": (block({"name": "x", "installations": {"1-24": None}}),
                            ['installations["1-24"]', "is null", "if v != null"]),
    "a null cluster": (one(cluster=None, installation={"clusters": {"east": None}}),
                       ['clusters["east"]', "is null", "{}"]),
    "a mistyped enabled": (one(spec=HCL('replace(file("ingress.yaml"), "enabled", "enabeld")')),
                           ["enabeld", "enabled"]),
    "an unknown profile": (one(spec=HCL('replace(file("ingress.yaml"), "empty", "emtpy")')),
                           ["emtpy", "empty", "Line 1,"]),
    "ingress and egress together": (one(spec=HCL(
        'join("", [file("ingress.yaml"), "  egressGateways:\\n    - name: eg\\n'
        '      enabled: true\\n"])')), ["Ingress and egress together"]),
    "a typo deep in the spec": (one(spec=HCL(
        'replace(file("ingress.yaml"), "targetPort: 8080", "targetPrt: 8080")')),
        ["targetPrt", "targetPort", "Line 23,"]),
    "a wrong type": (one(spec=HCL('replace(file("ingress.yaml"), "port: 80\\n", "port: http\\n")')),
                     ["port", "Line 22,"]),
    "helm_global without oci": (one(helm_global={"repo": "https://x"}), ["oci://", "https://x"]),
    "auto without a distribution": (one(spec=HCL(
        'replace(replace(file("ingress.yaml"), "hub: example.com/istio", ""), "tag: 1.24.1", "")'),
        installation={"gateway_revision": "auto"}),
                                    ["default_distribution"]),
    "auto as control plane": (one(installation={"control_plane_revision": "auto"}),
                              ["control_plane_revision", "auto"]),
    "the revision twice": (block({"name": "x", "installations": {
        k: {"clusters": {"east": {}}, "gateway_revision": "1-24", "istio_operator_spec": GOOD}
        for k in ("a", "b")}}), ["The same revision twice", '"a"', '"b"']),
}


def mistakes(w, part, parts):
    w.fixture("ingress.yaml")
    wrong = []
    for what in sorted(MISTAKES)[part::parts]:
        text, words = MISTAKES[what]
        try:
            out = refused(w, text, *words)
            equal(out.text.count("Error: "), 1, f"errors for one mistake\n{out.text}")
        except Failure as failure:
            wrong.append(f"---- {what}: {failure}")
    true(not wrong, "\n".join(wrong))


def test_each_mistake_is_named_first_half(w):
    """What is wrong, where, and what is right."""
    mistakes(w, 0, 2)


def test_each_mistake_is_named_second_half(w):
    """What is wrong, where, and what is right."""
    mistakes(w, 1, 2)


PROVIDERS = {
    "no way": ({"east": {"operator_namespace": "x"}}, ["Cluster without a way to it", "directory"]),
    "two ways": ({"east": {"directory": "a", "context": "b"}}, ["several ways"]),
    "not in this release": ({"east": {"host": "https://10.0.0.1", "installer": "gloo"}},
                            ["not in this release", "installer"]),
    "two logins": ({"east": {"host": "https://10.0.0.1", "token": "t", "username": "u"}},
                   ["Several ways to log in", "token"]),
    "half a credential": ({"east": {"context": "c", "password": "p"}},
                          ["password", "needs `username`"]),
    "one directory": ({"east": {"directory": "./a/../x"}, "west": {"directory": "x/"}},
                      ["Two clusters in one directory", "east"]),
    "a bad name": ({"East_1": {"directory": "x"}}, ["East_1", "underscore", "east-1"]),
    "a token for files": ({"east": {"directory": "x", "token": "abc"}}, ["token", "directory"]),
}


def test_mistakes_in_the_provider_are_named(w):
    """Each at its cluster."""
    w.fixture("ingress.yaml")
    w.main(one())
    wrong = []
    for what, (clusters, words) in PROVIDERS.items():
        w.use(clusters)
        try:
            w.plan(code=1).has(*words)
        except Failure as failure:
            wrong.append(f"---- {what}: {failure}")
    true(not wrong, "\n".join(wrong))


def test_credentials_without_tls_are_warned_of(w):
    """At the address, with what goes over the network; not for what stays on the machine."""
    w.fixture("ingress.yaml")
    w.main(one())
    w.use({"east": {"host": "http://10.0.0.1:8080", "token": "s3cret-of-the-east"}})
    w.plan().has("Credentials without TLS", 'clusters["east"].host', "`token` goes over the network"
                 ).lacks("similar warning")
    w.use({"east": {"host": "http://127.0.0.1:8080", "token": "s3cret-of-the-east"}})
    w.plan().lacks("Credentials without TLS")


def test_warnings_of_the_spec_come_once(w):
    """The egress example's profile would install istiod: said once for the installation."""
    w.fixture("api-egress.yaml")
    w.main(resource({"1-24": ({"east": True, "west": True}, 'file("api-egress.yaml")', "")},
                    extra='  helm_global = { repo = "oci://x" }'))
    text = unboxed(w.plan().text)
    equal(text.count("helm_global has no effect"), 1, f"the warning\n{text}")


def test_the_same_gateway_in_two_resources_is_refused(w):
    """Two IstioOperators that render one gateway destroy each other."""
    w.fixture("ingress.yaml")
    first = resource({"1-24": {"east": True}})
    w.main(first)
    w.apply()
    before = w.tree("east")
    w.main(first + resource({"1-24": {"east": True}}, name="other", label="other"))
    w.apply(code=1).has("gloo-mesh/istio-ingressgateway", "east")
    equal(w.tree("east"), before, "files of east")


def test_two_resources_of_one_name_are_refused(w):
    """The second create finds the first one's objects and takes nothing."""
    w.fixture("ingress.yaml")
    first = resource({"1-24": {"east": True}})
    w.main(first)
    w.apply()
    before = w.tree("east")
    w.main(first + resource({"1-24": {"east": True}}, label="other"))
    w.apply(code=1).has("already", "east")
    equal(w.tree("east"), before, "files of east")
