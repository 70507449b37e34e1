"""Constraint libraries on rules that are not left-to-right: a canon, a motif that returns, a row of twelve notes.

``python -m benchmarks.global_rules`` measures all of them; each question is asked in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from typing import Any

from benchmarks.report import Report, milliseconds
from benchmarks.timing import ROOT, peak_memory, seconds
from benchmarks.workload import HOME, METER, SIXTEEN, rule_sets
from theorygen.rules.rule_set import RuleSet, resolve_rules
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.score.timeline import measures_of
from theorygen.solve.engines import engines
from theorygen.solve.engines.constraint import ConstraintEngine, Found
from theorygen.solve.network import Network
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.relations import relations_of
from theorygen.solve.workshop import Workshop
from theorygen.source.document import parse_document
from theorygen.theory import Pitch, RomanNumeral

LIMIT = 30.0
PATIENCE = 5
"""After so many limits a process is stopped: some libraries look at the clock only while they search."""

WHOLE = 1 << 50
"""A width that leaves nothing out."""

CHORDS = ("I", "I6", "ii", "ii6", "IV", "V", "V6", "vi", "V7", "V65")
"""What every place of a canon but the first and the last may have."""

CHROMATIC = ("C4", "C#4", "D4", "Eb4", "E4", "F4", "F#4", "G4", "G#4", "A4", "Bb4", "B4", "C5", "D5", "E5")
RELATIONS = {
    "canon": "one: {relation: canon, leader: soprano, follower: alto, interval: -P5, distance: 2 slots}",
    "motif": "one: {relation: same-motif, voice: soprano, at: [m1, m3], length: 6 slots}",
    "row": "one: {relation: row, voices: all}",
}
STEPS = """
small: {over: melodic-step, cost: abs(semitones), strength: 1}
no-seventh: {over: melodic-step, forbid: size > m6}
turn: {over: melodic-turn, when: first.size > M3, require: second.direction == -first.direction}
"""


def question(name: str) -> Problem:
    """One of the questions: "canon", "canon-all", "motif" or "row"."""
    if name == "row":
        return _row()
    texts: list[tuple[str, ...]] = [(text,) for text in SIXTEEN]
    if name.startswith("canon"):
        texts = [("I",), *[CHORDS] * 14, ("I",)] if name == "canon" else [("I",), *[CHORDS] * 6, ("I",)]
    rules = rule_sets()["all" if name != "canon" else "none"]
    last = len(texts) - 1
    positions = tuple(Position(tuple(
        Choice(Slot(RomanNumeral.parse(text, HOME), METER.weight(Fraction(place)), place == 0, place == last,
                    place == 0, place == last)) for text in some)) for place, some in enumerate(texts))
    return _related(name.partition("-")[0], positions, rules, Ensemble.named("satb"))


def _row() -> Problem:
    """Two voices without chords, twelve notes each from a stretch of the chromatic scale, all of them one row."""
    voices = []
    for name, shift in (("soprano", 1), ("bass", -1)):
        low, high = (Pitch.parse(note[:-1] + str(int(note[-1]) + shift)) for note in (CHROMATIC[0], CHROMATIC[-1]))
        voices.append(VoiceSpec(name, low, high, (low, high)))
    given = {number: frozenset(Pitch.parse(note[:-1] + str(int(note[-1]) + shift)).code for note in CHROMATIC)
             for number, shift in enumerate((1, -1))}
    positions = tuple(Position((Choice(Slot(None, first=place == 0), given=given),)) for place in range(12))
    return _related("row", positions, _rules(STEPS).on(("skeleton",)).solved, Ensemble("two", tuple(voices)))


def _related(kind: str, positions: tuple[Position, ...], rules: RuleSet, ensemble: Ensemble) -> Problem:
    end = Fraction(len(positions))
    relations = relations_of(_rules(RELATIONS[kind]), [Fraction(place) for place in range(len(positions))], end,
                             measures_of(((Fraction(0), METER),), Fraction(0), end), ensemble.names)
    return Problem(positions, rules, ensemble, relations=relations)


def _rules(text: str) -> RuleSet:
    document = parse_document(text, "rules.yaml")
    return resolve_rules(document.data, document, ())


class Clingo(ConstraintEngine):
    """clingo, for the study alone: core-guided, stratified, as in `benchmarks.engines.clingo`."""

    name = "clingo"
    about = "clingo searches, with a proof at the end"
    package = "clingo"
    settings = ("--opt-strategy=usc,oll,stratify,disjoint,succinct",)

    def minimise(self, network: Network, seconds: float, any_will_do: bool) -> Found:
        """The least charge."""
        import clingo

        control = clingo.Control(list(self.settings), logger=lambda *_: None)
        control.add("base", [], "".join(_facts(network)) + _PROGRAM + ("" if any_will_do else _CHEAPEST))
        control.ground([("base", [])])
        control.configuration.solve.models = 1 if any_will_do else 0  # type: ignore[union-attr]
        found: list[dict[int, int]] = []

        def keep(model: Any) -> None:
            pairs = [[argument.number for argument in atom.arguments] for atom in model.symbols(shown=True)]
            found.append(dict(pairs))

        with control.solve(on_model=keep, async_=True) as search:
            if not search.wait(max(seconds, 0.0)):
                search.cancel()
            ended = bool(search.get().exhausted) or (any_will_do and bool(found))
        if not found:
            return Found(None, None, ended)
        values = [found[-1][variable] for variable in range(len(network.domains))]
        return Found(values, _charge(network, values), ended)

    def number(self, network: Network, seconds: float) -> int | None:
        """Not asked here."""
        raise NotImplementedError


_PROGRAM = """
{is(V, X) : may(V, X)} = 1 :- variable(V).
{taken(T, R) : row(T, R)} = 1 :- table(T).
:- taken(T, R), cell(T, R, V, X), not is(V, X).
:- differ(V, W), is(V, X), is(W, X).
#show is/2.
"""
_CHEAPEST = "#minimize{C, T : taken(T, R), charge(T, R, C)}."


def _facts(network: Network) -> list[str]:
    facts = [f"variable({one})." for one in range(len(network.domains))]
    facts += [f"may({one},{value})." for one, domain in enumerate(network.domains) for value in domain.tolist()]
    for number, table in enumerate(network.tables):
        facts.append(f"table({number}).")
        least = int(table.charge.min(initial=0))
        for row, (values, charge) in enumerate(zip(table.rows.tolist(), table.charge.tolist(), strict=True)):
            facts += [f"row({number},{row}).", f"charge({number},{row},{charge - least})."]
            cells = zip(table.variables, values, strict=True)
            facts += [f"cell({number},{row},{one},{value})." for one, value in cells]
    facts += [f"differ({one},{other})." for some in network.different for place, one in enumerate(some)
              for other in some[place + 1 :]]
    return facts


def _charge(network: Network, values: list[int]) -> int:
    """What values of all variables are charged."""
    return sum(int(table.charge[(table.rows == [values[one] for one in table.variables]).all(axis=1)][0])
               for table in network.tables)


def library(name: str) -> ConstraintEngine:
    """An engine that searches, at its fastest."""
    known: dict[str, Any] = {engine.name: engine for engine in (*engines(), Clingo())}
    if name == "cp-sat":
        known[name].in_turn = False
    return known[name]


def measure_one(name: str, asked: str, is_whole: bool, limit: float = LIMIT) -> dict[str, Any]:
    """One library and one question in this process: seconds and megabytes."""
    engine, problem = library(name), question(asked)
    workshop = Workshop(problem.rules, problem.ensemble)
    workshop.prepare([problem])
    before = peak_memory()
    importing, _ = seconds(lambda: import_module(_MODULES[name]))
    if is_whole:
        engine.width = WHOLE
    first, found = _timed(lambda: engine.first(problem, workshop, limit))
    best, proven = _timed(lambda: engine.best(problem, workshop, limit))
    return {"import": importing, "first": first, "first cost": found.cost, "best": best, "cost": proven.cost,
            "proven": proven.proven, "memory": peak_memory() - before}


def _timed(function: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


_MODULES = {"choco": "pychoco", "cp-sat": "ortools.sat.python.cp_model", "clingo": "clingo"}

TITLES = {"canon": "canon at the fifth, 16 chords, ten to choose from at each, rules without memory",
          "canon-all": "the same, 8 chords, all rules", "motif": "six notes return, 16 chords, all rules",
          "row": "rows of twelve notes in two voices without chords"}
"""The questions in words."""


def measure_global_rules(report: Report, limit: float = LIMIT, names: tuple[str, ...] = ("choco", "cp-sat", "clingo")
                         ) -> None:
    """Time to any solution and to the proven best one, with cheap ways first and with everything at once."""
    rows = []
    for asked, title in TITLES.items():
        for is_whole in (False, True):
            for name in names:
                how = "everything" if is_whole else "cheap ways first"
                rows.append((title, how, name, *_row_of(_in_own_process(name, asked, is_whole, limit))))
    report.table("Rules over notes that stand apart: libraries over the same tables",
                 ("question", "asked", "library", "import", "first", "best", "cost", "proven", "memory"), rows)


def _in_own_process(name: str, asked: str, is_whole: bool, limit: float) -> dict[str, Any] | None:
    """What `measure_one` says in a fresh process, or None where it says nothing in time or in memory."""
    arguments = [sys.executable, "-m", "benchmarks.global_rules", name, asked, str(int(is_whole)), str(limit)]
    try:
        done = subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True, text=True, timeout=PATIENCE * limit)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _row_of(found: dict[str, Any] | None) -> tuple[str, ...]:
    if found is None:
        return ("", "no answer", "no answer", "none", "not proven", "")
    cost = "none" if found["cost"] is None else f"{found['cost'] / 1000:g}"
    return (milliseconds(found["import"]), milliseconds(found["first"]), milliseconds(found["best"]), cost,
            "yes" if found["proven"] else "not proven", f"{found['memory']:.0f} MB")


def main() -> None:
    """Measure everything, or one question for the line of JSON that the parent process reads."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.global_rules", description=__doc__)
    parser.add_argument("one", nargs="*", help="library, question, 0 or 1 for everything at once, seconds")
    given = parser.parse_args().one
    if not given:
        measure_global_rules(Report())
        return
    name, asked, is_whole, limit = given
    json.dump(measure_one(name, asked, is_whole == "1", float(limit)), sys.stdout)
    print()


if __name__ == "__main__":
    main()
