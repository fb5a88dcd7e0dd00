# SPDX-License-Identifier: Apache-2.0
"""Objects of two renderers, one against the other, and why some differ on purpose.

A difference is a place where the two objects are not the same: (path, theirs, ours), either of them ABSENT. An exception
is a name, and what says of a difference that this is why. What is left over is a failure."""
import collections, re

ABSENT = type("Absent", (), {"__repr__": lambda self: "nothing"})()


def same(a, b):
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return a == b


def differences(theirs, ours, path=()):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in [*theirs, *(k for k in ours if k not in theirs)]:
            yield from differences(theirs.get(key, ABSENT), ours.get(key, ABSENT), (*path, key))
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for i, (t, o) in enumerate(zip(theirs, ours)):
            yield from differences(t, o, (*path, i))
    elif type(theirs) is not type(ours) and not (isinstance(theirs, (int, float)) and isinstance(ours, (int, float))) or not same(theirs, ours):
        yield path, theirs, ours


def yaml_text(value):
    """What YAML 1.1 reads a plain scalar as may have been any of these texts."""
    if value is True:
        return {"true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
    if value is False:
        return {"false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}
    return {"", "null", "Null", "NULL", "~"} if value is None else set()


def retyped(path, theirs, ours):
    if not isinstance(ours, str) or isinstance(theirs, (str, dict, list)) or theirs is ABSENT:
        return False
    if ours in yaml_text(theirs):
        return True
    try:
        return not isinstance(theirs, bool) and theirs is not None and float(ours.replace("_", "")) == theirs
    except ValueError:
        return False


# In the order in which they are tried. Each is (name, reason, says so of a difference).
EXCEPTIONS = [
    ("retyped", "the chart prints a text without quotes and YAML reads it as something else; ours stays a text",
     retyped),
    ("integer beyond 2^53", "istioctl's numbers are doubles, ours are exact",
     lambda path, theirs, ours: isinstance(ours, int) and isinstance(theirs, (int, float)) and abs(ours) > 2**53 and float(ours) == float(theirs)),
]


def without_jwt_policy(o):
    """Takes out of a Deployment what 1.22.0 no longer set; says whether there was any."""
    found = False
    for container in (((o.get("spec") or {}).get("template") or {}).get("spec") or {}).get("containers") or []:
        env = container.get("env") or []
        kept = [e for e in env if not (e.get("name") == "JWT_POLICY" and e.get("value") == "third-party-jwt")]
        if len(kept) < len(env):
            found, container["env"] = True, kept
    return found


# The module of the 1.22 line was cut before 1.22.0: what is taken out of its objects first.
BEFORE_1_22 = ("JWT_POLICY", "a variable that the charts of that module set and those of 1.22.0 do not", without_jwt_policy)

# What 1.22.0 brought, and what counts on places that such a variable moves: documents with these are left out.
NEW_IN_1_22 = re.compile(r'"(stable|ambient|openshift-ambient|compatibilityVersion)"|env\.\[1\]')


class Tally:
    """What came of one comparison: objects equal, excepted and different, and documents refused."""

    def __init__(self, name, shown=10, before=None):
        self.name, self.shown, self.before = name, shown, before
        self.documents = self.refused_by_both = self.objects = self.equal = self.failed = 0
        self.excepted, self.refusals = collections.Counter(), collections.Counter()

    def fail(self, what, *lines):
        self.failed += 1
        if self.failed <= self.shown:
            print(f"FAILED ({self.name}): {what}", *(str(line)[:2000] for line in lines), sep="\n  ")

    def excused(self, path, theirs, ours):
        return next((name for name, _, applies in EXCEPTIONS if applies(path, theirs, ours)), None)

    def document(self, what, theirs, ours, source="", refusal=lambda theirs, ours: None):
        """One document's answers; refusal names the exception where only one side refuses."""
        self.documents += 1
        if "refused" in theirs and "refused" in ours:
            self.refused_by_both += 1
            return True
        if "refused" in theirs or "refused" in ours:
            reason = refusal(theirs, ours)
            if reason:
                self.refusals[reason] += 1
                return True
            self.fail(f"{what}: only one side refuses", "theirs: " + described(theirs), "ours:   " + described(ours), source)
            return False
        return self.compare(what, theirs["objects"] or [], ours["objects"], source)

    def compare(self, what, theirs, ours, source):
        left, ok = [(key(o), o) for o in ours], True
        for their in theirs:
            self.objects += 1
            index = next((i for i, (k, _) in enumerate(left) if k == key(their)), None)
            if index is None:
                self.fail(f"{what}: we have no {' '.join(map(str, key(their)))}", source)
                ok = False
                continue
            ok = self.pair(what, their, left.pop(index)[1], source) and ok
        for k, _ in left:
            self.fail(f"{what}: only we have {' '.join(map(str, k))}", source)
            ok = False
        return ok

    def pair(self, what, theirs, ours, source):
        reasons, unexplained = set(), []
        if self.before and self.before[2](theirs):
            reasons.add(self.before[0])
        for path, t, o in differences(theirs, ours):
            reason = self.excused(path, t, o)
            if reason:
                reasons.add(reason)
            else:
                unexplained.append(f"{'.'.join(map(str, path))}: theirs {t!r}, ours {o!r}")
        if unexplained:
            self.fail(f"{what}: {key(theirs)[0]}", *unexplained[:6], source)
            return False
        self.equal += not reasons
        for reason in reasons:
            self.excepted[reason] += 1
        return True

    def line(self):
        parts = [f"{self.name}: {self.equal} of {self.objects} objects equal"]
        parts += [f"{n} but for {name}" for name, n in sorted(self.excepted.items())]
        parts += [f"{self.documents} documents, {self.refused_by_both} refused by both"]
        parts += [f"{n} refused by one: {name}" for name, n in sorted(self.refusals.items())]
        return ", ".join(parts) + f", {self.failed} failed"


def described(answer):
    return answer["refused"] if "refused" in answer else f"{len(answer['objects'] or [])} objects"


def key(o):
    """Kind, name and namespace as texts: YAML retypes names too."""
    meta = o.get("metadata") or {}
    return str(o.get("kind")), str(meta.get("name")), str(meta.get("namespace"))
