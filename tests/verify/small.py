"""A small style whose derivations can be counted by hand, and copies of it with something changed."""

from __future__ import annotations

from pathlib import Path

from theorygen.grammar.style import Style, load_style

SMALL = """\
theorygen: 1
title: Small
parameters:
  level: {default: 1, range: [1, 3]}
  twice: {default: false}
ensemble: satb
meter: 4/4
tempo: 80
keys: {major: [C], minor: [a]}
phrase-length: 4
goal: {symbol: Piece, length: 2}
form:
  Piece:
    "Ask Answer": 2
    "Ask Reply": {weight: 1, when: level >= 2}
  Ask: "Phrase(cadence=HC)"
  Answer: "Phrase(cadence=PAC)"
  Reply: {"Phrase(cadence=IAC)": 1}
harmony:
  Phrase(cadence): "Tonic Close(cadence)"
  Tonic: {"I": 2, "I V6 I": 1}
  Tonic@minor: {"i": 2, "i V6 i": {weight: 1, when: level == 3 or twice}}
  Close(HC): {"V": 1, "V:3": 1, "IV V:2": 1}
  Close(PAC): {"V:2 I": 1, "V7:2 I": 1}
  Close(PAC)@minor: {"V:2 i": 1, "V7:2 i": 1}
  Close(IAC): "V:2 I"
  Close(IAC)@minor: "V:2 i"
"""
"""In major an HC phrase of four quarters is I V:3, I IV V:2 or I V6 I V."""


def style_of(text: str, folder: Path, name: str = "small.yaml") -> Style:
    """The style of a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_style(path)


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with one thing changed, which must be there."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)


def line_of(words: str, text: str) -> int:
    """The number of the only line that holds some words."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if words in line]
    assert len(lines) == 1, lines
    return lines[0]
