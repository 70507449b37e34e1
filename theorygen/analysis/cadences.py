"""What an analysis says once its chords are known: which six-fours are cadential, which cadence ends each phrase."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from theorygen.rules.cadences import Cadence
from theorygen.rules.check import world_of
from theorygen.rules.music import music_of
from theorygen.rules.passages import PASSAGES, PassageRows
from theorygen.rules.verticals import TOP
from theorygen.rules.world import CADENCES
from theorygen.score.errors import ScoreError
from theorygen.score.harmony import ChordEvent
from theorygen.score.score import Score
from theorygen.theory import RomanNumeral

_TONIC, _DOMINANT = 1, 5
_CADENTIAL = "Cad64"


def with_cadences(score: Score) -> Score:
    """The score with its cadential six-fours named so and, where none is declared, its cadences labelled.

    Every cadence is the kind that its chords and its highest voice make, by the definitions of the rules.

    Raises:
        ScoreError: the score does not say which ensemble it is for.
    """
    return _labelled(replace(score, chords=with_cadential_six_fours(score)))


def with_cadential_six_fours(score: Score) -> tuple[ChordEvent, ...]:
    """The chords, with a tonic six-four that delays the dominant after it named Cad64.

    It delays a dominant in root position in the same phrase on a place no stronger than its own (KP 9; AS 10).
    """
    renamed = [_cadential(score, chord, after) for chord, after in pairwise(score.chords)]
    return (*renamed, *score.chords[-1:])


def _cadential(score: Score, chord: ChordEvent, after: ChordEvent) -> ChordEvent:
    own, next_one = chord.numeral, after.numeral
    if (own.kind != "triad" or own.inversion != 2 or own.degree.number != _TONIC or own.degree.alter
            or next_one.degree.number != _DOMINANT or next_one.function != "D" or next_one.inversion
            or own.tonicized != next_one.tonicized or chord.phrase != after.phrase
            or score.weight_at(chord.onset) < score.weight_at(after.onset)):
        return chord
    applied = f"/{own.applied_to}" if own.applied_to else ""
    return replace(chord, numeral=RomanNumeral.parse(f"{_CADENTIAL}{applied}", own.key))


def _labelled(score: Score) -> Score:
    """The score with a label at the goal of each cadence, unless labels are declared."""
    if not score.chords or any(chord.cadence for chord in score.chords):
        return score
    if score.ensemble is None:
        raise ScoreError("the score does not say which ensemble it is for")
    slots = score.slots("skeleton")
    labels = _labels(PASSAGES["cadence"].rows(music_of(score, slots, world_of(score, slots, score.ensemble, {}))))
    chords = slots.chords.tolist()
    named = {chords[slot]: label for slot, label in labels.items()}
    return replace(score, chords=tuple(replace(chord, cadence=named.get(index))
                                       for index, chord in enumerate(score.chords)))


def _labels(rows: PassageRows) -> dict[int, str]:
    """The slot of every goal with the kind of its cadence, where the highest voice sounds and there is one."""
    closes = rows.record
    assert isinstance(closes, Cadence)
    found = zip(closes.goal_slots.tolist(), rows.field("kind").tolist(), closes.sounding(TOP).tolist(), strict=True)
    return {slot: CADENCES[kind] for slot, kind, sounds in found if kind and sounds}
