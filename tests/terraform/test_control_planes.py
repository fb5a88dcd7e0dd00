# SPDX-License-Identifier: Apache-2.0
"""The data source glm_control_planes, where there is no API server to ask."""
import json

from harness import equal, true

DATA = 'data "glm_control_planes" "all" {\n%s}\n' \
       'output "planes" {\n  value = data.glm_control_planes.all.control_planes\n}\n'


def planes(w):
    return json.loads(w.run("output", "-json", "planes").text)


def test_directories_have_no_control_planes_and_say_why(w):
    """Without a warning: there is nothing wrong."""
    w.main(DATA % "")
    w.apply().lacks("Warning: Cluster")
    found = planes(w)
    equal(sorted(found), ["east", "west"], "clusters")
    equal(found["east"]["reachable"], False, "reachable")
    equal(found["east"]["revisions"], {}, "revisions")
    equal(found["east"]["operators"], [], "operators")
    true("directory" in found["east"]["message"], "the message")
    w.no_changes()


def test_only_some_clusters(w):
    """And an unknown one is refused, with the known ones."""
    w.main(DATA % '  clusters = ["west"]\n')
    w.apply()
    equal(sorted(planes(w)), ["west"], "clusters")
    w.main(DATA % '  clusters = ["wset"]\n')
    w.plan(code=1).has("Unknown cluster", '"wset"', "east, west")


def test_a_precondition_reads_well(w):
    """And stops a plan."""
    w.main(DATA % "" + 'resource "terraform_data" "gateway" {\n  lifecycle {\n    precondition {\n'
           '      condition = try(data.glm_control_planes.all.control_planes["east"]'
           '.revisions["1-24"].ready, false)\n'
           '      error_message = data.glm_control_planes.all.control_planes["east"].message\n'
           "    }\n  }\n}\n")
    w.plan(code=1).has("Resource precondition failed", "directory of files")
