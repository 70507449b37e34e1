"""What stands in and behind a chord of a line of Roman numerals: alternatives, a length, a cadence, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorygen.grammar.labels import LENGTH, OWN_LABELS, PIVOT, REGION, read_degrees, voice_numbers
from theorygen.grammar.symbols import to_ticks
from theorygen.rules.world import CADENCES
from theorygen.score.ensemble import Ensemble
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.marks import Mark
from theorygen.theory import Key, RomanNumeral, TheoryError

LONGEST = Fraction(128)
"""Quarters one chord may last."""

_SUFFIX = re.compile(r"\[(?P<labels>[^\]]*)\]|\((?P<cadence>[^()]*)\)|[:*](?P<length>[^\[\]():*]*)")
_LABEL = re.compile(r"\s*(?P<name>[^=,\s]+)\s*=\s*(?P<value>\{[^{}]*\}|[^,{}\s]+)\s*(?:,|$)")
_LENGTH = re.compile(r"[1-9]\d{0,4}(?:/[1-9]\d{0,4})?")


@dataclass(frozen=True)
class Said:
    """What stands behind a chord."""

    length: Fraction | None = None
    cadence: str | None = None
    degrees: Mapping[str, frozenset[int]] = field(default_factory=dict)
    pivot: tuple[int, str] | None = None
    region: str = ""


@dataclass
class RomanWords:
    """Reads chords of one line; whatever is wrong is collected with its place.

    Attributes:
        text: the whole line.
        ensemble: whose voices labels name.
        name: where the line was given.
        found: what is wrong.
    """

    text: str
    ensemble: Ensemble
    name: str
    found: Diagnostics = field(default_factory=Diagnostics)

    def numerals(self, at: int, body: str, key: Key) -> Iterator[tuple[RomanNumeral, float]]:
        """The chords a body leaves open, with their weights."""
        if not body.startswith("{"):
            numeral = self.numeral(at, body, key)
            if numeral:
                yield numeral, 1.0
            return
        weights: dict[RomanNumeral, float] = {}
        for match in re.finditer(r"[^|{}]+", body):
            word, colon, weight = match[0].strip().partition(":")
            place = at + match.start() + len(match[0]) - len(match[0].lstrip())
            numeral = self.numeral(place, word.strip(), key)
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

    def numeral(self, at: int, text: str, key: Key) -> RomanNumeral | None:
        """A numeral in a key."""
        try:
            return RomanNumeral.parse(text, key)
        except TheoryError as error:
            self.complain(at + error.position, max(len(text) - error.position, 1), error.message, error.expected,
                          error.nearest)
            return None

    def suffixes(self, at: int, text: str) -> Said:
        """Length, cadence and labels behind a chord."""
        said, place = Said(), 0
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

    def length(self, said: Said, at: int, text: str) -> Said:
        """A length in quarters."""
        length = Fraction(text) if _LENGTH.fullmatch(text) else None
        if length is None or length > LONGEST or to_ticks(length) is None:
            self.complain(at, len(text), f"'{text}' is no length a chord can have",
                          f"quarters, such as 2 or 3/2, at most {LONGEST}")
            return said
        return replace(said, length=length)

    def cadence(self, said: Said, at: int, text: str) -> Said:
        """A cadence."""
        if text not in CADENCES:
            self.complain(at, len(text), f"'{text}' is not a cadence", ", ".join(CADENCES), nearest(text, CADENCES))
            return said
        return replace(said, cadence=text)

    def labels(self, said: Said, at: int, text: str) -> Said:
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

    def label(self, said: Said, at: int, name: str, value_at: int, value: str) -> Said:
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

    def complain(self, at: int, length: int, message: str, expected: str = "", near: str | None = None,
                 remedy: str = "") -> None:
        """Report something wrong at a place of the line."""
        line = self.text.replace("\n", " ").replace("\t", " ")
        mark = Mark(self.name, 1, at + 1, max(length, 1), line)
        self.found.add(Diagnostic("bad-progression", message, mark, expected, near, remedy))


_SAID = {"length": RomanWords.length, "cadence": RomanWords.cadence, "labels": RomanWords.labels}
