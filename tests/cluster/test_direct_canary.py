# SPDX-License-Identifier: Apache-2.0
"""A canary upgrade from Istio 1.30 to 1.31 without an operator: no request is ever without a gateway
to go to."""
import direct
import gateways as g
from direct import LIVE, NEXT, REVISION
from gateways import GATEWAY, GATEWAYS, equal, true
from process import wait_until
from walks import Traffic, revisions
from workspace import one_cluster

OPERATOR = "none"
SWITCH = f"patch services {GATEWAY}"
NEW = f"{GATEWAY}-{NEXT}"


# Beside a switch: what each was made of, on its account, of which nobody takes notice.
NOTES = [f"patch serviceaccounts {LIVE}-service-account",
         f"patch serviceaccounts {NEW}-service-account"]


def gateway(verb, name):
    """The writes of a whole gateway, in order."""
    return [f"{verb} {what}" for what in (
        f"serviceaccounts {name}-service-account", f"roles {name}-sds", f"rolebindings {name}-sds",
        f"deployments {name}", f"horizontalpodautoscalers {name}")]


def equal_steps(written, *stages):
    """What was written in each cluster is these stages, one after the other."""
    for name, lines in written.items():
        for stage in stages:
            equal(sorted(lines[:len(stage)]), sorted(stage), f"written in {name}")
            lines = lines[len(stage):]
        equal(lines, [], f"written in {name} besides")


def installed(w, wanted=None, **rest):
    """The old revision, active and healthy."""
    w.connect(extra=direct.INSTALLER)
    revisions(w, wanted or {REVISION: True}, **rest)
    w.apply().has("1 added")
    for cluster in w.estate:
        wait_until(lambda c=cluster: c.ready_endpoints(GATEWAY, GATEWAYS), "endpoints")
    return [Traffic(cluster) for cluster in w.estate]


def step(w, wanted, traffic, *walk, **rest):
    """One edit and its apply, watched. Returns what the provider wrote, by cluster."""
    revisions(w, wanted, **rest)
    mark = w.estate.marks()
    w.apply().has("0 added, 1 changed, 0 destroyed")
    for one in traffic:
        true(one.check(*walk) > 1 or len(walk) == 1, "a switch has more than one moment")
    return {c.name: direct.written(c, since) for c, since in zip(w.estate, mark)}


def test_a_canary_walks_by_edits_forwards_and_back_and_traffic_never_stops(w, estate):
    """Beside the old one, inactive; the flip; back; forwards again; the old one removed."""
    traffic = installed(w)
    before = estate.each(direct.versions)

    written = step(w, {REVISION: True, NEXT: False}, traffic, REVISION)
    equal(written, {c.name: gateway("patch", NEW) for c in estate}, "installed, in order")
    for cluster, old in zip(estate, before):
        now = direct.versions(cluster)
        equal({key: now[key] for key in old}, old, "old objects")
        equal(direct.image(cluster, NEXT), "example.com/istio/proxyv2:1.31.0", "image")
    direct.healthy(w, NEXT)
    for wanted, walk in (({REVISION: False, NEXT: True}, (REVISION, NEXT)),
                         ({REVISION: True, NEXT: False}, (NEXT, REVISION)),
                         ({REVISION: False, NEXT: True}, (REVISION, NEXT))):
        written = step(w, wanted, traffic, *walk)
        equal_steps(written, NOTES, [SWITCH])
    written = step(w, {NEXT: True}, traffic, NEXT)
    equal_steps(written, gateway("delete", LIVE))
    for cluster in estate:
        equal(direct.left(cluster), sorted([*direct.names(NEW), f"Service {GATEWAY}"]), cluster.name)
    w.no_changes()


def test_everything_in_one_apply_and_traffic_never_stops(w, estate):
    """1-31 instead of 1-30: installed, switched to and cleared away; and back in one apply."""
    traffic = installed(w)
    uids = [g.service(c)["metadata"]["uid"] for c in estate]
    written = step(w, {NEXT: True}, traffic, REVISION, NEXT)
    equal_steps(written, gateway("patch", NEW), [SWITCH], gateway("delete", LIVE))
    direct.healthy(w, NEXT)
    step(w, {REVISION: True}, traffic, NEXT, REVISION)
    direct.healthy(w)
    equal([g.service(c)["metadata"]["uid"] for c in estate], uids, "the same Services")
    w.no_changes()
    w.destroy()
    equal(estate.each(direct.left), [[] for _ in estate], "left")


