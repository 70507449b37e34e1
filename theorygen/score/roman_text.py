"""RomanText: Roman-numeral analyses as text, one line a measure (``m4 b3 V7 || b4 G: I``).

The format is that of Tymoczko, Gotham, Cuthbert and Ariza (ISMIR 2019). A measure line names its number, then beats
(``b2.5``; the first needs none), keys (``G:``, ``f#:``), numerals, ``||`` for the end of a phrase and ``:||`` for a
repeat, which ends a phrase too. Two numerals on one beat with a key between them are a pivot chord. ``m5-8 = m1-4``
copies measures; variant readings (``m4var1``) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorygen.score.harmony import ChordEvent
from theorygen.score.score import Score
from theorygen.source.diagnostic import Diagnostic, Diagnostics
from theorygen.source.marks import Mark
from theorygen.theory import Key, Meter, RomanNumeral, TheoryError

_MEASURE = re.compile(r"m(?P<first>\d+)(?:[a-z]*)(?:-(?:m)?(?P<last>\d+))?(?P<variant>var\w*)?(?=[\s=]|$)")
_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z .]*?):(?P<value>.*)")
_COPY = re.compile(r"\s*=\s*m?(?P<first>\d+)(?:-m?(?P<last>\d+))?\s*$")
_BEAT = re.compile(r"b(\d+(?:\.\d+)?)")
_PHRASE_ENDS = ("||", ":||", ":||:")
_REPEAT_STARTS = ("||:",)
_DENOMINATORS = (1, 2, 3, 4, 6, 8, 12)
_NEAR = Fraction(1, 25)


@dataclass(frozen=True, slots=True)
class Reading:
    """One numeral of an analysis.

    Attributes:
        measure: number of the measure.
        beat: beat, counted from 1; 5/2 is halfway through beat 2.
        numeral: the chord in its key.
        pivot_of: the same chord in the key that is being left, or None.
        phrase: number of the phrase, from 0.
        mark: where it stands in the text.
    """

    measure: int
    beat: Fraction
    numeral: RomanNumeral
    pivot_of: RomanNumeral | None
    phrase: int
    mark: Mark


@dataclass(frozen=True)
class RomanText:
    """An analysis as written.

    Attributes:
        readings: the numerals in order.
        headers: ``title``, ``composer`` and so on, in small letters.
        meters: (measure from which it holds, meter).
    """

    readings: tuple[Reading, ...]
    headers: dict[str, str] = field(default_factory=dict)
    meters: tuple[tuple[int, Meter], ...] = ()

    def chords(self, score: Score) -> tuple[ChordEvent, ...]:
        """The numerals at their times in a score, each lasting until the next.

        Measures are those of the score. Where they do not fit, a bar that a repeat splits in two counts once, as many
        analyses count.

        Raises:
            InputError: a numeral stands in a measure the score has not, or before the one in front of it.
        """
        own = Diagnostics()
        placed = self._placed(_bar_starts(score), score, own)
        if own.has_errors:
            joined = Diagnostics()
            counted_once = self._placed(_joined_bar_starts(score), score, joined)
            if joined.has_errors:
                own.raise_errors()
            placed = counted_once
        ends = [onset for onset, _ in placed[1:]] + [score.end]
        return tuple(ChordEvent(onset, end - onset, reading.numeral, reading.pivot_of, reading.phrase)
                     for (onset, reading), end in zip(placed, ends, strict=True))

    def _placed(self, bars: Mapping[int, Fraction], score: Score, found: Diagnostics) -> list[tuple[Fraction, Reading]]:
        """Every numeral with its time."""
        placed: list[tuple[Fraction, Reading]] = []
        for reading in self.readings:
            onset = _onset(bars, score, reading)
            if onset is None:
                found.add(_outside(bars, reading))
            elif placed and onset <= placed[-1][0]:
                found.add(Diagnostic("bad-analysis", f"{_place(reading)} does not come after the numeral before it",
                                     reading.mark, "beats in order of time"))
            else:
                placed.append((onset, reading))
        return placed


def _bar_starts(score: Score) -> dict[int, Fraction]:
    """When beat 1 of each measure stands, by the score's numbers; before 0 for a pickup."""
    return {measure.number: measure.onset - measure.start_offset for measure in reversed(score.measures())}


def _joined_bar_starts(score: Score) -> dict[int, Fraction]:
    """The same with numbers that count the two parts of a split bar once."""
    starts: dict[int, Fraction] = {}
    for measure in score.measures():
        number = max(starts, default=measure.number - 1) + 1
        if not starts or not measure.start_offset:
            starts[number] = measure.onset - measure.start_offset
    return starts


