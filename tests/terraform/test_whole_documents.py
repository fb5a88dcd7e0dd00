# SPDX-License-Identifier: Apache-2.0
"""A whole IstioOperator where its spec is wanted: the spec is taken, and nothing is lost."""
from harness import FIXTURES, INGRESS, equal, resource, true

SPEC = (FIXTURES / "ingress.yaml").read_text()
HEAD = """# as it was applied with kubectl
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: anything
  namespace: istio-system
spec:
"""


def whole(spec=SPEC, head=HEAD):
    return head + "".join(f"  {line}\n" for line in spec.splitlines())


def configure(w, text, **settings):
    w.write("ingress.yaml", text)
    w.main(resource({"1-24": {"east": True, "west": True}}, **settings))


def warnings(result):
    return result.text.count("Warning: ") - result.text.count("Provider development overrides")


def test_a_whole_document_and_its_spec_are_the_same(w):
    """Neither way is there a change, and the clusters get the same bytes."""
    configure(w, SPEC)
    w.apply()
    bare = w.operator_file("east").read_text()
    configure(w, whole())
    w.no_changes()
    w.destroy()
    w.apply().lacks("left out")
    equal(w.operator_file("east").read_text(), bare, "the IstioOperator")
    configure(w, SPEC)
    w.no_changes()


def test_every_form_of_a_whole_document_is_the_same(w):
    """JSON, a List, other documents beside it, comments, another order."""
    configure(w, SPEC)
    w.apply()
    listed = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        ("- " if i == 0 else "  ") + line + "\n"
        for i, line in enumerate(whole(head=HEAD.split("\n", 1)[1]).splitlines()))
    for text in (listed, "kind: Namespace\napiVersion: v1\n---\n" + whole() + "---\n",
                 whole(head="spec:\n") + "kind: IstioOperator\n"):
        w.write("ingress.yaml", text)
        w.no_changes()
    w.write("ingress.yaml", whole())
    for spec in ('jsonencode(yamldecode(file("ingress.yaml")))',
                 'yamlencode(yamldecode(file("ingress.yaml")))'):
        w.main(resource({"1-24": ({"east": {"active_gateway": True},
                                   "west": {"active_gateway": True}}, spec, "")}))
        w.no_changes()


def test_lines_and_columns_are_those_of_the_file(w):
    """Where the mistake is in the text that was given, with the line itself."""
    text = whole(SPEC.replace("targetPort: 8080", "targetPrt: 8080"))
    line = next(i for i, l in enumerate(text.splitlines(), 1) if "targetPrt" in l)
    configure(w, text)
    w.plan(code=1).has(f"Line {line}, ", "targetPrt", "targetPort")


def test_metadata_that_somebody_may_rely_on_is_one_warning(w):
    """Labels, annotations and another namespace together; a name alone is none."""
    head = HEAD.replace("namespace: istio-system", "namespace: elsewhere\n  labels: {tier: edge}\n"
                        "  annotations: {owner: me}")
    configure(w, whole(head=head))
    result = w.plan().has('metadata.namespace "elsewhere"', "metadata.labels",
                          "metadata.annotations", "left out")
    equal(result.text.count("left out ("), 1, f"warnings\n{result.text}")
    configure(w, whole(head="apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\n---\n" + HEAD))
    w.plan().has('Secret "keys" (line 1)', "left out")


def test_an_exact_mode_stays_exact(w):
    """0400 is octal, and nothing on the way may make 400 of it."""
    volume = SPEC + """        overlays:
          - kind: Deployment
            name: istio-ingressgateway
            patches:
              - path: spec.template.spec.volumes.[-1]
                value: {name: k, secret: {secretName: k, defaultMode: 0400}}
"""
    configure(w, whole(volume))
    w.apply()
    true("defaultMode: 256" in w.operator_file("east").read_text(),
         w.operator_file("east").read_text())


def test_import_brings_a_whole_document_back_without_a_change(w):
    """The view has the spec; the configuration may have the whole document."""
    configure(w, whole())
    w.apply()
    for path in w.dir.glob("terraform.tfstate*"):
        path.unlink()
    w.run("import", INGRESS, "gloo-mesh/istio-ingressgateway")
    w.no_changes()


def test_a_manifest_is_encoded_from_a_whole_document(w):
    """It has room for the spec only."""
    w.provider("")
    w.write("ingress.yaml", whole())
    w.main("""
output "manifest" { value = provider::glm::manifest_encode({ name = "x", installations = {
  "1-24" = { clusters = { east = {} }, istio_operator_spec = file("ingress.yaml") } } }) }
""")
    w.apply()
    text = w.output("manifest")
    true("kind: IstioOperator" not in text and "profile: empty" in text, text)
