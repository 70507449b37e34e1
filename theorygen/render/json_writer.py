"""JSON of a score, and back.

    {"format": "theorygen-score", "version": 1, "title": "...", "composer": "...", "tempo": "80", "pickup": "0",
     "meters": [["0", "4/4"]], "keys": [["0", "C major"]], "repeats": [{"start": "0", "end": "8", "times": 2}],
     "parts": [{"name": "piano", "instrument": "piano", "midi_program": 0, "clefs": ["treble"], "percussion": false,
                "voices": [{"name": "soprano", "staff": 1, "events": [
                    {"onset": "0", "duration": "3/2", "pitches": ["F#4"], "tied_to_next": true}]}]}],
     "chords": [{"onset": "0", "duration": "1", "numeral": "V65/V", "key": "C major", "phrase": 0, "cadence": "PAC"}],
     "ensemble": {"name": "satb", "voices": [{"name": "alto", "range": ["G3", "D5"], ...}]}, "metadata": {}}

Times are quarter lengths as text, whole numbers or fractions. An event without pitches and hit is a rest. Fields that
are empty, false or null may be left out of events and chords. ``"bars": [["0", 1], ["3", 2, "1"]]``, each with its
onset, its number and where in a full bar it begins, is there only where they do not follow from meters and pickup, and
``"figures": [["0", "6 5"]]`` only under a figured bass.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from theorygen.score import Bar, ChordEvent, Ensemble, Event, Part, Repeat, Score, Voice
from theorygen.theory import Key, Meter, Pitch, RomanNumeral, TheoryError

FORMAT = "theorygen-score"
VERSION = 1


def score_to_json(score: Score) -> str:
    """The score as JSON text (see the module)."""
    return json.dumps(score_to_data(score), indent=1, ensure_ascii=False) + "\n"


def score_from_json(text: str) -> Score:
    """The score that `score_to_json` wrote.

    Raises:
        TheoryError: the text is not such JSON, or a pitch, key, meter or chord in it cannot be read.
        ScoreError: the parts contradict each other.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise TheoryError(f"this is not JSON: {error.msg}", text, error.pos, "a score in JSON") from None
    return score_from_data(data)


def score_to_data(score: Score) -> dict[str, Any]:
    """The score as plain data (see the module)."""
    return {
        "format": FORMAT, "version": VERSION, "title": score.title, "composer": score.composer,
        "tempo": str(score.tempo), "pickup": str(score.pickup),
        "meters": [[str(onset), str(meter)] for onset, meter in score.meters],
        "keys": [[str(onset), str(key)] for onset, key in score.keys],
        "repeats": [{"start": str(one.start), "end": str(one.end), "times": one.times} for one in score.repeats],
        "parts": [_part_to_data(part) for part in score.parts],
        "chords": [_chord_to_data(chord) for chord in score.chords],
        "ensemble": score.ensemble.to_data() if score.ensemble else None,
        "metadata": dict(score.metadata),
        **({"bars": [_bar_to_data(bar) for bar in score.bars]} if score.bars else {}),
        **({"figures": [[str(onset), text] for onset, text in score.figures]} if score.figures else {}),
    }


