# SPDX-License-Identifier: Apache-2.0
"""The guides in docs/guides, and other pages, walked through as written, in a copy of their examples.

A comment in a guide says what the block after it is:
  <!-- step: steps/2-install.tfvars -->  what terraform.tfvars becomes
  <!-- file: main.tf -->                 a part of a file of the example
  <!-- plan -->, <!-- apply -->          what terraform prints; "..." stands for lines left out
  <!-- plan: preview.tfvars -->          of a plan with these variables and without a refresh, which
                                         nobody applies
  <!-- apply fails -->                   the same of an apply that ends with an error
  <!-- remove: PATH -->                  a shell block; in the test the file is removed
  <!-- shell -->                        a shell block that is run where the configuration is
  <!-- way back -->                      a shell block that the walk forward passes over
  <!-- live plan -->, <!-- live apply fails -->  what only real clusters make terraform print; the
                                         walk passes them over, a test of its own has them
Every step is planned and applied before the next one, whether its output is shown or not."""
import json
import re
import shutil

from harness import HERE, Failure, equal, true

ROOT = HERE.parent.parent
GUIDES, EXAMPLES = ROOT / "docs/guides", ROOT / "examples/guides"
MARK = re.compile(r"<!-- ([a-z ]+)(?:: (\S+))? -->\n+```[a-z]*\n(.*?)```\n", re.S)


def lines(text):
    """Without boxes, indentation and empty lines."""
    bare = [re.sub(r"\s+", " ", re.sub(r"[│╷╵]", " ", line)).strip() for line in text.splitlines()]
    return [line for line in bare if line]


def quoted(block, text, what):
    """The block is in the output; "..." stands for any lines."""
    rest = lines(text)
    for part in re.split(r"(?m)^\s*\.\.\.\s*$", block):
        wanted = lines(part)
        at = [i for i in range(len(rest) - len(wanted) + 1) if rest[i:i + len(wanted)] == wanted]
        if not at:
            raise Failure(f"{what}: not printed any more:\n{part}\nprinted is:\n{text}")
        rest = rest[at[0] + len(wanted):]


def forget_kubectl(w):
    """What kubectl_manifest has left, for a program that has no such resource: without provider settings of its own, and
    without what Terraform is to forget, which it asks the resource's own provider for."""
    w.stand_in("gavinbunney/kubectl")
    main, state = w.path("main.tf"), w.path("terraform.tfstate")
    main.write_text(re.sub(r"(?m)^ *config_context .*\n", "", main.read_text()))
    left = json.loads(state.read_text())
    left["resources"] = [r for r in left["resources"] if r["name"] == "cluster1"]
    text = json.dumps(left)
    state.write_text(text.replace("registry.terraform.io", "registry.opentofu.org") if w.is_tofu else text)


class Walk:
    """One guide, or another page with the folder of its example, in the workspace."""

    def __init__(self, w, name, folder=None):
        self.w, self.open = w, False
        self.folder = ROOT / folder if folder else EXAMPLES / name
        w.path("provider.tf").unlink()
        self.copy()
        page = ROOT / name if folder else GUIDES / f"{name}.md"
        self.marks = MARK.findall(page.read_text())
        true(any(kind == "plan" for kind, _, _ in self.marks), f"{page.name} shows no plan")

    def copy(self):
        """The example into the workspace."""
        shutil.copytree(self.folder, self.w.dir, dirs_exist_ok=True)

    def close(self):
        """The step before is applied, whether the guide shows that or not."""
        if self.open:
            self.w.apply()
        self.open = False

    def step(self, path, block):
        self.close()
        equal(lines(block), lines((self.folder / path).read_text()), path)
        to = "terraform.tfvars" if path.endswith(".tfvars") else path.rpartition("/")[2]
        shutil.copyfile(self.folder / path, self.w.path(to))
        self.open = True

    def file(self, path, block):
        quoted(block, (self.folder / path).read_text(), path)

    def plan(self, variables, block):
        if variables:
            self.close()
            plan = self.w.plan("-refresh=false", f"-var-file={variables}")
            quoted(block, plan.text, f"plan with {variables}")
            return
        quoted(block, self.w.plan().text, "plan")
        self.open = True

    def apply(self, _path, block):
        quoted(block, self.w.apply().text, "apply")
        self.open = False

    def apply_fails(self, _path, block):
        quoted(block, self.w.apply(code=1).text, "apply")
        self.open = False

    def remove(self, path, _block):
        self.close()
        for cluster in ("cluster1", "cluster2"):
            self.w.path("clusters", cluster, path).unlink()

    def shell(self, _path, block):
        self.w.run_shell("sh", "-ec", block)
        self.open = True

    def aside(self, _path, _block):
        """Not on the way from the first step to the last."""

    way_back = live_plan = live_apply_fails = aside

    def block(self, kind):
        """The only block of a kind."""
        one, = [block for of, _, block in self.marks if of == kind]
        return one

    def go(self):
        for kind, path, block in self.marks:
            getattr(self, kind.replace(" ", "_"))(path, block)
        self.close()
        self.w.no_changes()


class Moved(Walk):
    """The guide from kubectl_manifest."""

    def copy(self):
        super().copy()
        shutil.rmtree(self.w.path("before"))
        forget_kubectl(self.w)
