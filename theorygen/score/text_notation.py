"""A compact text notation for examples: ``in C: V7 I | S: B4 C5 | A: F4 E4 | T: D4 C4 | B: G3 C3``.

Parts are separated by ``|``; each is a label, a colon and words separated by blanks. Lengths are quarters.

    in KEY:     Roman numerals, one quarter each; ``V7*2`` lasts two. ``G:`` goes on in another key, ``//`` starts a
                phrase, ``I(PAC)`` completes a cadence, ``r`` is a quarter without a chord.
    S: A: T: B: or any name: notes. ``G4`` a quarter, ``G4*1/2`` an eighth, ``-`` holds on for a quarter, ``r`` a rest,
                ``[C4 E4 G4]`` a chord, ``<kick>`` a drum hit; ``G4~`` is tied to the next, ``G4;`` has a fermata,
                and so has ``G4^``, as scores are shown.
    meter:      ``3/4``; ``3/4 4/4@6`` changes after six quarters.      signature:  ``C G@8``, key signatures.
    beat:       the beat on which it starts, from 1: later than 1 is a pickup.
    region:     ``sequence@2-6 pedal@8-12``: named passages of chords, from and to, in quarters.
    title: composer: tempo: (quarters a minute)      repeat: ``0-8`` or ``0-8*3``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from theorygen.score.ensemble import Ensemble, VoiceSpec, built_in_ensembles
from theorygen.score.event import Event
from theorygen.score.harmony import ChordEvent
from theorygen.score.instruments import clef_for, known_hit
from theorygen.score.part import arrange
from theorygen.score.score import Repeat, Score
from theorygen.score.text_tokens import Words, labelled_parts
from theorygen.source.nearest import nearest
from theorygen.theory import Key, Meter, Pitch, RomanNumeral, TheoryError

ALIASES = {
    "S": "soprano", "A": "alto", "T": "tenor", "B": "bass", "S1": "soprano-1", "S2": "soprano-2",
    "V1": "violin-1", "V2": "violin-2", "Va": "viola", "Vc": "cello",
}
"""Short labels of voices."""

_HARMONY = "in "
_NOTE_WORDS = r"\[[^\]|]*\]?\S*|\S+"
_NOTE = re.compile(r"(?P<body>\[[^\]]+\]|<[^>]*>|[^*~;^<\[]+)(?:\*(?P<length>[^~;^]*))?(?P<tie>~?)(?P<fermata>[;^]?)")
_CHORD = re.compile(r"(?P<body>[^*]+?)(?:\*(?P<length>[^(]*))?(?:\((?P<cadence>[A-Za-z]+)\))?")
_REGION = re.compile(r"(?P<name>[A-Za-z0-9-]+)@(?P<start>\d+(?:/\d+)?)-(?P<end>\d+(?:/\d+)?)")


@dataclass
class _Draft:
    """What has been read so far."""

    harmony: Words | None = None
    tonic: Key | None = None
    voices: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    regions: list[tuple[str, Fraction, Fraction]] = field(default_factory=list)
    beat: Fraction = Fraction(1)
    beat_word: Words | None = None


def parse_text_score(text: str, ensemble: Ensemble | None = None) -> Score:
    """Read the text notation (see the module).

    Args:
        text: the notation.
        ensemble: whose voices the labels name; without it voices are taken from the ensembles that ship, and voices
            nobody knows get a range around their notes.

    Raises:
        TheoryError: with the position in the text, what was expected, and the nearest word.
    """
    draft = _Draft()
    for label, body in labelled_parts(text):
        _read_part(draft, label, body, ensemble)
    if not draft.voices and draft.harmony is None:
        raise Words(text, 0, text).error("there are no notes", "a voice, such as 'S: C5 B4'")
    return _score(draft, ensemble)


def _read_part(draft: _Draft, label: Words, body: Words, ensemble: Ensemble | None) -> None:
    if label.text.startswith(_HARMONY):
        if draft.harmony is not None:
            raise label.error("there are two lines of chords", "one 'in KEY:', and 'G:' inside it to change key")
        draft.harmony = body
        draft.tonic = label.part(len(_HARMONY)).stripped().read(Key.parse)
    elif label.text in _FIELDS:
        _FIELDS[label.text](draft, body)
    else:
        name = _voice_name(label, ensemble)
        if name in draft.voices:
            raise label.error(f"voice '{name}' stands here twice", "one line for each voice")
        try:
            draft.voices[name] = _read_voice(label, body)
        except TheoryError:
            _check_label(label, name)
            raise


def _check_label(label: Words, name: str) -> None:
    """Where what follows is no music, a label nobody knows may be a misspelt field.

    Raises:
        TheoryError: it probably is.
    """
    known = {voice for ensemble in built_in_ensembles().values() for voice in ensemble.names}
    likely = nearest(label.text, _FIELDS)
    if likely and name not in known:
        raise label.error(f"'{label.text}' is not a label", ", ".join(["in KEY", "S", "A", "T", "B", *_FIELDS]), likely)


def _voice_name(label: Words, ensemble: Ensemble | None) -> str:
    """The voice a label names: itself, its long form, or the only voice of the ensemble with that initial."""
    long = ALIASES.get(label.text, label.text)
    if ensemble is None or long in ensemble.names:
        if not re.fullmatch(r"[A-Za-z0-9-]+", long):
            expected = "S, A, T, B, a name of one word, 'in KEY', meter or beat"
            raise label.error(f"'{label.text}' is not a label", expected)
        return long
    alike = [name for name in ensemble.names if name[0] == label.text.lower()]
    if len(alike) == 1:
        return alike[0]
    words = [*ensemble.names, *_FIELDS]
    raise label.error(f"{ensemble.name} has no voice '{label.text}'", ", ".join(words), nearest(label.text, words))


def _read_voice(label: Words, body: Words) -> tuple[Event, ...]:
    events: list[Event] = []
    for word in body.split(_NOTE_WORDS):
        if word.text == "-" or word.text.startswith("-*"):
            if not events:
                raise word.error("'-' has nothing to hold", "a note before it")
            length = word.part(2).length() if word.text != "-" else Fraction(1)
            events[-1] = replace(events[-1], duration=events[-1].duration + length)
        else:
            events.append(_read_note(word, events[-1].end if events else Fraction(0)))
    if not events:
        raise label.error(f"'{label.text}' has no notes", "notes, such as 'C5 B4'")
    return tuple(events)


def _read_note(word: Words, onset: Fraction) -> Event:
    match = _NOTE.fullmatch(word.text)
    if not match:
        expected = "such as G4, G4*2, [C4 E4], <kick>, r, -, with ~ for a tie or ; for a fermata at the end"
        raise word.error(f"'{word.text}' is not a note", expected)
    length = word.part(*match.span("length")).length() if match["length"] is not None else Fraction(1)
    event = Event(onset, length, (), None, bool(match["tie"]), bool(match["fermata"]))
    body = word.part(*match.span("body"))
    if body.text == "r":
        return event
    if body.text.startswith("<"):
        return replace(event, unpitched=body.part(1, -1).read(known_hit))
    return replace(event, pitches=tuple(pitch.read(Pitch.parse) for pitch in body.split(r"[^\[\]\s]+")))


def _read_chords(draft: _Draft) -> Iterable[ChordEvent]:
    assert draft.harmony is not None and draft.tonic is not None
    key, onset, phrase = draft.tonic, Fraction(0), 0
    for word in draft.harmony.split(r"\S+"):
        if word.text == "//":
            phrase += 1
        elif word.text.endswith(":"):
            key = word.part(0, -1).read(Key.parse)
        else:
            match = _CHORD.fullmatch(word.text)
            if not match:
                raise word.error(f"'{word.text}' is not a chord", "such as V7, V65/V*2, I(PAC), G: or //")
            length = word.part(*match.span("length")).length() if match["length"] is not None else Fraction(1)
            if match["body"] != "r":
                numeral = word.part(*match.span("body")).read(_numeral_in(key))
                region = next((name for name, start, end in draft.regions if start <= onset < end), "")
                yield ChordEvent(onset, length, numeral, phrase=phrase, cadence=match["cadence"], region=region)
            onset += length


def _numeral_in(key: Key) -> Callable[[str], RomanNumeral]:
    return lambda text: RomanNumeral.parse(text, key)


def _score(draft: _Draft, ensemble: Ensemble | None) -> Score:
    chosen = _ensemble_for(draft.voices, ensemble)
    fields: dict[str, Any] = {"keys": ((Fraction(0), draft.tonic or Key.parse("C")),), **draft.fields}
    if draft.beat_word is not None and draft.beat != 1:
        meter = fields.get("meters", ((0, Meter(4, 4)),))[0][1]
        if not 1 <= draft.beat < meter.beats + 1:
            raise draft.beat_word.error(f"{meter} has no beat {draft.beat}", f"1 to {meter.beats}")
        fields["pickup"] = meter.bar_length - (draft.beat - 1) * meter.beat_length
    chords = tuple(_read_chords(draft)) if draft.harmony is not None else ()
    return Score(arrange(chosen, draft.voices), chords=chords, ensemble=chosen, **fields)


def _ensemble_for(voices: dict[str, tuple[Event, ...]], ensemble: Ensemble | None) -> Ensemble:
    """The given ensemble or the first that ships with all these voices, without its other voices."""
    candidates = [ensemble] if ensemble is not None else list(built_in_ensembles().values())
    for candidate in candidates:
        if set(voices) <= set(candidate.names):
            return candidate.only(list(voices))
    specs = tuple(spec_around(name, events, staff) for staff, (name, events) in enumerate(voices.items(), 1))
    return Ensemble("voices", specs)


def spec_around(name: str, events: tuple[Event, ...], staff: int) -> VoiceSpec:
    """A voice that reaches an octave beyond its notes."""
    pitches = sorted(pitch for event in events for pitch in event.pitches)
    if not pitches:
        drums = any(event.unpitched for event in events)
        middle = Pitch.parse("C4")
        clef, instrument = ("percussion", "drums") if drums else ("treble", "piano")
        return VoiceSpec(name, middle, middle, (middle, middle), clef, instrument, staff)
    lowest, highest = pitches[0], pitches[-1]
    clef = clef_for(lowest.midi, highest.midi)
    reach = (Pitch(lowest.step - 7, lowest.alter), Pitch(highest.step + 7, highest.alter))
    return VoiceSpec(name, *reach, (lowest, highest), clef, "piano", staff)


def _read_changes(reader: Callable[[str], Any], name: str) -> Callable[[_Draft, Words], None]:
    """Reads ``3/4 4/4@6``: values with the times from which they hold."""
    def read(draft: _Draft, body: Words) -> None:
        changes: list[tuple[Fraction, Any]] = []
        for word in body.split(r"\S+"):
            value, at, _ = word.text.partition("@")
            onset = word.part(len(value) + 1).length() if at else Fraction(0)
            if (not changes) != (onset == 0) or (changes and onset <= changes[-1][0]):
                raise word.error(f"'{word.text}' is out of order", "the first value alone, then later ones as 4/4@6")
            changes.append((onset, word.part(0, len(value)).read(reader)))
        if not changes:
            raise body.error("there is nothing after the colon", "a value, such as 'meter: 3/4' or 'signature: G'")
        draft.fields[name] = tuple(changes)
    return read


def _read_beat(draft: _Draft, body: Words) -> None:
    draft.beat = body.length()
    draft.beat_word = body


def _read_repeats(draft: _Draft, body: Words) -> None:
    repeats = []
    for word in body.split(r"\S+"):
        match = re.fullmatch(r"(\d+(?:/\d+)?)-(\d+(?:/\d+)?)(?:\*(\d+))?", word.text)
        if not match:
            raise word.error(f"'{word.text}' is not a repeat", "start-end in quarters, such as 0-8 or 0-8*3")
        repeats.append(Repeat(Fraction(match[1]), Fraction(match[2]), int(match[3] or 2)))
    draft.fields["repeats"] = tuple(repeats)


def _read_regions(draft: _Draft, body: Words) -> None:
    for word in body.split(r"\S+"):
        match = _REGION.fullmatch(word.text)
        if not match:
            raise word.error(f"'{word.text}' is not a region", "name@start-end in quarters, such as sequence@2-6")
        draft.regions.append((match["name"], Fraction(match["start"]), Fraction(match["end"])))


def _read_words(name: str) -> Callable[[_Draft, Words], None]:
    def read(draft: _Draft, body: Words) -> None:
        draft.fields[name] = body.text
    return read


def _read_tempo(draft: _Draft, body: Words) -> None:
    draft.fields["tempo"] = body.length()


_FIELDS: dict[str, Callable[[_Draft, Words], None]] = {
    "meter": _read_changes(Meter.parse, "meters"), "signature": _read_changes(Key.parse, "keys"),
    "beat": _read_beat, "title": _read_words("title"), "composer": _read_words("composer"),
    "tempo": _read_tempo, "repeat": _read_repeats, "region": _read_regions,
}
