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
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorygen.compose.plan import PlannedChord
from theorygen.compose.progression import Progression, in_phrases
from theorygen.compose.roman_words import RomanWords, Said
from theorygen.grammar.pivots import sounds
from theorygen.score.ensemble import Ensemble
from theorygen.theory import Key, Meter, RomanNumeral, TheoryError

_INSIDE = r"\{[^{}]*\}?|\[[^\[\]{}]*(?:\{[^{}]*\}[^\[\]{}]*)*\]?|\([^()]*\)?"
_TOKEN = re.compile(rf"//|\|\||\||(?:{_INSIDE}|[^\s|{{}}\[\]()]|[}}\])])+")
_BODY = re.compile(r"\{[^{}]*\}|(?:\[[^\]=]*\]|[^\s\[\](){}:*|])+")
_HYPHEN = re.compile(r"-(?=[a-z])")
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
    reader = _Reader(RomanWords(text, ensemble, name), meter, unit)
    for match in _TOKEN.finditer(text):
        reader.token(match.start(), match[0])
    return reader.result()


@dataclass
class _Reader:
    """Reads token after token; what holds over them is kept here."""

    words: RomanWords
    meter: Meter
    unit: Fraction
    key: Key | None = None
    left: Key | None = None
    chords: list[PlannedChord] = field(default_factory=list)
    phrase: int = 0
    pickup: Fraction = Fraction(0)
    home: Key | None = None
    _keyless: bool = False
    _wrong_chords: int = 0
    _lines: list[tuple[int, Fraction]] = field(default_factory=list)

    @property
    def end(self) -> Fraction:
        """When the last chord read stops."""
        return self.chords[-1].onset + self.chords[-1].duration if self.chords else Fraction(0)

    @property
    def after_line(self) -> bool:
        """Whether a bar line stands before the next chord."""
        return bool(self._lines) and self._lines[-1][1] == self.end

    def result(self) -> Progression:
        """The whole line.

        Raises:
            InputError: something in it was wrong.
        """
        if not self.chords and not self.words.found.has_errors:
            self.complain(0, len(self.words.text), "there is no chord here", "chords after a key, such as 'C: I V6 I'")
        if not self._wrong_chords:
            self.check_bars()
        self.words.found.raise_errors()
        assert self.home is not None
        return Progression(in_phrases(self.chords), ((Fraction(0), self.meter),), self.home, self.pickup)

    def token(self, at: int, word: str) -> None:
        """One word of the line."""
        if word in ("|", "||"):
            self._lines.append((at, self.end))
        if word in ("//", "||"):
            self.phrase += 1
        elif word == "-":
            self.hold(at)
        elif word.endswith(":"):
            self.read_key(at, word)
        elif word != "|":
            self.chord(at, word)

    def check_bars(self) -> None:
        """Complain of bars that are not full, but for a short first one, a pickup, and a short last one."""
        full, starts = self.meter.bar_length, [Fraction(0)]
        for at, end in self._lines:
            length = end - starts[-1]
            if 0 < length < full and len(starts) == 1 and end < self.end:
                self.pickup = length
            elif length > full or (0 < length < full and end < self.end):
                self.complain(at, 1, f"the bar before this line holds {_quarters(length)}, and {self.meter} has {full}",
                              f"{_quarters(full)} in each bar, fewer only in the first and the last",
                              remedy="set lengths, such as V:2, or leave out all bar lines")
            starts += [end] if length else []
        if self._lines and self.end - starts[-1] > full:
            place, length = len(self.words.text.rstrip()) - 1, self.end - starts[-1]
            self.complain(place, 1, f"the last bar holds {_quarters(length)}", f"at most {_quarters(full)}",
                          remedy="set a bar line before it is too long")

    def hold(self, at: int) -> None:
        """The chord before goes on."""
        if not self.chords:
            self.complain(at, 1, "'-' has nothing to hold", "a chord before it")
            return
        self.chords[-1] = replace(self.chords[-1], duration=self.chords[-1].duration + self.unit)

    def read_key(self, at: int, word: str) -> None:
        """A change of key."""
        try:
            key = Key.parse(_HYPHEN.sub(" ", word[:-1]))  # E-dorian, but E- is E flat
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
        before = len(self.words.found)
        said = self.words.suffixes(at + body.end(), word[body.end():])
        numerals = tuple(self.words.numerals(at, body[0], self.key))
        if len(self.words.found) == before:
            self.add(numerals, said)
        else:
            self._wrong_chords += 1

    def add(self, numerals: tuple[tuple[RomanNumeral, float], ...], said: Said) -> None:
        """Take a chord; where it is the one before, read in the new key, both are one unless a bar line parts them."""
        pivot = self.said_pivot(said, numerals)
        before = self.chords[-1] if self.chords else None
        entered, self.left = self.left is not None and self.left != self.key, None
        if entered and before and before.phrase == self.phrase and _same_chord(before, numerals):
            pivot = pivot or before.alternatives[0][0]
            if not self.after_line:
                self.chords.pop()
                said = replace(said, length=said.length or before.duration,
                               degrees={**before.degrees, **said.degrees}, region=said.region or before.region)
        self.chords.append(PlannedChord(
            numerals, self.end, said.length or self.unit, self.phrase, said.cadence, said.degrees, pivot, said.region,
            ()))

    def said_pivot(self, said: Said, numerals: tuple[tuple[RomanNumeral, float], ...]) -> RomanNumeral | None:
        """The chord in the key being left, as a label says it."""
        if not said.pivot:
            return None
        at, text = said.pivot
        if self.left is None:
            self.complain(at, len(text), "no key is left here", "[pivot=...] on the first chord after a new key")
            return None
        pivot = self.words.numeral(at, text, self.left)
        if pivot and any(sounds(pivot) != sounds(numeral) for numeral, _ in numerals):
            self.complain(at, len(text), f"{numerals[0][0]} in {self.key} has other notes than {pivot} in {self.left}",
                          "the numeral of the same chord in the key being left")
        return pivot

    def wrong(self, at: int, length: int, message: str, expected: str) -> None:
        """Report something that is no chord."""
        self._wrong_chords += 1
        self.complain(at, length, message, expected)

    def complain(self, at: int, length: int, message: str, expected: str = "", near: str | None = None,
                 remedy: str = "") -> None:
        """Report something wrong at a place of the line."""
        self.words.complain(at, length, message, expected, near, remedy)


def _same_chord(before: PlannedChord, numerals: tuple[tuple[RomanNumeral, float], ...]) -> bool:
    """Whether two chords without alternatives have the same notes, the lowest too."""
    if len(before.alternatives) > 1 or len(numerals) > 1 or before.cadence:
        return False
    first, second = before.alternatives[0][0], numerals[0][0]
    return sounds(first) == sounds(second) and first.bass.semitone % 12 == second.bass.semitone % 12


def _quarters(length: Fraction) -> str:
    return f"{length} quarter" + ("" if length == 1 else "s")
