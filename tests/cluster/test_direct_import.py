# SPDX-License-Identifier: Apache-2.0
"""Import and adoption in clusters without an operator: of what was ours, and of what never was."""
import direct
import gateways as g
import objects
from direct import LIVE, REVISION
from gateways import GATEWAY, GATEWAYS, equal, true
from test_import import ID, IMPORT, forget
from workspace import harness, one_cluster, whole

OPERATOR = "none"


def test_an_import_into_an_empty_state_changes_nothing(w, estate):
    """By id, of all clusters; the apply afterwards writes nothing."""
    direct.ingress(w)
    w.apply()
    before = w.state()
    forget(w)
    w.run("import", "-no-color", g.INGRESS, ID)
    after = w.state()
    for attribute in ("id", *whole.shown(before), "status"):
        equal(harness.differences(before[attribute], after[attribute]), {}, attribute)
    w.no_changes()
    mark = estate.marks()
    w.apply().has("0 added, 0 changed, 0 destroyed")
    g.silent(estate, mark)


def test_generated_configuration_of_both_examples_changes_nothing(w, estate):
    """An import block with -generate-config-out: it plans to import and nothing else."""
    direct.both(w)
    w.apply()
    forget(w)
    w.main(f'import {{\n  to = {g.INGRESS}\n  id = "{ID}"\n}}\n'
           f'import {{\n  to = {g.EGRESS}\n  id = "gloo-mesh/istio-egressgateway"\n}}\n')
    w.plan_generated().has("2 to import, 0 to add, 0 to change, 0 to destroy")
    mark = estate.marks()
    w.apply().has("2 imported, 0 added, 0 changed, 0 destroyed")
    g.silent(estate, mark)
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_an_import_of_every_kind_and_then_destroy_leaves_nothing(w, _):
    """What the imported resource owns is all that was made."""
    cluster = direct.one_healthy(w, edit=[direct.EVERY_KIND])
    forget(w)
    w.main(IMPORT)
    w.plan_generated().has("1 to import, 0 to add, 0 to change, 0 to destroy")
    w.apply().has("1 imported")
    w.no_changes()
    w.destroy()
    equal(direct.left(cluster), [], f"left in {cluster.name}")


@one_cluster
def test_a_create_refuses_what_is_there_before_it_writes(w, estate):
    """Even what was ours, when the state is lost: it says what to paste; adoption takes it over."""
    cluster = direct.one_healthy(w)
    before = direct.versions(cluster)
    forget(w)
    mark = estate.marks()
    w.apply(code=1).has("Objects are already there", LIVE, "import {", "adopt_existing")
    g.silent(estate, mark)
    direct.one(w, extra="  adopt_existing = true")
    w.apply().has("1 added")
    equal(direct.versions(cluster), before, "objects")
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_one_foreign_object_of_any_kind_is_in_the_way(w, estate):
    """Each is named at once, and nothing is written."""
    cluster = estate.clusters[0]
    cluster.namespace(GATEWAYS)
    cluster.apply(objects.thing("ServiceAccount", f"{LIVE}-service-account", GATEWAYS))
    cluster.apply(objects.thing("Role", f"{LIVE}-sds", GATEWAYS, rules=[]))
    direct.one(w)
    mark = cluster.mark()
    w.apply(code=1).has("Objects are already there", f"{LIVE}-service-account", f"{LIVE}-sds",
                        "adopt_existing")
    equal(direct.written(cluster, mark), [], "writes")
    direct.one(w, extra="  adopt_existing = true")
    w.apply().has("1 added")
    direct.healthy(w)
    w.no_changes()


def of_helm(revision=REVISION):
    """The Deployment that Istio's `gateway` chart makes: injected, and under Helm's labels."""
    labels = {"app": GATEWAY, "istio": "ingressgateway"}
    return objects.thing("Deployment", f"{GATEWAY}-{revision}", GATEWAYS, {
        **labels, "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "gateway-1.30.3",
        "app.kubernetes.io/name": GATEWAY}, {"meta.helm.sh/release-name": GATEWAY}, spec={
            "selector": {"matchLabels": labels}, "template": {
                "metadata": {"labels": {**labels, "sidecar.istio.io/inject": "true"}},
                "spec": {"containers": [{"name": "istio-proxy", "image": "auto"}]}}})


@one_cluster
def test_a_gateway_of_helms_chart_is_refused_by_name(w, estate):
    """With adopt_existing too: it is another renderer's, with another selector."""
    cluster = estate.clusters[0]
    cluster.namespace(GATEWAYS)
    cluster.apply(of_helm())
    before = direct.deployment(cluster)["metadata"]["generation"]
    for extra in ("", "  adopt_existing = true"):
        direct.one(w, extra=extra)
        mark = cluster.mark()
        w.apply(code=1).has(LIVE, "gateway-1.30.3", "Helm")
        equal(direct.written(cluster, mark), [], "writes")
    equal(direct.deployment(cluster)["metadata"]["generation"], before, "generation")
    w.main(IMPORT)
    w.plan("-generate-config-out=generated.tf", code=1)
    true(not w.path("generated.tf").exists(), "nothing to import")
