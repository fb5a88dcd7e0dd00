# SPDX-License-Identifier: Apache-2.0
"""How every cell of the matrix has to end (outcomes.txt), and what docs/reliability.md has of it."""
import collections
import pathlib
import sys

from hostile.attacks import ATTACKS

HERE = pathlib.Path(__file__).resolve().parent
OUTCOMES = HERE / "outcomes.txt"
PAGE = HERE.parents[1] / "docs" / "reliability.md"
BEGIN, END = "<!-- from here: make reliability -->", "<!-- to here -->"
HEAD = """\
# How every cell of the matrix ends: written by `make reliability`, held by `make hostile`. Where two ways
# are right, depending on what comes first, both stand here, with "or" between them, by hand.
"""
# The stages of the matrix, by what a person does.
COLUMNS = (
    ("refresh", ("read",)),
    ("before a write", ("connect", "look")),
    ("write", ("write", "switch")),
    ("wait until healthy", ("watch", "wait")),
    ("delete", ("delete", "gone")),
    ("import", ("import",)),
    ("data source", ("data",)),
)
WORDS = {"kept": "kept", "refused": "error", "done": "done", "read": "read"}


def _read():
    """{(attack, stage): ["done", "refused"]}"""
    found = {}
    for line in OUTCOMES.read_text("utf-8").splitlines() if OUTCOMES.exists() else []:
        if not line.startswith("#"):
            cell, _, ends = line.rpartition(": ")
            attack, _, stage = cell.rpartition(" at ")
            found[attack, stage] = ends.split(" or ")
    return found


EXPECTED = _read()


def _outcomes(outs):
    """What is expected, with what has ended otherwise as it did."""
    found = {}
    for attack in ATTACKS.values():
        for out in sorted((o for o in outs if o.attack == attack.name), key=lambda o: o.stage):
            before = EXPECTED.get((out.attack, out.stage), [])
            found[out.attack, out.stage] = before if out.ended in before else [out.ended]
    return found


def _text(outcomes):
    return HEAD + "".join(f"{attack} at {stage}: {' or '.join(ends)}\n"
                          for (attack, stage), ends in outcomes.items())


def _cell(outcomes, attacks, stages):
    ends = {end for (attack, stage), some in outcomes.items() for end in some
            if attack in attacks and stage in stages}
    return " or ".join(word for end, word in WORDS.items() if end in ends) or "–"


def _row(first, outcomes, attacks):
    cells = [_cell(outcomes, attacks, stages) for _, stages in COLUMNS]
    return f"| {first} | " + " | ".join(cells) + " |"


def _head(*first):
    names = [*first, *(name for name, _ in COLUMNS)]
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]


def _families():
    found = collections.OrderedDict()
    for attack in ATTACKS.values():
        found.setdefault(attack.family, []).append(attack)
    return found.items()


def _summary(outcomes):
    lines = [f"{len(ATTACKS)} attacks, {len(outcomes)} ways to meet one:", "",
             *_head("The server's", "attacks")]
    for family, attacks in _families():
        lines.append(_row(f"{family} | {len(attacks)}", outcomes, {a.name for a in attacks}))
    return lines


def _details(outcomes):
    lines = []
    for family, attacks in _families():
        lines += ["", f"### {family}", "", *_head("The server")]
        lines += [_row(a.words, outcomes, {a.name}) for a in attacks]
    return lines[1:]


def _page(outcomes):
    """The page with its two written parts as these outcomes have them."""
    parts = PAGE.read_text("utf-8").split(BEGIN)
    if len(parts) != 3:
        sys.exit(f"{PAGE} must have {BEGIN} twice")
    text = parts[0]
    for part, lines in zip(parts[1:], (_summary(outcomes), _details(outcomes))):
        text += BEGIN + "\n" + "\n".join(lines) + "\n" + END + part.split(END, 1)[1]
    return text


def write(outs):
    """Cells that were not played stay as they are."""
    outcomes = _outcomes(outs)
    merged = {**EXPECTED, **outcomes}
    order = {name: i for i, name in enumerate(ATTACKS)}
    merged = dict(sorted(((k, v) for k, v in merged.items() if k[0] in order),
                         key=lambda item: (order[item[0][0]], item[0][1])))
    OUTCOMES.write_text(_text(merged), "utf-8")
    PAGE.write_text(_page(merged), "utf-8")


def is_current(outs):
    outcomes = _outcomes(outs)
    return OUTCOMES.read_text("utf-8") == _text(outcomes) and \
        PAGE.read_text("utf-8") == _page(outcomes)
