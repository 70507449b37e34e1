"""Measures of a grammar: how many derivations and rows of chords, how much choice, how long, and what is how common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from theorygen.grammar.automaton import Automaton
from theorygen.grammar.chart import Chart
from theorygen.grammar.symbols import Goal
from theorygen.source.marks import Mark
from theorygen.theory import Meter
from theorygen.verify.finding import Finding, Study, Subject
from theorygen.verify.roots import Root, harmony_chart, roots
from theorygen.verify.rows import MOST_SETS, Tree, ambiguous_row, row_count, trees
from theorygen.verify.settings import settings, singles
from theorygen.verify.shares import expected_chords, expected_uses

TITLE = "How much can the grammar say?"

HIGH = 2.0
"""Derivations to a row of chords from which on ambiguity is worth a note."""

Charts = Mapping[Meter, Chart]


@dataclass(frozen=True)
class Measure:
    """What is known of one goal at one setting.

    Attributes:
        root: what the form asks.
        derivations: how many there are.
        rows: how many different rows of chords; None where that is too much to tell.
        entropy: bits of choice among the derivations, by their weights.
        chords: how many chords a derivation has on average, by weight.
    """

    root: Root
    derivations: int
    rows: int | None
    entropy: float
    chords: float

    @property
    def ambiguity(self) -> float | None:
        """Derivations to a row of chords, on average over rows."""
        return self.derivations / self.rows if self.rows else None

    @property
    def perplexity(self) -> float:
        """Choices for each chord, as if all were equally likely."""
        return float(2 ** (self.entropy / self.chords)) if self.chords else 1.0

    @property
    def text(self) -> str:
        """In words."""
        rows = f"more rows of chords than {MOST_SETS:,} sets of states tell" if self.rows is None else \
            f"{self.rows:,} rows of chords"
        each = f" ({self.ambiguity:.2f} each)" if self.ambiguity else ""
        return (f"{self.derivations:,} derivations of {rows}{each}, {self.entropy:.2f} bits, "
                f"{self.chords:.2f} chords, perplexity {self.perplexity:.2f}")


def study(subject: Subject) -> Study:
    """Counts, entropy and shares of all phrases that composed pieces ask for.

    All of it at the defaults and what was given; the numbers of derivations also for every other value that a parameter
    has by itself.
    """
    style = subject.style
    if style.harmony is None or style.form is None or style.is_abstract:
        return Study("measures", TITLE, {"phrases": "a base for other styles asks for none"})
    values = settings(subject).values[0]
    asked = _composed(subject, values)
    charts = _charts(subject, values, asked)
    measured = [_measure(charts[root.meter], root) for root in asked]
    facts: dict[str, Any] = {f"{one.root} in {one.root.mode}, {one.root.meter}": one.text for one in measured}
    facts |= dict(_by_setting(subject, values))
    facts["uses of productions in a phrase"] = _uses(charts, asked)
    notes = tuple(note for one in measured for note in _ambiguous(charts[one.root.meter], one))
    return Study("measures", TITLE, facts, notes, "the defaults, and each value of a parameter by itself")


def _composed(subject: Subject, values: Mapping[str, Any]) -> list[Root]:
    return [root for root in roots(subject.style, values) if not root.is_given]


def _charts(subject: Subject, values: Mapping[str, Any], asked: Sequence[Root]) -> dict[Meter, Chart]:
    return {meter: harmony_chart(subject.style, values, meter) for meter in dict.fromkeys(one.meter for one in asked)}


def _goal(root: Root) -> Goal:
    """What a root asks at the first place where it may begin."""
    return next(root.goals())


def _measure(chart: Chart, root: Root) -> Measure:
    goal = _goal(root)
    cell = chart.cell(goal)
    automaton = Automaton(chart)
    start = automaton.start(goal)
    rows = row_count(automaton, start) if start else 0
    return Measure(root, cell.count, rows, cell.entropy, expected_chords(cell) if cell.count else 0.0)


def _by_setting(subject: Subject, base: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """How much all phrases have together at the defaults, and for every value of a parameter that changes it."""
    usual = _together(subject, base)
    yield "at the defaults" if not subject.given else "as given", usual
    for name, values in singles(subject):
        told = _together(subject, values)
        if told != usual:
            yield f"{name}={values[name]}", told


def _together(subject: Subject, values: Mapping[str, Any]) -> str:
    asked = _composed(subject, values)
    charts = _charts(subject, values, asked)
    cells = [charts[root.meter].cell(_goal(root)) for root in asked]
    bits = sum(cell.entropy for cell in cells) / max(len(cells), 1)
    return f"{len(cells)} phrases, {sum(cell.count for cell in cells):,} derivations, {bits:.2f} bits on average"


def _uses(charts: Charts, asked: Sequence[Root]) -> dict[str, float]:
    """How often each production is used in a phrase on average, the phrases alike; the commonest first."""
    found: dict[str, float] = {}
    for root in asked:
        cell = charts[root.meter].cell(_goal(root))
        for production, uses in expected_uses(cell).items() if cell.count else ():
            name = f"{production.text} ({Path(production.mark.file).name}:{production.mark.line})"
            found[name] = found.get(name, 0.0) + uses / len(asked)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _ambiguous(chart: Chart, one: Measure) -> Iterator[Finding]:
    """A note where a row of chords has many derivations, with the shortest that has two."""
    if one.ambiguity is None or one.ambiguity < HIGH:
        return
    goal = _goal(one.root)
    automaton = Automaton(chart)
    start = automaton.start(goal)
    row = ambiguous_row(automaton, start) if start else ()
    ways = tuple(islice(trees(chart, goal, row), 2))
    marks = one.root.marks
    yield Finding(
        "ambiguous", "note",
        f"a row of chords of {one.root} has {one.ambiguity:.1f} derivations on average in {one.root.mode} and "
        f"{one.root.meter}", str(one.root), marks[0] if marks else None, tuple(_apart(ways)),
        f"all {one.derivations:,} derivations", _shown(row, ways),
        "weights of one row add up; make one of the two ways impossible, if they are meant to be one",
        {"derivations": one.derivations, "rows": one.rows})


def _shown(row: Sequence[Any], ways: Sequence[Tree]) -> str:
    return "\n".join([" ".join(leaf.symbol for leaf in row), *map(str, ways)])


def _apart(ways: Sequence[Tree]) -> Iterator[Mark]:
    """The productions by which two derivations differ first."""
    if len(ways) < 2:
        return
    one, other = ways
    if one.production is not other.production or len(one.children) != len(other.children):
        yield from (tree.production.mark for tree in ways if tree.production)
        return
    for pair in zip(one.children, other.children, strict=True):
        if pair[0] != pair[1]:
            yield from _apart(pair)
            return