def score_from_data(data: Any) -> Score:
    """The score in plain data (see the module).

    Raises:
        TheoryError: the data has another shape, or a value in it cannot be read.
        ScoreError: the parts contradict each other.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT or data.get("version") != VERSION:
        raise TheoryError("this is not a score", str(data)[:60], 0, f'"format": "{FORMAT}", "version": {VERSION}')
    try:
        return _score_from_data(data)
    except KeyError as error:
        raise TheoryError(f"the score has no field {error}", str(error), 0, "see docs of the JSON format") from None
    except (TypeError, AttributeError, IndexError, ZeroDivisionError) as error:
        raise TheoryError(f"the score has a field of the wrong kind: {error}", str(error)) from None


def _score_from_data(data: Mapping[str, Any]) -> Score:
    ensemble = data.get("ensemble")
    return Score(
        parts=tuple(_part_from_data(part) for part in data["parts"]),
        meters=tuple((_time(onset), Meter.parse(text)) for onset, text in data["meters"]),
        keys=tuple((_time(onset), Key.parse(text)) for onset, text in data["keys"]),
        chords=tuple(_chord_from_data(chord) for chord in data.get("chords", ())),
        title=data.get("title", ""), composer=data.get("composer", ""), tempo=_time(data["tempo"]),
        pickup=_time(data.get("pickup", "0")),
        repeats=tuple(Repeat(_time(one["start"]), _time(one["end"]), one["times"]) for one in data.get("repeats", ())),
        ensemble=Ensemble.from_data(ensemble) if ensemble else None, metadata=dict(data.get("metadata", {})),
        bars=tuple(Bar(_time(bar[0]), int(bar[1]), *map(_time, bar[2:3])) for bar in data.get("bars", ())),
        figures=tuple((_time(onset), str(text)) for onset, text in data.get("figures", ())),
    )


def _time(text: Any) -> Fraction:
    """A time in quarter lengths.

    Raises:
        TheoryError: the text is no whole number or fraction.
    """
    try:
        return Fraction(text)
    except ValueError:
        raise TheoryError(f"'{text}' is not a time", str(text), 0, 'quarters as text, such as "3/2"') from None


def _bar_to_data(bar: Bar) -> list[str | int]:
    return [str(bar.onset), bar.number, *([str(bar.start_offset)] if bar.start_offset else [])]


def _present(data: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in data.items() if value not in (None, False, "", [])}


def _part_to_data(part: Part) -> dict[str, Any]:
    voices = [
        {"name": voice.name, "staff": staff, "events": [_event_to_data(event) for event in voice.events]}
        for voice, staff in zip(part.voices, part.staves, strict=True)
    ]
    return {
        "name": part.name, "instrument": part.instrument, "midi_program": part.midi_program,
        "clefs": list(part.clefs), "percussion": part.percussion, "voices": voices,
    }


def _part_from_data(data: Mapping[str, Any]) -> Part:
    voices = tuple(
        Voice(voice["name"], tuple(_event_from_data(event) for event in voice["events"])) for voice in data["voices"]
    )
    return Part(
        data["name"], voices, data["instrument"], data["midi_program"], tuple(data["clefs"]),
        tuple(voice["staff"] for voice in data["voices"]), data.get("percussion", False),
    )


def _event_to_data(event: Event) -> dict[str, Any]:
    data = _present({
        "pitches": [str(pitch) for pitch in event.pitches], "unpitched": event.unpitched,
        "tied_to_next": event.tied_to_next, "fermata": event.fermata,
        "provenance": dict(event.provenance) if event.provenance else None,
    })
    return {"onset": str(event.onset), "duration": str(event.duration), **data}


def _event_from_data(data: Mapping[str, Any]) -> Event:
    return Event(
        _time(data["onset"]), _time(data["duration"]), tuple(Pitch.parse(text) for text in data.get("pitches", ())),
        data.get("unpitched"), data.get("tied_to_next", False), data.get("fermata", False), data.get("provenance"),
    )


def _chord_to_data(chord: ChordEvent) -> dict[str, Any]:
    pivot = chord.pivot_of
    data = _present({
        "cadence": chord.cadence, "region": chord.region, "pivot_of": pivot and pivot.text,
        "pivot_key": pivot and str(pivot.key),
    })
    return {
        "onset": str(chord.onset), "duration": str(chord.duration), "numeral": chord.numeral_text,
        "key": str(chord.numeral.key), "phrase": chord.phrase, **data,
    }


def _chord_from_data(data: Mapping[str, Any]) -> ChordEvent:
    numeral = RomanNumeral.parse(data["numeral"], Key.parse(data["key"]))
    pivot = RomanNumeral.parse(data["pivot_of"], Key.parse(data["pivot_key"])) if "pivot_of" in data else None
    return ChordEvent(
        _time(data["onset"]), _time(data["duration"]), numeral, pivot, data.get("phrase", 0),
        data.get("cadence"), data.get("region", ""),
    )
