"""Every kind of score goes through the checker: rests, held notes, chords in one voice, drums, changing meters."""

from __future__ import annotations

import pytest

from tests.score.fixtures import SCORES
from theorygen.rules.check import check
from theorygen.rules.rule_set import profile
from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.theory import Pitch

LOWEST, HIGHEST = Pitch.parse("C1"), Pitch.parse("C8")


@pytest.mark.parametrize("name", sorted(SCORES))
@pytest.mark.parametrize("rules", ["strict-textbook", "bach-chorale"])
def test_every_fixture_can_be_checked(name: str, rules: str) -> None:
    score = SCORES[name]
    names = [voice.name for voice in score.pitched_voices] or ["nobody"]
    ensemble = Ensemble("any", tuple(VoiceSpec(one, LOWEST, HIGHEST, (LOWEST, HIGHEST)) for one in names))
    found = check(score, profile(rules), ensemble)
    for violation in found:
        assert violation.location.measure >= 0 and violation.message and "{" not in violation.message
        assert set(violation.location.voices) <= set(names)
    assert check(score, profile(rules), ensemble) == found
