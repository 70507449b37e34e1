"""Voicings and sonorities: all legal ones evenly, and any at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.solve.chi_square import chi_square_is_plausible
from tests.testing.drawing import drawn, plainest
from theorygen.compose.composition import solved
from theorygen.rules.check import check
from theorygen.rules.rule_set import profile
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.score.text_notation import parse_text_score
from theorygen.solve.answers import Solutions
from theorygen.solve.conflict import NoSolution
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.source.diagnostic import InputError
from theorygen.testing import sonorities, voicings
from theorygen.testing.sounding import Sonority
from theorygen.theory import Key, Pitch, RomanNumeral, TheoryError

LOW_C = Pitch.parse("C2")
DRONE = Ensemble("drone", (VoiceSpec("drone", LOW_C, LOW_C, (LOW_C, LOW_C)),))
ALIKE = settings(derandomize=True, database=None, deadline=None, max_examples=50)


@pytest.mark.parametrize(("chord", "key", "ensemble"), [("V7", "C", "satb"), ("viio6", "a", "satb"),
                                                        ("ii65", "Eb", "duet"), ("I", "G", "ssa")])
def test_all_legal_voicings_are_equally_probable(chord: str, key: str, ensemble: str) -> None:
    numeral = RomanNumeral.parse(chord, Key.parse(key))
    problem = Problem((Position((Choice(Slot(numeral)),)),), solved(profile("strict-textbook")),
                      Ensemble.named(ensemble), cut_before=True, cut_after=True)
    legal = [tuple(one.pitches[0].tolist()) for one in Solutions(problem).ranked(10_000)]
    assert 1 < len(set(legal)) == len(legal)
    trials = 20 * len(legal)
    strategy = voicings(chord, key, ensemble=ensemble)
    found: Counter[Hashable] = Counter(tuple(pitch.code for pitch in one.pitches) for one in drawn(strategy, trials))
    assert chi_square_is_plausible(found, dict.fromkeys(legal, trials / len(legal)))
    assert tuple(pitch.code for pitch in plainest(strategy).pitches) == legal[0]


@ALIKE
@given(voicings("IV6", "F"))
def test_voicings_keep_the_rules_of_one_chord(sonority: Sonority) -> None:
    rules = profile("strict-textbook")
    single = [rule.name for rule in solved(rules).hard if rule.rule.over in ("note", "sonority", "voice-pair",
                                                                             "adjacent-voices")]
    assert not check(sonority.score(), rules.only(single))


@ALIKE
@given(sonorities())
def test_sonorities_are_members_in_range_and_print_as_music(sonority: Sonority) -> None:
    assert sonority.chord is not None
    satb = Ensemble.named("satb")
    for voice, pitch in zip(satb.voices, sonority.pitches, strict=True):
        assert voice.contains(pitch) and sonority.chord.role_of(pitch.pitch_class)
    read = parse_text_score(str(sonority))
    assert [voice.events[0].pitch for voice in read.voices] == list(sonority.pitches)
    assert read.chords[0].numeral == sonority.chord == sonority.score().chords[0].numeral


def test_some_sonorities_are_illegal_and_some_legal() -> None:
    rules = solved(profile("strict-textbook"))
    faults = [{one.rule for one in check(sonority.score(), rules) if one.hard} for sonority in drawn(sonorities(), 150)]
    assert set() in faults and {"voice-crossing"} < set().union(*faults)


@ALIKE
@given(sonorities("duet", chords=st.just(RomanNumeral.parse("V", Key.parse("D"))), declared=False))
def test_sonorities_of_other_voices_and_chords(sonority: Sonority) -> None:
    assert sonority.chord is None
    assert len(sonority.pitches) == 2
    assert {str(pitch.pitch_class) for pitch in sonority.pitches} <= {"A", "C#", "E"}
    assert sonority.score(Ensemble.named("duet")).chords == ()


@pytest.mark.parametrize(("make", "wrong", "message"), [
    (lambda: voicings("H"), TheoryError, "not"),
    (lambda: voicings("V", rules="strict"), InputError, "strict-textbook"),
    (lambda: voicings(RomanNumeral.parse("V", Key.parse("D")), "C"), InputError, "leave out key"),
    (lambda: voicings("V", ensemble="sabt"), TheoryError, "is not an ensemble"),
    (lambda: voicings("V", ensemble=DRONE), NoSolution, "V"),
])
def test_what_cannot_be_is_told(make: object, wrong: type[Exception], message: str) -> None:
    with pytest.raises(wrong) as error:
        plainest(make())  # type: ignore[operator]
    assert message in str(error.value)
