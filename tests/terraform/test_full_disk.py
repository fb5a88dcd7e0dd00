# SPDX-License-Identifier: Apache-2.0
"""A disk that fills up under the directory of one cluster: no half-written file, no lost state."""
import contextlib
import errno
import subprocess

from harness import INGRESS, Skip, equal, resource, true
from whole import viewed

TEXT = "example.com/istio"
LONG = "registry.example.com/" + "a/" * 2000 + "istio"


@contextlib.contextmanager
def small_disk(w, cluster, size="64k"):
    """A file system of this size at the cluster's directory."""
    root = w.path("clusters", cluster)
    root.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "glm-test", str(root)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise Skip("a small file system cannot be mounted here: " +
                   done.stdout.decode("utf-8", "replace").strip())
    try:
        yield root
    finally:
        subprocess.run(["umount", "-l", str(root)], check=True)


def fill(root):
    """Takes all that is left; returns what to delete to have it back."""
    ballast = root / "ballast.bin"
    with open(ballast, "wb", buffering=0) as out:
        try:
            while True:
                out.write(b"x" * 1024)
        except OSError as error:
            equal(error.errno, errno.ENOSPC, "why no more is written")
    return ballast


def configure(w, hub=TEXT):
    w.use({"east": {}, "small": {}, "west": {}})
    w.edit(w.fixture("ingress.yaml"), TEXT, hub)
    w.main(resource({"1-24": dict.fromkeys(("east", "small", "west"), True)}))


def yaml_files(w, cluster):
    return {name: data for name, (_, _, data) in w.tree(cluster).items() if name.endswith(".yaml")}


def changed_clusters(w):
    change = w.change()
    equal(change["actions"], ["update"], "actions")
    old, new = viewed(change["before"]), viewed(change["after"])
    return sorted(name for name in new["documents"]
                  if old["documents"].get(name) != new["documents"][name] or
                  old["services"].get(name) != new["services"][name])


def finish(w, untouched):
    """With room again: only the small one is planned and written."""
    equal(changed_clusters(w), ["small"], "clusters that the plan changes")
    before = {name: w.tree(name) for name in untouched}
    w.apply().has("0 added, 1 changed, 0 destroyed")
    equal({name: w.tree(name) for name in untouched}, before, "files of the others")
    equal(len(yaml_files(w, "small")), len(yaml_files(w, "east")), "files")
    equal(w.leftovers(), [], "temporary files")
    w.no_changes()


def test_a_create_on_a_full_disk_is_finished_later(w):
    """The other clusters are written; the error says what is the matter with which file."""
    configure(w)
    with small_disk(w, "small") as root:
        ballast = fill(root)
        w.apply(code=1).has('Cluster "small"', "no space is left on the device", "terraform untaint")
        equal(yaml_files(w, "small"), {}, "files on the full disk")
        equal(sorted(w.documents()), ["east", "small", "west"], "state")
        equal(w.documents()["small"], {}, "nothing of the small one")
        ballast.unlink()
        w.run("untaint", INGRESS)
        finish(w, ("east", "west"))
        w.destroy()


def test_an_update_on_a_full_disk_keeps_the_old_files_whole(w):
    """Each file is what it was before, or what it was to become."""
    configure(w)
    with small_disk(w, "small") as root:
        w.apply()
        before = yaml_files(w, "small")
        ballast = fill(root)
        configure(w, LONG)
        w.apply(code=1).has('Cluster "small"', "no space is left on the device")
        equal(yaml_files(w, "small"), before, "files on the full disk")
        true(LONG.encode() in b"".join(yaml_files(w, "west").values()), "west is updated")
        ballast.unlink()
        finish(w, ("east", "west"))
        w.destroy()
