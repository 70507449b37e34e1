"""What was found about a style, for reading and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

from theorygen.verify.finding import Finding, Study, Subject

FORMAT, VERSION = "theorygen-verify", 1
SEVERITIES = ("error", "warning", "note")
_KINDS = {"error": "hard", "warning": "soft", "note": "detail"}
_MARGIN = 9
_MOST_SHOWN = 5

Line = list[tuple[str, str]]
"""Pieces of a line with what they are: heading, hard, soft, detail, rule, good or "" for plain words."""


def counts(studies: Sequence[Study]) -> Counter[str]:
    """How many findings there are of each severity."""
    return Counter(finding.severity for study in studies for finding in study.findings)


def report_lines(studies: Sequence[Study], with_hints: bool = False) -> Iterator[Line]:
    """The report as lines of (words, kind) pieces: each study with its facts and findings, then a table of all.

    Args:
        studies: what was found.
        with_hints: whether each finding says how to mend it.
    """
    for study in studies:
        yield [(study.title, "heading")]
        for name, value in study.facts.items():
            yield [(f"  {name}: ", "detail"), (shown(value), "")]
        for finding in in_order(study.findings):
            yield from _finding(finding, with_hints)
        yield []
    yield from _table(studies)


def report_text(studies: Sequence[Study], with_hints: bool = False) -> str:
    """The same report as plain text."""
    lines = ("".join(words for words, _ in line).rstrip() for line in report_lines(studies, with_hints))
    return "".join(f"{line}\n" for line in lines)


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, then warnings and notes; each in the order they were found."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def _finding(finding: Finding, with_hints: bool) -> Iterator[Line]:
    """A finding: what, where, how it is known, an example, and what to do."""
    margin = " " * (_MARGIN + 2)
    kind = _KINDS[finding.severity]
    yield [(f"  {finding.severity:<{_MARGIN}}", kind), (f"{finding.kind}: ", "rule"), (finding.message, "")]
    for mark in (finding.mark, *finding.related):
        if mark is not None:
            yield [(f"{margin}{mark}", "detail")]
    for line in finding.example.splitlines():
        yield [(f"{margin}{line}", "")]
    if finding.proof:
        yield [(f"{margin}known from {finding.proof}", "detail")]
    if "accepted" in finding.data:
        yield [(f"{margin}accepted: {finding.data['accepted']}", "good")]
    elif with_hints and finding.hint:
        yield [(f"{margin}hint: {finding.hint}", "good")]


def _table(studies: Sequence[Study]) -> Iterator[Line]:
    """For each study how much was found, and how far was looked."""
    rows = [["study", *(f"{word}s" for word in SEVERITIES), "looked at"]]
    for study in studies:
        found = counts([study])
        rows.append([study.name, *(str(found[word]) for word in SEVERITIES), study.bound or "everything"])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        numbers = [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        yield [("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]), "" if number else "heading")]
    yield []
    yield [(summary(counts(studies)), "")]


def summary(found: Mapping[str, int]) -> str:
    """``1 error, 2 warnings, 3 notes``."""
    told = [f"{found[word]} {word}{'s' if found[word] > 1 else ''}" for word in SEVERITIES if found[word]]
    return ", ".join(told) or "nothing found"


def shown(value: Any) -> str:
    """A fact in words: numbers of rows joined, long fractions rounded."""
    if isinstance(value, Mapping):
        told = [f"{name} {shown(one)}" for name, one in islice(value.items(), _MOST_SHOWN)]
        more = len(value) - len(told)
        return ", ".join(told) + (f", and {more} more (--json tells them)" if more else "")
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


# for programs


def report_data(subject: Subject, studies: Sequence[Study]) -> dict[str, Any]:
    """Everything that was found, as plain data."""
    found, bounds = counts(studies), subject.bounds
    return {
        "format": FORMAT, "version": VERSION, "style": subject.style.name, "given": _plain(subject.given),
        "bounds": {"pieces": bounds.pieces, "chords": bounds.chords, "states": bounds.states,
                   "settings": bounds.settings},
        **{f"{word}s": found[word] for word in SEVERITIES},
        "studies": [_study_data(study) for study in studies]}


def _study_data(study: Study) -> dict[str, Any]:
    return {"name": study.name, "title": study.title, "bound": study.bound, "facts": _plain(study.facts),
            "findings": [_finding_data(finding) for finding in in_order(study.findings)]}


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind, "severity": finding.severity, "message": finding.message, "about": finding.about,
        "place": finding.mark.as_dict() if finding.mark else None,
        "related": [mark.as_dict() for mark in finding.related], "proof": finding.proof, "example": finding.example,
        "hint": finding.hint, "data": _plain(finding.data)}


def _plain(value: Any) -> Any:
    """Values that JSON has; exact fractions and whatever else there is become text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, Fraction):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
