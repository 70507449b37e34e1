"""What a form asks of the harmony: the same as all its derivations ask one by one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests.verify.small import SMALL, changed, style_of
from theorygen.compose.joint import GIVEN
from theorygen.grammar.chart import Chart
from theorygen.grammar.derivation import Derivation
from theorygen.grammar.lengths import Lengths
from theorygen.grammar.style import Style, load_style
from theorygen.verify.roots import Root, form_goals, roots

SHARED = """
form:
  Piece:
    "let A = Two in A Ask A": 1
    "Ask Two Two": {weight: 1, when: level >= 2}
  Two: "Ask Ask"
  Ask: {"Phrase(cadence=HC)[length=3]": 1, "Phrase(cadence=PAC)": 1}
harmony:
"""


def defaults(style: Style) -> dict[str, object]:
    return {name: parameter.default for name, parameter in style.parameters.items()}


def repetitions(node: Derivation, again: bool = False) -> Iterator[bool]:
    """For each leaf whether it repeats an earlier one, whose harmony it has."""
    again = again or node.repeated
    if node.is_terminal:
        yield again
    for child in node.children:
        yield from repetitions(child, again)


def enumerated(style: Style, values: dict[str, object]) -> set[tuple[object, ...]]:
    """Symbol, cadence, key and start of every leaf of every derivation for composed pieces, one by one."""
    found: set[tuple[object, ...]] = set()
    assert style.form is not None
    chart = Chart(style.form, values)
    for meter in style.meters:
        lengths = Lengths(style, values)
        for _, goal in form_goals(style, values):
            for derivation in chart.enumerate(goal) if "given" not in goal.attributes else ():
                at = -lengths.pickup(meter) % meter.bar_length
                for leaf, again in zip(derivation.leaves(), repetitions(derivation), strict=True):
                    said = leaf.constraints.get("length")
                    length = Fraction(str(said)) if said else lengths.phrase(meter)
                    if not again:
                        found.add((leaf.symbol, leaf.attributes["cadence"], leaf.attributes["key"], length, meter, at))
                    at = (at + length) % meter.bar_length
    return found


def told(asked: tuple[Root, ...]) -> set[tuple[object, ...]]:
    return {(root.symbol, dict(root.attributes)["cadence"], dict(root.attributes)["key"], root.durations[0], root.meter,
             start) for root in asked if not root.is_given for start in root.starts}


@pytest.mark.parametrize("text", [
    SMALL,
    changed("meter: 4/4", "meter: [4/4, 3/4]"),
    changed("meter: 4/4", "meter: 3/4\npickup: 1"),
    changed(SMALL[SMALL.index("form:"):SMALL.index("harmony:\n") + 9], SHARED).replace(
        "length: 2}", "length: 5}"),
], ids=["plain", "two meters", "pickup", "shared phrases of several lengths"])
def test_roots_are_what_derivations_ask(text: str, tmp_path: Path) -> None:
    style = style_of(text, tmp_path)
    for level in (1, 2):
        values = {**defaults(style), "level": level}
        assert told(roots(style, values)) == enumerated(style, values)


def test_roots_know_the_line_that_asks(tmp_path: Path) -> None:
    style = style_of(SMALL, tmp_path)
    lines = SMALL.splitlines()
    for root in roots(style, {**defaults(style), "level": 2}):
        cadence = dict(root.attributes)["cadence"]
        assert [f"cadence={cadence}" in lines[mark.line - 1] for mark in root.marks] == [True]


def test_under_given_notes_phrases_have_any_length() -> None:
    style = load_style("textbook-chorale")
    given = [root for root in roots(style, defaults(style)) if root.is_given]
    assert given
    for root in given:
        assert root.durations == tuple(range(1, 17)) and root.starts == (0, 1, 2, 3)
        assert GIVEN.items() <= dict(root.attributes).items()


def test_a_style_without_a_form_asks_nothing() -> None:
    style = load_style("common-practice")
    assert roots(style, defaults(style)) == ()
