"""``explain``: complete as data, readable as text, and right: every claim is checked by changing the note."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from theorygen.compose.composition import Composition, compose, solved_rules
from theorygen.compose.explain import Explanation, NoteReason, OtherNote, explain
from theorygen.grammar.style import load_style
from theorygen.rules.check import Violation, check
from theorygen.score.part import arrange

TRIALS = 60


@pytest.fixture(scope="module")
def explanation() -> Explanation:
    return explain(compose(load_style("textbook-chorale"), 7, parameters={"level": 6, "phrases": 3}))


def judged_with(composition: Composition, index: int, note: NoteReason, other: OtherNote) -> list[Violation]:
    """What the checker says of the score with one note replaced."""
    score, ensemble = composition.score, composition.style.ensemble
    assert ensemble is not None
    events = {voice.name: tuple(
        replace(event, pitches=(other.pitch,)) if (number, voice.name) == (index, note.voice) else event
        for number, event in enumerate(voice.events)) for voice in score.voices}
    changed = replace(score, parts=arrange(ensemble, events))
    return check(changed, solved_rules(composition.style))


def test_what_other_notes_would_do_is_true(explanation: Explanation) -> None:
    composition = explanation.composition
    before = sum(one.cost for one in check(composition.score, solved_rules(composition.style)))
    others = [(index, note, other) for index, chord in enumerate(explanation.chords) for note in chord.notes
              for other in note.others]
    for index, note, other in random.Random(1).sample(others, TRIALS):
        found = judged_with(composition, index, note, other)
        assert {one.rule for one in found if one.hard} == {rule for rule, _ in other.breaks}
        assert sum(one.cost for one in found) - before == other.change * 1000
        assert sum(other.reasons.values()) == other.change


def test_every_charge_has_its_place(explanation: Explanation) -> None:
    charged = sum(one.cost for chord in explanation.chords for one in chord.costs)
    assert charged == explanation.composition.solution.cost


def test_every_chord_has_its_path(explanation: Explanation) -> None:
    planned = explanation.composition.plan.chords
    for chord, plan in zip(explanation.chords, planned, strict=True):
        assert [choice.symbol for choice in chord.choices] == list(plan.path[:-1])
        assert all(0 < choice.probability <= 1 for choice in chord.choices)
        assert all(0 < choice.share <= 1 and choice.probability <= choice.split + 1e-9 for choice in chord.choices)
        assert chord.numeral.text in [text for text, _ in chord.alternatives]


def test_asked_degrees_are_reasons(tmp_path: Path) -> None:
    path = tmp_path / "asking.yaml"
    path.write_text('theorygen: 1\nextends: textbook-chorale\nharmony:\n  Last(PAC): "I[soprano=1]@1"\n'
                    '  Last(PAC)@minor: "i[soprano=1]@1"\n')
    last = explain(compose(load_style(path), 7)).chords[-1]
    soprano = last.notes[0]
    assert soprano.degree == "1"
    for other in soprano.others:
        same = other.pitch.pitch_class == soprano.pitch.pitch_class
        assert other.asked == ("" if same else "degree 1 in the soprano")


def test_the_text_shows_everything(theorygen: Command) -> None:
    done = theorygen("explain", "textbook-chorale", "--seed", "7")
    assert (done.code, done.err) == (0, "")
    for words in ("Form", "Phrase 1", "Chorale ->", "measure 1, beat 1:", "  soprano", "  not ", "\nCost "):
        assert words in done.out


def test_what_is_certain_is_not_printed(theorygen: Command, tmp_path: Path) -> None:
    """A production without rivals has no share; what varies is how its length is divided."""
    path = tmp_path / "two.yaml"
    path.write_text("theorygen: 1\nensemble: satb\nmeter: 4/4\ntempo: 80\nkeys: {major: [C]}\nphrase-length: bar\n"
                    "goal: Piece\nform:\n  Piece: Phrase\nharmony:\n  Phrase: T T\n"
                    "  T: {I: 3, I IV: 1, I IV I: 1}\n")
    lines = theorygen("explain", str(path), "--seed", "1").out.splitlines()
    assert "  Piece -> Phrase" in lines
    assert any(line.startswith("  Phrase -> T T  (lengths ") and line.endswith("%)") for line in lines)
    assert any("(weight 1, 20%)" in line for line in lines)


def test_narrowed(theorygen: Command) -> None:
    done = theorygen("explain", "textbook-chorale", "--seed", "7", "--measure", "2", "--voice", "alto")
    assert done.out.startswith("measure 2, beat 1:")
    assert "soprano  " not in done.out
    assert "measure 3" not in done.out
    data = json.loads(theorygen("explain", "textbook-chorale", "--seed", "7", "--measure", "2", "--json").out)
    assert {chord["measure"] for chord in data["chords"]} == {2}


def test_json_is_the_same_piece(theorygen: Command) -> None:
    arguments = ("textbook-chorale", "--seed", "7", "--key", "G minor", "--json")
    explained = json.loads(theorygen("explain", *arguments).out)
    composed = json.loads(theorygen("compose", *arguments).out)
    shared = set(explained) & set(composed)
    assert {"form", "phrases", "costs", "key", "seed"} <= shared
    assert all(explained[name] == composed[name] for name in shared)
    note = explained["chords"][1]["notes"][0]
    assert {"voice", "pitch", "member", "degree", "motion", "others"} == set(note)
