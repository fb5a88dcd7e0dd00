# SPDX-License-Identifier: Apache-2.0
"""Whole objects, from attributes that say each thing once: a manifest, and each cluster's own lines.

Nothing but tests puts them together again; that it can be done shows that nothing is lost. Values are
attributes of the resource: of a state, or of one side of a planned change."""
import copy
import json
import re

STEP = re.compile(r"""\['((?:[^']|'')*)'\]|\[([^\]]*)\]|\.?([A-Za-z0-9_-]+)""")
SHOULD = re.compile(r" \(should (?:be .*|not be there)\)$", re.S)
MISSING, TOO_MANY = "missing (should be ", " (should not be there)"
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "e": "\x1b", "v": "\v",
           "0": "\0", '"': '"', "\\": "\\", "/": "/", "N": "\x85", "_": "\xa0"}
WORDS = {"null": None, "~": None, "true": True, "false": False}
# The attributes that show objects.
SHOWN = ("objects", "services", "addresses")


# ---- one line of YAML ----

def quoted(text, at):
    """The text in double quotes from there on, and where it ends."""
    found = ""
    while text[at] != '"':
        if text[at] != "\\":
            found, at = found + text[at], at + 1
            continue
        digits = {"x": 2, "u": 4, "U": 8}.get(text[at + 1], 0)
        found += chr(int(text[at + 2:at + 2 + digits], 16)) if digits else ESCAPES[text[at + 1]]
        at += 2 + digits
    return found, at + 1


def plain(word):
    """What a text without quotes is."""
    if word in WORDS:
        return WORDS[word]
    return json.loads(word) if NUMBER.match(word) else word


def flow(text, at):
    """A value inside of brackets, and where it ends."""
    if text[at] == '"':
        return quoted(text, at + 1)
    if text[at] not in "[{":
        end = re.compile(r"[,\]}]|: ").search(text, at).start()
        return plain(text[at:end]), end
    found, close = ([], "]") if text[at] == "[" else ({}, "}")
    at += 1
    while text[at] != close:
        value, at = flow(text, at)
        if close == "]":
            found.append(value)
        else:
            found[value if isinstance(value, str) else json.dumps(value)], at = flow(text, at + 2)
        if text[at] == ",":
            at += 2
    return found, at + 1


def line(text):
    """The value of a line."""
    return flow(text, 0)[0] if text[:1] in ("[", "{", '"') else plain(text)


# ---- lines on a manifest ----

def steps(path):
    """[(kind, name)]: a key, or an element."""
    found, at = [], 0
    while at < len(path):
        match = STEP.match(path, at)
        if not match:
            raise ValueError(path)
        name, element, key = match.groups()
        found.append(("key", key) if key is not None else
                     ("any", name.replace("''", "'")) if name is not None else ("element", element))
        at = match.end()
    return found


def place(items, name):
    """The index of a list's element by its name, its port, or as it is; a new one at the end."""
    for i, item in enumerate(items):
        if isinstance(item, dict) and (item.get("name") == name or (
                "name" not in item and name in (str(item.get("port")),
                                                f"{item.get('port')}/{item.get('protocol')}"))):
            return i
    if name.isdigit() and not (items and isinstance(items[0], dict) and "name" in items[0]):
        items.extend([None] * (int(name) + 1 - len(items)))
        return int(name)
    items.append({"name": name})
    return len(items) - 1


def whole(manifest, lines):
    """The object with these lines on it."""
    result, gone, come = copy.deepcopy(manifest), [], []
    for path, text in lines.items():
        if path == "...":
            continue
        value = None if text.startswith(MISSING) else line(SHOULD.sub("", text))
        if path == ".":
            result = value
            continue
        at, way = result, steps(path)
        for i, (_, name) in enumerate(way):
            if i == len(way) - 1 and isinstance(at, list) and text.endswith(TOO_MANY) and \
                    not any(isinstance(item, dict) for item in at):
                come.append((at, int(name), value))
                break
            where = place(at, name) if isinstance(at, list) else name
            if i == len(way) - 1:
                if value is None:
                    gone.append((at, where))
                else:
                    at[where] = value
                break
            if not isinstance(at, list) and at.get(where) is None:
                at[where] = [] if way[i + 1][0] == "element" else {}
            at = at[where]
    for at, where in sorted(gone, key=lambda g: g[1] if isinstance(g[1], int) else -1, reverse=True):
        if isinstance(at, list):
            del at[where]
        else:
            at.pop(where, None)
    for at, where, value in sorted(come, key=lambda c: c[1]):
        at.insert(where, value)
    return result


# ---- objects of clusters ----

def clusters_of(values):
    """Names of the clusters that something is said of."""
    return list((values.get("status") or {}).get("clusters") or {})


def revision_of(values, key, operator):
    """What is behind the name of the resource in the IstioOperator's."""
    name, own = operator["metadata"]["name"], values.get("name")
    if own and name == own:
        return "default"
    return name[len(own) + 1:] if own and name.startswith(own + "-") else key


def documents(values):
    """{cluster: {revision: IstioOperator}}."""
    found = {cluster: {} for cluster in clusters_of(values)}
    for key, objects in (values.get("objects") or {}).items():
        for what, shown in objects.items():
            if not what.startswith("IstioOperator "):
                continue
            manifest = json.loads(shown["manifest"])
            for cluster, lines in (shown.get("per_cluster") or {}).items():
                found.setdefault(cluster, {})[revision_of(values, key, manifest)] = \
                    whole(manifest, lines)
    return found


def objects(values):
    """{cluster: {"Deployment namespace/name": object}}, of all installations."""
    found = {cluster: {} for cluster in clusters_of(values)}
    for entry in (values.get("objects") or {}).values():
        for what, shown in entry.items():
            manifest = json.loads(shown["manifest"])
            for cluster, lines in (shown.get("per_cluster") or {}).items():
                found.setdefault(cluster, {})[what] = whole(manifest, lines)
    return found


def meant(values, cluster, manifests):
    """Whose manifest the lines of a Service are of that selects nobody."""
    for key, entry in (values.get("installations") or {}).items():
        if key in manifests and (entry["clusters"].get(cluster) or {}).get("active_gateway"):
            return key
    return min(manifests)


def services(values):
    """{cluster: {"namespace/name": {"manifest": Service, "addresses": [address]}}}."""
    found = {cluster: {} for cluster in clusters_of(values)}
    for what, shown in (values.get("services") or {}).items():
        addresses = (values.get("addresses") or {}).get(what) or {}
        for cluster, key in shown["active"].items():
            lines = (shown.get("per_cluster") or {}).get(cluster, {})
            if key is not None or lines:
                key = key if key is not None else meant(values, cluster, shown["manifests"])
                found.setdefault(cluster, {})[what] = {
                    "manifest": whole(json.loads(shown["manifests"][key]), lines),
                    "addresses": addresses.get(cluster) or []}
    return found


def shown(values):
    """The attributes that show objects, as they are."""
    return {name: values[name] for name in SHOWN if name in values}


def viewed(values):
    """The attributes, with whole objects for those that show them."""
    rest = {name: value for name, value in (values or {}).items() if name not in SHOWN}
    return {**rest, "documents": documents(values or {}), "services": services(values or {})}
