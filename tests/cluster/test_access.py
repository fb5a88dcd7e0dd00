# SPDX-License-Identifier: Apache-2.0
"""Every way to reach a cluster, against real API servers."""
import reach
from cluster import kubeconfig
from workspace import harness

equal, true = harness.equal, harness.true


def test_a_context_of_config_paths(w, estate):
    """By its name, whatever the file's current context is."""
    last = estate.clusters[-1]
    reach.one(w, {"context": last.context}, last.name)
    reach.round_trip(w, last, last.name)


def test_kubeconfig_in_the_environment_has_several_files(w, estate):
    """KUBECONFIG names two, and each has one of the contexts."""
    names = [c.name for c in estate.clusters[:2]]
    w.use({name: {"context": name} for name in names})
    reach.gateways(w, names)
    w.env["KUBECONFIG"] = ":".join(str(c.kubeconfig) for c in estate.clusters[:2])
    w.apply()
    for cluster in estate.clusters[:2]:
        true(reach.installed(cluster), cluster.name)
    w.no_changes()


def test_an_unknown_context_names_the_known_ones(w, estate):
    """Nothing is asked of the other clusters' contexts, and the file is named."""
    cluster = estate.cluster("cluster1")
    reach.one(w, {"context": "cluster-1"})
    result = w.apply(code=1)
    result.has("cluster-1", *(c.context for c in estate.clusters), str(estate.engineers))
    equal(reach.installed(cluster), None, "the IstioOperator")


def test_a_host_with_its_authority_and_a_token(w, estate):
    """Nothing of any kubeconfig."""
    cluster = estate.cluster("cluster1")
    reach.one(w, reach.by_token(cluster))
    reach.round_trip(w, cluster)


def test_a_client_certificate_and_its_key(w, estate):
    """As PEM texts."""
    cluster = estate.cluster("cluster1")
    reach.one(w, reach.by_host(
        cluster, client_certificate=cluster.pki.path("client.crt").read_text(),
        client_key=cluster.pki.path("client.key").read_text()))
    reach.round_trip(w, cluster)
    true(cluster.requests(user="admin", user_agent="terraform-provider-glm"),
         "the certificate's name must be the user's")


def test_the_content_of_a_kubeconfig(w, estate):
    """As a text; its current context is the way in."""
    cluster = estate.cluster("cluster1")
    reach.one(w, {"kubeconfig": kubeconfig([cluster])})
    reach.round_trip(w, cluster)


def test_a_token_file_is_read_again(w, estate):
    """A token that the server does not know any more, then a good one in the same file."""
    cluster = estate.cluster("cluster1")
    path = w.write("token", "outdated\n")
    reach.one(w, reach.by_host(cluster, token_file=str(path)))
    w.apply(code=1).has("401", str(path)).lacks("outdated")
    path.write_text(cluster.token() + "\n")
    reach.round_trip(w, cluster)


def test_basic_authentication_that_nobody_takes(w, estate):
    """API servers know none any more: what was shown is named, and no rights for anonymous."""
    cluster = estate.cluster("cluster1")
    reach.one(w, reach.by_host(cluster, username="ops", password="open-sesame-1"))
    result = w.apply(code=1)
    result.has("system:anonymous", "403", "`username` and `password`", cluster.server)
    result.lacks("open-sesame-1", "rolebinding")
    equal(reach.installed(cluster), None, "the IstioOperator")


def test_another_user_is_impersonated(w, estate):
    """The admin as viewer: reads work, and a write is forbidden to viewer, by name."""
    cluster = estate.cluster("cluster1")
    entry = reach.by_token(cluster, "admin")
    reach.one(w, entry)
    w.apply()
    reach.one(w, {**entry, "impersonate": {"user": "viewer"}})
    w.no_changes()
    reach.gateways(w, ["cluster1"], tag="1.23.7")
    w.apply(code=1).has("403", "viewer", "cannot patch", "kind: ")
    equal(reach.installed(cluster)["spec"]["tag"], reach.TAG, "the tag")
