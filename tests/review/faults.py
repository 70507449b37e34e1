"""Faults of part writing told from a page of chords without the rules of the library: labels for mutated scores.

Each label is a textbook's plain definition, with no exceptions; `Page.changes` keeps to places where none applies.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from itertools import pairwise

from tests.review.pages import ALTO, BASS, SOPRANO, TENOR, Page, sign_of
from theorygen.theory import Interval, Pitch, RomanNumeral

RANGES = (("C4", "G5"), ("G3", "D5"), ("C3", "G4"), ("E2", "D4"))
OCTAVE, FIFTEENTH = 12, 24

Label = Callable[[Page], "set[Hashable]"]
LABELS: dict[str, Label] = {}
"""For each rule of the library the places where a page has its fault, by a textbook's words."""


def label(rule: str) -> Callable[[Label], Label]:
    """Files a function under the rule whose fault it finds."""
    def file(function: Label) -> Label:
        LABELS[rule] = function
        return function
    return file


@label("no-double-leading-tone")
def doubled_leading_tone(page: Page) -> set[Hashable]:
    return {slot for slot, chord in enumerate(page.chords)
            if sum(pitch.pitch_class == chord.leading_tone for pitch in page.sounding(slot)) > 1}


@label("no-double-chordal-seventh")
def doubled_seventh(page: Page) -> set[Hashable]:
    return {slot for slot in range(len(page.chords)) if len(page.members(slot, "seventh")) > 1}


@label("third-required")
def missing_third(page: Page) -> set[Hashable]:
    return {slot for slot, chord in enumerate(page.chords)
            if any(one.role == "third" for one in chord.members) and not page.members(slot, "third")}


@label("double-64-bass")
def six_four_without_its_bass_doubled(page: Page) -> set[Hashable]:
    return {slot for slot, chord in enumerate(page.chords) if len(chord.members) == 3 and chord.inversion == 2
            and sum(pitch.pitch_class == chord.bass for pitch in page.sounding(slot)) < 2}


@label("inverted-chord-complete")
def inversion_with_a_note_missing(page: Page) -> set[Hashable]:
    return {slot for slot, chord in enumerate(page.chords) if chord.inversion > 0
            and {one.pitch_class for one in chord.members} - {pitch.pitch_class for pitch in page.sounding(slot)}}


@label("omit-fifth-root-position")
def root_position_with_a_note_missing(page: Page) -> set[Hashable]:
    """The fifth may be missing where it is perfect and the root is doubled; the third is a label of its own."""
    return {slot for slot, chord in enumerate(page.chords) if chord.inversion == 0
            and any(one.role != "third" and not page.members(slot, one.role)
                    and (one.role != "fifth" or chord.quality in ("diminished", "half-diminished-seventh", "augmented")
                         or len(page.members(slot, "root")) < 2)
                    for one in chord.members)}


@label("voice-count")
def missing_voice(page: Page) -> set[Hashable]:
    return {slot for slot in range(len(page.chords)) if len(page.sounding(slot)) < 4}


@label("chord-tones-only")
def foreign_note(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, _, lowered in _foreign(page) if not lowered}


@label("accidental-minor-dominant")
def leading_tone_not_raised(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, _, lowered in _foreign(page) if lowered}


def _foreign(page: Page) -> Iterator[tuple[int, int, Pitch, bool]]:
    """(slot, voice, note, whether it is the leading tone of minor without its accidental) outside the chords."""
    for slot, chord in enumerate(page.chords):
        for voice, pitch in enumerate(page.notes[slot]):
            if pitch and pitch.pitch_class not in chord.pitch_classes and not _sounds_right(chord, pitch):
                raised = pitch.transpose(Interval.parse("A1")).pitch_class
                yield slot, voice, pitch, chord.tonicized.is_minor and raised == chord.leading_tone


@label("spelling-correct")
def misspelt_note(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, chord in enumerate(page.chords) for voice, pitch in enumerate(page.notes[slot])
            if pitch and pitch.pitch_class not in chord.pitch_classes and _sounds_right(chord, pitch)}


def _sounds_right(chord: RomanNumeral, pitch: Pitch) -> bool:
    return pitch.midi % 12 in {one.semitone % 12 for one in chord.pitch_classes}


@label("bass-is-inversion")
def wrong_inversion(page: Page) -> set[Hashable]:
    return {slot for slot, chord in enumerate(page.chords) if (bass := page.notes[slot][BASS]) is not None
            and bass.pitch_class in chord.pitch_classes and bass.pitch_class != chord.bass}


def out_of_range(voice: int) -> Label:
    """Finds notes beyond a voice."""
    lowest, highest = map(Pitch.parse, RANGES[voice])

    def find(page: Page) -> set[Hashable]:
        return {slot for slot, notes in enumerate(page.notes)
                if (pitch := notes[voice]) is not None and not lowest.midi <= pitch.midi <= highest.midi}
    return find


for _voice, _name in enumerate(("soprano", "alto", "tenor", "bass")):
    LABELS[f"range-{_name}"] = out_of_range(_voice)


