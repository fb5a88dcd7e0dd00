# SPDX-License-Identifier: Apache-2.0
"""A replacement that creates first meets its own gateways: it is told why, and loses nothing."""
from harness import INGRESS, equal, resource

FIRST = "  lifecycle { create_before_destroy = true }"
SAID = ("othing was written in any cluster", "create_before_destroy is why", "Remove create_before_destroy")


def start(w, extra="", clusters=("east", "west")):
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {c: True for c in clusters}}, extra=FIRST + extra))
    w.apply()
    return {c: w.tree(c) for c in clusters}


def unharmed(w, before):
    for cluster, files in before.items():
        equal(w.tree(cluster), files, f"files of {cluster}")


def test_a_forced_replacement_names_create_before_destroy(w):
    """-replace, in every cluster."""
    before = start(w)
    w.apply(f"-replace={INGRESS}", code=1).has('Cluster "east"', 'Cluster "west"',
                                                *SAID).lacks("is not in the state")
    unharmed(w, before)
    w.no_changes()


def test_what_was_adopted_is_not_destroyed_afterwards(w):
    """With adopt_existing the create takes the gateways over, and they are nobody else's then."""
    before = start(w, "\n  adopt_existing = true")
    w.apply(f"-replace={INGRESS}").has("Nothing is removed of what was taken over").lacks(
        "Traffic ends")
    unharmed(w, before)
    w.no_changes()


def test_a_change_of_name_names_create_before_destroy(w):
    """The Service of the old name and the gateways of its IstioOperator are in the way."""
    before = start(w)
    w.main(resource({"1-24": {"east": True, "west": True}}, name="renamed", extra=FIRST))
    w.apply(code=1).has(*SAID)
    unharmed(w, before)


def test_a_change_of_namespace_without_an_active_gateway_names_it_too(w):
    """Only the IstioOperators of two names render the same gateway."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": False}}, extra=FIRST))
    w.apply()
    before = w.tree("east")
    w.main(resource({"1-24": {"east": False}}, name="renamed", extra=FIRST))
    w.apply(code=1).has("A gateway has an owner already", *SAID)
    equal(w.tree("east"), before, "files of east")


def test_a_dependent_that_creates_first_is_named_as_a_cause(w):
    """Terraform turns it on for what something with it depends on."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}) + f"""
resource "terraform_data" "after" {{
  input            = {INGRESS}.id
  triggers_replace = {INGRESS}.id
  lifecycle {{ create_before_destroy = true }}
}}
""")
    w.apply()
    before = w.tree("east")
    w.apply(f"-replace={INGRESS}", code=1).has(*SAID, "what depends on it")
    equal(w.tree("east"), before, "files of east")


def test_without_it_the_same_replacement_touches_nothing(w):
    """The remedy works."""
    before = start(w)
    w.main(resource({"1-24": {"east": True, "west": True}}))
    w.apply(f"-replace={INGRESS}")
    unharmed(w, before)
    w.no_changes()
