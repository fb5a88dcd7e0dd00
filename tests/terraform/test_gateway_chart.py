# SPDX-License-Identifier: Apache-2.0
"""Installations that are described by values of Istio's `gateway` chart, in directories."""
import json

from harness import HCL, HERE, block, equal, true

NAME = "istio-ingressgateway"
ID = f"istio-ingress/{NAME}"
EXAMPLE = HERE.parent.parent / "examples/gateway-chart"
ADDRESS = "glm_gateway_lifecycle_manager.ingress"
SERVICE = f"istio-ingress/{NAME}"
VALUES = """# as for helm
revision: 1-30
autoscaling: {minReplicas: 2}
service:
  annotations: {example.com/lb: internal}
"""


def installation(version, east, **more):
    return {"istio_version": version, "clusters": {"east": {"active_gateway": east}},
            "gateway_chart_values": HCL('file("values.yaml")'), **more}


def write(w, installations, installer="direct"):
    w.use({"east": {}, "west": {}}, f'installer = "{installer}"\n')
    w.write("values.yaml", VALUES)
    w.write("canary.yaml", VALUES.replace("revision: 1-30\n", ""))
    w.main(block({"name": NAME, "namespace": "istio-ingress", "installations": installations}))


def canary(active):
    return installation("1.31.0", active, gateway_chart_values=HCL('file("canary.yaml")'))


def files(w):
    return [f.rsplit("/", 1)[1] for f in w.cluster_files("east") if f.startswith("namespaces/")]


def selector(w):
    service = w.path("clusters", "east", "namespaces", "istio-ingress",
                     f"service-{NAME}.yaml").read_text()
    return service[service.index("  selector:"):].split("app: ")[1].split("\n")[0]


def test_from_the_first_revision_through_a_canary_to_the_next(w):
    """Created, a canary beside it, traffic there, back, there again, the first one removed, imported, destroyed."""
    first = ["deployment-%s.yaml", "horizontalpodautoscaler-%s.yaml", "role-%s.yaml",
             "rolebinding-%s.yaml", "service-%s.yaml", "serviceaccount-%s.yaml"]
    first = [f % NAME for f in first]
    beside = [f"deployment-{NAME}-1-31.yaml", f"horizontalpodautoscaler-{NAME}-1-31.yaml"]
    write(w, {"default": installation("1.30.3", True)})
    w.apply()
    equal(files(w), sorted(first), "the chart's own names")
    equal(selector(w), NAME, "selector")
    account = w.path("clusters", "east", "namespaces", "istio-ingress", f"serviceaccount-{NAME}.yaml")
    w.no_changes()

    w.write("values.yaml", json.dumps({"autoscaling": {"minReplicas": 2}, "revision": "1-30", "service":
                                       {"annotations": {"example.com/lb": "internal"}}}))
    w.no_changes()
    for active in (False, True, False):
        write(w, {"default": installation("1.30.3", not active), "1-31": canary(active)})
        w.apply()
        equal(files(w), sorted(first + beside), "files")
        equal(selector(w), f"{NAME}-1-31" if active else NAME, "selector")
        equal(w.state()["services"][SERVICE]["active"], {"east": "1-31" if active else "default"},
              "active")
        w.no_changes()
    true("revision: default" in account.read_text(), account.read_text())

    write(w, {"1-31": canary(True)})
    w.apply()
    gone = {f"deployment-{NAME}.yaml", f"horizontalpodautoscaler-{NAME}.yaml"}
    equal(files(w), sorted((set(first) - gone) | set(beside)), "files")
    true("revision: 1-31" in account.read_text(), account.read_text())
    w.no_changes()

    w.run("state", "rm", ADDRESS)
    w.run("import", "-no-color", ADDRESS, ID)
    w.no_changes()
    w.destroy()
    equal(files(w), [], "files")


def test_the_example_is_installed_and_imported_as_values(w):
    """Into a configuration that is written for it; each cluster has its own canary."""
    w.use({"cluster1": {}, "cluster2": {}}, 'installer = "direct"\n')
    for name in ("main.tf", "values.yaml"):
        text = (EXAMPLE / name).read_text()
        w.write(name, text[text.index('resource "'):] if name == "main.tf" else text)
    w.apply()
    address = "glm_gateway_lifecycle_manager.chart"
    equal(w.state(address)["services"][SERVICE]["active"], {"cluster1": "1-31", "cluster2": "default"},
          "active")
    w.run("state", "rm", address)
    w.main(f'import {{\n  to = {address}\n  id = "{ID}"\n}}\n')
    w.plan_generated().has("1 to import, 0 to add, 0 to change")
    text = w.path("generated.tf").read_text()
    true("gateway_chart_values = jsonencode({" in " ".join(text.split()), text)
    w.apply()
    w.no_changes()


def test_a_file_that_is_edited_by_hand_is_put_back(w):
    """As of the other form."""
    write(w, {"default": installation("1.30.3", True)})
    w.apply()
    path = w.path("clusters", "east", "namespaces", "istio-ingress",
                  f"horizontalpodautoscaler-{NAME}.yaml")
    w.edit(path, "minReplicas: 2", "minReplicas: 3")
    equal(w.change()["actions"], ["update"], "actions")
    w.apply()
    true("minReplicas: 2" in path.read_text(), path.read_text())
    w.no_changes()


def test_what_does_not_go_is_refused_at_plan(w):
    """Another installer, another minor version in place, another label, another form."""
    write(w, {"default": installation("1.30.3", True)}, "istio_operator")
    w.plan(code=1).has('installer "istio_operator"', "does not take gateway_chart_values",
                       'installer = "direct"')
    write(w, {"1-30": installation("1.30.3", True)})
    w.apply()
    before = w.tree("east")
    write(w, {"1-30": installation("1.31.0", True)})
    w.plan(code=1).has("A new minor version needs a canary upgrade", 'gateway_chart_values = file("1-31.yaml")')
    write(w, {"1-30": installation("1.30.3", True)})
    w.write("values.yaml", VALUES + "labels: {istio: other}\n")
    w.plan(code=1).has("Changed labels of a gateway need a canary upgrade")
    write(w, {"1-30": {"clusters": {"east": {}}}})
    w.plan(code=1).has("Nothing to install")
    write(w, {"1-30": installation("1.30.3", True)})
    w.write("values.yaml", VALUES + "autoscalling: {}\n")
    w.plan(code=1).has("Unknown key", "Line 6", "autoscaling")
    equal(w.tree("east"), before, "files")


def test_values_that_are_not_known_at_plan_are_installed(w):
    """Beside a canary, whose account depends on them."""
    write(w, {"default": installation("1.30.3", True, gateway_chart_values=HCL(
        "terraform_data.u.output")), "1-31": canary(False)})
    w.path("main.tf").write_text(w.path("main.tf").read_text() + (
        'resource "terraform_data" "u" {\n  input = file("values.yaml")\n}\n'))
    w.plan()
    w.apply()
    true(f"serviceaccount-{NAME}.yaml" in files(w), files(w))
    w.no_changes()


def test_a_gateway_that_two_resources_make_is_refused_by_the_name_of_its_attribute(w):
    """One of them makes it; what the other has to change are its values."""
    write(w, {"default": installation("1.30.3", True)})
    other = {"name": "other", "namespace": "istio-ingress", "installations": {
        "default": installation("1.30.3", True, gateway_chart_values=json.dumps({"name": NAME}))}}
    w.path("main.tf").write_text(w.path("main.tf").read_text() + block(other, label="other"))
    w.apply(code=1).has("A gateway has an owner already", "another name in gateway_chart_values")
