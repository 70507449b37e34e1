"""MIDI through mido: one named track for each voice, repeats unfolded, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from theorygen.score import Measure, Note, Part, Score, Voice
from theorygen.score.instruments import DRUM_HITS
from theorygen.score.part import title_of
from theorygen.theory import Key, PitchClass

TICKS_PER_QUARTER = 480
DRUM_CHANNEL = 9
"""Channels count from 0: this is channel 10."""

_VELOCITY = 80
_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_META, _OFF, _ON = 0, 1, 2
"""Order of what happens at one tick."""
_DEFAULT_HIT = 39

Timed = tuple[int, int, Any]
"""(tick, order, message)."""


def score_to_midi(score: Score) -> bytes:
    """The score as a type 1 MIDI file: a track with tempo, meters and keys, then one for each voice."""
    from mido import MidiFile

    passages = _shifted(score)
    file = MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER)
    file.tracks.append(_track(score.title, _conductor(score, passages)))
    melodic = 0
    for part in score.parts:
        for voice in part.voices:
            channel = DRUM_CHANNEL if part.percussion else _MELODIC_CHANNELS[melodic % len(_MELODIC_CHANNELS)]
            melodic += not part.percussion
            file.tracks.append(_track(title_of(voice.name), _voice(part, voice, channel, passages)))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _shifted(score: Score) -> list[tuple[Fraction, Fraction, Fraction]]:
    """(start, end, shift) of each passage as it sounds: a time in it sounds at that time plus the shift."""
    result, now = [], Fraction(0)
    for start, end in score.passages():
        result.append((start, end, now - start))
        now += end - start
    return result


def _tick(time: Fraction) -> int:
    return round(time * TICKS_PER_QUARTER)


def _track(name: str, timed: Sequence[Timed]) -> Any:
    """A track of messages with the times between them."""
    from mido import MetaMessage, MidiTrack

    track = MidiTrack([MetaMessage("track_name", name=_latin(name))] if name else [])
    now = 0
    for tick, _, message in sorted(timed, key=lambda entry: entry[:2]):
        message.time = tick - now
        now = tick
        track.append(message)
    track.append(MetaMessage("end_of_track"))
    return track


def _latin(text: str) -> str:
    """The text in the characters a MIDI file can hold."""
    return text.encode("latin-1", "replace").decode("latin-1")


def _conductor(score: Score, passages: Sequence[tuple[Fraction, Fraction, Fraction]]) -> list[Timed]:
    """Tempo, meters and keys over time."""
    from mido import MetaMessage

    timed = [(0, _META, MetaMessage("set_tempo", tempo=min(round(60_000_000 / score.tempo), 0xFFFFFF)))]
    meter = key = None
    for start, end, shift in passages:
        for measure in score.measures():
            if not start <= measure.onset < end:
                continue
            tick = _tick(measure.onset + shift)
            if _signature(measure) != meter:
                meter = _signature(measure)
                timed.append((tick, _META, MetaMessage("time_signature", numerator=meter[0], denominator=meter[1])))
            if score.key_at(measure.onset) != key:
                key = score.key_at(measure.onset)
                timed.append((tick, _META, MetaMessage("key_signature", key=_key_name(key))))
    return timed


def _signature(measure: Measure) -> tuple[int, int]:
    """Numerator and denominator; a pickup has a meter of its own so that later bars start on bar lines."""
    if not measure.is_pickup:
        return measure.meter.numerator, measure.meter.denominator
    whole = measure.length / 4
    denominator = max(whole.denominator, measure.meter.denominator)
    if denominator & (denominator - 1) or denominator > 64:
        return measure.meter.numerator, measure.meter.denominator
    return int(whole * denominator), denominator


def _key_name(key: Key) -> str:
    """A key with this signature as MIDI spells it: "Bb", "F#m"."""
    sharps = max(-7, min(7, key.signature))
    return f"{PitchClass.from_fifths(sharps + 3)}m" if key.is_minor else str(PitchClass.from_fifths(sharps))


def _voice(
    part: Part, voice: Voice, channel: int, passages: Sequence[tuple[Fraction, Fraction, Fraction]]
) -> list[Timed]:
    """Program change and notes of a voice."""
    from mido import Message

    timed: list[Timed] = [(0, _META, Message("program_change", channel=channel, program=part.midi_program))]
    notes = [(_tick(note.onset), _tick(note.onset + note.duration), _number(note)) for note in voice.notes()]
    for passage in passages:
        for start, end, number in _sounding(notes, *map(_tick, passage)):
            timed.append((start, _ON, Message("note_on", channel=channel, note=number, velocity=_VELOCITY)))
            timed.append((end, _OFF, Message("note_off", channel=channel, note=number, velocity=0)))
    return timed


def _sounding(
    notes: Sequence[tuple[int, int, int]], start: int, end: int, shift: int
) -> Iterator[tuple[int, int, int]]:
    """(start, end, MIDI number) of notes attacked in a passage, cut off at its end, in ticks; G# and Ab are one."""
    ends: dict[tuple[int, int], int] = {}
    for onset, stop, number in notes:
        if start <= onset < end:
            place = onset + shift, number
            ends[place] = max(ends.get(place, place[0]), min(stop, end) + shift)
    for (onset, number), stop in ends.items():
        yield onset, stop, number


def _number(note: Note) -> int:
    """The MIDI number of a note or hit, kept within 0 to 127."""
    if note.pitch is None:
        return DRUM_HITS.get(note.unpitched or "", _DEFAULT_HIT)
    return max(0, min(127, note.pitch.midi))
