"""Figured bass becomes chords and voices: what figures ask for stands, and what a composer wrote comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.compose.answering import answers
from theorygen.compose.bass_line import BassLine, bass_of
from theorygen.compose.composition import Composer, Composition
from theorygen.compose.figured_bass import HELD_BASS, figured_task
from theorygen.compose.question import Question
from theorygen.compose.tasks import Task
from theorygen.grammar.style import load_style
from theorygen.rules.check import check
from theorygen.score import Event, Score, Voice, parse_text_score
from theorygen.solve.answers import best, count
from theorygen.solve.problem import Problem
from theorygen.source.diagnostic import InputError
from theorygen.theory import FiguredBass, Key, PitchClass, figures_for

STYLE = load_style("textbook-chorale")
COMPOSERS = {level: Composer(STYLE, {"level": level, "phrases": 2}) for level in range(3, 8)}
BASS = 3


def line(text: str, key: str | None = None) -> BassLine:
    """A bass in text notation."""
    return bass_of(parse_text_score(text), "bass.txt", Key.parse(key) if key else None)


def task(text: str, figures: str, key: str | None = None) -> Task:
    """A bass with its figures."""
    return figured_task(line(text, key), figures, STYLE)


def chords(made: Task) -> str:
    """The chords of a task, all of them decided, where they begin unless on the next quarter."""
    numerals = [dict.fromkeys(choice.slot.chord for choice in position.choices) for position in made.problem.positions]
    assert all(len(row) == 1 for row in numerals)
    return " ".join(f"{next(iter(row))}@{moment.onset}" for row, moment in zip(numerals, made.moments, strict=True))


READ = {
    ("B: C3 B2 C3 F3 G3*2 C3*2", "_ 6 _ 65 64-53 _"): "I@0 V6@1 I@2 ii65@3 Cad64@4 V@5 I@6",
    ("B: C3 F3 G3*2 C3*4", "5 6 4-3 5"): "I@0 ii6@1 Vsus4@2 V@3 I@4",
    ("B: C3*2 D3*2 E3 F3 G3*2 C3*4", "_ 7-6 6 65 7 9-8"):
        "I@0 ii7[no5]@2 viio6@3 I6@4 ii65@5 V7@6 I[add9]@8 I@10",
    ("B: C3*3~ C3 B2*2 C3*2", "_ 6 _"): "I@0 V6@4 I@6",
    ("B: G3*2 C3 | beat: 3", "64-7 _"): "Cad64@0 V7@1 I@2",
    # off the beat: a passing note and a member go along, what has figures does not, and on the beat all have chords
    ("B: C3*1/2 D3*1/2 E3 F3 G3 C3*4", "_ _ 6 _ _ _"): "I@0 I6@1 IV@2 V@3 I@4",
    ("B: C3*1/2 E3*1/2 C3 F3 G3 C3*4", "_ _ _ _ _ _"): "I@0 I@1 IV@2 V@3 I@4",
    ("B: C3*1/2 D3*1/2 E3 F3 G3 C3*4", "_ 6 6 _ _ _"): "I@0 viio6@1/2 I6@1 IV@2 V@3 I@4",
    ("B: C3 D3*1/2 E3*1/2 F3 G3 C3*4", "_ _ _ _ _ _"): "I@0 ii@1 IV@2 V@3 I@4",
    ("B: C3*1/2 A2*1/2 F3 G3*2 C3*4", "_ _ _ _ _"): "I@0 vi@1/2 IV@1 V@2 I@4",
    ("B: C3 E3 D3 G2 C3*4", "_ - 7 _ _"): "I@0 ii7@2 V@3 I@4",
    ("B: C3*2 B2 r C3*4", "_ | 6 | _"): "I@0 V6@2 I@4",
    ("B: D3*6 G3*3 | meter: 3/4 | signature: G", "64-53 _"): "Cad64@0 V@4 I@6",
}


@pytest.mark.parametrize("case", READ)
def test_words_are_chords(case: tuple[str, str]) -> None:
    assert chords(task(*case)) == READ[case]


def figured(score: Score) -> Score:
    """A score with figures under every chord, triads too."""
    texts = (figures_for(chord.numeral.bass, chord.numeral.pitch_classes, chord.numeral.figures,
                         score.key_at(chord.onset)) or "5" for chord in score.chords)
    return replace(score, figures=tuple((chord.onset, text) for chord, text in zip(score.chords, texts, strict=True)))


pieces = st.builds(lambda level, seed: COMPOSERS[level].compose(seed), st.sampled_from(sorted(COMPOSERS)),
                   st.integers(0, 10**6))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(pieces)
def test_a_composed_piece_is_among_the_realisations_of_its_own_bass(piece: Composition) -> None:
    score = figured(piece.score)
    made = figured_task(bass_of(score, "piece", piece.plan.key), "score", STYLE)
    read = [position.choices[0].slot.chord for position in made.problem.positions]
    for chord, numeral in zip(score.chords, read, strict=True):
        assert numeral is not None and numeral.bass == chord.numeral.bass
        assert set(numeral.pitch_classes) == set(chord.numeral.pitch_classes)
    if read == [chord.numeral for chord in score.chords]:      # named otherwise, other rules hold: see the next test
        assert count(_voiced(made, piece)) == 1
        assert best(made.problem).cost <= best(_voiced(made, piece)).cost


def _voiced(made: Task, piece: Composition) -> Problem:
    """The problem with every note given."""
    rows = piece.solution.pitches.tolist()
    positions = (replace(position, given={voice: frozenset({code}) for voice, code in enumerate(row)})
                 for position, row in zip(made.problem.positions, rows, strict=True))
    return replace(made.problem, positions=tuple(positions))


def test_nearly_all_chords_are_named_as_their_composer_named_them() -> None:
    named, same = 0, 0
    for level, seed in ((level, seed) for level in COMPOSERS for seed in range(8)):
        piece = COMPOSERS[level].compose(seed)
        made = figured_task(bass_of(figured(piece.score), "piece", piece.plan.key), "score", STYLE)
        for chord, position in zip(piece.score.chords, made.problem.positions, strict=True):
            named, same = named + 1, same + (position.choices[0].slot.chord == chord.numeral)
    assert same >= 0.97 * named, f"{same} of {named}"


@pytest.mark.parametrize("case", READ)
def test_realisations_keep_the_bass_the_figures_and_the_rules(case: tuple[str, str]) -> None:
    text, figures = case
    given_bass = [_plain(event) for event in line(text).events]
    for answer in answers(task(text, figures), Question("ranked", count=3)):
        score = answer.score
        assert [_plain(event) for event in score.voices[BASS].events] == given_bass
        assert not [violation for violation in check(score, STYLE.rules) if violation.hard]
        for chord, sounding in zip(score.chords, _sounding(score), strict=True):
            assert {chord.numeral.role_of(note) for note in {*chord.numeral.pitch_classes} ^ sounding} <= {"fifth"}


def _plain(event: Event) -> tuple[object, ...]:
    return event.onset, event.duration, event.pitches, event.tied_to_next


def _sounding(score: Score) -> list[set[PitchClass]]:
    """The notes attacked or held when each chord begins."""
    return [{pitch.pitch_class for voice in score.voices for event in voice.events
             if event.onset <= chord.onset < event.end for pitch in event.pitches} for chord in score.chords]


def test_voices_step_or_stay_between_two_figures() -> None:
    made = task("B: C3 F3 G3*2 C3*4", "_ 65 4-3 _")
    assert [position.choices[0].slot.region for position in made.problem.positions].count(HELD_BASS) == 1
    for answer in answers(made, Question("ranked", count=10)):
        moves = [_at(voice, 3) - _at(voice, 2) for voice in answer.score.voices[:BASS]]
        assert sorted(map(abs, moves)) == [0, 0, 1] and min(moves) == -1


def _at(voice: Voice, time: int) -> int:
    """The diatonic step of the note that sounds."""
    return next(event.pitches[0].step for event in voice.events if event.onset <= time < event.end)


def test_where_the_bass_rests_all_rest() -> None:
    score = answers(task("B: C3*2 B2 r C3*4", "_ 6 _"), Question())[0].score
    assert all([event.onset for event in voice.events if event.is_rest] == [3] for voice in score.voices)


def test_figures_are_written_under_the_realisation() -> None:
    score = answers(task("B: C3 B2 C3 F3 G3*2 C3*2", "_ 6 _ 65 4-3 _"), Question())[0].score
    assert score.figures == ((1, "6"), (3, "65"), (4, "4"), (5, "3"))


def test_fermatas_end_phrases() -> None:
    made = task("B: C3 F3 G3*2; G3 F3 E3 D3 G2*2 C3*2", "_ 6 _ _ 42 6 65 7 _")
    assert [moment.phrase for moment in made.moments] == [0, 0, 0, 1, 1, 1, 1, 1, 1]
    assert made.problem.positions[3].starts_phrase


WRONG = {
    ("B: C3 D3", "6 6 6"): ["--figures:1:5", "3 words for 2 bass notes", "measure 1: 2"],
    ("B: C3 D3", "6"): ["--figures:1:2", "1 words for 2"],
    ("B: C3 D3 E3", "6x 7 6y"): ["--figures:1:2", "'x' has no place", "--figures:1:7", "measure 1, beat 3", "'y'"],
    ("B: C3 D3", "- 6"): ["'-' has no chord before it", "measure 1, beat 1"],
    ("B: C3 D3", "6 1"): ["'1' has no place in the figures '1'", "measure 1, beat 2"],
    ("B: C3 D3 E3", "5b _ 7bb"): ["E Gb", "no chord of C major", "measure 1, beat 3"],
    ("B: C3 D3", "87 6"): ["no chord has the figures '87'", "did you mean"],
    ("B: C3 D3", "score"): ["no figures under the lowest part", "--figures"],
    ("B: C3 D3", "4- 6"): ["measure 1, beat 1", "one side of the dash"],
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_figures_are_told_all_at_once(case: tuple[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        task(*case, key="C")
    assert [words for words in WRONG[case] if words not in str(caught.value)] == []


def test_figures_under_a_rest_are_told() -> None:
    score = replace(parse_text_score("B: C3 r D3"), figures=((Fraction(1), "6"),))
    with pytest.raises(InputError, match="measure 1, beat 2: there is no bass note under '6'"):
        figured_task(bass_of(score, "x"), "score", STYLE)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["6", "_", "5", "-", "64", "7", "#", "65", "4-3", "7-6", "x", "b", "#6", "42", "9-8"]),
                min_size=4, max_size=4), st.sampled_from(["C", "a", "G", "f"]))
def test_any_words_are_read_or_refused(words: list[str], key: str) -> None:
    try:
        made = task("B: C3 D3*1/2 E3*1/2 G3*2", " ".join(words), key)
    except InputError as error:
        assert all(diagnostic.message for diagnostic in error.diagnostics)
        return
    assert [moment.onset for moment in made.moments] == sorted({moment.onset for moment in made.moments})
    assert list(_asked(words)) != [] and "x" not in words


def _asked(words: list[str]) -> Iterator[FiguredBass]:
    for word in words:
        if word not in "-_":
            yield FiguredBass.parse(word)
    yield FiguredBass.parse("")
