"""A small style for proofs, whole enough to be enumerated; and copies of it with other words."""

from __future__ import annotations

from pathlib import Path

from theorygen.grammar.style import Style, load_style

TEXT = """\
theorygen: 1
title: Small
attributes: [given]
parameters:
  level: {default: 1, range: [1, 2]}
ensemble: satb
meter: 3/4
tempo: [80, 80]
keys: {major: [C, D], minor: [a]}
phrase-length: 6
goal: {symbol: Piece, length: 2}
form:
  Piece:
    "Phrase(cadence=HC) Phrase(cadence=PAC)": 1
    "let A = Phrase(cadence=IAC) in A A": {when: level == 2}
    "Away Phrase(cadence=PAC)": {when: level == 2}
    "Phrase(cadence=HC) Phrase(cadence=PAC, key=V)": {when: mode == major}
  Away: "Phrase(cadence=HC, key=V)"
  Away@minor: "Phrase(cadence=HC, key=III)"
harmony:
  Phrase(cadence): "Tonic Close(cadence)"
  Tonic: ["I", "I Away I", "I Tonic"]
  Tonic@minor: ["i", "i Away i", "i Tonic"]
  Away: ["V6", {to: "{viio6|V43}", when: strength <= 1}]
  Close(HC): ["{IV|ii6} V[top={2,5}]:2", "let P = Before in P P V"]
  Close(HC)@minor: "iv6 V:2"
  Close(PAC): "(V V7)[region=pedal] I[top=1]"
  Close(PAC)@minor: "V i[top=1]:2"
  Close(IAC): "V I[soprano=3]"
  Close(IAC)@minor: "V i[top=3]"
  Before: ["IV6", "vi ii6"]
rules:
  use: [strict-textbook]
  phrase-has-cadence: off
"""


def small_style(folder: Path, *changes: tuple[str, str], name: str = "small") -> Style:
    """The style with some of its words replaced.

    Args:
        folder: where to write it.
        changes: words that stand in it, and what stands there instead.
        name: of the file.
    """
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return load_style(path)