@label("voice-crossing")
def crossed_voices(page: Page) -> set[Hashable]:
    return {(slot, upper) for slot, upper, high, low in _neighbours(page) if high.midi < low.midi}


@label("spacing-upper-adjacent")
def upper_voices_apart(page: Page) -> set[Hashable]:
    return {(slot, upper) for slot, upper, high, low in _neighbours(page)
            if upper != TENOR and high.midi - low.midi > OCTAVE}


@label("spacing-tenor-bass-limit")
def tenor_far_from_bass(page: Page) -> set[Hashable]:
    return {slot for slot, upper, high, low in _neighbours(page) if upper == TENOR and high.midi - low.midi > FIFTEENTH}


def _neighbours(page: Page) -> Iterator[tuple[int, int, Pitch, Pitch]]:
    """(slot, upper voice, its note, the note of the voice below)."""
    for slot, notes in enumerate(page.notes):
        for upper, (high, low) in enumerate(pairwise(notes)):
            if high is not None and low is not None:
                yield slot, upper, high, low


@label("parallel-fifths")
def parallel_fifths(page: Page) -> set[Hashable]:
    return {move.place for move in page.moves() if move.similar and move.first == move.second == "P5"}


@label("parallel-unison-octave")
def parallel_octaves(page: Page) -> set[Hashable]:
    return {move.place for move in page.moves() if move.similar and move.first == move.second == "P1"}


@label("contrary-perfect")
def perfect_intervals_by_contrary_motion(page: Page) -> set[Hashable]:
    return {move.place for move in page.moves() if move.contrary and move.first == move.second in ("P1", "P5")}


@label("unequal-fifths")
def diminished_to_perfect_fifth(page: Page) -> set[Hashable]:
    return {move.place for move in page.moves()
            if move.similar and move.lower == BASS and (move.first, move.second) == ("d5", "P5")}


@label("direct-fifths-outer")
def direct_fifth(page: Page) -> set[Hashable]:
    return {move.slot for move in page.moves() if move.is_outer and move.similar and move.leaps
            and move.second == "P5" and move.first != "P5"}


@label("direct-octaves-outer")
def direct_octave(page: Page) -> set[Hashable]:
    return {move.slot for move in page.moves() if move.is_outer and move.similar and move.leaps
            and move.second == "P1" and move.first != "P1" and move.high_after != move.low_after}


@label("direct-unison")
def direct_unison(page: Page) -> set[Hashable]:
    return {move.place for move in page.moves()
            if move.similar and move.high_after == move.low_after and move.first != "P1"}


@label("voice-overlap")
def overlap(page: Page) -> set[Hashable]:
    return {move.place for move in page.moves() if move.lower == move.upper + 1
            and move.high_after.midi >= move.low_after.midi
            and (move.high_after.midi < move.low.midi or move.low_after.midi > move.high.midi)}


@label("all-voices-similar")
def all_voices_one_way(page: Page) -> set[Hashable]:
    found: dict[int, set[int]] = {}
    for slot, _, before, after in page.steps():
        found.setdefault(slot, set()).add(sign_of(after.midi - before.midi))
    return {slot for slot, directions in found.items() if directions in ({1}, {-1})}


@label("melodic-no-augmented")
def augmented_interval(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, before, after in page.steps()
            if str(abs_interval(before, after)).startswith("A")}


@label("melodic-no-seventh")
def leap_of_a_seventh(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, before, after in page.steps((SOPRANO, ALTO, TENOR))
            if str(abs_interval(before, after)) in ("m7", "M7")}


@label("melodic-no-large-leap")
def leap_too_wide(page: Page) -> set[Hashable]:
    """More than a minor sixth in an inner voice, than an octave in an outer one; sevenths have a label of their own."""
    most = {SOPRANO: "P8", ALTO: "m6", TENOR: "m6", BASS: "P8"}
    return {(slot, voice) for slot, voice, before, after in page.steps()
            if abs_interval(before, after).semitones > Interval.parse(most[voice]).semitones}


@label("melodic-no-large-leap-recovery")
def leap_that_does_not_turn_back(page: Page) -> set[Hashable]:
    moves = {slot: after - before for slot, _, before, after in page.steps((SOPRANO,))}
    return {slot for slot, move in moves.items() if slot + 1 in moves and abs(move.semitones) > 7
            and sign_of(move.semitones) * sign_of(moves[slot + 1].semitones) != -1}


def abs_interval(before: Pitch, after: Pitch) -> Interval:
    """The interval between two notes of a line, read upwards."""
    move = after - before
    return -move if move.steps < 0 or (move.steps == 0 and move.semitones < 0) else move


@label("seventh-resolves-down")
def seventh_left_open(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, before, after in page.steps()
            if page.chords[slot].role_of(before.pitch_class) == "seventh" and (after - before).steps != -1
            and before.pitch_class not in page.chords[slot + 1].pitch_classes}


@label("seventh-approach")
def falling_leap_into_a_seventh(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, before, after in page.steps()
            if page.chords[slot + 1].role_of(after.pitch_class) == "seventh" and (after - before).steps < -2}


