# SPDX-License-Identifier: Apache-2.0
"""The installer "direct" in directories: manifests that are ready to be applied."""
import json

from harness import INGRESS, equal, resource, true

DIRECT = 'installer = "direct"\n'
OWN = {"gloo-mesh-gateways": {
    "deployment-istio-ingressgateway-1-24.yaml",
    "horizontalpodautoscaler-istio-ingressgateway-1-24.yaml",
    "poddisruptionbudget-istio-ingressgateway-1-24.yaml",
    "role-istio-ingressgateway-1-24-sds.yaml",
    "rolebinding-istio-ingressgateway-1-24-sds.yaml",
    "service-istio-ingressgateway.yaml",
    "serviceaccount-istio-ingressgateway-1-24-service-account.yaml",
}}


def one(w, installations=None, tag=None):
    w.fixture("ingress.yaml")
    if tag:
        w.edit(w.path("ingress.yaml"), "tag: 1.24.1", f"tag: {tag}")
    w.use({"east": {}, "west": {}}, DIRECT)
    w.main(resource(installations or {"1-24": {"east": True, "west": True}}))


def paths(namespaces=OWN):
    return ["cluster/namespace-gloo-mesh-gateways.yaml"] + sorted(
        f"namespaces/{ns}/{name}" for ns, names in namespaces.items() for name in names)


def test_a_directory_gets_every_object_of_the_gateway_and_no_istiooperator(w):
    """Ready manifests: no IstioOperator, and not its namespace either."""
    one(w)
    w.apply()
    for cluster in ("east", "west"):
        equal(w.cluster_files(cluster), paths(), cluster)
    state = w.state()
    equal(state["status"]["clusters"]["east"]["installations"]["1-24"]["state"], "INSTALL_PENDING",
          "state")
    for _ in range(3):
        w.no_changes()


def test_objects_shows_each_of_them_once_and_services_the_active_one(w):
    """Each under its own name; what a cluster has of its own stands beside it."""
    one(w)
    w.apply()
    state = w.state()
    equal(sorted(state["objects"]["1-24"]), [
        "Deployment gloo-mesh-gateways/istio-ingressgateway-1-24",
        "HorizontalPodAutoscaler gloo-mesh-gateways/istio-ingressgateway-1-24",
        "PodDisruptionBudget gloo-mesh-gateways/istio-ingressgateway-1-24",
        "Role gloo-mesh-gateways/istio-ingressgateway-1-24-sds",
        "RoleBinding gloo-mesh-gateways/istio-ingressgateway-1-24-sds",
        "ServiceAccount gloo-mesh-gateways/istio-ingressgateway-1-24-service-account",
    ], "objects")
    own = state["objects"]["1-24"]["Deployment gloo-mesh-gateways/istio-ingressgateway-1-24"]
    true("spec.template.spec.containers[istio-proxy].env[TRUST_DOMAIN].value" in
         own["per_cluster"]["east"], own["per_cluster"]["east"])
    equal(state["services"]["gloo-mesh-gateways/istio-ingressgateway"]["active"],
          {"east": "1-24", "west": "1-24"}, "active")


def test_a_new_tag_changes_image_and_version_and_nothing_else(w):
    """In place: the same files, of which only what says the version is another."""
    one(w)
    w.apply()
    before = w.tree("east")
    w.edit(w.path("ingress.yaml"), "tag: 1.24.1", "tag: 1.24.6")
    w.apply()
    after = w.tree("east")
    equal(sorted(before), sorted(after), "files")
    deployment = w.path("clusters", "east", "namespaces", "gloo-mesh-gateways",
                        "deployment-istio-ingressgateway-1-24.yaml").read_text()
    true("image: example.com/istio/proxyv2:1.24.6" in deployment, deployment)
    true("helm.sh/chart: istio-ingress-1.24.6" in deployment, deployment)
    equal(before["cluster/namespace-gloo-mesh-gateways.yaml"],
          after["cluster/namespace-gloo-mesh-gateways.yaml"], "Namespace")
    w.no_changes()


def test_what_is_no_longer_rendered_is_removed(w):
    """An autoscaler that is switched off, and the number of pods in its place."""
    one(w)
    w.apply()
    path = w.path("ingress.yaml")
    path.write_text(path.read_text() + "values:\n  gateways:\n    istio-ingressgateway:\n"
                                       "      autoscaleEnabled: false\n      replicaCount: 3\n")
    w.apply()
    files = w.cluster_files("east")
    true(not any("horizontalpodautoscaler" in name for name in files), files)
    deployment = w.path("clusters", "east", "namespaces", "gloo-mesh-gateways",
                        "deployment-istio-ingressgateway-1-24.yaml").read_text()
    true("replicas: 3" in deployment, deployment)
    w.no_changes()


