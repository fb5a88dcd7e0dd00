# SPDX-License-Identifier: Apache-2.0
"""Credential plugins, against real API servers."""
import json

import reach
from cluster import kubeconfig
from pki import EVERYWHERE
from workspace import harness

equal, true = harness.equal, harness.true
VERSION = "client.authentication.k8s.io/v1"


def plugin(w, answer, name="glm-login"):
    """A plugin that leaves a line for each run; `answer` is shell that prints its answer."""
    return reach.program(w, name, f"#!/bin/sh\necho \"$*\" >> '{w.path('runs')}'\n{answer}\n")


def runs(w):
    """The arguments of each run."""
    path = w.path("runs")
    return path.read_text().splitlines() if path.exists() else []


def printing(token, expires=None):
    return f"cat <<'END'\n{reach.credential(token, expires)}\nEND"


def by_plugin(cluster, command="glm-login", **more):
    return reach.by_host(cluster, exec={"api_version": VERSION, "command": command, **more})


def test_a_plugin_by_its_bare_name_with_arguments(w, estate):
    """Found on PATH, and arguments with spaces and signs of the shell arrive as they are."""
    cluster = estate.cluster("cluster1")
    token = reach.credential(cluster.token())
    plugin(w, f"""test "$#" = 3 && test "$2" = 'two words; $HOME' && test -z "$3" || exit 1
cat <<'END'
{token}
END""")
    reach.one(w, by_plugin(cluster, args=["get-token", "two words; $HOME", ""]))
    reach.round_trip(w, cluster)


def test_a_plugin_has_its_environment_and_terraforms(w, estate):
    """Its own variables win."""
    cluster = estate.cluster("cluster1")
    w.env.update(GLM_TEST_SHELL="shell", GLM_TEST_BOTH="shell")
    plugin(w, f"""test "$GLM_TEST_SHELL$GLM_TEST_BOTH$GLM_TEST_OWN" = "shellplugin two words" || exit 1
{printing(cluster.token())}""")
    reach.one(w, by_plugin(cluster, env={"GLM_TEST_BOTH": "plugin", "GLM_TEST_OWN": " two words"}))
    reach.round_trip(w, cluster)


def test_a_plugin_is_told_its_cluster(w, estate):
    """provideClusterInfo of a kubeconfig: each cluster's token comes from its own server's name."""
    cases = "\n".join(f"*{c.server}*) token={c.token()} ;;" for c in estate)
    plugin(w, f"""case "$KUBERNETES_EXEC_INFO" in
{cases}
*) exit 1 ;;
esac
{printing('$token').replace("'END'", "END")}""")
    entries = {}
    for cluster in estate:
        text = kubeconfig([cluster], "viewer")
        login = f"    token: {cluster.token('viewer')}\n"
        true(login in text, text)
        settings = {"apiVersion": VERSION, "command": "glm-login", "provideClusterInfo": True,
                    "interactiveMode": "Never"}
        entries[cluster.name] = {
            "kubeconfig": text.replace(login, f"    exec: {json.dumps(settings)}\n")}
    w.connect(entries)
    reach.gateways(w, list(entries))
    w.apply()
    for cluster in estate:
        true(reach.installed(cluster), cluster.name)


def test_clusters_share_one_run(w, estate):
    """The same plugin with the same arguments runs once for all of them, in each process."""
    plugin(w, "sleep 0.5\n" + printing(EVERYWHERE))
    w.connect({c.name: by_plugin(c, args=["shared"]) for c in estate})
    reach.gateways(w, [c.name for c in estate])
    w.plan("-out=plan.bin")
    equal(runs(w), [], "runs for a plan of what is new")
    w.run("apply", "-no-color", "plan.bin")
    equal(runs(w), ["shared"], "runs")
    w.no_changes()
    equal(runs(w), ["shared"] * 2, "runs after a plan with a refresh")


def test_a_plugin_runs_again_after_a_401(w, estate):
    """Its first token is good for nothing: one more run, and no error."""
    cluster = estate.cluster("cluster1")
    plugin(w, f"""if test $(wc -l < '{w.path("runs")}') = 1; then
{printing("outdated", "2030-01-01T00:00:00Z")}
else
{printing(cluster.token())}
fi""")
    reach.one(w, by_plugin(cluster))
    w.apply()
    equal(len(runs(w)), 2, "runs")
    true(reach.installed(cluster), "the IstioOperator must be there")


def test_a_plugin_whose_token_is_never_taken(w, estate):
    """It is not run forever, and the error names it."""
    cluster = estate.cluster("cluster1")
    plugin(w, printing("never-taken-token"))
    reach.one(w, by_plugin(cluster))
    w.apply(code=1).has("401", "the exec plugin glm-login").lacks("never-taken-token")
    true(len(runs(w)) <= 3, f"{len(runs(w))} runs")


def test_a_plugin_that_fails_says_why(w, estate):
    """What it wrote to stderr is in the error, and where it is missing how to get it."""
    cluster = estate.cluster("cluster1")
    plugin(w, "echo 'Your session has ended: run glm-login again' >&2; exit 7")
    reach.one(w, by_plugin(cluster))
    w.apply(code=1).has("glm-login", "Your session has ended: run glm-login again", "7")
    reach.one(w, by_plugin(cluster, command="glm-no-such-plugin"))
    w.apply(code=1).has("glm-no-such-plugin", "PATH")
    equal(reach.installed(cluster), None, "the IstioOperator")
