# SPDX-License-Identifier: Apache-2.0
"""What people ask of a plan, and where its text answers: with one cluster, with two, with two hundred.

A block below is what Terraform prints, without indentation and without its counts of attributes that are
hidden; {others} stands for its count of the clusters that are not concerned, or for nothing."""
import json
import os
import re

from harness import FIXTURES, HCL, INGRESS, Failure, block, equal, hcl, resource, true

# The last shows how plans grow; the sanitised plugin has all its paths with fewer clusters.
SIZES = (1, 2, 20 if "ASAN_OPTIONS" in os.environ else 200)
KNOWN_LATER = "(known after apply)"
TEXT = (FIXTURES / "ingress.yaml").read_text() + """        hpaSpec:
          minReplicas: 2
          maxReplicas: 5
"""
OPERATOR = "IstioOperator istio-system/istio-ingressgateway-1-24"
SERVICE = "gloo-mesh-gateways/istio-ingressgateway"
GATEWAY = "spec.components.ingressGateways[istio-ingressgateway-1-24]"


def clusters(count):
    return [f"cluster-{i:03}" for i in range(1, count + 1)]


def estate(w, count, connection=None):
    """Names of so many clusters, each with a directory, or with the same other connection."""
    names = clusters(count)
    w.use({name: connection or {} for name in names})
    w.write("ingress.yaml", TEXT)
    return names


def again(w):
    """An empty workspace, for another size."""
    w.run_shell("rm", "-rf", "clusters", "terraform.tfstate", "terraform.tfstate.backup")


def everywhere(w, names, active=True, **settings):
    """One installation; settings: of single clusters."""
    w.main(resource({"1-24": {n: {"active_gateway": active, **settings.get(n.replace("-", "_"), {})}
                              for n in names}}))


def installed(w, count):
    names = estate(w, count)
    everywhere(w, names)
    w.apply()
    return names


# ---- texts ----

def bare(text):
    """Lines without indentation, runs of blanks, and the comma between elements."""
    found = [re.sub(r"\s+", " ", line).strip().removesuffix(",") for line in text.splitlines()]
    return [line for line in found if line and not re.match(r"# \(\d+ unchanged attributes? hidden\)", line)]


def shown(result):
    """The text of the only resource in a plan."""
    match = re.search(r"(?ms)^  # \S+ (?:will be|must be|has)[^\n]*\n(.*?)^    }$", result.text)
    if not match:
        raise Failure(f"no resource in the plan:\n{result.text}")
    return match.group(0)


def hidden(count, what="element"):
    """What Terraform says of so many that do not change."""
    return f"# ({count} unchanged {what}{'s' if count > 1 else ''} hidden)" if count else ""


def part(result, attribute):
    """The lines of one attribute, from its own to the end of its bracket."""
    match = re.search(rf"(?ms)^      [-+~] {attribute} += (?:[^\n]*[^{{(\[\n]$|.*?^        [\])}}][^\n]*$)",
                      shown(result))
    return bare(match.group(0)) if match else []


def says(result, attribute, text, **values):
    """All that a plan says of an attribute."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    if part(result, attribute) != bare(text):
        raise Failure(f"{attribute}: expected\n" + "\n".join(bare(text)) + "\ngot\n" +
                      "\n".join(part(result, attribute)) + f"\nin\n{result.text}")


def silent(result, *attributes):
    """The plan does not mention them."""
    for attribute in attributes:
        equal(part(result, attribute), [], f"{attribute} in\n{result.text}")


def length(result):
    """Lines of the resource's part of a plan."""
    return len(shown(result).splitlines())


def lines_of(result, attribute):
    """{path: text} of the lines with a path: of a change both sides of the arrow."""
    return dict(re.match(r'[-+~] "([^"]+)" = (.*)', line).groups() for line in part(result, attribute)
                if re.match(r'[-+~] "(?:spec|metadata)\.', line))


# ---- what will be created where? ----