def test_a_canary_is_switched_to_and_the_old_revision_removed(w):
    """Two revisions side by side, one Service; then one revision."""
    one(w)
    w.apply()
    w.write("canary.yaml", w.path("ingress.yaml").read_text().replace("1.24.1", "1.25.2"))
    both = ('file("canary.yaml")', "")
    w.main(resource({"1-24": {"east": True, "west": True},
                     "1-25": ({"east": False, "west": False}, *both)}))
    w.apply()
    files = w.cluster_files("east")
    for revision in ("1-24", "1-25"):
        true(f"namespaces/gloo-mesh-gateways/deployment-istio-ingressgateway-{revision}.yaml" in files,
             files)
    service = w.service_file("east")
    true("revision: 1-24" in service.read_text(), service.read_text())
    w.main(resource({"1-24": {"east": False, "west": True},
                     "1-25": ({"east": True, "west": False}, *both)}))
    w.apply()
    true("revision: 1-25" in service.read_text(), service.read_text())
    true("revision: 1-24" in w.service_file("west").read_text(), "west")
    w.main(resource({"1-25": ({"east": True, "west": True}, *both)}))
    w.apply()
    equal([name for name in w.cluster_files("east") if "1-24" in name], [], "what is left of 1-24")
    w.no_changes()


def test_destroy_leaves_the_namespaces_alone(w):
    """Namespaces are shared, so they stay."""
    one(w)
    w.apply()
    w.destroy()
    equal(w.cluster_files("east"), ["cluster/namespace-gloo-mesh-gateways.yaml"], "east")


def test_an_edit_of_any_file_is_drift_and_is_mended(w):
    """Every kind, one after another; each edit is shown where it is, and only there."""
    one(w, {"1-24": {"east": True}})
    w.apply()
    edits = {
        "deployment-istio-ingressgateway-1-24.yaml": ("imagePullPolicy", None),
        "horizontalpodautoscaler-istio-ingressgateway-1-24.yaml": ("maxReplicas: 5", "maxReplicas: 9"),
        "poddisruptionbudget-istio-ingressgateway-1-24.yaml": ("minAvailable: 1", "minAvailable: 2"),
        "role-istio-ingressgateway-1-24-sds.yaml": ("- watch", "- update"),
        "rolebinding-istio-ingressgateway-1-24-sds.yaml": ("name: istio-ingressgateway-1-24-service-account",
                                                            "name: somebody"),
        "serviceaccount-istio-ingressgateway-1-24-service-account.yaml": ("istio: ingressgateway",
                                                                           "istio: other"),
        "service-istio-ingressgateway.yaml": ("port: 80", "port: 81"),
    }
    edits["deployment-istio-ingressgateway-1-24.yaml"] = ("maxSurge: 100%", "maxSurge: 50%")
    for name, (old, new) in edits.items():
        path = w.path("clusters", "east", "namespaces", "gloo-mesh-gateways", name)
        was = path.read_text()
        w.edit(path, old, new)
        w.plan("-detailed-exitcode", code=2)
        w.apply()
        equal(path.read_text(), was, name)
        w.no_changes()


def test_a_file_that_is_gone_is_written_again(w):
    """A ServiceAccount that somebody has removed."""
    one(w, {"1-24": {"east": True}})
    w.apply()
    path = w.path("clusters", "east", "namespaces", "gloo-mesh-gateways",
                  "serviceaccount-istio-ingressgateway-1-24-service-account.yaml")
    was = path.read_text()
    path.unlink()
    w.apply()
    equal(path.read_text(), was, path.name)
    w.no_changes()


def test_of_many_files_that_are_gone_twenty_are_named(w):
    """The others are counted; one is left in each directory, which is no empty one."""
    names = [f"c{i}" for i in range(1, 6)]
    one(w, {"1-24": {name: True for name in names}})
    w.use({name: {} for name in names}, DIRECT)
    w.apply()
    for name in names:
        for path in sorted(w.path("clusters", name, "namespaces").rglob("*.yaml"))[1:]:
            path.unlink()
    out = w.plan().has("Objects were gone (istio-ingressgateway in c1 and 4 more)", "and 10 more")
    equal(out.text.count(" was gone"), 20, out.text)
    w.apply()
    w.no_changes().lacks("was gone", "were gone")


