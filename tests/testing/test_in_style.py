"""Scores in a style: their exact law on a small style, what they keep and shrink to, and the command they print."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Hashable
from math import exp
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.solve.chi_square import chi_square_is_plausible
from tests.testing.drawing import SHRINKING, drawn, plainest
from theorygen.cli.app import app
from theorygen.compose.composition import Composer, task_of
from theorygen.compose.plan import Planner
from theorygen.grammar.style import Style, load_style, resolve_parameters
from theorygen.readers import read_score
from theorygen.rules.check import check
from theorygen.rules.rule import THOUSAND
from theorygen.score.score import Score
from theorygen.solve.answers import DeadEnd, Solutions
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.testing import progressions, scores
from theorygen.testing.drawn_score import FILE
from theorygen.testing.roman import RomanProgression
from theorygen.theory import Key, TheoryError

ALIKE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
CHORALE = "textbook-chorale"

SMALL = """\
theorygen: 1
ensemble: duet
meter: 4/4
tempo: [72, 84]
phrase-length: 3
keys: {major: [C]}
goal: {symbol: Piece, length: 1}
form: {Piece: {Phrase: 1}}
harmony:
  Phrase:
    "V IV I": 3                # never voiced: a dominant does not go back
    "V V:2": 1
    "{IV|ii6:2} V:2": 2
    "I V I": 1
rules: {use: [strict-textbook]}
sampling: {temperature: 20}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("styles") / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def music(score: Score) -> Hashable:
    """Chords and notes."""
    return (tuple(chord.numeral.text for chord in score.chords),
            tuple(event.pitch for voice in score.voices for event in voice.events))


def enumerated(style: Style) -> dict[Hashable, float]:
    """The probability of every piece of a style in its only key, by enumeration of plans and voicings."""
    planner = Planner(style, resolve_parameters(style, {}))
    found: dict[Hashable, float] = {}
    plans: dict[Hashable, float] = {}
    for number in range(400):  # all plans there are, with their shares of what the grammar weighs
        plan = planner.plan(Chance(number), None, 0)
        task, weight = task_of(plan, style), plan.phrases[0].harmony.likelihood
        try:
            solutions = Solutions(task.problem).ranked(100_000)
        except DeadEnd:
            continue
        if plan.phrases[0].harmony.words() in plans:
            continue
        plans[plan.phrases[0].harmony.words()] = weight
        values = [exp(-one.cost / THOUSAND / style.temperature) * weight_of(one) for one in solutions]
        for one, value in zip(solutions, values, strict=True):
            key = music(task.score(one))
            found[key] = found.get(key, 0.0) + weight * value / sum(values)
    total = sum(found.values())
    return {key: value / total for key, value in found.items()}


def weight_of(solution: object) -> float:
    weight = 1.0
    for choice in solution.choices:  # type: ignore[attr-defined]
        weight *= choice.weight
    return weight


def test_pieces_have_exactly_the_law_of_composing(small: Path) -> None:
    law, trials = enumerated(load_style(small)), 3000
    assert 100 < len(law) < 5000
    expected = {one: trials * share for one, share in law.items()}
    assert chi_square_is_plausible(Counter(map(music, drawn(scores(str(small)), trials))), expected)


def test_composing_has_the_same_law(small: Path) -> None:
    style = load_style(small)
    law, composer, trials = enumerated(style), Composer(style), 1500
    expected = {one: trials * share for one, share in law.items()}
    counts = Counter(music(composer.compose(seed).score) for seed in range(trials))
    assert chi_square_is_plausible(counts, expected)


def test_the_number_of_chords_conditions_the_law(small: Path) -> None:
    trials = 1500
    law = {one: share for one, share in enumerated(load_style(small)).items() if len(one[0]) == 2}  # type: ignore[index]
    expected = {one: trials * share / sum(law.values()) for one, share in law.items()}
    counts = Counter(map(music, drawn(scores(str(small), chords=2), trials)))
    assert chi_square_is_plausible(counts, expected)


