# SPDX-License-Identifier: Apache-2.0
"""What is no change, and what looks like none and is one."""
from harness import FIXTURES, Failure, resource

TEXT = (FIXTURES / "ingress.yaml").read_text()
ENV = "        env:\n          - name: MODE\n            value: {}\n"


def with_env(value):
    return TEXT.replace("      k8s:\n", "      k8s:\n" + ENV.format(value), 1)


def applied(w, spec=None):
    w.write("ingress.yaml", TEXT)
    w.main(resource({"1-24": ({"east": True, "west": True}, spec, "")}))
    w.apply()


def is_change(w):
    result = w.plan("-detailed-exitcode", code=None)
    if result.code != 2:
        raise Failure(f"expected a change, exit code {result.code}:\n{result.text}")


def test_order_of_clusters_and_installations_is_no_change(w):
    """Maps have no order."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True, "west": True}, "1-25": {"east": False, "west": False}}))
    w.apply()
    w.main(resource({"1-25": {"west": False, "east": False}, "1-24": {"west": True, "east": True}}))
    w.no_changes()


def test_yaml_whitespace_and_comments_are_no_change(w):
    """Blank lines, comments and a document start."""
    applied(w)
    w.write("ingress.yaml", "---\n# about\n" + TEXT.replace("\n", "   # why\n\n", 3) + "\n\n")
    w.no_changes()


def test_yaml_quoting_and_key_order_are_no_change(w):
    """Strings in either quotes; the first lines the other way round."""
    applied(w)
    head = "profile: empty\nhub: example.com/istio\ntag: 1.24.1\n"
    w.write("ingress.yaml", TEXT.replace(
        head, "tag: \"1.24.1\"\nhub: 'example.com/istio'\nprofile: \"empty\"\n"))
    w.no_changes()


def test_json_text_and_the_encode_functions_are_no_change(w):
    """YAML to JSON text, jsonencode and yamlencode of the same."""
    applied(w)
    for spec in ('jsonencode(yamldecode(file("ingress.yaml")))',
                 'yamlencode(yamldecode(file("ingress.yaml")))'):
        w.main(resource({"1-24": ({"east": True, "west": True}, spec, "")}))
        w.no_changes()


def test_a_number_instead_of_a_string_is_a_change(w):
    """1 and "1" differ, also where Kubernetes wants a string: refused or planned, never silent."""
    w.write("ingress.yaml", with_env('"1"'))
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    w.write("ingress.yaml", with_env("1"))
    result = w.plan("-detailed-exitcode", code=None)
    if result.code == 0:
        raise Failure(f"expected a change or an error:\n{result.text}")


def test_a_real_change_is_a_change(w):
    """One port."""
    applied(w)
    w.write("ingress.yaml", TEXT.replace("8080", "8081"))
    is_change(w)
