# SPDX-License-Identifier: Apache-2.0
"""The guides in docs/guides, walked through as written, in a copy of their examples."""
from guides import EXAMPLES, GUIDES, Walk
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


def test_every_guide_is_walked(_):
    """None without an example, none without a test, in files and in real clusters."""
    guides = sorted(path.stem for path in GUIDES.glob("*.md"))
    equal(guides, sorted(path.name for path in EXAMPLES.iterdir()), "examples of the guides")
    files = (HERE / "test_guides.py").read_text()
    live = (HERE.parent / "cluster/test_guides.py").read_text()
    for name in guides:
        true(f'Walk(w, "{name}")' in files, f"{name}.md is not walked")
        true(f'Live(w, "{name}")' in live, f"{name}.md is not walked in real clusters")
