# SPDX-License-Identifier: Apache-2.0
"""What the matrix says, as the parts of docs/reliability.md that are written by it."""
import collections
import difflib
import sys

from hostile.attacks import ATTACKS

BEGIN, END = "<!-- from here: make reliability -->", "<!-- to here -->"
# The stages of the matrix, by what a person does.
COLUMNS = (
    ("refresh", ("read",)),
    ("before a write", ("connect", "look")),
    ("write", ("write", "switch")),
    ("wait until healthy", ("watch", "wait")),
    ("delete", ("delete", "gone")),
)
WORDS = {"kept": "kept", "refused": "error", "done": "done", "read": "read"}


def _cell(outs):
    """"error", or "error, done" where it ended in several ways."""
    found = sorted({WORDS[out.ended] for out in outs}, key=list(WORDS.values()).index)
    return " or ".join(found) if found else "–"


def _row(words, by_stage):
    return f"| {words} | " + " | ".join(
        _cell([out for stage in stages for out in by_stage.get(stage, [])])
        for _, stages in COLUMNS) + " |"


def _head(first):
    return [f"| {first} | " + " | ".join(name for name, _ in COLUMNS) + " |",
            "|---|" + "---|" * len(COLUMNS)]


def _gather(outs):
    """{family: {attack name: {stage: [outcome]}}}, in the order of the attacks."""
    found = collections.OrderedDict()
    for attack in ATTACKS.values():
        found.setdefault(attack.family, collections.OrderedDict())[attack.name] = {}
    for out in outs:
        found[ATTACKS[out.attack].family][out.attack].setdefault(out.stage, []).append(out)
    return found


def _summary(outs):
    lines = [f"{len(ATTACKS)} attacks, {len(outs)} ways to meet one:", ""]
    lines += [f"| What the server did | attacks | " + " | ".join(n for n, _ in COLUMNS) + " |",
              "|---|---|" + "---|" * len(COLUMNS)]
    for family, attacks in _gather(outs).items():
        together = collections.defaultdict(list)
        for by_stage in attacks.values():
            for stage, some in by_stage.items():
                together[stage] += some
        row = _row(family, together)
        lines.append(row.replace(f"| {family} |", f"| {family} | {len(attacks)} |"))
    return lines


def _details(outs):
    lines = []
    for family, attacks in _gather(outs).items():
        lines += ["", f"### {family}", "", *_head("The server")]
        lines += [_row(ATTACKS[name].words, by_stage) for name, by_stage in attacks.items()]
    return lines[1:]


def page(text, outs):
    """The page with its two written parts as these outcomes have them."""
    parts = text.split(BEGIN)
    if len(parts) != 3:
        sys.exit(f"docs/reliability.md must have {BEGIN} twice")
    out = parts[0]
    for part, lines in zip(parts[1:], (_summary(outs), _details(outs))):
        out += BEGIN + "\n" + "\n".join(lines) + "\n" + END + part.split(END, 1)[1]
    return out


def show_difference(before, after):
    sys.stderr.writelines(difflib.unified_diff(
        before.splitlines(True), after.splitlines(True), "docs/reliability.md", "the matrix"))
