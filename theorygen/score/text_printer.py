"""Writes a score in the text notation that `parse_text_score` reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from theorygen.score.event import Event, Voice
from theorygen.score.score import Score
from theorygen.score.text_notation import ALIASES
from theorygen.theory import Key

_LABELS = {name: label for label, name in ALIASES.items()}
_DEFAULTS = {"meter": "4/4", "signature": "C", "beat": "1", "tempo": "80"}


def format_text_score(score: Score) -> str:
    """The score in the text notation.

    What the notation has no word for is left out: provenance, pivots, metadata and the ensemble's ranges.
    """
    lines = [line for line in [_harmony_line(score), *_voice_lines(score), *_field_lines(score)] if line]
    return " | ".join(lines)


def _harmony_line(score: Score) -> str:
    if not score.chords:
        return ""
    first = score.keys[0][1]
    return f"in {_key_word(first)}: " + " ".join(_chord_words(score, first))


def _chord_words(score: Score, key: Key) -> Iterator[str]:
    onset, phrase = Fraction(0), 0
    for chord in score.chords:
        if chord.onset > onset:
            yield f"r{_length(chord.onset - onset)}"
        yield from ["//"] * (chord.phrase - phrase)
        if chord.numeral.key != key:
            key = chord.numeral.key
            yield f"{_key_word(key)}:"
        cadence = f"({chord.cadence})" if chord.cadence else ""
        yield f"{chord.numeral_text}{_length(chord.duration)}{cadence}"
        onset, phrase = chord.end, chord.phrase


def _voice_lines(score: Score) -> Iterator[str]:
    for voice in score.voices:
        if voice.events:
            yield f"{_LABELS.get(voice.name, voice.name)}: {' '.join(_note_words(voice))}"


def _note_words(voice: Voice) -> Iterator[str]:
    if voice.events[0].onset > 0:
        yield f"r{_length(voice.events[0].onset)}"
    for event in voice.events:
        yield _note_word(event)


def _note_word(event: Event) -> str:
    if len(event.pitches) > 1:
        body = f"[{' '.join(map(str, event.pitches))}]"
    elif event.unpitched is not None:
        body = f"<{event.unpitched}>"
    else:
        body = str(event.pitch or "r")
    return f"{body}{_length(event.duration)}{'~' * event.tied_to_next}{';' * event.fermata}"


def _field_lines(score: Score) -> Iterator[str]:
    meter = score.meters[0][1]
    beat = meter.beat(meter.bar_length - score.pickup) if score.pickup else 1
    keys = _changes([(onset, _key_word(key)) for onset, key in score.keys])
    if score.chords and len(score.keys) == 1:
        keys = _DEFAULTS["signature"]
    fields = {
        "meter": _changes(score.meters), "signature": keys, "beat": str(beat), "title": score.title,
        "composer": score.composer, "tempo": str(score.tempo),
        "region": " ".join(f"{name}@{start}-{end}" for name, start, end in _regions(score)),
        "repeat": " ".join(f"{repeat.start}-{repeat.end}*{repeat.times}" for repeat in score.repeats),
    }
    for label, text in fields.items():
        if text and text != _DEFAULTS.get(label):
            yield f"{label}: {text.replace('|', '/').strip()}"


def _regions(score: Score) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Names of regions with their beginnings and ends."""
    for name, chords in groupby(score.chords, key=lambda chord: chord.region):
        if name:
            inside = list(chords)
            yield name, inside[0].onset, inside[-1].end


def _changes(changes: Sequence[tuple[Fraction, Any]]) -> str:
    return " ".join(f"{value}@{onset}" if onset else str(value) for onset, value in changes)


def _key_word(key: Key) -> str:
    """A key as one word: "C", "a", "D-dorian"."""
    parsed = Key.parse(key.short)
    return (key.short if parsed == key else str(key)).replace(" ", "-")


def _length(duration: Fraction) -> str:
    return "" if duration == 1 else f"*{duration}"
