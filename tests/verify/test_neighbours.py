"""Neighbours against all pieces of a small style, and against drawn plans of one that ships."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from tests.verify.small_style import small_style
from theorygen.compose.composition import choices_of, moments_of, task_of
from theorygen.compose.plan import Plan, PlannedPhrase, Planner, Unplannable, origins
from theorygen.compose.tasks import places_of
from theorygen.grammar.style import Style, load_style, resolve_parameters
from theorygen.grammar.symbols import Goal, home_key
from theorygen.score.timeline import measures_of
from theorygen.solve.problem import Position, canonical
from theorygen.source.chance import Chance
from theorygen.theory import Key
from theorygen.verify.finding import Subject
from theorygen.verify.neighbours import Found, neighbours


def meaning(position: Position, names: frozenset[str]) -> Any:
    """What a position is for rules."""
    asked = [{**position.degrees, **choice.degrees} for choice in position.choices]
    return frozenset((canonical(choice.slot, names), tuple(sorted(degrees.items())))
                     for choice, degrees in zip(position.choices, asked, strict=True))


def all_of(found: Found, home: Key, names: frozenset[str], is_given: bool = False) -> tuple[set[Any], set[Any]]:
    """Pairs and chords in a key."""
    mode = "minor" if home.is_minor else "major"
    return tuple({tuple(meaning(one, names) for one in pair.positions(home))  # type: ignore[return-value]
                  for pair in some if pair.mode == mode and pair.is_given == is_given}
                 for some in (found.pairs, found.chords))


def all_plans(style: Style, values: dict[str, Any], home: Key) -> Iterator[list[Position]]:
    """The positions of every piece of a small style in its first meter."""
    planner, meter = Planner(style, values), style.meters[0]
    mode = "minor" if home.is_minor else "major"
    goal = Goal(style.goal, planner.lengths.form(), attributes={"key": home_key(mode), "mode": mode})
    for form in planner.form_chart.enumerate(goal):
        found, chart = origins(form), planner.harmony_chart(meter)
        goals, onset = {}, -planner.lengths.pickup(meter)
        for leaf, origin in zip(form.leaves(), found, strict=True):
            length = planner.lengths.phrase(meter)
            goals.setdefault(origin, Goal(leaf.symbol, length, leaf.derivation.arguments, leaf.attributes,
                                          onset % meter.bar_length))
            onset += length
        for harmonies in product(*(list(chart.enumerate(one)) for one in goals.values())):
            drawn = dict(zip(goals, harmonies, strict=True))
            phrases = tuple(PlannedPhrase(leaf, drawn[origin], False)
                            for leaf, origin in zip(form.leaves(), found, strict=True))
            chords = tuple(planner._chords(phrases, home))
            moments = moments_of(chords)
            places = places_of(moments, measures_of(((0, meter),), planner.lengths.pickup(meter), moments[-1].end))
            assert style.ensemble is not None
            yield [choices_of(chord, place, style.ensemble) for chord, place in zip(chords, places, strict=True)]


@pytest.mark.parametrize("home", ["C", "D", "a"])
def test_neighbours_are_those_of_all_pieces(tmp_path: Path, home: str) -> None:
    style, key = small_style(tmp_path), Key.parse(home)
    names = style.rules.names
    pairs: set[Any] = set()
    chords: set[Any] = set()
    for level in (1, 2):
        for positions in all_plans(style, {"level": level}, key):
            meant = [meaning(position, names) for position in positions]
            chords |= {(one,) for one in meant}
            pairs |= set(pairwise(meant))
    found = neighbours(Subject(style))
    assert all_of(found, key, names) == (pairs, chords)
    assert len(pairs) > 25


def test_what_a_phrase_repeats_it_repeats_whole(tmp_path: Path) -> None:
    again = ("Piece:\n", "Piece:\n    \"let A = Loop in A A\": 1\n")
    style = small_style(tmp_path, again, ("Phrase(cadence): ", "Loop: [\"I:6\", \"IV:4 V:2\"]\n  Phrase(cadence): "))
    found = neighbours(Subject(style), given=False)
    across = {(str(one.before), str(one.after)) for one in found.pairs
              if one.after and one.after.place.first and one.before.place.cadence == "none"}
    assert across == {("I", "I"), ("V", "IV")}


def test_what_is_repeated_within_a_phrase_is_repeated_whole(tmp_path: Path) -> None:
    found = neighbours(Subject(small_style(tmp_path)), given=False)
    pairs = {(str(one.before), str(one.after)) for one in found.pairs if one.mode == "major"}
    assert {("IV6", "IV6"), ("ii6", "vi")} <= pairs
    assert not {("IV6", "vi"), ("ii6", "IV6")} & pairs


def test_neighbours_know_where_they_are_written(tmp_path: Path) -> None:
    style = small_style(tmp_path)
    found = neighbours(Subject(style), given=False)
    text = Path(style.file).read_text().splitlines()
    for one in (*found.pairs, *found.chords):
        for standing, mark in zip(one.standings, one.marks, strict=True):
            assert text[mark.line - 1][mark.column - 1 :].startswith(str(standing).split("|")[0])


def test_given_notes_make_phrases_of_other_lengths(tmp_path: Path) -> None:
    style = small_style(tmp_path)
    found = neighbours(Subject(style))
    assert any(one.is_given for one in found.pairs)
    assert "given notes" in found.told
    assert len(found.pairs) > len(neighbours(Subject(style), given=False).pairs)


@pytest.mark.parametrize(("name", "settings"), [
    ("textbook-chorale", {"level": "7", "phrases": "4", "pickup": "1", "picardy": "0.5"}),
    ("period", {"level": "6", "period": "modulating"}),
    ("song-forms", {"form": "verse-chorus", "level": "5"}),
])
def test_whatever_is_drawn_is_among_them(name: str, settings: dict[str, str]) -> None:
    style = load_style(name)
    found = neighbours(Subject(style, given=settings), given=False)
    planner = Planner(style, resolve_parameters(style, settings))
    known: dict[Key, tuple[set[Any], set[Any]]] = {}
    for seed in range(30):
        plan = _plan(planner, seed)
        if plan is None:
            continue
        if plan.key not in known:
            known[plan.key] = all_of(found, plan.key, style.rules.names)
        meant = [meaning(one, style.rules.names) for one in task_of(plan, style).problem.positions]
        assert set(pairwise(meant)) <= known[plan.key][0]
        assert {(one,) for one in meant} <= known[plan.key][1]


def _plan(planner: Planner, seed: int) -> Plan | None:
    try:
        return planner.plan(Chance(seed), None, 0)
    except Unplannable:
        return None