def _onset(bars: Mapping[int, Fraction], score: Score, reading: Reading) -> Fraction | None:
    """When a numeral stands, or None outside the score or beyond the end of its bar."""
    if reading.measure not in bars:
        return None
    start = bars[reading.measure]
    meter = score.meter_at(max(start, Fraction(0)))
    onset = start + (reading.beat - 1) * meter.beat_length
    following = min((other for other in bars.values() if other > start), default=score.end)
    outside = onset >= max(start + meter.bar_length, following)
    return None if outside or not 0 <= onset < score.end else onset


def _outside(bars: Mapping[int, Fraction], reading: Reading) -> Diagnostic:
    known = f"measures {min(bars)} to {max(bars)}" if bars else "a score with notes"
    known = "a beat of that measure" if reading.measure in bars else known
    return Diagnostic("bad-analysis", f"the score has no {_place(reading)}", reading.mark, known,
                      remedy="see to it that the analysis belongs to this score and counts measures as it does")


def _place(reading: Reading) -> str:
    return f"measure {reading.measure}, beat {float(reading.beat):g}"


def parse_roman_text(text: str, name: str = "analysis") -> RomanText:
    """Read RomanText.

    Args:
        text: the analysis.
        name: of the file, for errors.

    Raises:
        InputError: everything that cannot be read, with line and column.
    """
    found = Diagnostics()
    reader = _Reader(name, found)
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        reader.line(number, line)
    if not reader.measures and not found.has_errors:
        found.add(Diagnostic("bad-analysis", "there is no measure in this analysis", Mark(name),
                             "lines such as 'm1 C: I b3 V6'"))
    found.raise_errors()
    return reader.result()


