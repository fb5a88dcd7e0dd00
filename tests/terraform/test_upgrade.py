# SPDX-License-Identifier: Apache-2.0
"""What may be upgraded in place, and what is told to those who try more."""
from harness import equal, resource, true

BOTH = {"east": True, "west": True}
FORCE = "To force, set skip_upgrade_validation = true; to destroy, terraform destroy -refresh=false."


def start(w, installations=None):
    w.fixture("ingress.yaml")
    w.main(resource(installations or {"1-24": BOTH}))
    w.apply()


def tag(w, to, was="1.24.1"):
    w.edit(w.path("ingress.yaml"), f"tag: {was}", f"tag: {to}")


def test_a_newer_patch_version_and_configuration_are_updated_in_place(w):
    """The tag of a new patch version, another build of it, and a changed setting."""
    start(w)
    tag(w, "1.24.4-solo")
    w.apply().has("1 changed")
    tag(w, "1.24.4-solo-distroless", "1.24.4-solo")
    w.edit(w.path("ingress.yaml"), "hub: example.com/istio", "hub: example.com/other")
    w.apply().has("1 changed")
    true("tag: 1.24.4-solo-distroless" in w.operator_file("west").read_text(), "west is updated")
    w.no_changes()


def test_a_minor_version_is_refused_with_a_recipe_that_works(w):
    """The steps of the refusal, taken word for word, end at the new version."""
    start(w)
    tag(w, "1.25.1")
    out = w.plan(code=1)
    out.has("A new minor version needs a canary upgrade", 'revision "1-24" in clusters "east", "west".',
            'from "1.24.1" to "1.25.1"', FORCE)
    equal(out.text.count("Error: "), 1, out.text)
    recipe = "\n".join(line.lstrip("│ ") for line in out.text.splitlines())
    for line in ('"1-25" = {', '"east" = { active_gateway = false }',
                 '"west" = { active_gateway = false }', 'istio_operator_spec = file("1-25.yaml")'):
        true(line in recipe, f"{line} is in the recipe:\n{recipe}")
    w.path("ingress.yaml").rename(w.path("1-25.yaml"))
    w.fixture("ingress.yaml")

    def step(old, new):
        installations = {"1-25": (dict.fromkeys(BOTH, new), 'file("1-25.yaml")', "")}
        if old is not None:
            installations["1-24"] = dict.fromkeys(BOTH, old)
        w.main(resource(installations))
        return w.apply()

    step(True, False)
    step(False, True).lacks("Traffic ends")
    true("revision: 1-25" in w.service_file("east").read_text(), "east is switched")
    step(None, True).lacks("Traffic ends")
    true(not w.operator_file("east").exists(), "the old one is gone")
    w.no_changes()


def test_a_downgrade_is_refused_and_skipped_on_demand(w):
    """Also of the patch version; skip_upgrade_validation lets it pass."""
    start(w)
    tag(w, "1.24.0")
    w.plan(code=1).has("A downgrade needs a canary upgrade", "istio_operator_spec", FORCE)
    w.main(resource({"1-24": (BOTH, None, "      skip_upgrade_validation = true")}))
    w.apply().has("1 changed")
    true("tag: 1.24.0" in w.operator_file("east").read_text(), "east has the old version")


def test_all_mistakes_of_an_upgrade_are_said_at_once(w):
    """Labels, a name and a version, in one plan, with one recipe."""
    start(w)
    tag(w, "1.23.9")
    w.edit(w.path("ingress.yaml"), "      label:\n", "      label:\n        team: edge\n")
    out = w.plan(code=1).has("A downgrade needs", "Changed labels of a gateway", "Deployment")
    equal(out.text.count("To force"), 1, out.text)


def test_a_renamed_gateway_is_refused(w):
    """Nothing is written: the old gateway serves on."""
    start(w)
    east = w.tree("east")
    w.edit(w.path("ingress.yaml"), "- name: istio-ingressgateway", "- name: border")
    w.apply(code=1).has("A gateway that is renamed or moved", "gloo-mesh-gateways/border", FORCE)
    equal(w.tree("east"), east, "files of east")