def test_a_create_says_once_what_is_made_and_of_each_cluster_what_is_its_own(w):
    """The manifest is there once; each cluster has two lines, and one of the Service."""
    sizes = {}
    for count in SIZES:
        names = estate(w, count)
        everywhere(w, names)
        out = w.plan().lacks(KNOWN_LATER)
        for kind in ("IstioOperator", "Service"):
            equal(len(re.findall(rf'\+ kind += "{kind}"', out.text)), 1, f"{kind} in\n{out.text}")
        own = bare("".join(f"""
            + "{name}" = {{
              + "spec.meshConfig.trustDomain"                 = "{name}"
              + "spec.values.global.multiCluster.clusterName" = "{name}"
            }}""" for name in names))
        objects = part(out, "objects")
        at = objects.index("+ per_cluster = {")
        equal(objects[at + 1:at + 1 + len(own)], own, f"own lines of {count} clusters")
        equal([line for line in part(out, "services") if re.match(r'\+ "cluster-\d+" =', line)],
              [f'+ "{name}" = "1-24"' for name in names], "who is active")
        sizes[count] = length(out)
    most = SIZES[-1]
    true(sizes[most] <= 4000, f"lines: {sizes}")
    equal(sizes[most] - sizes[2], (most - 2) * (sizes[2] - sizes[1]), f"lines for each cluster: {sizes}")


def test_a_create_on_clusters_with_an_api_server_says_that_they_will_be_healthy(w):
    """Only the addresses of load balancers are left to be seen."""
    for count in SIZES:
        names = estate(w, count, {"host": "https://127.0.0.1:1"})
        everywhere(w, names)
        out = w.plan()
        says(out, "addresses", """
            + addresses = {
              + "gloo-mesh-gateways/istio-ingressgateway" = (known after apply)
            }""")
        says(out, "status", """
            + status = {
              + clusters = {
                {each}
              }
            }""", each="\n".join(f"""
                + "{name}" = {{
                  + installations = {{
                    + "1-24" = {{
                      + observed_revision = "1-24"
                      + state = "HEALTHY"
                    }}
                  }}
                }}""" for name in names))
        equal(out.text.count(KNOWN_LATER), 1, f"values that are not known in\n{out.text}")


def test_what_has_no_load_balancer_takes_no_line_of_addresses(w):
    """In directories, whoever is active there."""
    for count in SIZES:
        names = estate(w, count)
        for active in (True, False):
            everywhere(w, names, active=active)
            out = w.plan().lacks(KNOWN_LATER, "unchanged")
            says(out, "addresses", """
                + addresses = {
                  + "{service}" = {}
                }""", service=SERVICE)
        w.apply()
        equal(w.state()["addresses"], {SERVICE: {}}, "addresses")
        w.no_changes()
        again(w)


def test_a_directory_is_pending_from_the_plan_on(w):
    """The state that an apply ends with, and no address."""
    names = estate(w, 2)
    everywhere(w, names)
    out = w.plan()
    says(out, "status", """
        + status = {
          + clusters = {
            {each}
          }
        }""", each="\n".join(f"""
            + "{name}" = {{
              + installations = {{
                + "1-24" = {{
                  + observed_revision = "1-24"
                  + state = "INSTALL_PENDING"
                }}
              }}
            }}""" for name in names))
    out.lacks(KNOWN_LATER)


def test_a_cluster_that_comes_is_the_only_one_in_the_plan(w):
    """And so is one that goes."""
    for count in SIZES:
        names = estate(w, count + 1)
        everywhere(w, names[:-1])
        w.apply()
        last, others = names[-1], hidden(count)
        everywhere(w, names)
        for sign, end, gets in (("+", "", names), ("-", " -> null", names[:-1])):
            everywhere(w, gets)
            out = w.plan().lacks(KNOWN_LATER)
            says(out, "objects", """
                ~ objects = {
                  ~ "1-24" = {
                    ~ "{operator}" = {
                      ~ per_cluster = {
                        {sign} "{last}" = {
                          {sign} "spec.meshConfig.trustDomain" = "{last}"
                          {sign} "spec.values.global.multiCluster.clusterName" = "{last}"
                        }{end}
                        {others}
                      }
                    }
                  }
                }""", operator=OPERATOR, sign=sign, end=end, last=last, others=others)
            says(out, "services", """
                ~ services = {
                  ~ "{service}" = {
                    ~ active = {
                      {sign} "{last}" = "1-24"{end}
                      {others}
                    }
                  }
                }""", service=SERVICE, sign=sign, end=end, last=last, others=others)
            true(length(out) <= 70, f"{length(out)} lines:\n{out.text}")
            w.apply()
        w.no_changes()
        again(w)


