"""From music21's streams to what was written. music21 is imported where it is used.

Of the time a file takes, music21's parsing is seven tenths (a chorale of four parts: 35 ms of 50).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from theorygen.readers.assemble import score_of_written
from theorygen.readers.figured_bass import figures_of_lyrics
from theorygen.readers.stream_analysis import embedded_chords
from theorygen.readers.stream_notes import exact, layers_of
from theorygen.readers.stream_signs import add_directions, keys_of, meters_of, repeats_of
from theorygen.readers.written import Staff, Written, WrittenBar
from theorygen.score import Ensemble, Score, ScoreError

_STAFF_OF_PART = re.compile(r"(.+)-Staff[0-9]+")


def score_of_stream(stream: Any, name: str, ensemble: Ensemble | None = None) -> Score:
    """The score in a music21 stream.

    Args:
        stream: a Score, Part or Measure of music21, or an Opus of one piece; it is not changed.
        name: of the file or piece, for messages.
        ensemble: whose voices they are; without it, they are found from names and ranges.

    Raises:
        ScoreError: it holds no notes or several pieces, or something a score cannot hold.
    """
    return score_of_written(written_of_stream(stream, name), ensemble)


def written_of_stream(stream: Any, name: str) -> Written:
    """What a music21 stream says, at sounding pitch.

    Raises:
        ScoreError: it holds several pieces, or a time signature or pitch a score cannot hold.
    """
    stream = _sounding(_one_piece(stream))
    parts = [_with_measures(part) for part in _parts(stream)]
    measures = [list(part.getElementsByClass("Measure")) for part in parts]
    written = Written(name, bars=_bars(measures))
    for part, row in zip(parts, measures, strict=True):
        written.staves.append(_staff(part, row, written))
    pitched = [row for row, staff in zip(measures, written.staves, strict=True) if not staff.percussion]
    written.chords = embedded_chords(pitched[-1], written.bars) if pitched else []
    written.figures = figures_of_lyrics(pitched[-1], written.bars) if pitched else []
    written.repeats = repeats_of(measures, written)
    add_directions(stream, written)
    return written


def _one_piece(stream: Any) -> Any:
    if "Opus" not in stream.classSet:
        return stream
    pieces = list(stream.scores)
    if len(pieces) != 1:
        raise ScoreError(f"the file holds {len(pieces)} pieces; expected one: write each into a file of its own")
    return pieces[0]


def _sounding(stream: Any) -> Any:
    """The stream at sounding pitch; the same object where nothing transposes."""
    instruments = stream.recurse().getElementsByClass("Instrument")
    return stream.toSoundingPitch() if any(one.transposition is not None for one in instruments) else stream


def _parts(stream: Any) -> list[Any]:
    """The parts with music, from top to bottom."""
    parts = list(stream.parts) if "Score" in stream.classSet else []
    return parts or [stream]


def _with_measures(part: Any) -> Any:
    """The part, cut into measures if it is not."""
    if "Measure" in part.classSet:
        from music21 import stream

        holder = stream.Part()
        holder.insert(0, part)
        return holder
    return part if part.getElementsByClass("Measure") else part.makeMeasures()


def _staff(part: Any, row: Sequence[Any], written: Written) -> Staff:
    onsets = [bar.onset for bar in written.bars]
    match = _STAFF_OF_PART.fullmatch(str(part.id))
    hits = any("Unpitched" in note.classSet for measure in row for note in measure.recurse().notes)
    return Staff(
        _part_name(part), layers_of(row, written), meters_of(row, onsets), keys_of(row, onsets), hits,
        match[1] if match else "",
    )


def _part_name(part: Any) -> str:
    """The name before a part; Humdrum has it in a line of its own, as ``*I"Soprano`` or ``*I:[SOPRANO]``."""
    for line in part.getElementsByClass("MiscTandem"):
        if line.tandem[:1] in ('"', ":"):
            return str(line.tandem[1:])
    return str(getattr(part, "partName", None) or "")


def _bars(measures: Sequence[Sequence[Any]]) -> list[WrittenBar]:
    """The bars, as the parts agree on them. One that is not counted goes on with the bar before."""
    bars: list[WrittenBar] = []
    onset = Fraction(0)
    for index in range(max(map(len, measures), default=0)):
        same = [row[index] for row in measures if index < len(row)]
        length = _length(same)
        number, before = int(same[0].number), bars[-1].number if bars else 0
        uncounted = number == 0 and before > 0
        continues = uncounted or (bool(same[0].numberSuffix) and bool(bars) and number == before)
        bars.append(WrittenBar(onset, length, before if uncounted else number, continues))
        onset += length
    if len(bars) > 1 and len({bar.number for bar in bars}) == 1:          # nobody counted them
        bars = [replace(bar, number=index) for index, bar in enumerate(bars, 1)]
    return bars


def _length(same: Sequence[Any]) -> Fraction:
    """How long a bar is: as short as some part says, but no note is cut.

    A rest for a whole bar is often written with the length of a full one where the bar is short. A bar in which
    nothing is written is a full one.
    """
    lengths = {exact(measure.duration.quarterLength) for measure in same} - {0}
    if len(lengths) < 2:
        return lengths.pop() if lengths else exact(same[0].barDuration.quarterLength)
    return max([min(lengths), *(end for measure in same for end in _note_ends(measure))])


def _note_ends(measure: Any) -> Iterator[Fraction]:
    for holder in [measure, *measure.voices]:
        start = exact(holder.offset) if holder is not measure else Fraction(0)
        for element in holder.notes:
            yield start + exact(element.offset) + exact(element.quarterLength)