@one_cluster
def test_a_revision_that_does_not_become_ready_takes_no_traffic(w, estate):
    """The old one stays, active and untouched; repaired, the walk goes on."""
    traffic = installed(w)
    cluster = estate.clusters[0]
    before = direct.versions(cluster)
    revisions(w, {NEXT: True}, tags={NEXT: "1.31.0-missing"}, extra='  timeouts = { update = "8s" }')
    mark = cluster.mark()
    w.apply(code=1).has(NEXT, f'The traffic stays where it is: Service {GATEWAYS}/{GATEWAY} selects '
                        f'revision "{REVISION}". Nothing is removed in this cluster.',
                        "manifest unknown")
    equal(direct.written(cluster, mark), gateway("patch", NEW), "writes")
    now = direct.versions(cluster)
    equal({key: now[key] for key in before}, before, "the old objects")
    traffic[0].check(REVISION)
    equal(g.pair(w, cluster, REVISION)["state"], "UNINSTALLING_GATEWAY", "the old one is to go")
    written = step(w, {NEXT: True}, traffic, REVISION, NEXT)
    equal_steps(written, [f"patch serviceaccounts {NEW}-service-account",
                          f"patch deployments {NEW}"], [SWITCH], gateway("delete", LIVE))
    w.no_changes()


@one_cluster
def test_a_patch_level_is_raised_in_place(w, estate):
    """One write, the same objects, and traffic never stops."""
    traffic = installed(w)
    cluster = estate.clusters[0]
    uids = direct.uids(cluster)
    written = step(w, {REVISION: True}, traffic, REVISION, tags={REVISION: "1.30.4"})
    # Labels say the version of the chart.
    true(f"patch deployments {LIVE}" in written[cluster.name], f"writes: {written}")
    equal(direct.uids(cluster), uids, "objects")
    equal(direct.image(cluster), "example.com/istio/proxyv2:1.30.4", "image")
    w.no_changes()


@one_cluster
def test_a_label_that_the_selector_has_is_refused_at_plan(w, estate):
    """It is immutable: the recipe of a canary is in the error, and nothing is asked of the cluster."""
    installed(w)
    cluster = estate.clusters[0]
    before = direct.versions(cluster)
    revisions(w, {REVISION: True}, edit=[("        istio: ingressgateway\n        app",
                                          "        istio: othergateway\n        app")])
    mark = cluster.mark()
    w.plan(code=1).has("label", "canary")
    equal(direct.asked(cluster, mark), [], "writes")
    equal(direct.versions(cluster), before, "objects")


@one_cluster
def test_a_minor_version_in_place_is_refused_unless_validation_is_skipped(w, estate):
    """By the version that is rendered, at plan; with the flag it is one rollout of the same objects."""
    traffic = installed(w)
    cluster = estate.clusters[0]
    uids = direct.uids(cluster)
    revisions(w, {REVISION: True}, tags={REVISION: "1.31.0"})
    w.plan(code=1).has("1.31", "skip_upgrade_validation")
    text = w.path("main.tf").read_text()
    w.main(text.replace(f'    "{REVISION}" = {{\n', f'    "{REVISION}" = {{\n'
                        "      skip_upgrade_validation = true\n"))
    w.apply().has("0 added, 1 changed, 0 destroyed")
    traffic[0].check(REVISION)
    equal(direct.uids(cluster), uids, "objects")
    equal(direct.image(cluster), "example.com/istio/proxyv2:1.31.0", "image")
    w.no_changes()


@one_cluster
def test_the_same_tag_with_another_istio_version_is_rendered_as_that(w, _):
    """istio_version says which Istio makes the objects, whatever a tag is called."""
    cluster = direct.one(w, edit=[("tag: 1.30.3", "tag: our-build-7")],
                         more='      istio_version = "1.30.3"')
    w.apply()
    direct.healthy(w)
    labels = direct.deployment(cluster)["spec"]["template"]["metadata"]["labels"]
    equal(labels["app.kubernetes.io/version"], "1.30.3", "the version of the chart")
    equal(direct.image(cluster), "example.com/istio/proxyv2:our-build-7", "image")
    w.no_changes()
    direct.one(w, edit=[("tag: 1.30.3", "tag: our-build-7")])
    w.plan(code=1).has("istio_version")
