"""Roman numerals on one line: ``C: I V6 | {ii6|IV} V:2 I(PAC) // I[top=3] vi G: ii V7 I``.

    C: a:           the key from here on. A chord that sounds the same before and after a change of key is one chord,
                    the pivot, read in both keys.
    IV              a chord; it lasts one unit of the style, by default a beat.
    IV:2            a chord of two quarters, as in grammars (``IV*2`` as in our text means the same).
    -               the chord before goes on for another unit.
    {ii6|IV:3}      one of several, chosen with the voices; a weight counts for random choice.
    I(PAC)          the cadence it completes; without one the last chord of a phrase has the one its chords make.
    I[top=1]        scale degrees a voice may take: ``[top={1,3}, bass=1]``; also ``[pivot=vi]``, ``[region=sequence]``.
    |               a bar line. None is needed; where they stand, bars must be full. A short first bar is a pickup.
    // or ||        a phrase ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorygen.compose.plan import PlannedChord
from theorygen.compose.progression import Progression, in_phrases
from theorygen.grammar.labels import LENGTH, OWN_LABELS, PIVOT, REGION, read_degrees, voice_numbers
from theorygen.grammar.pivots import sounds
from theorygen.grammar.symbols import to_ticks
from theorygen.rules.world import CADENCES
from theorygen.score.ensemble import Ensemble
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.marks import Mark
from theorygen.theory import Key, Meter, RomanNumeral, TheoryError

LONGEST = Fraction(128)
"""Quarters one chord may last."""

_INSIDE = r"\{[^{}]*\}?|\[[^\[\]{}]*(?:\{[^{}]*\}[^\[\]{}]*)*\]?|\([^()]*\)?"
_TOKEN = re.compile(rf"//|\|\||\||(?:{_INSIDE}|[^\s|{{}}\[\]()]|[}}\])])+")
_BODY = re.compile(r"\{[^{}]*\}|(?:\[[^\]=]*\]|[^\s\[\](){}:*|])+")
_SUFFIX = re.compile(r"\[(?P<labels>[^\]]*)\]|\((?P<cadence>[^()]*)\)|[:*](?P<length>[^\[\]():*]*)")
_LABEL = re.compile(r"\s*(?P<name>[^=,\s]+)\s*=\s*(?P<value>\{[^{}]*\}|[^,{}\s]+)\s*(?:,|$)")
_LENGTH = re.compile(r"[1-9]\d{0,4}(?:/[1-9]\d{0,4})?")
_EXPECTED = "a chord such as V65/V, a key such as 'G:', '|' or '//'"


def parse_roman_line(text: str, ensemble: Ensemble, meter: Meter, unit: Fraction, name: str = "--roman") -> Progression:
    """Read chords on one line (see the module).

    Args:
        text: the chords.
        ensemble: whose voices labels name.
        meter: the time signature.
        unit: quarter lengths of a chord without a length.
        name: where the text was given, for errors.

    Raises:
        InputError: everything that cannot be read, each with its place.
    """
    reader = _Reader(text, ensemble, meter, unit, name)
    for match in _TOKEN.finditer(text):
        reader.token(match.start(), match[0])
    return reader.result()


@dataclass
class _Reader:
    """Reads token after token; what holds over them is kept here."""

    text: str
    ensemble: Ensemble
    meter: Meter
    unit: Fraction
    name: str
    found: Diagnostics = field(default_factory=Diagnostics)
    key: Key | None = None
    left: Key | None = None
    chords: list[PlannedChord] = field(default_factory=list)
    phrase: int = 0
    pickup: Fraction = Fraction(0)
    home: Key | None = None
    _keyless: bool = False
    _wrong_chords: int = 0
    _line: Fraction = Fraction(0)
    _bars: int = 0

    @property
    def end(self) -> Fraction:
        """When the last chord read stops."""
        return self.chords[-1].onset + self.chords[-1].duration if self.chords else Fraction(0)

    def result(self) -> Progression:
        """The whole line.

        Raises:
            InputError: something in it was wrong.
        """
        if not self.chords and not self.found.has_errors:
            self.complain(0, len(self.text), "there is no chord here", "chords after a key, such as 'C: I V6 I'")
        if self._bars and self.end - self._line > self.meter.bar_length:
            self.bar_line(len(self.text.rstrip()) - 1)
        self.found.raise_errors()
        assert self.home is not None
        return Progression(in_phrases(self.chords), ((Fraction(0), self.meter),), self.home, self.pickup)

    def token(self, at: int, word: str) -> None:
        """One word of the line."""
        if word in ("|", "||"):
            self.bar_line(at)
        if word in ("//", "||"):
            self.phrase += 1
        elif word == "-":
            self.hold(at)
        elif word.endswith(":"):
            self.read_key(at, word)
        elif word != "|":
            self.chord(at, word)

    def bar_line(self, at: int) -> None:
        """A bar line: the bar before it must be full, or be a pickup."""
        length, full = self.end - self._line, self.meter.bar_length
        if self._wrong_chords or not length:
            return
        if length < full and not self._bars:
            self.pickup = length
        elif length != full:
            self.complain(at, 1, f"the bar before this line holds {_quarters(length)}, and {self.meter} has {full}",
                          f"{_quarters(full)} in each bar, fewer only in the first and the last",
                          remedy="set lengths, such as V:2, or leave out all bar lines")
        self._line, self._bars = self.end, self._bars + 1

    def hold(self, at: int) -> None:
        """The chord before goes on."""
        if not self.chords:
            self.complain(at, 1, "'-' has nothing to hold", "a chord before it")
            return
        self.chords[-1] = replace(self.chords[-1], duration=self.chords[-1].duration + self.unit)

    def read_key(self, at: int, word: str) -> None:
        """A change of key."""
        try:
            key = Key.parse(word[:-1].replace("-", " ") if "-" in word else word[:-1])
        except TheoryError as error:
            self.complain(at + error.position, max(len(word) - 1 - error.position, 1), error.message,
                          error.expected or "a key, such as G: or f#:", error.nearest)
            self._keyless = self._keyless or self.key is None
            return
        self.left, self.key, self.home = self.key, key, self.home or key

    def chord(self, at: int, word: str) -> None:
        """A chord with whatever stands behind it."""
        body = _BODY.match(word)
        if body is None:
            self.wrong(at, len(word), f"'{word}' is not a chord", _EXPECTED)
            return
        if self.key is None:
            if not self._keyless:
                self.wrong(at, len(word), f"'{word}' stands before any key", "a key first, such as 'C: I V6 I'")
            self._keyless = True
            return
        before = len(self.found)
        said = self.suffixes(at + body.end(), word[body.end():])
        numerals = tuple(self.numerals(at, body[0]))
        if len(self.found) == before:
            self.add(at, len(word), numerals, said)
        else:
            self._wrong_chords += 1

    def add(self, at: int, length: int, numerals: tuple[tuple[RomanNumeral, float], ...], said: _Said) -> None:
        """Take a chord; where it is the one before, read in the new key, both are one unless a bar line parts them."""
        pivot = self.said_pivot(said, numerals)
        before = self.chords[-1] if self.chords else None
        entered, self.left = self.left is not None and self.left != self.key, None
        if entered and pivot is None and before and _same_chord(before, numerals) and before.phrase == self.phrase:
            pivot = before.alternatives[0][0]
        if entered and pivot and before and pivot == before.alternatives[0][0] and self._line < self.end:
            self.chords.pop()
            said = replace(said, length=said.length or before.duration,
                           degrees={**before.degrees, **said.degrees}, region=said.region or before.region)
        self.chords.append(PlannedChord(
            numerals, self.end, said.length or self.unit, self.phrase, said.cadence, said.degrees, pivot, said.region,
            ()))

    def said_pivot(self, said: _Said, numerals: tuple[tuple[RomanNumeral, float], ...]) -> RomanNumeral | None:
        """The chord in the key being left, as a label says it."""
        if not said.pivot:
            return None
        at, text = said.pivot
        if self.left is None:
            self.complain(at, len(text), "no key is left here", "[pivot=...] on the first chord after a new key")
            return None
        pivot = self.numeral(at, text, self.left)
        if pivot and any(sounds(pivot) != sounds(numeral) for numeral, _ in numerals):
            self.complain(at, len(text), f"{numerals[0][0]} in {self.key} has other notes than {pivot} in {self.left}",
                          "the numeral of the same chord in the key being left")
        return pivot

    def numerals(self, at: int, body: str) -> Iterator[tuple[RomanNumeral, float]]:
        """The chords a body leaves open, with their weights."""
        if not body.startswith("{"):
            numeral = self.numeral(at, body, self.key)
            if numeral:
                yield numeral, 1.0
            return
        weights: dict[RomanNumeral, float] = {}
        for match in re.finditer(r"[^|{}]+", body):
            word, colon, weight = match[0].strip().partition(":")
            place = at + match.start() + len(match[0]) - len(match[0].lstrip())
            numeral = self.numeral(place, word.strip(), self.key)
            share = self.weight(place + len(word) + 1, weight.strip()) if colon else 1.0
            if numeral:
                weights[numeral] = weights.get(numeral, 0.0) + share
        if not body.strip("{}| "):
            self.complain(at, len(body), "there is no chord in these braces", "such as {ii6|IV}")
        yield from weights.items()

    def weight(self, at: int, text: str) -> float:
        """The weight of an alternative."""
        if not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", text) or float(text) <= 0:
            self.complain(at, len(text), f"'{text}' is not a weight", "a number above 0, as in {ii6:3|IV}")
            return 1.0
        return float(text)

    def numeral(self, at: int, text: str, key: Key | None) -> RomanNumeral | None:
        """A numeral in a key."""
        assert key is not None
        try:
            return RomanNumeral.parse(text, key)
        except TheoryError as error:
            self.complain(at + error.position, max(len(text) - error.position, 1), error.message, error.expected,
                          error.nearest)
            return None

    def suffixes(self, at: int, text: str) -> _Said:
        """Length, cadence and labels behind a chord."""
        said, place = _Said(), 0
        while place < len(text):
            match = _SUFFIX.match(text, place)
            if match is None:
                self.complain(at + place, len(text) - place, f"'{text[place:]}' does not fit here",
                              "a length as in V:2, a cadence as in I(PAC), or labels as in I[top=1]")
                break
            group = match.lastgroup or ""
            said = _SAID[group](self, said, at + match.start(group), match[group])
            place = match.end()
        return said

    def length(self, said: _Said, at: int, text: str) -> _Said:
        """A length in quarters."""
        length = Fraction(text) if _LENGTH.fullmatch(text) else None
        if length is None or length > LONGEST or to_ticks(length) is None:
            self.complain(at, len(text), f"'{text}' is no length a chord can have",
                          f"quarters, such as 2 or 3/2, at most {LONGEST}")
            return said
        return replace(said, length=length)

    def cadence(self, said: _Said, at: int, text: str) -> _Said:
        """A cadence."""
        if text not in CADENCES:
            self.complain(at, len(text), f"'{text}' is not a cadence", ", ".join(CADENCES), nearest(text, CADENCES))
            return said
        return replace(said, cadence=text)

    def labels(self, said: _Said, at: int, text: str) -> _Said:
        """What is asked of voices, the pivot, and the region."""
        place = 0
        while place < len(text):
            match = _LABEL.match(text, place)
            if match is None:
                self.complain(at + place, len(text) - place, f"'{text[place:]}' is not a label",
                              "name=value, such as top=1")
                break
            said = self.label(said, at + match.start("name"), match["name"], at + match.start("value"), match["value"])
            place = match.end()
        return said

    def label(self, said: _Said, at: int, name: str, value_at: int, value: str) -> _Said:
        """One label."""
        numbers = voice_numbers(self.ensemble)
        if name == PIVOT:
            return replace(said, pivot=(value_at, value))
        if name == REGION:
            return replace(said, region=value)
        if name not in numbers:
            known = [*numbers, *(label for label in OWN_LABELS if label != LENGTH)]
            self.complain(at, len(name), f"'{name}' is neither a voice nor a label", ", ".join(known),
                          nearest(name, known))
            return said
        words = frozenset(value.strip("{} ").replace(",", " ").split())
        try:
            degrees = read_degrees(words)
        except ValueError:
            self.complain(value_at, len(value), f"'{value}' is not a scale degree", "1 to 7, or {1,3,5}")
            return said
        voice = self.ensemble.names[numbers[name]]
        both = degrees & said.degrees.get(voice, degrees)
        return replace(said, degrees={**said.degrees, voice: both})

    def wrong(self, at: int, length: int, message: str, expected: str) -> None:
        """Report something that is no chord."""
        self._wrong_chords += 1
        self.complain(at, length, message, expected)

    def complain(self, at: int, length: int, message: str, expected: str = "", near: str | None = None,
                 remedy: str = "") -> None:
        """Report something wrong at a place of the line."""
        line = self.text.replace("\n", " ").replace("\t", " ")
        mark = Mark(self.name, 1, at + 1, max(length, 1), line)
        self.found.add(Diagnostic("bad-progression", message, mark, expected, near, remedy))


@dataclass(frozen=True)
class _Said:
    """What stands behind a chord."""

    length: Fraction | None = None
    cadence: str | None = None
    degrees: Mapping[str, frozenset[int]] = field(default_factory=dict)
    pivot: tuple[int, str] | None = None
    region: str = ""


_SAID = {"length": _Reader.length, "cadence": _Reader.cadence, "labels": _Reader.labels}


def _same_chord(before: PlannedChord, numerals: tuple[tuple[RomanNumeral, float], ...]) -> bool:
    """Whether two chords without alternatives have the same notes, the lowest too."""
    if len(before.alternatives) > 1 or len(numerals) > 1 or before.cadence:
        return False
    first, second = before.alternatives[0][0], numerals[0][0]
    return sounds(first) == sounds(second) and first.bass.semitone % 12 == second.bass.semitone % 12


def _quarters(length: Fraction) -> str:
    return f"{length} quarter" + ("" if length == 1 else "s")