# ---- what changes if I set a trust domain? ----

def test_a_trust_domain_is_one_line_of_one_cluster(w):
    """And one in the configuration."""
    for count in SIZES:
        names = installed(w, count)
        everywhere(w, names, **{names[0].replace("-", "_"): {"trust_domain": "mesh.example"}})
        out = w.plan().lacks(KNOWN_LATER)
        says(out, "objects", """
            ~ objects = {
              ~ "1-24" = {
                ~ "{operator}" = {
                  ~ per_cluster = {
                    ~ "{name}" = {
                      ~ "spec.meshConfig.trustDomain" = "{name}" -> "mesh.example"
                      # (1 unchanged element hidden)
                    }
                    {others}
                  }
                }
              }
            }""", operator=OPERATOR, name=names[0], others=hidden(count - 1))
        silent(out, "services", "addresses", "status")
        true(length(out) <= 35, f"{length(out)} lines:\n{out.text}")
        again(w)


def test_a_tag_is_one_line_for_all_clusters(w):
    """But for the specification's own text, which Terraform prints whole where it is a file."""
    sizes = {}
    for count in SIZES:
        names = estate(w, count)
        def at(tag):
            spec = HCL(f'jsonencode(merge(yamldecode(file("ingress.yaml")), {{ tag = "{tag}" }}))')
            w.main(block({"name": "istio-ingressgateway", "installations": {"1-24": {
                "clusters": {n: {"active_gateway": True} for n in names},
                "istio_operator_spec": spec}}}))
        at("1.24.1")
        w.apply()
        at("1.24.2")
        out = w.plan().lacks(KNOWN_LATER)
        says(out, "objects", """
            ~ objects = {
              ~ "1-24" = {
                ~ "{operator}" = {
                  ~ manifest = jsonencode(
                    ~ {
                      ~ spec = {
                        ~ tag = "1.24.1" -> "1.24.2"
                      }
                    }
                  )
                }
              }
            }""", operator=OPERATOR)
        silent(out, "services", "addresses", "status")
        sizes[count] = length(out)
        w.apply()
        w.no_changes()
        again(w)
    true(max(sizes.values()) <= 40, f"lines: {sizes}")
    equal(len(set(sizes.values())), 1, f"the same for any number: {sizes}")


# ---- which field drifted? ----

def repairs(out, count, change, attribute="objects"):
    """All that a plan says is this of one cluster."""
    frame = {"objects": ("1-24", OPERATOR), "services": (SERVICE,)}[attribute]
    opened = "".join(f'~ "{key}" = {{\n' for key in frame)
    # Those of Services have only clusters where something differs.
    others = hidden(count - 1) if attribute == "objects" else ""
    says(out, attribute, f"~ {attribute} = {{\n{opened}~ per_cluster = {{\n{change}\n{others}\n}}\n" +
         "}\n" * len(frame) + "}")
    silent(out, *{"objects", "services", "addresses", "status", "installations"} - {attribute})


