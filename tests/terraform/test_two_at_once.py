# SPDX-License-Identifier: Apache-2.0
"""Two terraform processes, two workspaces, the same directories, at the same time."""
import contextlib
import subprocess

from harness import INGRESS, Workspace, equal, resource, true

CLUSTERS = ("east", "north", "west")
BOTH = {"1-23": dict.fromkeys(CLUSTERS, False), "1-24": dict.fromkeys(CLUSTERS, True)}


@contextlib.contextmanager
def another(w, name="other"):
    """A second workspace, whose clusters are the directories of the first."""
    other = Workspace(name, w.plugin, w.terraform, w.valgrind)
    try:
        other.path("clusters").symlink_to(w.path("clusters"))
        yield other
    finally:
        other.check_the_checkers()
        other.close()


def configure(w, tag, name="istio-ingressgateway", installations=None):
    w.use(dict.fromkeys(CLUSTERS, {}))
    w.edit(w.fixture("ingress.yaml"), "1.24.1", tag)
    w.main(resource(installations or BOTH, name=name))


def at_once(*commands):
    """Runs (workspace, terraform's arguments) at the same time; exit codes and outputs."""
    running = [(w, w.start(*arguments)) for w, arguments in commands]
    ends = []
    for w, process in running:
        code = process.wait(300)
        text = w.path("started.log").read_text("utf-8", "replace")
        w.log.append(text)
        ends.append((code, " ".join(text.replace("│", " ").split())))
    return ends


def apply(w):
    return w, ("apply", "-auto-approve", "-no-color")


def tags(w):
    """What the files have, by name: the tag tells which of the two wrote them."""
    root = w.path("clusters")
    return {str(p.relative_to(root)): "1.24.1-debug" in p.read_text()
            for p in sorted(root.rglob("istiooperator-*.yaml"))}


def test_of_two_creates_at_once_one_has_everything_and_the_other_is_refused(w):
    """Never a mixture, and the one that lost has written nothing and has no state."""
    with another(w) as other:
        for _ in range(4):
            w.path("clusters").mkdir(exist_ok=True)
            configure(w, "1.24.1")
            configure(other, "1.24.1-debug")
            (one, one_said), (two, two_said) = at_once(apply(w), apply(other))
            equal(sorted((one, two)), [0, 1], f"exit codes\n{one_said}\n{two_said}")
            winner, loser, said = (w, other, two_said) if one == 0 else (other, w, one_said)
            true("Objects are already there" in said and "nothing was written in any cluster" in said,
                 said)
            equal(set(tags(w).values()), {winner is other}, "whose files there are")
            equal(len(tags(w)), 6, "files")
            true(loser.state(INGRESS) is None, "the loser has a state")
            winner.no_changes()
            winner.destroy()
            w.run_shell("rm", "-rf", "clusters", "terraform.tfstate", "terraform.tfstate.backup")
            other.run_shell("rm", "-f", "terraform.tfstate", "terraform.tfstate.backup")


def test_applies_of_two_gateways_at_once_do_not_hinder_each_other(w):
    """The same directories, other objects: both succeed, create, update and delete."""
    with another(w) as other:
        w.path("clusters").mkdir()
        for tag in ("1.24.1", "1.24.1-debug"):
            configure(w, tag)
            configure(other, tag, name="second")
            text = other.path("ingress.yaml").read_text()
            other.write("ingress.yaml", text.replace("name: istio-ingressgateway", "name: second"))
            for code, said in at_once(apply(w), apply(other)):
                equal(code, 0, said)
            w.no_changes()
            other.no_changes()
        destroy = ("destroy", "-auto-approve", "-no-color")
        for code, said in at_once((w, destroy), apply(other)):
            equal(code, 0, said)
        other.no_changes()


def test_a_create_meets_an_update_and_a_delete(w):
    """The update and the delete go through; the create is refused, or comes after the delete."""
    with another(w) as other:
        w.path("clusters").mkdir()
        configure(w, "1.24.1")
        w.apply()
        configure(w, "1.24.1-debug")
        configure(other, "1.24.1")
        (one, one_said), (two, two_said) = at_once(apply(w), apply(other))
        equal((one, two), (0, 1), one_said + two_said)
        true("Objects are already there" in two_said, two_said)
        w.no_changes()
        (one, one_said), (two, two_said) = at_once((w, ("destroy", "-auto-approve", "-no-color")),
                                                   apply(other))
        equal(one, 0, one_said)
        if two == 0:
            other.no_changes()
        else:
            true("Objects are already there" in two_said, two_said)
            equal(tags(w), {}, "files")


def test_whoever_is_killed_holds_nothing_up(w):
    """A lock goes with its process; nothing of it is left in the directory."""
    held = w.path("clusters/east")
    held.mkdir(parents=True)
    configure(w, "1.24.1")
    script = ("import fcntl, os, sys, time; fd = os.open(sys.argv[1], os.O_RDONLY); "
              "fcntl.flock(fd, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)")
    holder = subprocess.Popen(["python3", "-c", script, str(held)], stdout=subprocess.PIPE)
    holder.stdout.readline()
    try:
        extra = '  timeouts = { create = "2s" }'
        w.main(resource(BOTH, extra=extra))
        w.apply(code=1).has("Another Terraform run is writing there", "directory clusters/east")
        true(w.state(INGRESS) is None, "nothing was written")
        equal([p for p in w.path("clusters").rglob("*") if p.is_file()], [], "files")
    finally:
        holder.kill()
        holder.wait()
    w.apply()
    w.no_changes()
    equal(w.leftovers(), [], "what is left beside the objects")
