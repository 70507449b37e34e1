"""A style of three voices in narrow ranges with few rules, all of whose pairs of chords can be tried by brute force."""

from __future__ import annotations

from pathlib import Path

from theorygen.grammar.style import Style, load_style
from theorygen.verify.finding import Bounds, Subject

TEXT = """\
theorygen: 1
title: Ruled
ensemble:
  - {name: soprano, range: [G4, E5]}
  - {name: tenor, range: [C4, G4]}
  - {name: bass, range: [F2, D3]}
meter: 4/4
tempo: 80
keys: {major: [C, F]}
phrase-length: 4
goal: {symbol: Piece, length: 2}
form:
  Piece: "Ask Answer"
  Ask: "Phrase(cadence=HC)"
  Answer: "Phrase(cadence=PAC)"
harmony:
  Phrase(cadence): "Start Close(cadence)"
  Start: {"I": 2, "IV": 1}
  Close(HC): {"V:3": 1, "IV V:2": 1}
  Close(PAC): "V:2 I"
rules:
  bass-is-inversion: hard
  voice-crossing: hard
  parallel-fifths: hard
  direct-fifths-outer: hard
  leading-tone-outer-resolves: hard
  all-voices-similar: 5
"""


def ruled(folder: Path, rules: str = "", more: str = "") -> Subject:
    """The style, with more rules and sections."""
    return Subject(style_of(folder, rules, more), Bounds(pieces=6))


def style_of(folder: Path, rules: str = "", more: str = "") -> Style:
    """The style itself."""
    path = folder / "ruled.yaml"
    path.write_text(text_of(rules, more), encoding="utf-8")
    return load_style(path)


def text_of(rules: str = "", more: str = "") -> str:
    """Its text; rules are indented by two blanks."""
    return TEXT + "".join(f"  {line}\n" for line in rules.splitlines()) + more


def line_of(words: str, text: str) -> int:
    """The number of the first line that holds some words."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)