def test_a_field_that_drifted_is_one_line_with_what_is_and_what_should_be(w):
    """The whole plan is no longer than a screen."""
    for count in SIZES:
        names = installed(w, count)
        name = names[len(names) // 2]
        w.edit(w.operator_file(name), "maxReplicas: 5", "maxReplicas: 9")
        out = w.plan().lacks(KNOWN_LATER)
        repairs(out, count, f"""
            ~ "{name}" = {{
              - "{GATEWAY}.k8s.hpaSpec.maxReplicas" = "9 (should be 5)" -> null
              # (2 unchanged elements hidden)
            }}""")
        true(length(out) <= 25, f"{length(out)} lines:\n{out.text}")
        w.plan("-refresh-only").has(
            f'+ "{GATEWAY}.k8s.hpaSpec.maxReplicas" = "9 (should be 5)"').lacks("maxReplicas: 9")
        w.apply()
        true("maxReplicas: 5" in w.operator_file(name).read_text(), "repaired")
        w.no_changes()
        again(w)


DRIFT = {  # what is done to the file: what the plan says of it
    "an own field": ((("trustDomain: cluster-001", "trustDomain: other"),), {
        "spec.meshConfig.trustDomain": '"other" -> "cluster-001"'}),
    "a field": ((("maxReplicas: 5", "maxReplicas: 9"),), {
        f"{GATEWAY}.k8s.hpaSpec.maxReplicas": '"9 (should be 5)" -> null'}),
    "another kind of value": ((("maxReplicas: 5", 'maxReplicas: "5"'),), {
        f"{GATEWAY}.k8s.hpaSpec.maxReplicas": r'"\"5\" (should be 5)" -> null'}),
    "a field that is gone": ((("hub: example.com/istio", "# hub"),), {
        "spec.hub": '"missing (should be example.com/istio)" -> null'}),
    "a field too many": ((("spec:\n", "spec:\n  namespace: elsewhere\n"),), {
        "spec.namespace": '"elsewhere (should not be there)" -> null'}),
    "a list's element": ((("port: 80\n", "port: 81\n"),), {
        f"{GATEWAY}.k8s.service.ports[http2].port": '"81 (should be 80)" -> null'}),
    "a label of ours": ((("    terraform-provider-glm/name: istio-ingressgateway\n", ""),), {
        "metadata.labels['terraform-provider-glm/name']":
            '"missing (should be istio-ingressgateway)" -> null'}),
    "another's label": ((("  labels:\n", "  labels:\n    example.com/team: blue\n"),), {
        "metadata.labels['example.com/team']": '"blue (should not be there)" -> null'}),
}


def test_whatever_drifts_can_be_read_without_knowing_json(w):
    """Own fields, common ones, what is gone, what is too much, elements, labels."""
    name, = installed(w, 1)
    path = w.operator_file(name)
    before = path.read_text()
    for what, (edits, lines) in DRIFT.items():
        for old, new in edits:
            true(old in path.read_text(), f"{what}: {old!r} must be in\n{before}")
            w.edit(path, old, new)
        out = w.plan().lacks(KNOWN_LATER)
        equal(lines_of(out, "objects"), lines, what)
        silent(out, "services", "status")
        w.apply()
        equal(path.read_text(), before, f"{what}: the file")


def test_a_service_that_drifted_shows_the_port(w):
    """By name, and a port too many with all that is in it."""
    for count in SIZES:
        names = installed(w, count)
        path = w.service_file(names[0])
        w.edit(path, "targetPort: 8080\n", "targetPort: 9090\n")
        w.edit(path, "  ports:\n", "  ports:\n  - name: debug\n    port: 9000\n")
        out = w.plan().lacks(KNOWN_LATER)
        repairs(out, count, f"""
            - "{names[0]}" = {{
              - "spec.ports[debug]" = "{{name: debug, port: 9000}} (should not be there)"
              - "spec.ports[http2].targetPort" = "9090 (should be 8080)"
            }} -> null""", "services")
        w.apply()
        w.no_changes()
        again(w)


def test_traffic_that_was_turned_away_by_hand_is_a_line(w):
    """The selector of the Service, and that nobody has the traffic."""
    for count in SIZES[:2]:
        names = installed(w, count)
        w.edit(w.service_file(names[0]), "    revision: 1-24", "    revision: 1-99")
        says(w.plan(), "services", """
            ~ services = {
              ~ "{service}" = {
                ~ active = {
                  ~ "{name}" = null -> "1-24"
                  {others}
                }
                ~ per_cluster = {
                  - "{name}" = {
                    - "spec.selector.revision" = "1-99 (should be 1-24)"
                  } -> null
                }
              }
            }""", service=SERVICE, name=names[0], others=hidden(count - 1))
        w.apply()
        w.no_changes()
        again(w)


def test_traffic_that_was_switched_by_hand_is_switched_back(w):
    """One line says who has it; after apply -refresh-only too."""
    names = estate(w, 2)
    two(w, names, {})
    w.apply()
    path = w.service_file(names[1])
    before = path.read_text()
    w.edit(path, "    revision: 1-24", "    revision: 1-25")
    says(w.plan("-refresh-only"), "services", """
        ~ services = {
          ~ "{service}" = {
            ~ active = {
              ~ "{name}" = "1-24" -> "1-25"
              # (1 unchanged element hidden)
            }
          }
        }""", service=SERVICE, name=names[1])
    w.apply("-refresh-only")
    out = w.plan()
    equal(part(out, "services")[3], f'~ "{names[1]}" = "1-25" -> "1-24"', out.text)
    silent(out, "objects", "addresses", "status")
    w.apply()
    equal(path.read_text(), before, "the file")
    w.no_changes()


def test_the_revision_on_the_label_of_a_service_is_looked_after(w):
    """As all labels of ours: another one, and none."""
    name, = installed(w, 1)
    path, label = w.service_file(name), "    terraform-provider-glm/revision: 1-24\n"
    before = path.read_text()
    for new, there in ((label.replace("1-24", "9-9"), "9-9"), ("", "missing")):
        w.edit(path, label, new)
        equal(lines_of(w.plan(), "services"),
              {"metadata.labels['terraform-provider-glm/revision']":
                  f'"{there} (should be 1-24)"'}, there)
        w.apply()
        equal(path.read_text(), before, "the file")
        w.no_changes()


def test_an_object_that_is_gone_comes_back_with_its_own_lines(w):
    """The manifest is where it was."""
    for count in SIZES[1:]:
        names = installed(w, count)
        w.operator_file(names[1]).unlink()
        out = w.plan().lacks(KNOWN_LATER)
        repairs(out, count, f"""
            + "{names[1]}" = {{
              + "spec.meshConfig.trustDomain" = "{names[1]}"
              + "spec.values.global.multiCluster.clusterName" = "{names[1]}"
            }}""")
        w.apply()
        w.service_file(names[0]).unlink()
        out = w.plan().lacks(KNOWN_LATER)
        says(out, "services", """
            ~ services = {
              ~ "{service}" = {
                ~ active = {
                  ~ "{name}" = null -> "1-24"
                  {others}
                }
              }
            }""", service=SERVICE, name=names[0], others=hidden(count - 1))
        silent(out, "objects", "status")
        w.apply()
        w.no_changes()
        again(w)


# ---- which revision gets the traffic? ----

def two(w, names, active):
    """1-24 and 1-25, of which one carries the traffic; active: that of single clusters."""
    w.main(resource({key: {n: active.get(n, "1-24") == key for n in names}
                     for key in ("1-24", "1-25")}))


def test_a_switch_is_one_line_of_its_cluster(w):
    """Both Services could be read before it; nothing else moves."""
    for count in SIZES:
        names = estate(w, count)
        two(w, names, {})
        out = w.plan()
        for key in ("1-24", "1-25"):
            true(f'+ "{key}" = jsonencode(' in part(out, "services"), f"Service of {key}\n{out.text}")
        w.apply()
        two(w, names, {names[0]: "1-25"})
        out = w.plan().lacks(KNOWN_LATER)
        frame = """
            ~ services = {
              ~ "{service}" = {
                ~ active = {
                  {each}
                  {others}
                }
              }
            }"""
        says(out, "services", frame, service=SERVICE, each=f'~ "{names[0]}" = "1-24" -> "1-25"',
             others=hidden(count - 1))
        silent(out, "objects", "addresses", "status")
        w.apply()
        two(w, names, dict.fromkeys(names, "1-25"))
        out = w.plan(code=None) if count > 1 else w.no_changes()
        if count > 1:
            says(out, "services", frame, service=SERVICE, others=hidden(1), each="\n".join(
                f'~ "{name}" = "1-24" -> "1-25"' for name in names[1:]))
        again(w)


def test_nobody_carries_the_traffic_is_said_as_null(w):
    """And somebody again."""
    for count in SIZES:
        names = installed(w, count)
        frame = """
            ~ services = {
              ~ "{service}" = {
                ~ active = {
                  ~ "{name}" = {change}
                  {others}
                }
              }
            }"""
        everywhere(w, names, **{names[0].replace("-", "_"): {"active_gateway": False}})
        out = w.plan().lacks(KNOWN_LATER)
        says(out, "services", frame, service=SERVICE, name=names[0], change='"1-24" -> null',
             others=hidden(count - 1))
        silent(out, "objects", "addresses", "status")
        w.apply()
        equal(w.state()["services"][SERVICE]["active"][names[0]], None, "nobody")
        everywhere(w, names)
        out = w.plan().lacks(KNOWN_LATER)
        says(out, "services", frame, service=SERVICE, name=names[0], change='null -> "1-24"',
             others=hidden(count - 1))
        again(w)


# ---- what does cluster 7 get, whole? ----

def test_a_manifest_and_a_clusters_own_lines_are_its_whole_document(w):
    """The function gives it, to policies and to the curious."""
    names = installed(w, 7)
    w.path("main.tf").write_text(w.path("main.tf").read_text() + f"""
output "whole" {{
  value = provider::glm::istio_operators({INGRESS},
    keys({INGRESS}.status.clusters))
}}
""")
    w.apply()
    told = {name: {key: json.loads(text) for key, text in of.items()}
            for name, of in w.output("whole").items()}
    equal(told, w.documents(), "documents")
    equal(told[names[6]]["1-24"]["spec"]["meshConfig"]["trustDomain"], names[6], "its trust domain")


# ---- what is not known yet ----

UNKNOWN = HCL("terraform_data.u.output")


def source(value, generation=1):
    return (f'resource "terraform_data" "u" {{\n  input = {hcl(value)}\n'
            f"  triggers_replace = {generation}\n}}\n")


def of_ingress(result):
    """The same result without what is planned of the resource that values come from."""
    at = result.text.index(f"# {INGRESS} ")
    return type(result)(result.code, "  " + result.text[at:])


def test_a_value_that_is_not_known_hides_only_what_depends_on_it(w):
    """One cluster's trust domain: that cluster's lines, and nobody else's."""
    for count in SIZES:
        names = estate(w, count)
        def with_trust_domain(value):
            entries = {n: {"active_gateway": True} for n in names}
            entries[names[0]]["trust_domain"] = value
            w.main(source("mesh.example") + block({
                "name": "istio-ingressgateway", "installations": {"1-24": {
                    "clusters": entries, "istio_operator_spec": HCL('file("ingress.yaml")')}}}))
        with_trust_domain("known.example")
        w.apply()
        again_unknown = source("mesh.example", 2)
        with_trust_domain(UNKNOWN)
        w.path("main.tf").write_text(w.path("main.tf").read_text().replace(
            source("mesh.example"), again_unknown))
        out = of_ingress(w.plan())
        says(out, "objects", """
            ~ objects = {
              ~ "1-24" = {
                ~ "{operator}" = {
                  ~ per_cluster = {
                    ~ "{name}" = {
                      - "spec.meshConfig.trustDomain" = "known.example"
                      - "spec.values.global.multiCluster.clusterName" = "{name}"
                    } -> (known after apply)
                    {others}
                  }
                }
              }
            }""", operator=OPERATOR, name=names[0], others=hidden(count - 1))
        silent(out, "services", "addresses", "status")
        w.apply()
        w.no_changes()
        again(w)


def test_a_spec_that_is_not_known_leaves_the_other_installations_known(w):
    """Its own objects are not known, nor which Services there will be; those of the other stay."""
    names = estate(w, 2)
    def with_spec(spec, generation):
        w.main(source(TEXT.replace("tag: 1.24.1", "tag: 1.24.2"), generation) + block({
            "name": "istio-ingressgateway", "installations": {
                key: {"clusters": {n: {"active_gateway": key == "1-24"} for n in names},
                      "istio_operator_spec": spec if key == "1-25" else HCL('file("ingress.yaml")')}
                for key in ("1-24", "1-25")}}))
    with_spec(HCL('file("ingress.yaml")'), 1)
    w.apply()
    with_spec(UNKNOWN, 2)
    out = of_ingress(w.plan())
    objects = part(out, "objects")
    equal(objects[-3:], ["} -> (known after apply)", hidden(1), "}"], "objects of the other")
    true('~ "1-25" = {' in objects and '"1-24" = {' not in " ".join(objects), f"{objects}")
    w.apply()
    w.no_changes()


# ---- what is left after a failure? ----

def test_a_cluster_that_lags_after_a_failure_says_in_which_field(w):
    """The others are done and not in the next plan; its state says why."""
    for count in SIZES[1:]:
        names = installed(w, count)
        name = names[1]
        w.run_shell("mv", f"clusters/{name}", "elsewhere")
        w.write(f"clusters/{name}", "in the way\n")
        w.edit(w.path("ingress.yaml"), "1.24.1", "1.24.2")
        w.apply(code=1).has(f'Cluster "{name}"')
        w.path(f"clusters/{name}").unlink()
        w.run_shell("mv", "elsewhere", f"clusters/{name}")
        out = w.plan().lacks(KNOWN_LATER)
        says(out, "objects", """
            ~ objects = {
              ~ "1-24" = {
                ~ "{operator}" = {
                  ~ per_cluster = {
                    ~ "{name}" = {
                      - "spec.tag" = "1.24.1 (should be 1.24.2)" -> null
                      # (2 unchanged elements hidden)
                    }
                    {others}
                  }
                }
              }
            }""", operator=OPERATOR, name=name, others=hidden(count - 1))
        status = part(out, "status")
        true('~ state = "FAILED" -> "INSTALL_PENDING"' in status, f"{status}")
        equal([line for line in status if line.startswith('~ "cluster-')], [f'~ "{name}" = {{'],
              "clusters whose status changes")
        silent(out, "services", "addresses")
        w.apply()
        w.no_changes()
        again(w)


def test_a_create_that_failed_in_one_cluster_is_finished_there_alone(w):
    """What it lacks is new in the next plan."""
    for count in SIZES[1:]:
        names = estate(w, count)
        everywhere(w, names)
        w.write(f"clusters/{names[1]}", "in the way\n")
        w.apply(code=1).has(f'Cluster "{names[1]}"')
        w.path(f"clusters/{names[1]}").unlink()
        w.run("untaint", INGRESS)
        out = w.plan().lacks(KNOWN_LATER)
        says(out, "objects", """
            ~ objects = {
              ~ "1-24" = {
                ~ "{operator}" = {
                  ~ per_cluster = {
                    + "{name}" = {
                      + "spec.meshConfig.trustDomain" = "{name}"
                      + "spec.values.global.multiCluster.clusterName" = "{name}"
                    }
                    {others}
                  }
                }
              }
            }""", operator=OPERATOR, name=names[1], others=hidden(count - 1))
        says(out, "services", """
            ~ services = {
              ~ "{service}" = {
                ~ active = {
                  ~ "{name}" = null -> "1-24"
                  {others}
                }
              }
            }""", service=SERVICE, name=names[1], others=hidden(count - 1))
        w.apply()
        w.no_changes()
        again(w)
