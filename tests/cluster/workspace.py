# SPDX-License-Identifier: Apache-2.0
"""A Workspace of tests/terraform, with the estate's clusters in its provider block."""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Last: that directory has test modules of the same names.
sys.path.append(str(HERE.parent / "terraform"))
import harness  # noqa: E402
import whole  # noqa: E402,F401  (for those who import harness from here)


def one_cluster(test):
    """Marks a test that needs one cluster, whichever: it runs beside others."""
    test.one_cluster = True
    return test


class Workspace(harness.Workspace):
    def __init__(self, name, options, estate):
        super().__init__(name, options.plugin, options.terraform, options.valgrind)
        self.estate = estate
        self.connect()

    def connect(self, clusters=None, extra=""):
        """The provider block: each cluster of the estate by the engineer's context, unless `clusters`
        says {name: {attribute: value}} otherwise."""
        if clusters is None:
            clusters = {c.name: {"context": c.context} for c in self.estate}
        paths = f"  config_paths = {json.dumps([str(self.estate.engineers)])}\n"
        self.use(clusters, paths + extra)