def test_the_steps_to_another_name_keep_both_services_until_the_last(w):
    """Both gateways are active while clients move; only the removal ends the old one's traffic."""
    start(w)
    w.write("1-24-2.yaml", (w.path("ingress.yaml").read_text()).replace(
        "- name: istio-ingressgateway", "- name: border"))

    def step(new, **old):
        second = (dict.fromkeys(BOTH, new), 'file("1-24-2.yaml")',
                  '      control_plane_revision = "1-24"')
        w.main(resource({**({"1-24": old} if old else {}), "1-24-2": second}))
        return w.apply()

    step(False, **BOTH).lacks("Traffic ends")
    step(True, **BOTH).lacks("Traffic ends")
    for name in ("istio-ingressgateway", "border"):
        true(w.service_file("east", name).exists(), f"Service {name}")
    step(True).has("Traffic ends in 2 clusters")
    equal(w.service_file("east").exists(), False, "the old Service")
    w.no_changes()


def test_a_new_map_key_does_not_hide_an_upgrade(w):
    """The installation is found by its revision."""
    start(w)
    tag(w, "1.25.0")
    w.main(resource({"new": (BOTH, None, '      gateway_revision = "1-24"')}))
    w.plan(code=1).has('installations["new"]', "A new minor version", 'Leave installation "1-24"')


def test_drift_is_no_upgrade(w):
    """Somebody else's tag in a cluster is put back, whatever version it is."""
    start(w)
    w.edit(w.operator_file("east"), "\n  tag: 1.24.1", "\n  tag: 1.26.0")
    w.apply().has("1 changed")
    true("tag: 1.24.1" in w.operator_file("east").read_text(), "east is repaired")


def test_what_failed_may_go_back(w):
    """West's directory breaks under an upgrade; going back is no downgrade there, but in east."""
    start(w)
    w.run_shell("mv", "clusters/west", "elsewhere")
    blocker = w.write("clusters/west", "in the way\n")
    tag(w, "1.24.2")
    w.apply(code=1).has('Cluster "west"')
    blocker.unlink()
    w.run_shell("mv", "elsewhere", "clusters/west")
    tag(w, "1.24.1", "1.24.2")
    w.plan(code=1).has('revision "1-24" in cluster "east".', "A downgrade")
    w.main(resource({"1-24": {"west": True}}))
    w.apply()
    true("tag: 1.24.1" in w.operator_file("west").read_text(), "west is as it was")
    w.no_changes()


def test_a_destroy_without_refresh_passes_a_refused_upgrade(w):
    """As the refusal says."""
    start(w)
    tag(w, "1.25.0")
    w.destroy(code=1).has("A new minor version")
    w.destroy("-refresh=false")
    equal(w.state(), None, "state")


def default(w, tag, revision="1-24"):
    """default_distribution of the provider."""
    w.use({"east": {}, "west": {}}, extra=f"""  default_distribution = {{
    revision = "{revision}"
    hub      = "example.com/istio"
    tag      = "{tag}"
  }}
""")


def start_automatic(w):
    default(w, "1.24.1")
    w.edit(w.fixture("ingress.yaml"), "hub: example.com/istio\ntag: 1.24.1\n", "")
    w.main(resource({"auto": BOTH}))
    w.apply()


def test_a_new_default_is_an_upgrade_like_any_other(w):
    """A patch in place, a minor version only under a revision of its own."""
    start_automatic(w)
    default(w, "1.24.2")
    w.apply().has("1 changed")
    w.no_changes()
    default(w, "1.25.0")
    w.plan(code=1).has('from "1.24.2" to "1.25.0"', "default_distribution = {", 'revision = "1-25"',
                       'tag = "1.25.0"')
    default(w, "1.25.0", "1-25")
    w.apply().lacks("Traffic ends")
    true(w.operator_file("east", revision="1-25").exists(), "east has the new revision")
    true(not w.operator_file("east").exists(), "and not the old one")
    w.no_changes()


def test_auto_does_not_become_a_tag_in_place(w):
    """Not even the same one; a revision beside it may have any."""
    start_automatic(w)
    w.fixture("ingress.yaml", "own.yaml")
    w.main(resource({"1-24": (BOTH, 'file("own.yaml")', "")}))
    w.plan(code=1).has("From auto to a tag of its own", 'Leave installation "auto"', '"1-24-2" = {',
                       'control_plane_revision = "1-24"')
