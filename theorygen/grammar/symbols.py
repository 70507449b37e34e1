"""The words of a grammar: heads, arguments, attributes, goals, and exact durations as ticks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache

TICKS = 40320
"""Ticks of one quarter length: 8!, so that halves to 1/128, thirds, ninths, fifths and sevenths are whole."""

DEPTH, DURATION, BEAT, STRENGTH, BAR, UNIT = "depth", "duration", "beat", "strength", "bar", "unit"
BUILT_IN = (DURATION, BEAT, STRENGTH, DEPTH, BAR, UNIT)
STANDARD_ATTRIBUTES = ("key", "mode", "cadence")

WORD_CHARACTERS = r"[\w#+°♭♯△Δ/\-]+"
_ROMAN = re.compile(r"[b#♭♯]*(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?:[oøh°+][\d]*|[\d]*)(?:/.*)?")
_HEAD = re.compile(r"\s*([^\W\d][\w\-]*)\s*(?:\(([^()]*)\))?\s*(?:@\s*([^\W\d][\w\-]*))?\s*")
_WORD = re.compile(WORD_CHARACTERS)


class GrammarTextError(ValueError):
    """A head or a production text that cannot be read.

    Attributes:
        message: what is wrong.
        position: index into the text.
        length: how many characters are wrong.
        expected: what could stand there, or "".
        nearest: the nearest known name, or None.
        code: stable name of the kind of mistake.
    """

    def __init__(
        self,
        message: str,
        position: int = 0,
        length: int = 1,
        expected: str = "",
        nearest: str | None = None,
        code: str = "production-syntax",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = max(length, 1)
        self.expected = expected
        self.nearest = nearest
        self.code = code


def to_ticks(duration: Fraction) -> int | None:
    """Whole ticks of a duration in quarter lengths, or None when it is too fine."""
    ticks = duration * TICKS
    return int(ticks) if ticks.denominator == 1 else None


def whole_ticks(duration: Fraction | int) -> int:
    """Ticks of a duration in quarter lengths.

    Raises:
        ValueError: it is too fine.
    """
    ticks = to_ticks(Fraction(duration))
    if ticks is None:
        raise ValueError(f"{duration} quarter lengths are not a multiple of 1/{TICKS}")
    return ticks


@lru_cache(maxsize=4096)
def from_ticks(ticks: int) -> Fraction:
    """Quarter lengths of a number of ticks."""
    return Fraction(ticks, TICKS)


@lru_cache(maxsize=4096)
def is_literal(word: str) -> bool:
    """Whether a word in a head's parentheses stands for itself: upper-case, a number, or a Roman numeral."""
    return not word[:1].islower() or _ROMAN.fullmatch(word) is not None


def mode_of_key(key: str) -> str:
    """``major`` or ``minor``: the case of a key written as a Roman numeral (``V``, ``bVI``, ``vi``)."""
    letters = key.lstrip("b#♭♯") or key
    return "minor" if letters[:1].islower() else "major"


def home_key(mode: str) -> str:
    """The home key as a Roman numeral in a mode."""
    return "i" if mode == "minor" else "I"


def set_attributes(inherited: Mapping[str, str], changes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Attributes after ``changes``; a new key brings its mode unless the mode is set too."""
    changed = dict(changes)
    if "key" in changed and "mode" not in changed:
        changed["mode"] = mode_of_key(changed["key"])
    return {**inherited, **changed}


@dataclass(frozen=True)
class Head:
    """The left side of productions: a symbol, patterns for its arguments, and a guard on the mode.

    Attributes:
        symbol: name that is rewritten.
        patterns: one word per argument: a literal that must be equal, or the name of a parameter.
        mode: mode this head is for, or "".
    """

    symbol: str
    patterns: tuple[str, ...] = ()
    mode: str = ""

    def __str__(self) -> str:
        return call_text(self.symbol, self.patterns) + (f"@{self.mode}" if self.mode else "")

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names the arguments are bound to."""
        return tuple(word for word in self.patterns if not is_literal(word))

    @property
    def specificity(self) -> tuple[int, tuple[bool, ...], bool]:
        """Larger for a narrower head: more literals, then literals further left, then a mode."""
        literals = tuple(is_literal(word) for word in self.patterns)
        return sum(literals), literals, bool(self.mode)

    def matches(self, arguments: tuple[str, ...], mode: str) -> bool:
        """Whether the head is for these arguments in this mode."""
        if self.mode and self.mode != mode:
            return False
        pairs = zip(self.patterns, arguments, strict=True)
        return all(pattern == value or not is_literal(pattern) for pattern, value in pairs)

    def bind(self, arguments: tuple[str, ...]) -> dict[str, str]:
        """Values of the parameters."""
        pairs = zip(self.patterns, arguments, strict=True)
        return {pattern: value for pattern, value in pairs if not is_literal(pattern)}


def parse_head(text: str) -> Head:
    """Read ``T``, ``Cadence(PAC)``, ``Phrase(cadence)``, ``T@minor``.

    Raises:
        GrammarTextError: with the position in ``text``.
    """
    found = _HEAD.match(text)
    if found is None or found.end() != len(text):
        position = found.end() if found else len(text) - len(text.lstrip())
        raise GrammarTextError(
            "this is not a head",
            position,
            len(text) - position,
            "NAME, NAME(argument, ...) or NAME@mode",
            code="head-syntax",
        )
    patterns = _patterns(found) if found[2] is not None else ()
    return Head(found[1], patterns, found[3] or "")


def _patterns(found: re.Match[str]) -> tuple[str, ...]:
    words = [word.strip() for word in found[2].split(",")]
    for word in words:
        if not _WORD.fullmatch(word):
            raise GrammarTextError(
                f"'{word}' is not an argument",
                found.start(2),
                len(found[2]),
                "words with ',' between them",
                code="head-syntax",
            )
    names = [word for word in words if not is_literal(word)]
    if len(set(names)) < len(names):
        raise GrammarTextError(
            "two parameters have one name", found.start(2), len(found[2]), "different names", code="head-syntax"
        )
    return tuple(words)


def signature(heads: Iterable[Head]) -> tuple[str, ...]:
    """The names of a symbol's arguments, "" where every head has a literal."""
    columns = zip(*[head.patterns for head in heads], strict=False)
    return tuple(next((word for word in column if not is_literal(word)), "") for column in columns)


def call_text(symbol: str, arguments: tuple[str, ...]) -> str:
    """``Cadence(PAC)``."""
    return f"{symbol}({', '.join(arguments)})" if arguments else symbol


@dataclass(frozen=True)
class Goal:
    """What is to be derived: a symbol over a duration.

    Attributes:
        symbol: name of a nonterminal.
        duration: quarter lengths (in form: units).
        arguments: values of the head's arguments; missing ones are taken from ``attributes`` by name.
        attributes: inherited from outside; ``key`` and ``mode`` default to the home key in major.
        start: offset of the beginning from a barline, quarter lengths.
    """

    symbol: str
    duration: Fraction | int
    arguments: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    start: Fraction | int = 0

    @property
    def environment(self) -> dict[str, str]:
        """The attributes with key and mode filled in from each other."""
        given = {name: str(value) for name, value in self.attributes.items()}
        key = given.get("key") or home_key(given.get("mode", "major"))
        return {"key": key, "mode": given.get("mode") or mode_of_key(key), **given}
