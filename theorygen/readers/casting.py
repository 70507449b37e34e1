"""Which voice of which ensemble each voice of a file is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from theorygen.readers.naming import instrument_name, is_one_voice, is_vocal, plain_name
from theorygen.score import Ensemble, Event, ScoreError, VoiceSpec
from theorygen.score.ensemble import built_in_ensembles
from theorygen.score.instruments import PROGRAMS
from theorygen.score.text_notation import spec_around

_BY_RANGE = ("satb", "keyboard", "ssatb", "duet")
"""Ensembles that voices without names may be, the likeliest first."""
_CHOIRS = ("ssatb", "satb")
_BEYOND = 7
"""Semitones by which a voice may leave the range of an ensemble it is taken for."""
_DOUBLING = 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """A voice of a file that waits for its name.

    Attributes:
        name: "soprano", "violin-1", or "" where the file does not say.
        part: the part's name as printed.
        staff: number of its staff, counted from 1 at the top of the score.
        group: name shared by the staves of one instrument, or "".
        events: with gaps where it rests.
    """

    name: str
    part: str
    staff: int
    group: str
    events: tuple[Event, ...]

    @property
    def is_percussion(self) -> bool:
        """Whether it has hits."""
        return any(event.unpitched is not None for event in self.events)

    @property
    def is_silent(self) -> bool:
        """Whether it has nothing but rests."""
        return all(event.is_rest for event in self.events)

    @property
    def height(self) -> float:
        """Mean MIDI number of its notes; for a voice with notes."""
        numbers = [pitch.midi for event in self.events for pitch in event.pitches]
        return sum(numbers) / len(numbers)


@dataclass(frozen=True, slots=True)
class Cast:
    """Voices with names and specifications.

    Attributes:
        ensemble: the voices from top to bottom.
        voices: what each of them was found as, in the same order.
        notes: sentences on what was left out.
    """

    ensemble: Ensemble
    voices: tuple[Found, ...]
    notes: tuple[str, ...]


def cast(found: Sequence[Found], ensemble: Ensemble | None = None) -> Cast:
    """Names for the voices of a file.

    Silent voices are left out. Where a choir is complete, the instruments beside it are left out. Voices without names
    are taken for an ensemble of as many voices if they lie in its ranges (a fifth beyond them at most) and in its
    order, or in that order from high to low; else they are called after their parts.

    Args:
        found: from top to bottom.
        ensemble: whose voices they must be: some of them by name, else as many from top to bottom, or a melody alone.

    Raises:
        ScoreError: there are no notes, or the voices do not fit the ensemble asked for.
    """
    notes: list[str] = []
    sounding = [voice for voice in found if not voice.is_silent]
    if not sounding:
        raise ScoreError("there are no notes; expected at least one")
    _note_left_out(notes, "without notes", [voice for voice in found if voice.is_silent])
    if ensemble is not None:
        return Cast(*_cast_as(ensemble, sounding, notes), tuple(notes))
    named = _choir(sounding, notes)
    for chosen in (_by_name(named), _by_range(named)):
        if chosen is not None:
            return Cast(*chosen, tuple(notes))
    return Cast(*_as_themselves(named), tuple(notes))


def _note_left_out(notes: list[str], why: str, voices: Sequence[Found]) -> None:
    if voices:
        names = dict.fromkeys(" ".join((voice.part or f"staff {voice.staff}").split()) for voice in voices)
        notes.append(f"left out {why}: {', '.join(names)}")


def _choir(found: Sequence[Found], notes: list[str]) -> list[Found]:
    """The voices of a complete choir, in the order of the file, without instruments; other voices as they are."""
    names = Counter(voice.name for voice in found)
    for choir in _CHOIRS:
        wanted = Ensemble.named(choir).names
        if all(names[name] for name in wanted):
            chosen = [next(voice for voice in found if voice.name == name) for name in wanted]
            others = [voice for voice in found if not any(voice is one for one in chosen)]
            doubling = [voice for voice in others if any(_doubles(voice, one) for one in chosen)]
            left = [voice for voice in others if not is_vocal(voice.name) and voice not in doubling]
            _note_left_out(notes, "because it doubles a voice", doubling)
            _note_left_out(notes, "beside the choir", left)
            return _numbered([voice for voice in found if voice not in doubling and voice not in left])
    return _numbered(found)


def _doubles(voice: Found, other: Found) -> bool:
    """Whether a voice goes with another nearly always, at the unison or in octaves."""
    own, others = _classes(voice), _classes(other)
    return bool(own) and len(own & others) >= _DOUBLING * len(own)


def _classes(voice: Found) -> set[tuple[Any, int]]:
    return {(event.onset, pitch.midi % 12) for event in voice.events for pitch in event.pitches}


def _numbered(found: Sequence[Found]) -> list[Found]:
    """With names that occur twice numbered from the top: bass, bass are bass-1, bass-2."""
    counts = Counter(voice.name for voice in found)
    seen: Counter[str] = Counter()
    numbered = []
    for voice in found:
        seen[voice.name] += 1
        again = voice.name and counts[voice.name] > 1
        numbered.append(replace(voice, name=f"{voice.name}-{seen[voice.name]}") if again else voice)
    return numbered


def _by_name(found: Sequence[Found]) -> tuple[Ensemble, tuple[Found, ...]] | None:
    """An ensemble that ships and has all these voices."""
    pitched = [voice for voice in found if not voice.is_percussion]
    for ensemble in built_in_ensembles().values():
        if pitched and {voice.name for voice in pitched} <= set(ensemble.names):
            order = sorted(pitched, key=lambda voice: ensemble.names.index(voice.name))
            return _with_percussion(ensemble.only([voice.name for voice in order]), order, found)
    return None


def _by_range(found: Sequence[Found]) -> tuple[Ensemble, tuple[Found, ...]] | None:
    """An ensemble whose ranges the voices fit; none if they are singers or instruments of one voice."""
    pitched = [voice for voice in found if not voice.is_percussion]
    if any(is_one_voice(voice.name) for voice in pitched):
        return None
    for order in (pitched, sorted(pitched, key=lambda voice: -voice.height)):
        for name in _BY_RANGE:
            ensemble = Ensemble.named(name)
            if len(order) == len(ensemble) and all(map(_reaches, ensemble.voices, order)) and _descend(order):
                return _with_percussion(ensemble, order, found)
    return None


def _reaches(spec: VoiceSpec, voice: Found) -> bool:
    numbers = [pitch.midi for event in voice.events for pitch in event.pitches]
    inside = spec.lowest.midi <= voice.height <= spec.highest.midi
    return inside and min(numbers) >= spec.lowest.midi - _BEYOND and max(numbers) <= spec.highest.midi + _BEYOND


def _descend(voices: Sequence[Found]) -> bool:
    heights = [voice.height for voice in voices]
    return heights == sorted(heights, reverse=True)


def _with_percussion(
    ensemble: Ensemble, pitched: Sequence[Found], found: Sequence[Found]
) -> tuple[Ensemble, tuple[Found, ...]]:
    """The ensemble with the percussion parts below it."""
    drums = [voice for voice in found if voice.is_percussion]
    if not drums:
        return ensemble, tuple(pitched)
    specs = _own_specs(drums, first_staff=max(spec.staff for spec in ensemble.voices) + 1)
    return Ensemble("voices", (*ensemble.voices, *specs)), (*pitched, *drums)


def _as_themselves(found: Sequence[Found]) -> tuple[Ensemble, tuple[Found, ...]]:
    """Voices called after their parts, with ranges around their notes."""
    return Ensemble("voices", tuple(_own_specs(found))), tuple(found)


def _own_specs(found: Sequence[Found], first_staff: int = 1) -> Iterable[VoiceSpec]:
    names = _unique([voice.name or plain_name(voice.part) or "voice" for voice in found])
    staves = sorted({voice.staff for voice in found})
    for voice, name in zip(found, names, strict=True):
        spec = spec_around(name, voice.events, staves.index(voice.staff) + first_staff)
        instrument = instrument_name(voice.part) or ("choir" if is_vocal(voice.name) else "")
        if instrument in PROGRAMS and not voice.is_percussion:
            spec = replace(spec, instrument=instrument)
        yield replace(spec, part=voice.group)


def _unique(names: Sequence[str]) -> list[str]:
    """Names that occur twice numbered from the top, and no two alike."""
    counts, seen, unique = Counter(names), Counter[str](), list[str]()
    for name in names:
        seen[name] += 1
        wanted = f"{name}-{seen[name]}" if counts[name] > 1 else name
        while wanted in unique:
            seen[name] += 1
            wanted = f"{name}-{seen[name]}"
        unique.append(wanted)
    return unique


def _cast_as(
    ensemble: Ensemble, found: Sequence[Found], notes: list[str]
) -> tuple[Ensemble, tuple[Found, ...]]:
    """The voices as those of an ensemble: by name, else one after the other; a single voice is the highest."""
    by_name = [voice for voice in found if voice.name in ensemble.names]
    if {voice.name for voice in by_name} == set(ensemble.names) and len(by_name) == len(ensemble):
        others = [voice for voice in found if voice.name not in ensemble.names]
        _note_left_out(notes, f"beside {ensemble.name}", others)
        return ensemble, tuple(sorted(by_name, key=lambda voice: ensemble.names.index(voice.name)))
    if len(found) == len(ensemble):
        return ensemble, tuple(found)
    if len(by_name) == len(found) == len({voice.name for voice in found}):
        ordered = sorted(by_name, key=lambda voice: ensemble.names.index(voice.name))
        return ensemble.only([voice.name for voice in ordered]), tuple(ordered)
    if len(found) == 1:
        return ensemble.only(ensemble.names[:1]), tuple(found)
    raise ScoreError(
        f"there are {len(found)} voices with notes; the ensemble '{ensemble.name}' has {len(ensemble)}: "
        f"{', '.join(ensemble.names)}"
    )
