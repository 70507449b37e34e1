"""The voices of a staff: those the file names, and where it writes chords, the voices in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from theorygen.readers.chord_voices import Tone, goes_on, most_at_once, slices_of, split_tones
from theorygen.readers.naming import is_one_voice, voice_names
from theorygen.readers.written import Layer, Staff, Stroke
from theorygen.score import Event, ScoreError

MOST_VOICES = 8
"""A staff with more notes at once is refused."""

_SELDOM = Fraction(1, 4)
"""Of the time in which a singer or a violin sounds: with several notes for less than this, it is one voice."""


def voices_of_staff(staff: Staff) -> list[list[Event]]:
    """The events of each voice on a staff, from top to bottom, with gaps where they rest; one voice at least.

    A voice of the file is a voice of ours, whatever its pitches: so voices may cross. They stand in the order of their
    numbers, but of two the one with stems up is above. A bar in which the file has one voice and does not say which
    belongs to the voice its stems point to, else to the upper one. Chords are split (`chord_voices`).
    Where that would make more voices than ever sound at once (chords in one bar, voices in the next), the whole staff
    is read as one row of chords; bars in which every voice has a line of its own keep them.

    A staff named after a singer or an instrument of one voice is one voice with chords in it where several notes
    seldom sound together: double stops, a bass that divides in the last bar.

    Raises:
        ScoreError: more than `MOST_VOICES` notes sound at once.
    """
    if staff.percussion:
        return [_events(_hits(staff))]
    names = _names_in_order(staff)
    rows = {name: _tones(strokes) for name, strokes in _named_rows(staff, names).items()}
    whole = [tone for row in rows.values() for tone in row]
    count = _count(staff, whole)
    if count == 0:
        return [[]]
    if count > 1 and is_one_voice(voice_names(staff.part, 1)[0]) and _several(whole) < _SELDOM:
        return [_with_chords(whole)]
    counts = [most_at_once(row) for row in rows.values()]
    if sum(counts) <= count:
        return [_voice(one) for row, own in zip(rows.values(), counts, strict=True) for one in split_tones(row, own)]
    if len(names) == count:
        whole = [tone for bar in staff.bars for tone in _known_tones(bar, names)]
    return [_voice(row) for row in split_tones(whole, count)]


def _count(staff: Staff, tones: Sequence[Tone]) -> int:
    """How many notes sound at once at most.

    Raises:
        ScoreError: too many to be voices.
    """
    count = most_at_once(tones)
    if count > MOST_VOICES:
        raise ScoreError(
            f"{count} notes sound at once on the staff of '{staff.part}'; at most {MOST_VOICES} can be read as voices"
        )
    return count


def staves_as_one(staves: Sequence[Staff]) -> list[list[Event]] | None:
    """The voices of a part with several staves read as one row of chords, where that needs fewer voices.

    Only where no staff has voices of its own: a piano reduction whose hands share the inner voices in changing ways.
    """
    if any(len(bar) > 1 or layer.voice for staff in staves for bar in staff.bars for layer in bar):
        return None
    rows = [_tones(stroke for bar in staff.bars for layer in bar for stroke in layer.strokes) for staff in staves]
    count = most_at_once([tone for row in rows for tone in row])
    if count > MOST_VOICES or sum(map(most_at_once, rows)) <= count:
        return None
    return [_voice(row) for row in split_tones([tone for row in rows for tone in row], count)]


def _named_rows(staff: Staff, names: Sequence[str]) -> dict[str, list[Stroke]]:
    """The strokes of each of the file's voices."""
    rows: dict[str, list[Stroke]] = {name: [] for name in names}
    for bar in staff.bars:
        for layer in bar:
            rows[layer.voice or _owner(layer, names)].extend(layer.strokes)
    return rows


def _names_in_order(staff: Staff) -> list[str]:
    """Names of the file's voices by number; of two, the one with stems up first."""
    down: dict[str, int] = {}
    for bar in staff.bars:
        for layer in bar:
            if layer.voice:
                down[layer.voice] = down.get(layer.voice, 0) + {"up": -1, "down": 1}.get(layer.stem, 0)
    names = sorted(down, key=lambda name: (len(name), name))
    if len(names) == 2 and down[names[0]] > 0 > down[names[1]]:
        names.reverse()
    return names or [""]


def _owner(layer: Layer, names: Sequence[str]) -> str:
    """The voice that music without a name belongs to."""
    return names[-1] if layer.stem == "down" else names[0]


def _tones(strokes: Iterable[Stroke]) -> list[Tone]:
    return [
        Tone(stroke.onset, stroke.end, pitch, pitch in stroke.tied, stroke.fermata)
        for stroke in strokes for pitch in stroke.pitches
    ]


def _known_tones(bar: Sequence[Layer], names: Sequence[str]) -> Iterator[Tone]:
    """The tones of a bar; each with its voice, if every voice has one note at a time."""
    is_known = all(layer.voice and len(stroke.pitches) < 2 for layer in bar for stroke in layer.strokes)
    for layer in bar:
        for tone in _tones(layer.strokes):
            yield replace(tone, voice=names.index(layer.voice)) if is_known else tone


def _voice(tones: Sequence[Tone]) -> list[Event]:
    events = []
    for tone, following in zip(tones, [*tones[1:], None], strict=True):
        tied = tone.tied and following is not None and (following.onset, following.pitch) == (tone.end, tone.pitch)
        events.append(Event(tone.onset, tone.end - tone.onset, (tone.pitch,), None, tied, tone.fermata))
    return events


def _several(tones: Sequence[Tone]) -> Fraction:
    """The part of the sounding time in which several tones sound."""
    lengths = [(end - onset, len(sounding)) for onset, end, sounding in slices_of(tones)]
    return sum((length for length, count in lengths if count > 1), Fraction(0)) / sum(length for length, _ in lengths)


def _with_chords(tones: Sequence[Tone]) -> list[Event]:
    """One voice with all these tones, cut wherever one of them begins or stops."""
    slices = slices_of(tones)
    events = []
    for index, (onset, end, sounding) in enumerate(slices):
        following = slices[index + 1][2] if index + 1 < len(slices) else []
        pitches = tuple({tone.pitch: None for tone in sounding})
        tied = any(goes_on(tone, other) for tone in sounding for other in following)
        fermata = any(tone.fermata and tone.end == end for tone in sounding)
        events.append(Event(onset, end - onset, pitches, None, tied, fermata))
    return events


def _hits(staff: Staff) -> list[Stroke]:
    """The hits of a percussion staff, the first of those that begin together."""
    hits: dict[Fraction, Stroke] = {}
    for bar in staff.bars:
        for layer in bar:
            for stroke in layer.strokes:
                if not stroke.is_rest:
                    hits.setdefault(stroke.onset, stroke)
    return [hits[onset] for onset in sorted(hits)]


def _events(hits: Sequence[Stroke]) -> list[Event]:
    """Hits as events, each cut short by the next."""
    stops = [hit.onset for hit in hits[1:]] + [hit.end for hit in hits[-1:]]
    return [
        Event(hit.onset, min(hit.end, stop) - hit.onset, unpitched=hit.unpitched or "hit", fermata=hit.fermata)
        for hit, stop in zip(hits, stops, strict=True)
    ]