@pytest.mark.parametrize("options", [
    {"phrases": 1}, {"chords": (4, 9)}, {"chords": 8}, {"phrases": 1, "level": 7}, {"keys": "f#", "phrases": 1},
], ids=str)
def test_pieces_break_no_hard_rule(options: dict[str, object]) -> None:
    options = {"keys": ["C", "g"], **options}
    if options["keys"] == "f#":
        with pytest.raises(InputError):
            plainest(scores(CHORALE, chords=99, phrases=1))
    for score in drawn(scores(CHORALE, **options), 25):  # type: ignore[arg-type]
        assert not [one for one in check(score, score.style.rules) if one.hard]


@pytest.mark.parametrize(("strategy", "chords"), [
    (scores(CHORALE, phrases=1), "I IV V I"), (scores(CHORALE), "I IV V I"),
    (scores(CHORALE, chords=8), "I IV V I I IV V I"),
    (scores(CHORALE, whole=False), "I vi"), (scores(CHORALE, whole=False, chords=3), "I vi IV"),
    (scores("period", keys=["e", "D", "G"]), None),
], ids=str)
def test_what_everything_shrinks_to(strategy: st.SearchStrategy[Score], chords: str | None) -> None:
    score = plainest(strategy)
    found = " ".join(chord.numeral.text for chord in score.chords)
    if chords is None:
        assert score.keys[0][1] == Key.parse("G")
    else:
        assert score.keys[0][1] == Key.parse("C")
        assert len(found.split()) == len(chords.split())
        assert found.startswith("I ")


def test_a_failing_property_shrinks_to_few_chords_in_a_plain_key() -> None:
    from hypothesis import find

    def has_a_seventh(score: Score) -> bool:
        return any(chord.numeral.quality == "dominant-seventh" for chord in score.chords)

    found = find(scores(CHORALE, whole=False), has_a_seventh, settings=SHRINKING)
    assert len(found.chords) == 2
    assert found.keys[0][1] == Key.parse("C")


def test_it_prints_as_music_with_a_command_that_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for score in drawn(scores(CHORALE, whole=False, keys=["C", "e"]), 6):
        assert "Soprano │" in repr(score)
        assert repr(score).endswith(f"{score.command}\n")
        done = run(score.command)
        assert done == 0
        assert music(read_score(FILE, ensemble=score.ensemble)) == music(score)


def run(command: str) -> int:
    """Run the two lines of a command as a shell would, in the folder one is in; the exit code of the last."""
    first, second = command.split("\n")
    _, text, _, name = shlex.split(first)
    Path(name).write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, shlex.split(second)[1:]).exit_code


def test_it_is_equal_to_the_same_music() -> None:
    score = plainest(scores(CHORALE, phrases=1))
    other = Score(**{name: getattr(score, name) for name in Score.__dataclass_fields__})
    assert score == other and other == score and hash(score) == hash(other)
    assert score != Score(score.parts) and score != "a score"


@ALIKE
@given(progressions(CHORALE, phrases=1, level=6), progressions("period", whole=False))
def test_progressions_can_be_realised(piece: RomanProgression, stretch: RomanProgression) -> None:
    from theorygen.compose.roman_line import parse_roman_line

    for one, name in ((piece, CHORALE), (stretch, "period")):
        style = load_style(name)
        assert style.ensemble is not None
        read = parse_roman_line(str(one), style.ensemble, one.meter, one.meter.beat_length)
        assert [chord.alternatives[0][0] for chord in read.chords if not chord.pivot] == [
            numeral for numeral, chord in zip(one.numerals, read.chords, strict=False) if not chord.pivot]


@pytest.mark.parametrize(("make", "message"), [
    (lambda: scores("textbook-choral"), "textbook-chorale"),
    (lambda: scores(CHORALE, phrases=1, chords=(1, 2)), "derives nothing of 1 to 2 chords"),
    (lambda: scores(CHORALE, chords=(3, 2)), "no music has 3 to 2 chords"),
    (lambda: scores(CHORALE, phrases=99), "phrases"),
    (lambda: scores(CHORALE, phrase=1), "phrases"),
    (lambda: scores(CHORALE, keys="D dorian"), "no pieces in a dorian key"),
    (lambda: scores(CHORALE, keys="H"), "not a key"),
    (lambda: scores("common-practice"), "only a base"),
])
def test_what_cannot_be_is_told(make: object, message: str) -> None:
    with pytest.raises((InputError, TheoryError)) as error:
        plainest(make())  # type: ignore[operator]
    assert message in str(error.value)
