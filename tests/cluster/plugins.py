# SPDX-License-Identifier: Apache-2.0
"""Credential plugins that the tests write, as shell programs."""
import json
import os

import reach

VERSION = "client.authentication.k8s.io/v1"


def program(w, name, text):
    """A program in the workspace's bin, which is first on PATH."""
    path = w.write(f"bin/{name}", text)
    path.chmod(0o755)
    w.env["PATH"] = f"{path.parent}{os.pathsep}{w.env.get('PATH', '/usr/bin:/bin')}"
    return path


def credential(token, expires=None):
    """What a credential plugin prints."""
    status = {"token": token, **({"expirationTimestamp": expires} if expires else {})}
    return json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                       "status": status})


def plugin(w, answer, name="glm-login"):
    """A plugin that leaves a line for each run; `answer` is shell that prints its answer."""
    return program(w, name, f"#!/bin/sh\necho \"$*\" >> '{w.path('runs')}'\n{answer}\n")


def runs(w):
    """The arguments of each run."""
    path = w.path("runs")
    return path.read_text().splitlines() if path.exists() else []


def printing(token, expires=None):
    return f"cat <<'END'\n{credential(token, expires)}\nEND"


def by_plugin(cluster, command="glm-login", **more):
    return reach.by_host(cluster, exec={"api_version": VERSION, "command": command, **more})
