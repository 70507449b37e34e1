"""What is found about a style: findings with their places and proofs, gathered in studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from theorygen.grammar.style import Style
from theorygen.source.marks import Mark

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes:
        kind: what it is, such as ``dead-production``; the same word in tables, JSON, SARIF and ``accepted``.
        severity: an error is wrong for any piece that meets it; a warning is doubtful; a note is worth knowing.
        message: one sentence.
        about: the rule, production or chords it is about, as written.
        mark: where in the style or in the rule library, or None.
        related: other places that take part, such as the production of the second chord.
        proof: what it is known from, with its bound: "all 812 pairs of chords in 13 keys", "2,000 pieces".
        example: music or chords that show it, as text; "" when there is nothing to show.
        hint: how to mend it.
        data: numbers for programs.
    """

    kind: str
    severity: Severity
    message: str
    about: str = ""
    mark: Mark | None = None
    related: tuple[Mark, ...] = ()
    proof: str = ""
    example: str = ""
    hint: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """One question put to a style, and what came of it.

    Attributes:
        name: of the question, such as ``pairs``.
        title: the question in words.
        facts: numbers worth knowing, by name, in order.
        findings: what was found, errors first.
        bound: how far was looked, "" when everything was.
    """

    name: str
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    bound: str = ""


@dataclass(frozen=True)
class Bounds:
    """How far to look where there is no end.

    Attributes:
        pieces: pieces that are composed and judged.
        chords: the longest stretch of chords looked at exhaustively.
        states: sets of voicings kept in the search for a phrase without a voicing.
        settings: settings of the style's parameters that are tried.
    """

    pieces: int = 100
    chords: int = 8
    states: int = 20_000
    settings: int = 200


@dataclass(frozen=True)
class Subject:
    """A style under study.

    Attributes:
        style: the style.
        bounds: how far to look.
        given: values that the user fixed for parameters; others range over all they may be.
    """

    style: Style
    bounds: Bounds = Bounds()
    given: Mapping[str, Any] = field(default_factory=dict)
