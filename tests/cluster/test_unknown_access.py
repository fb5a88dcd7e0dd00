# SPDX-License-Identifier: Apache-2.0
"""A cluster that another resource of the same apply makes: its entry is not known at plan."""
import reach
import servers
from workspace import harness, whole

equal, true = harness.equal, harness.true


def made_by_terraform(w, estate, server, generation, tag=reach.TAG):
    """cluster1 by its context; cluster2 has its host from another resource."""
    first, second = estate.clusters[:2]
    w.provider(f"""
provider "glm" {{
  config_paths = [{harness.hcl(str(estate.kubeconfig))}]
  clusters = {{
    cluster1 = {{ context = "{first.context}" }}
    cluster2 = {{ host = terraform_data.made.output.host, token = terraform_data.made.output.token,
                  cluster_ca_certificate = terraform_data.made.output.ca }}
  }}
}}
""")
    made = {"host": server, "token": second.token(), "ca": second.ca.read_text()}
    reach.gateways(w, ["cluster1", "cluster2"], tag)
    w.write("made.tf", f"""resource "terraform_data" "made" {{
  input = {harness.hcl(made)}
  triggers_replace = "{generation}"
}}
""")


def test_a_cluster_that_is_made_in_the_same_apply(w, estate):
    """What goes into it is planned to the last field, without a connection; then installed."""
    if len(estate.clusters) < 2:
        raise harness.Skip("needs two clusters")
    with servers.Forward(estate.clusters[1]) as forward:
        made_by_terraform(w, estate, forward.server, 1)
        change = w.change()
        equal(forward.connections, 0, "connections for the plan")
        operators = whole.documents(change["after"])
        equal(operators["cluster2"].keys(), {reach.REVISION}, "planned for cluster2")
        equal(operators["cluster2"][reach.REVISION]["spec"]["tag"], reach.TAG, "the tag in the plan")
        true(not [path for path in harness.unknown_objects(change) if path.startswith("objects")],
             "unknown operators")
        w.run("apply", "-no-color", "plan.bin")
        true(forward.connections > 0, "connections for the apply")
        for cluster in estate.clusters[:2]:
            true(reach.installed(cluster), cluster.name)
            equal(reach.state_of(w, cluster.name), "HEALTHY", cluster.name)
        w.no_changes()


def test_a_cluster_whose_entry_becomes_unknown_again(w, estate):
    """Nothing is asked of it at plan, its installations stay what they are, and apply looks."""
    if len(estate.clusters) < 2:
        raise harness.Skip("needs two clusters")
    with servers.Forward(estate.clusters[1]) as forward:
        made_by_terraform(w, estate, forward.server, 1)
        w.apply()
        before = [reach.installed(c)["metadata"]["uid"] for c in estate.clusters[:2]]
        connections = forward.connections
        made_by_terraform(w, estate, forward.server, 2, tag="1.23.7")
        change = w.change()
        equal(forward.connections, connections, "connections for the plan")
        equal(change["actions"], ["update"], "actions")
        true(all("cluster1" not in path for path in harness.unknown_objects(change)),
             "unknown Services of cluster1")
        w.run("apply", "-no-color", "plan.bin")
        for cluster, uid in zip(estate.clusters, before):
            found = reach.installed(cluster)
            equal((found["metadata"]["uid"], found["spec"]["tag"]), (uid, "1.23.7"), cluster.name)
        w.no_changes()
