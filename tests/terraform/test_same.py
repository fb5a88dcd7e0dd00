# SPDX-License-Identifier: Apache-2.0
"""What is no change, and what is."""
import json

from harness import Failure, HCL, block, equal, resource

SPEC = {
    "profile": "empty", "hub": "example.com/istio", "tag": "1.24.1",
    "components": {"ingressGateways": [{
        "name": "istio-ingressgateway", "namespace": "gloo-mesh-gateways", "enabled": True,
        "label": {"istio": "ingressgateway", "app": "istio-ingressgateway"},
        "k8s": {"podAnnotations": {"number": "1"}, "service": {
            "type": "LoadBalancer", "ports": [{"name": "http2", "port": 80, "targetPort": 8080}]}},
    }]},
    "unvalidatedValues": {"free": "1"},
}
PLAIN = """unvalidatedValues:
  free: "1"
profile: empty
hub: example.com/istio
tag: 1.24.1
components:
  ingressGateways:
    - name: istio-ingressgateway
      namespace: gloo-mesh-gateways
      enabled: true
      label:
        istio: ingressgateway
        app: istio-ingressgateway
      k8s:
        podAnnotations:
          number: "1"
        service:
          type: LoadBalancer
          ports:
            - name: http2
              port: 80
              targetPort: 8080
"""
SAME = {
    "white space": PLAIN.replace("profile: empty", "profile:    empty   \n\n").replace(
        "      label:\n        istio: ingressgateway\n        app: ",
        "      label:\n               istio: ingressgateway\n               app: "),
    "comments": "# on top\n" + PLAIN.replace("tag: 1.24.1", "tag: 1.24.1  # the patch") + "# end\n",
    "quoting": PLAIN.replace("profile: empty", 'profile: "empty"').replace(
        "hub: example.com/istio", "hub: 'example.com/istio'").replace('number: "1"', "number: '1'"),
    "flow style": PLAIN.replace("""      label:
        istio: ingressgateway
        app: istio-ingressgateway
""", "      label: {istio: ingressgateway, app: istio-ingressgateway}\n"),
    "key order": "".join(reversed(PLAIN.splitlines(True)[2:5])) +
                 "".join(PLAIN.splitlines(True)[5:] + PLAIN.splitlines(True)[:2]),
    "windows line ends": PLAIN.replace("\n", "\r\n"),
    "document marker": "---\n" + PLAIN,
    "JSON": json.dumps(SPEC),
    "indented JSON": json.dumps(SPEC, indent=3, sort_keys=True),
    "long strings": PLAIN.replace("profile: empty", "profile: >-\n  empty"),
    "anchors": PLAIN.replace("istio: ingressgateway", "istio: &i ingressgateway"),
}
DIFFERENT = {
    "1 for \"1\"": PLAIN.replace('free: "1"', "free: 1"),
    "another tag": PLAIN.replace("1.24.1", "1.24.2"),
    "a key more": PLAIN.replace('number: "1"', 'number: "1"\n          more: "2"'),
    "order of a list": PLAIN + "            - {name: a, port: 81}\n",
}


def use(w, text):
    w.write("spec.yaml", text)


def start(w):
    use(w, PLAIN)
    w.main(resource({"1-24": ({"east": True}, 'file("spec.yaml")', "")}))
    w.apply()


def test_formatting_of_the_spec_is_no_change(w):
    """White space, comments, quoting, key order, JSON for YAML."""
    start(w)
    wrong = []
    for what, text in SAME.items():
        use(w, text)
        try:
            w.no_changes()
        except Failure as failure:
            wrong.append(f"{what}: {failure}")
    equal(wrong, [], "variants that were a change")


def test_a_value_of_another_type_or_text_is_a_change(w):
    """1 is not "1"."""
    start(w)
    same = []
    for what, text in DIFFERENT.items():
        use(w, text)
        if w.plan("-detailed-exitcode", code=None).code != 2:
            same.append(what)
    equal(same, [], "variants that were no change")


def test_yamlencode_and_jsonencode_of_the_same_spec_are_no_change(w):
    """Terraform's own encoders sort and quote in their own way."""
    start(w)
    for function in ("yamlencode", "jsonencode"):
        w.main(resource({"1-24": ({"east": True},
                                  f"{function}(yamldecode(file(\"spec.yaml\")))", "")}))
        w.no_changes()


def test_applying_another_formatting_writes_nothing(w):
    """A change elsewhere, applied together with reformatting, leaves the files alone."""
    start(w)
    before = w.tree("east")
    use(w, SAME["indented JSON"])
    w.main(resource({"1-24": ({"east": True}, 'file("spec.yaml")', "")},
                    extra="  wait_for_healthy = false"))
    w.apply().has("1 changed")
    equal(w.tree("east"), before, "files of east")
    w.no_changes()


def test_order_of_clusters_and_installations_is_no_change(w):
    """Maps have no order."""
    w.use({c: {} for c in ("a", "b", "c")})
    w.write("new.yaml", PLAIN)
    w.write("old.yaml", PLAIN.replace("1.24.1", "1.23.6"))
    def installations(keys, clusters):
        return {k: (dict.fromkeys(clusters, k == "1-24"),
                    'file("new.yaml")' if k == "1-24" else 'file("old.yaml")', "") for k in keys}
    w.main(resource(installations(["1-23", "1-24"], "abc")))
    w.apply()
    w.main(resource(installations(["1-24", "1-23"], "cab")))
    w.use({c: {} for c in ("c", "b", "a")})
    w.no_changes()


def test_writing_the_defaults_out_is_no_change(w):
    """A default and the same value in the configuration are one."""
    start(w)
    w.main(block({
        "name": "istio-ingressgateway", "namespace": "gloo-mesh", "wait_for_healthy": True,
        "deletion_protection": False, "adopt_existing": False, "force_conflicts": False,
        "installations": {"1-24": {
            "gateway_revision": "1-24", "skip_upgrade_validation": False,
            "clusters": {"east": {"active_gateway": True}},
            "istio_operator_spec": HCL('file("spec.yaml")')}}}))
    w.no_changes()


def test_the_key_of_an_installation_may_be_any_label(w):
    """With gateway_revision set, the key only names the installation."""
    use(w, PLAIN)
    w.main(resource({"blue": ({"east": True}, 'file("spec.yaml")',
                              '      gateway_revision = "1-24"')}))
    w.apply()
    equal(list(w.documents()["east"]), ["1-24"], "revisions")
    w.no_changes()


def test_numbers_stay_exact(w):
    """2^63+1, thirty digits and 1e-7 reach the file as they were written."""
    numbers = ["9223372036854775809", "123456789012345678901234567890", "1e-7", "0.1"]
    use(w, PLAIN.replace('free: "1"', "n: [" + ", ".join(numbers) + "]"))
    w.main(resource({"1-24": ({"east": True}, 'file("spec.yaml")', "")}))
    w.apply()
    text = w.operator_file("east").read_text()
    missing = [n for n in numbers if f"- {n}\n" not in text]
    equal(missing, [], "numbers that are not in the file\n" + text)
    w.no_changes()
