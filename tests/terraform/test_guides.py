# SPDX-License-Identifier: Apache-2.0
"""The guides in docs/guides, walked through as written, in a copy of their examples."""
import re

from guides import EXAMPLES, GUIDES, ROOT, Moved, Walk, quoted
from harness import HERE, equal, true


def test_the_guide_to_a_canary_upgrade(w):
    """Every plan in it is what terraform prints."""
    Walk(w, "canary-upgrade").go()
    equal(w.cluster_files("cluster1"), w.cluster_files("cluster2"), "files")
    true(w.operator_file("cluster1", revision="1-24").exists(), "the new revision")
    true(not w.operator_file("cluster1", revision="1-23").exists(), "the old revision is gone")
    true("revision: 1-24" in w.service_file("cluster1").read_text(), "selector")


def test_the_guide_to_a_rollback(w):
    """Back to the old revision, and the new one removed."""
    Walk(w, "rollback").go()
    for cluster in ("cluster1", "cluster2"):
        true("revision: 1-23" in w.service_file(cluster).read_text(), "selector")
        true(not w.operator_file(cluster, revision="1-24").exists(), "the new revision is gone")


def test_the_guide_to_a_patch_in_place(w):
    """One field in each cluster."""
    Walk(w, "patch-in-place").go()
    for cluster in ("cluster1", "cluster2"):
        true("tag: 1.24.2" in w.operator_file(cluster).read_text(), f"tag in {cluster}")


def test_the_guide_from_gloo(w):
    """Beside Gloo's gateways, with their Service, and without Gloo's in the end."""
    walk = Walk(w, "from-gloo")
    gloo = {c: w.cluster_files(c) for c in ("cluster1", "cluster2")}
    walk.go()
    for cluster, before in gloo.items():
        service = w.service_file(cluster).read_text()
        true("revision: 1-23-tf" in service and "terraform-provider-glm" in service, service)
        equal([name for name in before if name not in w.cluster_files(cluster)],
              ["namespaces/gm-iop-1-23/istiooperator-istio-ingressgateway.yaml"], "removed")
    w.destroy()


def test_the_guide_to_a_preview_of_an_upgrade(w):
    """It says what the next version changes, and nothing is done about it."""
    Walk(w, "preview-an-istio-upgrade").go()
    for cluster in ("cluster1", "cluster2"):
        files = w.cluster_files(cluster)
        true(any("deployment" in name for name in files), files)
        true(not any("poddisruptionbudget" in name for name in files), files)
    refused = w.plan("-var", 'revisions={"1-29"="1.31.0"}', code=1)
    refused.has("A new minor version needs a canary upgrade")


def test_the_guide_from_the_operator_to_direct(w):
    """Manifests in the place of IstioOperators, the Service as it was; and back."""
    walk = Walk(w, "from-the-operator-to-direct")
    walk.go()
    for cluster in ("cluster1", "cluster2"):
        files = w.cluster_files(cluster)
        true(not any("istiooperator" in name for name in files), files)
        true(any("deployment" in name for name in files), files)
        true("revision: 1-23" in w.service_file(cluster).read_text(), "selector")
    w.write("terraform.tfvars", (walk.folder / "steps/1-start.tfvars").read_text())
    w.apply()
    w.no_changes()
    for cluster in ("cluster1", "cluster2"):
        true(not any("deployment" in name for name in w.cluster_files(cluster)), "the way back")


def test_the_guide_from_kubectl_manifest(w):
    """Nothing is written by the move, and the first change makes the IstioOperators ours."""
    walk = Moved(w, "from-kubectl-manifest")
    at = [kind for kind, _, _ in walk.marks].index("plan") + 1
    files = {c: w.tree(c) for c in ("cluster1", "cluster2")}
    walk.marks, rest = walk.marks[:at], walk.marks[at:]
    walk.go()
    equal({c: w.tree(c) for c in files}, files, "files")
    walk.marks = rest
    walk.go()
    for cluster in files:
        text = w.operator_file(cluster, "ingress", "").read_text()
        true("tag: 1.23.6" in text and "terraform-provider-glm/name: ingress" in text, text)


def test_the_guide_to_east_west_gateways(w):
    """Each cluster is of its own network, wherever that has to be said."""
    Walk(w, "east-west-gateways").go()
    for number in "12":
        cluster = f"cluster{number}"
        text = "".join(w.path("clusters", cluster, name).read_text()
                       for name in w.cluster_files(cluster))
        true(f"topology.istio.io/network: network{number}" in text, text)
        true(f"network{3 - int(number)}" not in text, text)
    w.edit(w.path("terraform.tfvars"), "network2", "network3")
    w.plan(code=1).has("Changed labels of a gateway need a canary upgrade")


def test_the_page_on_plans(w):
    """Every plan in it is what terraform prints."""
    Walk(w, "docs/plans.md", "examples/plans").go()


def test_the_plan_in_the_readme(w):
    """Of the configuration there, with a trust domain."""
    text = (ROOT / "README.md").read_text()
    configuration, = re.findall(r"(?s)```hcl\n(provider [^`]*\nresource .*?)```", text)
    plan, = re.findall(r"(?s)```\n(      ~ .*?)```", text)
    w.provider("")
    w.write("ingress.yaml", (ROOT / "examples/quickstart/ingress.yaml").read_text())
    w.main(configuration)
    w.apply()
    w.edit(w.path("main.tf"), "east = { active_gateway = true }",
           'east = { active_gateway = true, trust_domain = "mesh.example" }')
    quoted(plan, w.plan().text, "README.md")


def test_every_guide_is_walked(_):
    """None without an example, none without a test, in files and in real clusters."""
    guides = sorted(path.stem for path in GUIDES.glob("*.md"))
    equal(guides, sorted(path.name for path in EXAMPLES.iterdir()), "examples of the guides")
    files = (HERE / "test_guides.py").read_text()
    live = "".join(path.read_text() for path in (HERE.parent / "cluster").glob("test_guides*.py"))
    for name in guides:
        true(re.search(rf'(Walk|Moved)\(w, "{name}"\)', files), f"{name}.md is not walked")
        true(f'Live(w, "{name}")' in live, f"{name}.md is not walked in real clusters")