def test_an_import_finds_every_object_and_the_next_plan_is_empty(w):
    """By the annotation of the Deployment, and the owner labels of the others."""
    one(w)
    w.apply()
    before = w.state()
    w.run("state", "rm", INGRESS)
    w.run("import", INGRESS, "gloo-mesh/istio-ingressgateway")
    w.no_changes()
    equal(w.state()["objects"], before["objects"], "objects")
    w.destroy()
    equal(w.cluster_files("west"), ["cluster/namespace-gloo-mesh-gateways.yaml"], "west")


def test_without_a_version_the_way_to_say_one_is_told(w):
    """A tag that begins with no version; the installation's own attribute says it."""
    one(w, tag="latest")
    w.apply(code=1).has("No version of Istio", 'istio_version = "')
    equal(w.path("clusters").exists(), False, "anything was written")
    w.main(resource({"1-24": ({"east": True}, None, '      istio_version = "1.24.6"')}))
    w.apply()
    true("helm.sh/chart: istio-ingress-1.24.6" in w.path(
        "clusters", "east", "namespaces", "gloo-mesh-gateways",
        "deployment-istio-ingressgateway-1-24.yaml").read_text(), "the version of the charts")
    w.no_changes()


def test_a_version_that_is_not_known_is_refused_with_the_way_around(w):
    """Newer than the newest, and older than the oldest."""
    one(w, {"1-99": {"east": True}}, tag="1.99.0")
    w.plan(code=1).has("A version of Istio that is not known yet", 'istio_version = "1.31"')
    w.main(resource({"1-99": ({"east": True}, None, '      istio_version = "1.31"')}))
    w.apply()
    w.edit(w.path("ingress.yaml"), "tag: 1.99.0", "tag: 1.20.0")
    w.main(resource({"1-20": {"east": True}}))
    w.plan(code=1).has("A version of Istio that is too old", "1.22 to 1.31")


def test_what_an_upgrade_changes_shows_in_the_plan(w):
    """Offline, field by field: only the version is another."""
    one(w, tag="1.29.6")
    w.main(resource({"1-29": ({"east": True}, None, "      skip_upgrade_validation = true")}))
    w.apply()
    w.edit(w.path("ingress.yaml"), "tag: 1.29.6", "tag: 1.31.0")
    plan = w.plan()
    plan.has("proxyv2:1.31.0")
    change = w.change()
    before, after = (json.loads(change[side]["objects"]["1-29"][
        "Deployment gloo-mesh-gateways/istio-ingressgateway-1-29"]["manifest"])
        for side in ("before", "after"))
    equal(before["spec"]["selector"], after["spec"]["selector"], "the selector")
    w.apply()
    w.no_changes()


def test_no_two_resources_make_the_same_gateway_in_a_directory(w):
    """One of them with an IstioOperator, the other with the gateway's own objects."""
    one(w, {"1-24": {"east": True}})
    w.use({"east": {"directory": "./shared"}})
    w.apply()
    w.run("state", "rm", INGRESS)
    w.use({"east": {"directory": "./shared"}}, DIRECT)
    w.main(resource({"1-24": {"east": False}}, label="second").replace(
        'name = "istio-ingressgateway"', 'name = "istio-ingressgateway"\n  namespace = "other"'))
    w.apply(code=1).has("A gateway has an owner already", "istio-ingressgateway-1-24")


def test_the_charts_own_service_is_not_given_up_without_a_word(w):
    """It goes when the gateway gets one that is switched between revisions."""
    one(w)
    path = w.path("ingress.yaml")
    text = path.read_text()
    path.write_text(text[:text.index("      k8s:")])
    w.apply()
    name = "namespaces/gloo-mesh-gateways/service-istio-ingressgateway-1-24.yaml"
    true(name in w.cluster_files("east"), w.cluster_files("east"))
    path.write_text(text)
    w.plan().has("Services of the gateway chart go",
                 "east: Service gloo-mesh-gateways/istio-ingressgateway-1-24",
                 "leave k8s.service out")
    w.apply()
    equal(w.cluster_files("east"), paths(), "files")
    w.edit(path, "tag: 1.24.1", "tag: 1.24.2")
    w.plan().lacks("Services of the gateway chart go")
