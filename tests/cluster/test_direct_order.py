# SPDX-License-Identifier: Apache-2.0
"""In which order objects are written, and that all of them are tried before: a refusal writes
nothing."""
import direct
import gateways as g
import objects
from direct import LIVE, REVISION
from gateways import GATEWAY, GATEWAYS, equal, true
from policies import refusing
from workspace import one_cluster

OPERATOR = "none"
ACCOUNT, SDS = f"{LIVE}-service-account", f"{LIVE}-sds"
ORDER = [f"patch serviceaccounts {ACCOUNT}", f"patch roles {SDS}", f"patch rolebindings {SDS}",
         f"patch deployments {LIVE}", f"patch horizontalpodautoscalers {LIVE}",
         f"patch poddisruptionbudgets {LIVE}", f"patch networkpolicies {LIVE}-{REVISION}"]
TRAFFIC = f"patch services {GATEWAY}"
NO = "gateways need a change ticket here"


def autoscaler(namespace="default"):
    return objects.thing("HorizontalPodAutoscaler", "probe", namespace, spec={
        "maxReplicas": 1, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment",
                                             "name": "probe"}})


def rehearsed_first(asked):
    """Every write was tried, and every trial came before the first real write. Gives the writes."""
    dry = [what for how, what in asked if how == "dry"]
    real = [what for how, what in asked if how == "real"]
    equal(sorted(dry), sorted(set(dry)), "each is tried once")
    equal(set(real) - set(dry), set(), "each is tried")
    equal([how for how, _ in asked], ["dry"] * len(dry) + ["real"] * len(real), "trials first")
    return real


@one_cluster
def test_all_is_tried_before_the_first_write_and_written_in_order(w, estate):
    """What Pods stand on, the gateway, what goes with it; the Service when it is ready."""
    cluster = estate.clusters[0]
    cluster.namespace(GATEWAYS)
    direct.one(w, edit=[direct.EVERY_KIND])
    mark = cluster.mark()
    w.apply()
    direct.healthy(w)
    equal(rehearsed_first(direct.asked(cluster, mark)), [*ORDER, TRAFFIC], "order")


@one_cluster
def test_in_a_new_namespace_all_is_tried_once_it_is_there(w, estate):
    """The Namespace is the only thing that is written untried."""
    direct.one(w, edit=[direct.EVERY_KIND])
    cluster = estate.clusters[0]
    mark = cluster.mark()
    w.apply()
    asked = direct.asked(cluster, mark)
    first = next(at for at, (how, what) in enumerate(asked)
                 if how == "real" and what.endswith(f" namespaces {GATEWAYS}"))
    equal(rehearsed_first(asked[:first] + asked[first + 1:]), [*ORDER, TRAFFIC], "order")


@one_cluster
def test_a_refusal_at_a_create_writes_nothing(w, estate):
    """The policy's own words are the error; when it is gone, the next apply installs."""
    cluster = estate.clusters[0]
    cluster.namespace(GATEWAYS)
    direct.one(w)
    with refusing(cluster, autoscaler(), NO):
        mark = cluster.mark()
        w.apply(code=1).has(NO, "HorizontalPodAutoscaler", f'"{cluster.name}"')
        equal(direct.written(cluster, mark), [], "writes")
        equal(direct.left(cluster), [], "made")
    if w.state() is not None:
        w.run("untaint", g.INGRESS)
    w.apply()
    direct.healthy(w)
    w.no_changes()


@one_cluster
def test_a_refusal_in_a_new_namespace_leaves_the_namespace_alone(w, estate):
    """Nothing can be tried in a Namespace that is not there."""
    cluster = estate.clusters[0]
    direct.one(w)
    with refusing(cluster, autoscaler(), NO):
        w.apply(code=1).has(NO, f'"{cluster.name}"')
        true(cluster.get("Namespace", GATEWAYS), "the Namespace")
        equal(direct.left(cluster), [], "made")


@one_cluster
def test_a_refusal_at_an_update_leaves_the_gateway_as_it_is(w, _):
    """Deployment and Service change, the autoscaler is refused: none of them is written."""
    cluster = direct.one_healthy(w)
    before = direct.versions(cluster)
    other = [("hub: example.com/istio", "hub: elsewhere.example.com"), ("port: 80\n", "port: 8000\n")]
    more = ("profile: empty\n", "profile: empty\nvalues:\n  gateways:\n    istio-ingressgateway:\n"
            "      autoscaleMax: 9\n")
    direct.one(w, edit=[*other, more])
    with refusing(cluster, autoscaler(), NO):
        mark = cluster.mark()
        w.apply(code=1).has(NO, f'"{cluster.name}"')
        equal(direct.written(cluster, mark), [], "writes")
        equal(direct.versions(cluster), before, "objects")
    w.apply().has("0 added, 1 changed, 0 destroyed")
    direct.healthy(w)
    equal(cluster.get("HorizontalPodAutoscaler", LIVE, GATEWAYS)["spec"]["maxReplicas"], 9, "the change")
    w.no_changes()


def test_a_refusal_in_one_cluster_leaves_the_others_to_go_on(w, estate):
    """They are installed and HEALTHY; the next apply touches only what is left."""
    first, *others = estate.clusters
    direct.ingress(w)
    with refusing(first, autoscaler(), NO):
        w.apply(code=1).has(NO, f'"{first.name}"')
    equal(g.states(w, revision=REVISION), {**g.everywhere(w), first.name: "FAILED"}, "states")
    before = {c.name: direct.versions(c) for c in others}
    w.run("untaint", g.INGRESS)
    mark = estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    direct.healthy(w)
    equal({c.name: direct.versions(c) for c in others}, before, "objects of the others")
    equal({name: bool(lines) for name, lines in g.writes(estate, mark).items()},
          {c.name: c is first for c in estate}, "writes")
    w.no_changes()


@one_cluster
def test_each_changed_object_is_one_trial_and_one_write(w, _):
    """Of what is unchanged nothing is asked. The account carries what it was made of, so that not even the
    generation of the Deployment rises."""
    cluster = direct.one_healthy(w)
    before, pods = direct.deployment(cluster), direct.pods(cluster)
    direct.one(w, edit=[("port: 443\n", "port: 8443\n")])
    mark = cluster.mark()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    asked = direct.asked(cluster, mark)
    equal(rehearsed_first(asked), [f"patch serviceaccounts {LIVE}-service-account", TRAFFIC],
          "writes")
    equal(len(asked), 4, f"requests: {asked}")
    after = direct.deployment(cluster)
    equal(after["metadata"]["generation"], before["metadata"]["generation"], "generation")
    equal(after["spec"], before["spec"], "spec")
    equal(direct.pods(cluster), pods, "Pods")


@one_cluster
def test_a_service_of_the_chart_is_made_with_the_gateway(w, estate):
    """Without k8s.service in the specification, and in its place in the order."""
    cluster = estate.clusters[0]
    cluster.namespace(GATEWAYS)
    direct.one(w)
    spec = w.path("ingress.yaml").read_text()
    w.write("ingress.yaml", spec[:spec.index("      k8s:\n")])
    mark = cluster.mark()
    w.apply()
    direct.healthy(w)
    equal(rehearsed_first(direct.asked(cluster, mark)),
          [*ORDER[:5], f"patch services {LIVE}"], "order")
    true(cluster.ready_endpoints(LIVE, GATEWAYS), "endpoints")
    w.no_changes()
    w.destroy()
    equal(direct.left(cluster), [], "left")
