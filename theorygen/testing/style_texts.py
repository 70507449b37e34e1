"""Random styles: texts of style files that load without an error, and compose or say why they cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from hypothesis import strategies as st

from theorygen.rules.rule_set import load_library, load_profiles
from theorygen.testing.chance import Draw, DrawnChance
from theorygen.testing.plainness import plain_keys, plain_numerals

_CADENCES = ("PAC", "HC", "IAC")
_SYMBOLS = ("Tonic", "Away", "Close", "Turn")
_METERS = ("4/4", "3/4", "2/2")
_ENSEMBLES = ("satb", "duet", "ssa", "trio", "keyboard", "bach-choir")
"""Ensembles of few voices, of which none reaches so far that chords have thousands of voicings."""

_CHORDS = 24
_MOST_RULES = 3
_STRENGTHS = ("off", "hard", "5", "0.5")
_GUARDS = ("level >= 2", "level == 1", "strength >= 2", "depth <= 1")


def styles() -> st.SearchStrategy[str]:
    """Texts of random style files: form, harmony, parameters, guards, weights, ensembles, rules.

    Every text loads without an error. What it derives can be composed or not; then composing says why. They shrink to a
    style of one phrase with one chord.
    """
    return _texts()


@st.composite
def _texts(draw: Draw) -> str:
    return _Writer(draw).text()


@dataclass
class _Writer:
    """Writes one style; every choice is drawn, and what is drawn first is plainest."""

    draw: Draw
    modes: tuple[str, ...] = ("major",)
    has_levels: bool = False
    has_cadences: bool = False
    symbols: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = DrawnChance(self.draw)

    def text(self) -> str:
        """The whole file."""
        length = 1 + self.chance.below(8)
        self.modes = (("major",), ("minor",), ("major", "minor"))[self.chance.below(3)]
        self.has_levels, self.has_cadences = self.maybe(), self.maybe()
        phrases = 1 + self.chance.below(3)
        sections = [self.head(length), self.goal(phrases), self.harmony(length), self.rules()]
        return "\n".join(sections) + "\n"

    def maybe(self) -> bool:
        """Rather not."""
        return self.chance.below(2) == 1

    def one_of(self, *words: str) -> str:
        """One of some words, the plainest first."""
        return words[self.chance.below(len(words))]

    def head(self, length: int) -> str:
        """Title, parameters, voices, keys."""
        lines = ["theorygen: 1", "title: A style drawn at random"]
        if self.has_levels:
            lines.append("parameters: {level: {default: 1, range: [1, 3]}}")
        lines += [f"ensemble: {self.one_of(*_ENSEMBLES)}", f"meter: {self.one_of(*_METERS)}",
                  "tempo: [72, 84]", f"phrase-length: {length} * unit", "keys:"]
        for mode in self.modes:
            homes = [key.short for key in plain_keys((mode,), 3)]
            count = 1 + self.chance.below(3)
            lines.append(f"  {mode}: [{', '.join(dict.fromkeys(self.one_of(*homes) for _ in range(count)))}]")
        return "\n".join(lines)

    # form

    def goal(self, phrases: int) -> str:
        """The form: so many phrases."""
        lines = [f"goal: {{symbol: Piece, length: {phrases}}}", "form:"]
        if phrases == 1:
            return "\n".join([*lines, f"  Piece: {{{quoted(self.phrase())}: 1}}"])
        lines.append("  Piece:")
        lines += self.productions(" ".join(self.phrase() for _ in range(phrases))
                                  for _ in range(1 + self.chance.below(2)))
        if phrases == 2 and self.maybe():
            lines.append(f"    {quoted('let A = Part in A A')}: 1")
            lines += ["  Part:", f"    {quoted(self.phrase())}: 1"]
        return "\n".join(lines)

    def phrase(self) -> str:
        """One phrase of the form."""
        return f"Phrase(cadence={self.one_of(*_CADENCES)})" if self.has_cadences else "Phrase"

    # harmony

    def harmony(self, length: int) -> str:
        """Phrases of one length, and symbols below them that have lengths of their own."""
        names = _SYMBOLS[: self.chance.below(len(_SYMBOLS) + 1)]
        self.symbols = {name: 1 + self.chance.below(min(length, 4)) for name in names}
        lines = ["harmony:"]
        for suffix in ("",) if len(self.modes) == 1 else ("", "@minor"):
            minor = suffix == "@minor" or self.modes == ("minor",)
            lines += self.heads(length, minor, suffix)
        return "\n".join(lines)

    def heads(self, length: int, minor: bool, suffix: str) -> Iterator[str]:
        """All heads for one mode."""
        parameters = "(cadence)" if self.has_cadences else ""
        yield f"  {quoted(f'Phrase{parameters}{suffix}')}:"
        yield from self.productions(self.row(length, len(_SYMBOLS), minor) for _ in range(1 + self.chance.below(2)))
        if self.has_cadences and self.maybe():
            yield f"  {quoted(f'Phrase({self.one_of(*_CADENCES)}){suffix}')}:"
            yield from self.productions([self.row(length, len(_SYMBOLS), minor)])
        for rank, (name, size) in enumerate(self.symbols.items()):
            yield f"  {quoted(name + suffix)}:"
            yield from self.productions(self.row(size, rank, minor) for _ in range(1 + self.chance.below(3)))

    def row(self, length: int, rank: int, minor: bool) -> str:
        """Chords and lower symbols that last so many units together."""
        words, left = [], length
        while left:
            below = [name for name in list(self.symbols)[:rank] if self.symbols[name] <= left]
            place = self.chance.below(2 + len(below)) if left > 1 else self.chance.below(1 + len(below))
            if place == 0:
                words.append(self.chord(minor))
                left -= 1
            elif place <= len(below):
                words.append(below[place - 1])
                left -= self.symbols[below[place - 1]]
            else:
                size = 2 + self.chance.below(left - 1)
                words.append(f"({' '.join(self.chord(minor) for _ in range(size))})")
                left -= size
        return " ".join(words)

    def chord(self, minor: bool) -> str:
        """A chord, now and then left open."""
        texts = plain_numerals(minor)[:_CHORDS]
        if self.chance.below(8) < 7:
            return self.one_of(*texts)
        first, second = self.one_of(*texts), self.one_of(*texts)
        return f"{{{first}|{second}:2}}" if first != second else first

    def productions(self, bodies: Iterable[str]) -> list[str]:
        """Productions with weights; the first has no guard, so that something always applies."""
        found: dict[str, str] = {}
        for number, body in enumerate(dict.fromkeys(bodies)):
            weight = str(1 + self.chance.below(5))
            guards = _GUARDS if self.has_levels else _GUARDS[2:]
            if number and self.maybe():
                found[body] = f"{{weight: {weight}, when: {self.one_of(*guards)}}}"
            else:
                found[body] = weight
        return [f"    {quoted(body)}: {how}" for body, how in found.items()]

    # rules

    def rules(self) -> str:
        """A profile or two, and some rules with other strengths."""
        lines = ["rules:", f"  use: [{self.one_of(*load_profiles())}]"]
        chosen = dict.fromkeys(self.one_of(*_rule_names()) for _ in range(self.chance.below(_MOST_RULES + 1)))
        lines += [f"  {name}: {self.one_of(*_STRENGTHS)}" for name in chosen]
        return "\n".join(lines)


@cache
def _rule_names() -> tuple[str, ...]:
    """Rules of the library that may have any strength."""
    return tuple(sorted(name for name, rule in load_library().items() if not rule.cost and rule.relation is None))


def quoted(text: str) -> str:
    """A text of YAML that nothing in it ends."""
    return f'"{text}"'


