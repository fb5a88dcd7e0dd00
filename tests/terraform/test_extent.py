# SPDX-License-Identifier: Apache-2.0
"""Large specs, many clusters, many instances."""
import random
import time

from harness import RESOURCE, equal, resource, true

MIB = 1 << 20


def padded(w, size):
    """The fixture with a value that makes the whole text exactly this large."""
    text = w.fixture("ingress.yaml").read_text() + "unvalidatedValues:\n  pad: "
    w.write("big.yaml", text + "x" * (size - len(text) - 1) + "\n")
    w.main(resource({"1-24": ({"east": True}, 'file("big.yaml")', "")}))


def test_a_spec_just_under_16_mib_works(w):
    """Compressible, so that the annotation fits."""
    padded(w, 16 * MIB - 1024)
    w.apply()
    true(w.operator_file("east").stat().st_size > 15 * MIB, "size of the file")
    w.no_changes()


def test_a_spec_over_16_mib_is_refused(w):
    """At plan, with the limit."""
    padded(w, 16 * MIB + 1)
    w.plan(code=1).has("16 MiB" if "16 MiB" in w.plan(code=None).words else "16777216",
                       "istio_operator_spec")


def test_a_spec_whose_annotation_does_not_fit_is_refused_at_plan(w):
    """One MiB of digits at random does not compress into 262144 bytes."""
    rng = random.Random(7)
    text = w.fixture("ingress.yaml").read_text()
    w.write("big.yaml", text + "unvalidatedValues:\n  pad: " +
            "%x" % rng.getrandbits(4 * MIB) + "\n")
    w.main(resource({"1-24": ({"east": True}, 'file("big.yaml")', "")}))
    w.plan(code=1).has("262144", "1-24")


def plan_time(w, count):
    names = [f"c{i:03}" for i in range(count)]
    w.use({n: {} for n in names})
    w.main(resource({"1-24": dict.fromkeys(names, True)}))
    started = time.monotonic()
    w.plan()
    first = time.monotonic() - started
    w.apply()
    times = []
    for _ in range(3):
        started = time.monotonic()
        w.no_changes()
        times.append(time.monotonic() - started)
    state = w.state()
    for part in (w.documents(), w.services(), state["status"]["clusters"]):
        equal(sorted(part), names, "clusters in the state")
    equal({s["installations"]["1-24"]["state"] for s in state["status"]["clusters"].values()},
          {"INSTALL_PENDING"}, "states")
    return first, min(times)


def test_two_hundred_clusters_plan_in_a_small_multiple_of_two(w):
    """A hundred times the clusters must not cost anything like a hundred times the time."""
    w.fixture("ingress.yaml")
    few = plan_time(w, 2)
    w.destroy()
    many = plan_time(w, 200)
    for what, a, b in zip(("first plan", "no changes"), few, many):
        true(b < 25 * a, f"{what}: {b:.2f} s with 200 clusters, {a:.2f} s with 2")


def instances(count, extra="", clusters='east = { active_gateway = true }, west = {}'):
    return (f'resource "{RESOURCE}" "ingress" {{\n'
            f"  for_each = toset([for i in range({count}) : tostring(i)])\n"
            '  name = "gw-${each.key}"\n  installations = {\n    "1-24" = {\n'
            f"      clusters = {{ {clusters} }}\n"
            '      istio_operator_spec = replace(file("ingress.yaml"), "istio-ingressgateway",'
            ' "gw-${each.key}")\n    }\n  }\n' + extra + "}\n")


def test_forty_instances_at_parallelism_fifty(w):
    """One process serves all of them; they share clusters and namespaces."""
    w.fixture("ingress.yaml")
    w.main(instances(40))
    w.apply("-parallelism=50").has("40 added")
    equal(len(w.cluster_files("east")), 2 + 40 * 2, "files of east")
    equal(len(w.cluster_files("west")), 2 + 40, "files of west")
    equal(w.leftovers(), [], "temporary files")
    w.no_changes("-parallelism=50")
    w.destroy("-parallelism=50").has("40 destroyed")
    equal(len(w.cluster_files("east")), 2, "files of east after destroy")


def test_moved_blocks_change_nothing(w):
    """To another name, and into for_each."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    w.apply()
    before = w.tree("east")
    w.main(resource({"1-24": {"east": True}}, label="gateway") +
           f"moved {{\n  from = {RESOURCE}.ingress\n  to   = {RESOURCE}.gateway\n}}\n")
    w.plan().has("0 to add, 0 to change, 0 to destroy")
    w.apply()
    w.main(resource({"1-24": {"east": True}}, label="each", extra='  for_each = toset(["a"])') +
           f"moved {{\n  from = {RESOURCE}.gateway\n  to   = {RESOURCE}.each[\"a\"]\n}}\n")
    w.apply().has("0 added, 0 changed, 0 destroyed")
    equal(w.tree("east"), before, "files")
    w.no_changes()


def test_twenty_installations_in_one_resource(w):
    """By revision, one of them active."""
    w.fixture("ingress.yaml")
    w.main(resource({f"1-{i}": {"east": i == 24, "west": i == 23} for i in range(10, 30)}))
    w.apply()
    equal(len(w.documents()["east"]), 20, "revisions")
    w.no_changes()
