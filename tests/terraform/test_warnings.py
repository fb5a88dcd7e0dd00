# SPDX-License-Identifier: Apache-2.0
"""Warnings: Terraform shows the first of several with one summary, so no two have one; and what the
configuration gives reason to warn of is said when it is planned, not with every "No changes"."""
import re

from harness import FIXTURES, INGRESS, equal, resource, true, unboxed

SPEC = (FIXTURES / "ingress.yaml").read_text()
FOLDED = ("similar warning",)
# Six things to warn of, at the least.
NOISY = SPEC.replace("hub: example.com/istio", """hub: example.com/istio
revision: other
meshConfig: {accesLogFile: /dev/stdout}""") + """        env:
          - {name: API_TOKEN, value: abc}
        volumes: []
  pilot: {k8s: {replicaCount: 2}}
addonComponents: {kiali: {enabled: true}}
values:
  global: {proxi: {}}
"""


def warnings(result):
    """The summaries, without the one about the override of the provider."""
    found = re.findall(r"(?m)^Warning: (.*)$", unboxed(result.text))
    return [w for w in found if "development overrides" not in w]


def quiet(result):
    equal(warnings(result), [], f"warnings\n{result.text}")
    return result


def test_every_one_of_five_typos_is_seen(w):
    """Under values and meshConfig, where they only warn."""
    typos = ["accesLogFile", "proxi", "defaultConfg", "imagePullPolcy", "meshId"]
    w.write("ingress.yaml", SPEC + """meshConfig: {accesLogFile: /dev/stdout, defaultConfg: {}}
values: {global: {proxi: {}, imagePullPolcy: Always, meshId: m}}
""")
    w.main(resource({"1-24": {"east": True}}))
    w.plan().has(*typos).lacks(*FOLDED)


def test_two_resources_and_two_installations_warn_beside_each_other(w):
    """Each of the four with its own name."""
    w.write("ingress.yaml", NOISY)
    w.write("other.yaml", NOISY.replace("name: istio-ingressgateway", "name: other"))
    text = resource({"1-23": {"east": False}, "1-24": {"east": True}})
    other = resource({"1-23": {"east": False}, "1-24": {"east": True}}, name="other", label="other")
    w.main(text + other.replace("ingress.yaml", "other.yaml"))
    result = w.plan().lacks(*FOLDED)
    summaries = warnings(result)
    equal(len(summaries), len(set(summaries)), f"different summaries\n{result.text}")
    for name in ("istio-ingressgateway", "other"):
        for key in ("1-23", "1-24"):
            true(any(f'({name} in east, installations["{key}"])' in s for s in summaries),
                 result.text)
    w.apply()
    result = w.plan("-destroy").lacks(*FOLDED)
    true(any("(other)" in s for s in warnings(result)), result.text)


def test_resources_of_one_name_in_two_namespaces_are_told_apart(w):
    """The namespace is part of the name then."""
    w.write("ingress.yaml", NOISY)
    w.main(resource({"1-24": {"east": True}}) +
           resource({"1-24": {"west": True}}, label="other", extra='  namespace = "second"'))
    result = w.plan().lacks(*FOLDED)
    summaries = warnings(result)
    equal(len(summaries), len(set(summaries)), f"different summaries\n{result.text}")
    result.has("(second/istio-ingressgateway in west)")


def test_resources_of_one_name_in_other_clusters_are_told_apart(w):
    """As for_each over clusters makes them: both misspelt keys are seen."""
    for name, typo in (("east", "accesLogFile"), ("west", "defaultConfg")):
        w.write(f"{name}.yaml", SPEC + f"meshConfig: {{{typo}: {{}}}}\n")
    w.main(resource({"1-24": ({"(each.key)": {}}, 'file("${each.key}.yaml")', "")},
                    extra='  for_each = toset(["east", "west"])'))
    w.plan().has("accesLogFile", "defaultConfg", "(istio-ingressgateway in east)",
                 "(istio-ingressgateway in west)").lacks(*FOLDED)


def test_of_many_clusters_the_first_is_named(w):
    """And how many there are besides."""
    w.write("ingress.yaml", NOISY)
    names = ("east", "north", "south", "west")
    w.use({name: {} for name in names})
    w.main(resource({"1-24": {name: True for name in names[:2]}}))
    w.plan().has("(istio-ingressgateway in east, north)")
    w.main(resource({"1-24": {name: True for name in names}}))
    w.plan().has("(istio-ingressgateway in east and 3 more)")