@label("leading-tone-outer-resolves")
def outer_leading_tone_left_open(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, move in _leading_tones(page, (SOPRANO, BASS)) if move != "m2"}


@label("leading-tone-inner-resolves")
def inner_leading_tone_left_open(page: Page) -> set[Hashable]:
    allowed = ("m2", *_WAYS_OUT)
    return {(slot, voice) for slot, voice, move in _leading_tones(page, (ALTO, TENOR)) if move not in allowed}


def _leading_tones(page: Page, voices: tuple[int, ...]) -> Iterator[tuple[int, int, str]]:
    """(slot, voice, its move) of each leading tone that does not stay."""
    for slot, voice, before, after in page.steps(voices):
        if before.pitch_class == page.chords[slot].leading_tone and before != after:
            yield slot, voice, str(after - before)


@label("cadential-64-resolution-sixth")
def sixth_of_the_six_four_left_open(page: Page) -> set[Hashable]:
    return {(slot, voice) for slot, voice, before, after in page.steps()
            if page.chords[slot].kind == "cadential-six-four" and (after - before).steps != -1
            and page.chords[slot].role_of(before.pitch_class) == "third"}


_WAYS_OUT = ("-M3", "-M2", "-A1")
"""Moves of an inner leading tone that some chords allow."""


def doubts(page: Page) -> set[Hashable]:
    """Places where a textbook's words do not decide: an inner leading tone that falls, or belongs to the next chord;
    the rising seventh of V43-I6; a foreign note beside its neighbours, which may be an embellishment."""
    foreign = {(slot, voice) for slot, voice, _, _ in _foreign(page)}
    found: set[Hashable] = set()
    for slot, voice, before, after in page.steps():
        chord, steps = page.chords[slot], (after - before).steps
        leading = before.pitch_class == chord.leading_tone and (
            str(after - before) in _WAYS_OUT or before.pitch_class in page.chords[slot + 1].pitch_classes)
        rising = chord.role_of(before.pitch_class) == "seventh" and chord.inversion == 2 and steps == 1
        beside = abs(steps) < 2 and not foreign.isdisjoint([(slot, voice), (slot + 1, voice)])
        found |= {(slot, voice)} if leading or rising or beside else set()
    return found


FOLLOWS: dict[str, set[str]] = {
    "no-double-leading-tone": {"leading-tone-inner-resolves", "leading-tone-outer-resolves", "parallel-unison-octave",
                               "inverted-chord-complete", "omit-fifth-root-position"},
    "no-double-chordal-seventh": {"seventh-resolves-down", "parallel-unison-octave", "inverted-chord-complete",
                                  "omit-fifth-root-position"},
    "third-required": {"inverted-chord-complete", "omit-fifth-root-position"},
    "chord-tones-only": {"third-required", "inverted-chord-complete", "omit-fifth-root-position", "double-64-bass",
                         "melodic-no-augmented", "parallel-fifths", "voice-overlap"},
    "accidental-minor-dominant": {"third-required", "inverted-chord-complete", "omit-fifth-root-position",
                                  "melodic-no-augmented"},
    "spelling-correct": {"third-required", "inverted-chord-complete", "omit-fifth-root-position", "double-64-bass",
                         "melodic-no-augmented"},
    "bass-is-inversion": {"inverted-chord-complete", "omit-fifth-root-position", "double-64-bass", "third-required",
                          "direct-octaves-outer", "parallel-fifths"},
    "voice-count": {"third-required", "inverted-chord-complete", "omit-fifth-root-position", "double-64-bass"},
    "range-soprano": {"spacing-upper-adjacent", "melodic-no-large-leap", "melodic-no-large-leap-recovery",
                      "melodic-no-seventh", "leading-tone-outer-resolves", "seventh-approach"},
    "range-alto": {"spacing-upper-adjacent", "melodic-no-large-leap", "melodic-no-seventh"},
    "range-tenor": {"spacing-upper-adjacent", "melodic-no-large-leap", "melodic-no-seventh"},
    "range-bass": {"spacing-tenor-bass-limit", "melodic-no-large-leap"},
    "voice-crossing": {"voice-overlap", "spacing-upper-adjacent"},
    "seventh-resolves-down": {"unequal-fifths"},
}
"""Which other faults the same note may bring: they are consequences and no faults of their own."""


def faults_of(page: Page) -> dict[str, set[Hashable]]:
    """Every fault on a page, by rule."""
    return {rule: found for rule, find in LABELS.items() if (found := find(page))}


def slips(page: Page) -> Iterator[tuple[str, Page]]:
    """Changes of one note that make one fault in a faultless page, and what follows from it: (rule, new page)."""
    assert not faults_of(page)
    for slot, changed in page.changes():
        near = changed.around(slot)
        if not doubts(near) <= doubts(page.around(slot)):
            continue
        found = faults_of(near)
        heads = [rule for rule, places in found.items()
                 if len(places) == 1 and set(found) - {rule} <= FOLLOWS.get(rule, set())]
        if len(heads) == 1:
            yield heads[0], changed
