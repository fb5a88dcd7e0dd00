# SPDX-License-Identifier: Apache-2.0
"""Wrong input: what is said about it, where, and all of it at once."""
from harness import FIXTURES, equal, resource

TEXT = (FIXTURES / "ingress.yaml").read_text()


def refused(w, *words, text=TEXT, installations=None, command="plan", **more):
    w.write("ingress.yaml", text)
    w.main(resource(installations or {"1-24": {"east": True}}, **more))
    arguments = ("-no-color",)
    return w.run(command, *arguments, code=1).has(*words)


def five_mistakes(w, command):
    w.write("typo.yaml", TEXT.replace("components:", "componets:"))
    w.write("nothing.yaml", TEXT.replace("enabled: true", "enabled: false"))
    refused(
        w, "nowhere", "componets", "components", "Line 4", "column 1", "1.24", "1-24",
        'installations["undeclared"]', 'installations["typo"]', 'installations["1.24"]',
        "active", "enabled", 'installations["nothing"]', command=command,
        installations={
            "1-24": {"east": True},
            "1-25": {"east": True},
            "1.24": {"west": False},
            "undeclared": ({"nowhere": False}, None, 'gateway_revision = "1-26"'),
            "typo": ({"west": False}, 'file("typo.yaml")', 'gateway_revision = "1-27"'),
            "nothing": ({"west": False}, 'file("nothing.yaml")', 'gateway_revision = "1-28"'),
        })


def test_one_plan_shows_five_mistakes(w):
    """An undeclared cluster, a typo, 1.24, two active revisions, nothing enabled."""
    five_mistakes(w, "plan")


def test_validate_shows_five_mistakes(w):
    """The same without a plan."""
    five_mistakes(w, "validate")


def test_bad_namespace(w):
    """No upper case in a namespace."""
    refused(w, "namespace", "Gloo_Mesh", extra='namespace = "Gloo_Mesh"')


def test_bad_duration(w):
    """A timeout needs a unit."""
    refused(w, "create", "20m", extra='timeouts = { create = "soon" }')


def test_numeric_tag(w):
    """1.10 would become 1.1."""
    refused(w, "tag", "Line 3", text=TEXT.replace("tag: 1.24.1", "tag: 1.10"))


def test_ingress_and_egress_together(w):
    """One type in one installation."""
    refused(w, "ingress", "egress", text=TEXT + "  egressGateways:\n    - name: out\n"
            "      enabled: true\n")


def test_yaml_syntax_error(w):
    """Line and column of what is no YAML."""
    refused(w, "Line 3", "column", text=TEXT.replace("hub: example", "hub: [example"))


def test_duplicate_yaml_key(w):
    """The second of two equal keys."""
    refused(w, "hub", "Line 3", text=TEXT.replace("tag:", "hub: other\ntag:"))


def test_two_clusters_in_one_directory(w):
    """The paths are compared clean."""
    w.use({"east": {"directory": "./clusters/one"}, "west": {"directory": "clusters//x/../one/"}})
    refused(w, "clusters/one", "east", "west")


def test_a_cluster_without_a_way_and_one_with_two(w):
    """Exactly one of the five."""
    w.use({"east": {"operator_namespace": "istio-system"},
           "west": {"directory": "./west", "context": "west"}})
    refused(w, 'clusters["east"]', "exactly one of", 'clusters["west"]', "`context` and "
            "`directory`")


def test_underscore_in_a_cluster_name(w):
    """The name with a dash is proposed."""
    w.use({"east": {}, "my_west": {}})
    refused(w, "my_west", "my-west", "underscore")


def test_a_wrong_cluster_name_is_one_error_wherever_it_stands(w):
    """In the provider and in the resource, in the resource alone, and as a placeholder."""
    w.write("ingress.yaml", TEXT)
    w.use({"east": {}, "my_west": {}})
    w.main(resource({"1-24": {"my_west": True}}))
    for name, said in (("my_west", "underscore"), ("East_", "Did you mean \"east\"?"),
                       ("${CLUSTER}", "placeholder")):
        if name != "my_west":
            w.use({"east": {}})
            w.main(resource({"1-24": {"east": True}}).replace(
                "east = ", f'"{name.replace("$", "$$")}" = '))
        out = w.plan(code=1).has(said)
        equal(out.text.count("Error: "), 1, f"errors\n{out.text}")


def test_wrong_installer(w):
    """The possible ones, and the nearest."""
    w.use({"east": {}}, extra='  installer = "istio_operators"\n')
    refused(w, "istio_operators", 'Did you mean "istio_operator"')


KUBECONFIG = """
contexts: [{name: west, context: {cluster: west, user: me}}]
clusters: [{name: west, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: me, user: {token: s3cr3t}}]
"""


def test_a_mistyped_context_is_told_what_there_is(w):
    """The file, the contexts in it and the nearest, and nothing secret of it."""
    w.write("kubeconfig", KUBECONFIG)
    w.use({"east": {"context": "wets"}}, extra='  config_paths = ["./missing", "./kubeconfig"]\n')
    w.write("ingress.yaml", TEXT)
    w.main(resource({"1-24": {"east": True}}))
    w.apply(code=1).has('"wets" is not in ./missing and ./kubeconfig', '"west"').lacks("s3cr3t")


def test_a_kubeconfig_that_logs_in_as_none_can_is_refused(w):
    """What replaces an auth-provider is named."""
    content = KUBECONFIG.replace("token: s3cr3t", "auth-provider: {name: gcp, config: "
                                 "{access-token: s3cr3t}}")
    w.use({"east": {"kubeconfig": content}})
    w.write("ingress.yaml", TEXT)
    w.main(resource({"1-24": {"east": True}}))
    w.apply(code=1).has('auth-provider "gcp"', "gke-gcloud-auth-plugin").lacks("s3cr3t")


def test_an_installer_to_come_is_refused_by_name(w):
    """Not in this release."""
    w.use({"east": {"context": "x", "installer": "gloo"}})
    refused(w, 'clusters["east"]', "gloo", "not in this release")