def test_each_of_three_clusters_that_do_not_answer_is_seen(w):
    """By refresh and by the data source; resources that share them say it in the same words."""
    w.fixture("ingress.yaml")
    names = ("east", "north", "west")
    w.use({name: {} for name in names})
    text = resource({"1-24": {name: True for name in names}})
    w.main(text)
    w.apply()
    w.use({name: {"host": "https://127.0.0.1:1", "token": "x", "insecure": True}
           for name in names})
    w.main(text + 'data "glm_control_planes" "all" {}\n')
    result = w.plan(code=None)
    result.has(*(f'Cluster "{name}" cannot be read' for name in names))
    result.has(*(f'Cluster "{name}" cannot be' for name in names)).lacks(*FOLDED)


def test_a_plan_without_changes_is_silent(w):
    """Plan, apply and a plan of other settings; validate never warned."""
    w.write("ingress.yaml", NOISY)
    w.main(resource({"1-24": {"east": True, "west": True}}))
    result = w.plan()
    true(len(warnings(result)) >= 5, f"warnings of a create\n{result.text}")
    quiet(w.run("validate", "-no-color"))
    w.apply()
    quiet(w.no_changes())
    quiet(w.apply())
    w.main(resource({"1-24": {"east": True, "west": True}},
                    extra='  timeouts = { create = "5m" }\n  wait_for_healthy = false'))
    quiet(w.plan().has("1 to change"))


def test_an_istio_without_operator_in_directories_is_told_once(w):
    """At the plan that creates, for all clusters and installations, and not again."""
    for key in ("a", "b"):
        w.write(f"{key}.yaml", NOISY.replace("tag: 1.24.1", "tag: 1.30.3").replace(
            "name: istio-ingressgateway", f"name: gw-{key}"))

    def configure(extra=""):
        w.main(resource({revision: ({"east": {}, "west": {}}, f'file("{key}.yaml")', "")
                         for revision, key in (("1-30", "a"), ("1-31", "b"))}, extra=extra))

    configure()
    result = w.plan()
    said = [line for line in result.text.splitlines() if "an Istio without operator" in line]
    equal(len(said), 1, f"times that it is said\n{result.text}")
    result.has('Cluster "east" is a directory', "so it is with 3 more", '"direct"').lacks(*FOLDED)
    quiet(w.run("validate", "-no-color"))
    w.apply()
    quiet(w.no_changes())
    configure(extra='  timeouts = { create = "5m" }')
    quiet(w.plan().has("1 to change"))


def test_only_the_installation_that_changes_warns(w):
    """One of three."""
    for name in ("a", "b", "c"):
        w.write(f"{name}.yaml", NOISY.replace("name: istio-ingressgateway", f"name: gw-{name}"))

    def configure(tag):
        w.edit(w.path("b.yaml"), "tag: 1.24.1" if tag != "1.24.1" else "tag:", f"tag: {tag}"
               if tag != "1.24.1" else "tag:")
        w.main(resource({key: ({"east": {}}, f'file("{name}.yaml")', "")
                         for key, name in (("1-22", "a"), ("1-23", "b"), ("1-24", "c"))}))

    configure("1.24.1")
    w.apply()
    configure("1.24.2")
    result = w.plan().has("1 to change")
    true(warnings(result), f"warnings\n{result.text}")
    result.has('installations["1-23"]').lacks('installations["1-22"]', 'installations["1-24"]')


def test_a_cluster_more_is_a_reason_to_warn(w):
    """Of the installation that gets it."""
    w.write("ingress.yaml", NOISY)
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.main(resource({"1-24": {"east": True, "west": True}}))
    true(warnings(w.plan()), "warnings")


def test_another_default_of_the_provider_is_a_reason_to_warn(w):
    """What `auto` stands for, and where IstioOperators go."""
    w.write("ingress.yaml", NOISY.replace("hub: example.com/istio\n", "").replace(
        "tag: 1.24.1\n", ""))
    more = '    gateway_revision = "auto"'
    w.main(resource({"main": ({"east": {}}, 'file("ingress.yaml")', more)}))
    distribution = '  default_distribution = {{ revision = "1-24", hub = "example.com/a", tag = "{}" }}\n'
    w.use({"east": {}}, extra=distribution.format("1.24.1"))
    w.apply()
    quiet(w.no_changes())
    w.use({"east": {}}, extra=distribution.format("1.24.2"))
    true(warnings(w.plan().has("1 to change")), "warnings")


def test_an_imported_resource_is_silent_until_it_changes(w):
    """Nobody changes anything by importing."""
    w.write("ingress.yaml", NOISY)
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    for path in w.dir.glob("terraform.tfstate*"):
        path.unlink()
    w.run("import", INGRESS, "gloo-mesh/istio-ingressgateway")
    quiet(w.no_changes())
    w.edit(w.path("ingress.yaml"), "tag: 1.24.1", "tag: 1.24.2")
    true(warnings(w.plan()), "warnings")


