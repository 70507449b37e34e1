"""MIDI files through mido: notes on a grid, spelled, a staff for each channel of each track."""

from __future__ import annotations

import io
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from theorygen.readers.bars import bars_of_meters, check_length
from theorygen.readers.limits import Limits
from theorygen.readers.problems import bad_file
from theorygen.readers.quantise import PLAYED, grid_of, released, snapped
from theorygen.readers.spelling import signature_of, spell
from theorygen.readers.written import Layer, Staff, Stroke, Written
from theorygen.score import ScoreError
from theorygen.score.instruments import DRUM_HITS, PROGRAMS
from theorygen.theory import Key, Meter, Pitch, PitchClass, TheoryError

_DRUM_CHANNEL = 9
_BYTES = 60
"""What a note takes at most, pedals and bends between notes included."""
_HITS = {number: name for name, number in DRUM_HITS.items()}
_INSTRUMENTS = {number: name for name, number in PROGRAMS.items() if name != "drums"}
_LOWEST = 12
_MICROSECONDS = 60_000_000


@dataclass
class _Track:
    """What one channel of one track plays.

    Attributes:
        name: of the track, else of the instrument.
        channel: counted from 0.
        notes: (attack, release, MIDI number) in quarters.
    """

    name: str
    channel: int
    notes: list[tuple[Fraction, Fraction, int]] = field(default_factory=list)

    @property
    def percussion(self) -> bool:
        """Whether its numbers are drums."""
        return self.channel == _DRUM_CHANNEL


@dataclass
class _Signs:
    """Signatures and tempo by time in quarters."""

    meters: dict[Fraction, Meter] = field(default_factory=dict)
    keys: dict[Fraction, Key] = field(default_factory=dict)
    tempo: Fraction | None = None
    title: str = ""


def read_midi(raw: bytes, name: str, limits: Limits) -> Written:
    """What a MIDI file says.

    Raises:
        InputError: it is no MIDI file, damaged, timed in seconds, or too large.
        ScoreError: it has no notes, or a time signature a score cannot hold.
    """
    file = _opened(raw, name, limits)
    signs = _Signs()
    tracks = [track for index, one in enumerate(file.tracks) for track in _tracks(one, index, file, signs)]
    count = sum(len(track.notes) for track in tracks)
    if count > limits.notes:
        raise bad_file("too-many-notes", name, f"there are {count} notes", f"at most {limits.notes}",
                       "cut the piece into movements")
    if not count:
        raise ScoreError("there are no notes; expected at least one")
    lowest = min(number for track in tracks for _, _, number in track.notes)
    if lowest < _LOWEST:
        raise ScoreError(f"key {lowest} lies below C0; expected notes, not switches of an instrument")
    return _written(name, tracks, signs, limits)


def _opened(raw: bytes, name: str, limits: Limits) -> Any:
    from mido import MidiFile

    if len(raw) > _BYTES * limits.notes:
        raise bad_file("too-many-notes", name, f"there are {len(raw)} bytes, more than {limits.notes} notes need",
                       f"at most {_BYTES * limits.notes}", "cut the piece into movements")
    if not raw.startswith(b"MThd"):
        raise bad_file("wrong-kind", name, "this is no MIDI file", "a file that begins with MThd",
                       "give the file the suffix of what it is")
    try:
        file = MidiFile(file=io.BytesIO(raw), clip=True)
    except Exception as error:          # mido raises whatever a damaged file makes it stumble over
        raise bad_file("damaged-midi", name, f"the MIDI file is damaged: {error or type(error).__name__}",
                       "a complete MIDI file") from None
    if file.ticks_per_beat <= 0 or file.ticks_per_beat >= 1 << 15:
        raise bad_file("midi-in-seconds", name, "its times are seconds (SMPTE frames), not beats",
                       "a file with ticks per quarter", "export it again with a tempo and bars")
    if file.type == 2:
        raise bad_file("midi-patterns", name, "it holds several patterns of their own (type 2)", "type 0 or 1")
    return file


def _tracks(track: Any, index: int, file: Any, signs: _Signs) -> list[_Track]:
    """The channels of a track that play notes, in the order in which they begin."""
    found: dict[int, _Track] = {}
    waiting: dict[tuple[int, int], deque[Fraction]] = defaultdict(deque)
    now = Fraction(0)
    for message in track:
        now += Fraction(message.time, file.ticks_per_beat)
        if message.is_meta:
            _read_sign(message, now, index, signs)
        elif message.type in ("program_change", "note_on", "note_off"):
            own = found.setdefault(message.channel, _Track("", message.channel))
            _play(message, now, own, waiting)
    for (channel, number), onsets in waiting.items():
        found[channel].notes += [(onset, now, number) for onset in onsets]
    sounding = [one for one in found.values() if one.notes]
    if len(sounding) == 1 and track.name.strip():
        sounding[0].name = track.name.strip()
    return sounding


def _play(message: Any, now: Fraction, own: _Track, waiting: dict[tuple[int, int], deque[Fraction]]) -> None:
    """Takes up a message of a channel; of notes on one key, the first struck is the first to be let go."""
    if message.type == "program_change":
        own.name = _INSTRUMENTS.get(message.program, "")
    elif message.type == "note_on" and message.velocity:
        waiting[own.channel, message.note].append(now)
    elif waiting[own.channel, message.note]:
        own.notes.append((waiting[own.channel, message.note].popleft(), now, message.note))


