"""Chords split into voices: nothing lost, nothing crossed, and no cheaper way on small problems."""

from fractions import Fraction
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.readers.chord_voices import Tone, most_at_once, split_tones
from theorygen.theory import Pitch

PITCHES = [Pitch.parse(text) for text in ("C3", "E3", "G3", "C4", "E4", "F#4", "G4", "B4", "C5", "E5")]
CHORDS = st.lists(st.lists(st.sampled_from(PITCHES), min_size=1, max_size=3, unique=True), min_size=1, max_size=5)


def block(chords, length=1):
    """Tones of chords that follow each other."""
    return [
        Tone(Fraction(place * length), Fraction((place + 1) * length), pitch)
        for place, chord in enumerate(chords) for pitch in chord
    ]


def parsed(text):
    return [[Pitch.parse(word) for word in chord.split()] for chord in text.split("|")]


def written(voices):
    """Each voice's pitches; "." where it rests."""
    end = max(tone.end for voice in voices for tone in voice)
    rows = []
    for voice in voices:
        at = {tone.onset: str(tone.pitch) for tone in voice}
        rows.append(" ".join(at.get(Fraction(time), ".") for time in range(int(end))))
    return rows


@settings(deadline=None)
@given(CHORDS)
def test_every_tone_has_one_voice(chords):
    tones = block(chords)
    voices = split_tones(tones, 3)
    assert sorted((tone.onset, tone.pitch) for voice in voices for tone in voice) == sorted(
        (tone.onset, tone.pitch) for tone in tones)


@settings(deadline=None)
@given(CHORDS)
def test_voices_neither_overlap_nor_cross(chords):
    voices = split_tones(block(chords), 3)
    for voice in voices:
        assert all(before.end <= after.onset for before, after in pairwise(voice))
    for upper, lower in combinations(voices, 2):
        lows = {tone.onset: tone.pitch for tone in lower}
        assert all(tone.pitch > lows[tone.onset] for tone in upper if tone.onset in lows)


def cost(ways, chords):
    """What a way of giving chords to voices costs, by the sentences of the module."""
    total = 0
    for way in ways:
        total += 2 * (0 not in way) + (2 not in way)
    for (old, before), (new, after) in pairwise(zip(ways, chords, strict=True)):
        for voice in range(3):
            if voice in old and voice in new:
                total += 8 * abs(before[old.index(voice)].midi - after[new.index(voice)].midi)
            total += 96 * ((voice in old) != (voice in new))
    return total


@settings(deadline=None)
@given(CHORDS)
def test_no_way_is_cheaper(chords):
    ordered = [sorted(chord, reverse=True) for chord in chords]
    voices = split_tones(block(chords), 3)
    at = [{tone.onset: number for tone in voice} for number, voice in enumerate(voices)]
    chosen = [tuple(number for row in at for time, number in row.items() if time == place)
              for place in range(len(chords))]
    choices = [list(combinations(range(3), len(chord))) for chord in ordered]
    assert cost(chosen, ordered) == min(cost(ways, ordered) for ways in product(*choices))


@pytest.mark.parametrize(("text", "rows"), [
    ("C5 G4 E4 C3|B4 G4 D4 G3|C5 G4 E4 C3", ["C5 B4 C5", "G4 G4 G4", "E4 D4 E4", "C3 G3 C3"]),
    ("C5 G4 E4 C3|C5 E4 C3|B4 G4 D4 G3", ["C5 C5 B4", "G4 . G4", "E4 E4 D4", "C3 C3 G3"]),
    ("C5|C5 E4 C3", ["C5 C5", ". E4", ". C3"]),
    ("C5 G4 C3|D3|C5 G4 C3", ["C5 . C5", "G4 . G4", "C3 D3 C3"]),
])
def test_fewer_notes_than_voices(text, rows):
    tones = block(parsed(text))
    assert written(split_tones(tones, most_at_once(tones))) == rows


def tone(onset, end, pitch, **marks):
    return Tone(Fraction(onset), Fraction(end), Pitch.parse(pitch), **marks)


def test_held_notes_stay_in_their_voice():
    tones = [tone(0, 2, "C5"), tone(0, 1, "E4"), tone(1, 2, "F4"), tone(0, 2, "C3")]
    assert [[str(one.pitch) for one in voice] for voice in split_tones(tones, 3)] == [["C5"], ["E4", "F4"], ["C3"]]


def test_tied_notes_stay_in_their_voice_whatever_it_costs():
    tones = [tone(0, 1, "C5"), tone(0, 1, "G4", tied=True), tone(1, 2, "G4"), tone(1, 2, "C3")]
    for count in (3, 4):
        assert ["G4", "G4"] in [[str(one.pitch) for one in voice] for voice in split_tones(tones, count)]


def test_a_held_note_that_must_be_crossed_passes_to_the_other_voice():
    upper, lower = split_tones([tone(0, 2, "G4"), tone(0, 1, "C5"), tone(1, 2, "E4")], 2)
    assert [(one.onset, one.end, str(one.pitch)) for one in upper] == [(0, 1, "C5"), (1, 2, "G4")]
    assert [(one.onset, one.end, str(one.pitch)) for one in lower] == [(0, 1, "G4"), (1, 2, "E4")]


def test_known_voices_may_cross():
    tones = [tone(0, 1, "E4", voice=0), tone(0, 1, "G4", voice=1), tone(1, 2, "C5"), tone(1, 2, "E4")]
    assert written(split_tones(tones, 2)) == ["E4 C5", "G4 E4"]


def test_a_unison_keeps_a_held_note_where_it_is():
    tones = [tone(0, 1, "C5"), tone(0, 2, "G4"), tone(1, 2, "G4")]
    upper, lower = split_tones(tones, 2)
    assert [(one.onset, one.end) for one in lower] == [(0, 2)]
    assert [str(one.pitch) for one in upper] == ["C5", "G4"]


def test_most_at_once_counts_what_overlaps():
    assert most_at_once([]) == 0
    assert most_at_once([tone(0, 1, "C4"), tone(1, 2, "D4")]) == 1
    assert most_at_once([tone(0, 2, "C4"), tone(1, 3, "D4"), tone(2, 3, "E4")]) == 2


def test_rests_are_passed_over():
    tones = [tone(0, 1, "C5"), tone(0, 1, "C4"), tone(3, 4, "B4"), tone(3, 4, "D4")]
    assert [[one.onset for one in voice] for voice in split_tones(tones, 2)] == [[0, 3], [0, 3]]
