# SPDX-License-Identifier: Apache-2.0
"""Many clusters in one resource."""
from harness import equal, resource


def test_two_hundred_clusters_in_one_resource(w):
    """Plan, apply, no changes."""
    names = [f"c{i:03}" for i in range(200)]
    w.use({name: {} for name in names})
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {name: True for name in names}}))
    w.apply()
    equal(len(w.documents()), 200, "clusters in the state")
    w.no_changes()