def _read_sign(message: Any, now: Fraction, index: int, signs: _Signs) -> None:
    if message.type == "time_signature":
        text = f"{message.numerator}/{message.denominator}"
        try:
            signs.meters[now] = Meter.parse(text)
        except TheoryError as error:
            raise ScoreError(f"the time signature {text} cannot be read: {error.message}") from None
    elif message.type == "key_signature":
        signs.keys.setdefault(now, Key.parse(message.key))
    elif message.type == "set_tempo" and signs.tempo is None and message.tempo > 0:
        signs.tempo = Fraction(_MICROSECONDS, message.tempo).limit_denominator(100)
    elif message.type == "track_name" and index == 0:
        signs.title = message.name.strip()


def _written(name: str, tracks: Sequence[_Track], signs: _Signs, limits: Limits) -> Written:
    written = Written(name, title=signs.title if signs.title not in {track.name for track in tracks} else "")
    if signs.tempo is None:
        raise bad_file("no-tempo", name, "the MIDI file has no tempo, so its lengths may mean anything",
                       "a tempo (set_tempo), as every notation program writes one",
                       "export it again from the program it comes from, or add a tempo")
    written.tempo = signs.tempo
    grid, exact = _grid(tracks, written)
    played = [_on_grid(track, grid, exact) for track in tracks]
    names = _spelled(tracks, played, signs, written)
    meters, pickup = _without_pickup_meter(signs.meters)
    end = max(end for notes in played for _, end, _ in notes)
    check_length(tuple(sorted({Fraction(0): Meter(4, 4), **meters}.items())), end, limits.bars)
    written.bars = bars_of_meters(meters, pickup, end)
    for track, notes in zip(tracks, played, strict=True):
        strokes = _strokes(track, notes, names)
        written.staves.append(Staff(track.name, ((Layer("", strokes),),), meters, signs.keys, track.percussion))
    return written


def _grid(tracks: Sequence[_Track], written: Written) -> tuple[int, bool]:
    """The grid of all attacks, and whether notes stop on it as they are written; twelfths, with a note, without one.

    Ends that need a finer grid than the attacks and than twelfths are those of notes let go early: 0.8 of a quarter.
    """
    onsets = {onset for track in tracks for onset, _, _ in track.notes}
    ends = {end for track in tracks for _, end, _ in track.notes}
    attacks, both = grid_of(onsets), grid_of(onsets | ends)
    if both is not None and (both <= PLAYED or both == attacks):
        return both, True
    if attacks is not None:
        return attacks, False
    moved = max(abs(onset - snapped(onset, PLAYED)) for onset in onsets)
    written.notes.append(
        f"the notes lie on no grid, as if played: moved to twelfths of a quarter, by up to {float(moved):.2f} quarters"
    )
    return PLAYED, False


def _on_grid(track: _Track, grid: int, exact: bool) -> list[tuple[Fraction, Fraction, int]]:
    """The notes of a track on the grid, in time order; their ends moved to it alone where they are ``exact``."""
    moved = sorted((snapped(onset, grid), end, number) for onset, end, number in track.notes)
    onsets = sorted({onset for onset, _, _ in moved})
    finer, step = grid if grid % 4 == 0 else 4 * grid, Fraction(1, grid)
    return [
        (onset, max(snapped(end, grid), onset + step) if exact else released(onset, end, onsets, finer), number)
        for onset, end, number in moved
    ]


def _spelled(
    tracks: Sequence[_Track], played: Sequence[Sequence[tuple[Fraction, Fraction, int]]], signs: _Signs,
    written: Written,
) -> dict[tuple[Fraction, int], Pitch]:
    """The pitch of each (attack, MIDI number); the key signature is set where the file has none."""
    pairs = zip(tracks, played, strict=True)
    keys = sorted({(onset, number) for track, notes in pairs if not track.percussion for onset, _, number in notes})
    first = signs.keys.get(Fraction(0))
    pitches = spell([number for _, number in keys], first.signature if first else None)
    if first is None and pitches:
        key = signs.keys[Fraction(0)] = Key(PitchClass.from_fifths(signature_of(pitches)))
        written.notes.append(f"the file has no key signature: read with that of {key}, which needs fewest accidentals")
    return dict(zip(keys, pitches, strict=True))


def _strokes(
    track: _Track, notes: Sequence[tuple[Fraction, Fraction, int]], names: dict[tuple[Fraction, int], Pitch]
) -> tuple[Stroke, ...]:
    """The notes as strokes; of two on one key, the first stops where the second begins."""
    later: dict[int, Fraction] = {}
    strokes = []
    for onset, end, number in reversed(notes):
        stop = min(end, later.get(number, end))
        later[number] = onset
        if stop <= onset:
            continue
        if track.percussion:
            strokes.append(Stroke(onset, stop - onset, unpitched=_HITS.get(number, "hit")))
        else:
            strokes.append(Stroke(onset, stop - onset, (names[onset, number],)))
    return tuple(reversed(strokes))


def _without_pickup_meter(meters: dict[Fraction, Meter]) -> tuple[dict[Fraction, Meter], Fraction]:
    """The meters and the pickup: a meter of one short bar, half the next at most, is how MIDI writes it."""
    times = sorted(meters)
    if len(times) < 2 or times[0] != 0:
        return meters, Fraction(0)
    first, second = meters[times[0]], meters[times[1]]
    if times[1] == first.bar_length <= second.bar_length / 2:
        return {Fraction(0): second, **{time: meters[time] for time in times[2:]}}, first.bar_length
    return meters, Fraction(0)
