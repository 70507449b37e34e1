"""Harmony for given notes: phrases of any length from anywhere in the bar, and all that is composed without them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.grammar.layered import Layered, determinised, leaves_by_moment
from theorygen.grammar.automaton import Automaton
from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.style import load_style, resolve_parameters
from theorygen.grammar.symbols import Goal, home_key
from theorygen.theory import Meter

STYLE = load_style("textbook-chorale")
CADENCES = ("PAC", "IAC", "HC", "DC", "PC")


def automaton(meter: Meter, level: int) -> Automaton:
    assert STYLE.harmony
    clock = Clock(meter.bar_length, meter.beat_length, meter.weight)
    parameters = resolve_parameters(STYLE, {"level": str(level)})
    return Automaton(Chart(STYLE.harmony, parameters, unit=meter.beat_length, clock=clock))


def phrase(cadence: str, mode: str, length: Fraction, start: Fraction, given: bool) -> Goal:
    attributes = {"mode": mode, "cadence": cadence} | ({"given": "yes"} if given else {})
    return Goal("Phrase", length, (cadence,), attributes, start)


@pytest.mark.parametrize("name", ["4/4", "3/4", "2/4", "6/8", "2/2", "12/8"])
@pytest.mark.parametrize("level", [1, 4])
def test_phrases_of_any_length_from_anywhere_in_the_bar(name: str, level: int) -> None:
    meter = Meter.parse(name)
    found = automaton(meter, level)
    beats = int(meter.bar_length / meter.beat_length)
    missing = [
        (start, length, cadence, mode)
        for start in range(beats)
        for length in range(3, 3 * beats + 1)
        for cadence in CADENCES
        for mode in ("major", "minor")
        if found.start(phrase(cadence, mode, length * meter.beat_length, start * meter.beat_length, True)) is None
    ]
    assert not missing


def test_a_goal_may_last_as_long_as_its_note() -> None:
    found = automaton(Meter.parse("4/4"), 3)
    lengths = {}
    for given in (False, True):
        start = found.start(phrase("PAC", "major", Fraction(8), Fraction(0), given))
        assert start
        leaves = [leaf for moment in leaves_by_moment(found, start).values() for leaf in moment]
        lengths[given] = {leaf.duration for leaf in leaves if "Last(PAC)" in leaf.path}
        assert all(leaf.start + leaf.duration == 8 for leaf in leaves if "Last(PAC)" in leaf.path)
    assert lengths == {False: {2}, True: set(range(1, 8))}


def rows(layered: Layered, state: int = 0) -> set[tuple]:
    if state == len(layered.arcs) - 1:
        return {()}
    return {(arc.what, *row) for arc in layered.arcs[state] for row in rows(layered, arc.after)}


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("cadence", CADENCES)
def test_what_is_composed_can_be_found_under_given_notes_too(cadence: str, mode: str) -> None:
    found = automaton(Meter.parse("4/4"), 4)
    free, given = (
        rows(determinised(found, start))
        for flag in (False, True)
        if (start := found.start(phrase(cadence, mode, Fraction(6), Fraction(2), flag)))
    )
    assert free < given


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_single_phrase_may_close_as_its_melody_does(mode: str) -> None:
    assert STYLE.form
    form = Automaton(Chart(STYLE.form, resolve_parameters(STYLE, {"phrases": "1"})))
    attributes = {"key": home_key(mode), "mode": mode}
    ends = {}
    for given in ("no", "yes"):
        start = form.start(Goal("Chorale", 1, attributes={**attributes, "given": given}))
        assert start
        ends[given] = {move.leaf.derivation.arguments or move.leaf.attributes["cadence"] for move in form.moves(start)}
    assert ends["no"] < ends["yes"]
    assert len(ends["yes"]) == 4