def test_drift_that_is_repaired_is_no_reason_to_warn(w):
    """The object is written as it was, and what it was warned of has been read; one that is gone is named."""
    w.write("ingress.yaml", NOISY)
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.edit(w.operator_file("east"), "tag: 1.24.1", "tag: 1.24.0")
    quiet(w.plan().has("1 to change"))
    w.operator_file("east").unlink()
    gone = w.plan().has("1 to change", "An object was gone (istio-ingressgateway in east)",
                        "east: IstioOperator istio-system/istio-ingressgateway-1-24 was gone")
    equal(len(warnings(gone)), 1, gone.text)
    w.apply().has("was gone").lacks("is gone")
    quiet(w.no_changes())


def test_a_switch_of_traffic_warns_of_nothing_but_that(w):
    """What was said of both specs has been read."""
    w.write("ingress.yaml", NOISY)
    both = {"1-23": {"east": True}, "1-24": {"east": False}}
    w.main(resource(both))
    w.apply()
    w.main(resource({"1-23": {"east": False}, "1-24": {"east": True}}))
    quiet(w.plan().has("1 to change"))


def test_another_key_of_the_same_installation_is_said_once(w):
    """All that the plan shows of it goes from one key to the other; nothing is installed anew."""
    w.write("ingress.yaml", SPEC)
    spec = 'file("ingress.yaml")'
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply()
    revision = '      gateway_revision = "1-24"'
    w.main(resource({"blue": ({"east": True, "west": True}, spec, revision)}))
    result = w.plan().has('"blue" is the same installation as "1-24" was')
    equal(sum("another key" in s for s in warnings(result)), 1, result.text)
    before = w.service_file("east").stat().st_mtime_ns
    w.apply()
    equal(w.service_file("east").stat().st_mtime_ns, before, "the Service is as it was")
    quiet(w.plan()).has("No changes")
    # Other clusters, or another revision: another one.
    w.main(resource({"green": ({"east": True}, spec, revision)}))
    w.plan().lacks("is the same installation")
    w.main(resource({"green": ({"east": True, "west": True}, spec, revision.replace("24", "25"))}))
    w.plan().lacks("is the same installation")


def test_a_switch_that_switches_nothing_is_warned_of(w):
    """Where the chart makes a Service of its own, in each cluster that becomes active."""
    service = SPEC[SPEC.index("        service:"):]
    w.write("ingress.yaml", NOISY.replace(service, "        replicaCount: 1\n"))
    w.main(resource({"1-24": {"east": False, "west": False}}))
    w.apply()
    for active, said in ((("east",), 'in "east" does'), (("east", "west"), 'in "east", "west" does')):
        w.main(resource({"1-24": {name: name in active for name in ("east", "west")}}))
        result = w.plan().has("active_gateway switches no Service", said)
        equal(len(warnings(result)), 1, f"warnings\n{result.text}")
        w.apply()


def test_another_spelling_is_no_reason_to_warn(w):
    """Comments move every line, and change nothing."""
    w.write("ingress.yaml", NOISY)
    w.main(resource({"1-24": {"east": False}}))
    w.apply()
    w.write("ingress.yaml", "# a comment\n" + NOISY)
    quiet(w.no_changes())
    w.main(resource({"1-24": {"east": True}}))
    quiet(w.plan().has("1 to change"))


def test_a_changed_spec_is_a_reason_to_warn_of_all_of_it(w):
    """Together with a switch, too."""
    w.write("ingress.yaml", NOISY)
    w.main(resource({"1-24": {"east": False}}))
    w.apply()
    w.edit(w.path("ingress.yaml"), "tag: 1.24.1", "tag: 1.24.2")
    w.main(resource({"1-24": {"east": True}}))
    true(len(warnings(w.plan())) >= 5, "warnings")


def test_a_retired_cluster_is_named_once(w):
    """Not with every plan."""
    w.fixture("ingress.yaml")
    w.use({"east": {}, "west": {"directory": "./clusters/west", "decommissioned": True}})
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply().has("Decommissioned cluster is still listed")
    quiet(w.no_changes())


def test_helm_global_is_explained_once(w):
    """And again when it changes."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}, extra='  helm_global = { repo = "oci://a.example" }'))
    w.apply().has("helm_global has no effect")
    quiet(w.no_changes())
    w.main(resource({"1-24": {"east": True}}, extra='  helm_global = { repo = "oci://b.example" }'))
    w.plan().has("helm_global has no effect")