@dataclass
class _Reader:
    """Reads line after line; what holds over lines is kept here."""

    name: str
    found: Diagnostics
    key: Key | None = None
    phrase: int = 0
    measures: dict[int, list[Reading]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    meters: list[tuple[int, Meter]] = field(default_factory=list)
    phrase_after: dict[int, int] = field(default_factory=dict)
    _pending_meter: Meter | None = None
    _keyless: bool = False

    def result(self) -> RomanText:
        readings = tuple(reading for number in self.measures for reading in self.measures[number])
        return RomanText(readings, self.headers, tuple(self.meters))

    def line(self, number: int, line: str) -> None:
        """One line of the text."""
        stripped = line.strip()
        measure = _MEASURE.match(stripped)
        if measure:
            if not measure["variant"]:
                self.measure(_Words(self.name, number, line), measure)
        elif header := _HEADER.match(stripped):
            self.header(number, line, header["name"].strip().lower(), header["value"].strip())
        elif stripped and stripped[0] not in "%#":
            self.complain(Mark(self.name, number, 1, len(line), line), f"'{stripped[:20]}' is no line of RomanText",
                          "a measure (m1 C: I b3 V) or a heading (Title: ...)")

    def header(self, number: int, line: str, name: str, value: str) -> None:
        """A heading; time signatures hold from the next measure."""
        if name != "time signature":
            self.headers.setdefault(name, value)
            return
        try:
            self._pending_meter = Meter.parse({"C": "4/4", "c": "4/4"}.get(value, value.rstrip("?")))
        except TheoryError as error:
            self.complain(Mark(self.name, number, 1, len(line), line), error.message, error.expected)

    def measure(self, words: _Words, match: re.Match[str]) -> None:
        """A line that begins with a measure number."""
        number = int(match["first"])
        if self._pending_meter is not None:
            self.meters.append((number, self._pending_meter))
            self._pending_meter = None
        body = words.text.strip()[match.end():]
        if copy := _COPY.match(body):
            self.copy(words, number, int(match["last"] or number), int(copy["first"]),
                      int(copy["last"] or copy["first"]))
            return
        self.measures.setdefault(number, []).extend(self.readings(words, number))
        self.phrase_after[number] = self.phrase

    def copy(self, words: _Words, first: int, last: int, source_first: int, source_last: int) -> None:
        """Measures that repeat earlier ones, with the ends of phrases in them; their last key holds on."""
        if last - first != source_last - source_first or not all(
                number in self.measures for number in range(source_first, source_last + 1)):
            self.complain(words.mark(0, len(words.text)), "these measures cannot be copied",
                          "as many earlier measures, such as m5-8 = m1-4")
            return
        sources = range(source_first, source_last + 1)
        copied = [one for source in sources for one in self.measures[source]]
        later = self.phrase - copied[0].phrase if copied else 0
        for number, source in zip(range(first, last + 1), sources, strict=True):
            self.measures[number] = [replace(one, measure=number, phrase=one.phrase + later)
                                     for one in self.measures[source]]
            self.phrase_after[number] = max(self.phrase_after[source] + later, self.phrase)
        if copied:
            self.phrase, self.key = self.phrase_after[last], copied[-1].numeral.key

    def readings(self, words: _Words, measure: int) -> Iterator[Reading]:
        """The numerals of a measure."""
        beat, kept = Fraction(1), list[Reading]()
        for at, word in words.after_first():
            if match := _BEAT.fullmatch(word):
                beat = _exact(match[1])
            elif word in _PHRASE_ENDS:
                self.phrase += bool(kept or self.measures)
            elif word.endswith(":") and word not in _REPEAT_STARTS:
                self.read_key(words, at, word)
            elif word not in _REPEAT_STARTS:
                self.add(words, at, word, measure, beat, kept)
        yield from kept

    def read_key(self, words: _Words, at: int, word: str) -> None:
        """A change of key."""
        try:
            self.key = Key.parse(word[:-1])
        except TheoryError as error:
            self.complain(words.mark(at, len(word)), error.message, error.expected or "a key, such as G: or f#:")

    def add(self, words: _Words, at: int, word: str, measure: int, beat: Fraction, kept: list[Reading]) -> None:
        """A numeral; on the beat of the one before it, that one is its reading in the old key."""
        mark = words.mark(at, len(word))
        if self.key is None:
            if not self._keyless:
                self.complain(mark, f"'{word}' stands before any key", "a key first, such as 'm1 C: I'")
            self._keyless = True
            return
        try:
            numeral = RomanNumeral.parse(re.sub(r"(?<=\d)/(?=\d)", "", word), self.key)
        except TheoryError as error:
            self.complain(mark, error.message, error.expected, error.nearest)
            return
        pivot = kept.pop().numeral if kept and kept[-1].beat == beat else None
        kept.append(Reading(measure, beat, numeral, pivot, self.phrase, mark))

    def complain(self, mark: Mark, message: str, expected: str = "", near: str | None = None) -> None:
        """Report something wrong at a place."""
        self.found.add(Diagnostic("bad-analysis", message, mark, expected, near))


@dataclass(frozen=True)
class _Words:
    """A line with the places of its words."""

    name: str
    line: int
    text: str

    def after_first(self) -> Iterator[tuple[int, str]]:
        """Every word but the first, with its index in the line."""
        for index, match in enumerate(re.finditer(r"\S+", self.text)):
            if index:
                yield match.start(), match[0]

    def mark(self, at: int, length: int) -> Mark:
        """The place of a stretch of the line."""
        return Mark(self.name, self.line, at + 1, max(length, 1), self.text)


def _exact(decimal: str) -> Fraction:
    """The beat a decimal stands for: 2.33 is two and a third."""
    value = Fraction(decimal)
    for denominator in _DENOMINATORS:
        near = Fraction(round(value * denominator), denominator)
        if abs(near - value) < _NEAR:
            return near
    return value


def format_roman_text(score: Score, headers: dict[str, str] | None = None) -> str:
    """The chords of a score as RomanText; `parse_roman_text` reads it back.

    Args:
        score: with chords.
        headers: further headings, such as the analyst.
    """
    named = {"Composer": score.composer, "Title": score.title, **(headers or {})}
    lines = [f"{name}: {value}" for name, value in named.items() if value]
    state = _Writing(score)
    for measure in score.measures():
        if (lines_of_meter := state.meter_line(measure.number, measure.onset)):
            lines += ["", lines_of_meter]
        inside = [chord for chord in score.chords if measure.onset <= chord.onset < measure.end]
        if inside:
            lines.append(f"m{measure.number} " + " ".join(word for chord in inside for word in state.words(chord)))
    return "\n".join(lines).lstrip("\n") + "\n"


@dataclass
class _Writing:
    """What has been written: the key and the meter in force."""

    score: Score
    key: Key | None = None
    meter: Meter | None = None

    def meter_line(self, number: int, onset: Fraction) -> str:
        """The time signature, where it is new."""
        meter = self.score.meter_at(onset)
        if meter == self.meter:
            return ""
        self.meter = meter
        return f"Time Signature: {meter}"

    def words(self, chord: ChordEvent) -> Iterator[str]:
        """Beat, key and numeral of a chord, and the end of its phrase."""
        beat = self.score.location(chord.onset).beat
        if beat != 1:
            yield f"b{_decimal(beat)}"
        if chord.pivot_of is not None and chord.pivot_of.key == self.key:
            yield _plain(chord.pivot_of)
        if chord.numeral.key != self.key:
            self.key = chord.numeral.key
            yield f"{self.key.short}:"
        yield _plain(chord.numeral)
        if chord.last_in_phrase:
            yield "||"


def _plain(numeral: RomanNumeral) -> str:
    """A numeral in the signs every reader of RomanText knows."""
    return numeral.text.replace("ø", "/o")


def _decimal(beat: Fraction) -> str:
    """A beat as RomanText writes it: 2, 2.5, 2.33."""
    return f"{float(beat):.2f}".rstrip("0").rstrip(".")
