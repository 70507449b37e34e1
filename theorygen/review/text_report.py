"""A review for reading: faults first, then remarks, each reason told once."""

from __future__ import annotations

from collections.abc import Iterator

from theorygen.review.review import REMARK, Fault, Review
from theorygen.rules.rule import THOUSAND

Line = list[tuple[str, str]]
"""Pieces of a line with what they are: heading, hard, soft, detail, rule, good or "" for plain words."""


def report_lines(review: Review, everything: bool = False) -> list[Line]:
    """The report as lines of (words, kind) pieces.

    Args:
        review: what was found.
        everything: whether what costs less than a remark is told, too.
    """
    writer = _Writer(review, everything)
    return [*writer.lines(), *writer.summary()]


def report_text(review: Review, everything: bool = False) -> str:
    """The same report as plain text."""
    lines = ("".join(words for words, _ in line).rstrip() for line in report_lines(review, everything))
    return "".join(f"{line}\n" for line in lines)


class _Writer:
    def __init__(self, review: Review, everything: bool) -> None:
        self.review = review
        self.shown = review.shown(everything)
        self.numbers = {fault.number: place for place, fault in enumerate(self.shown, 1)}
        self.width = len(str(len(self.shown)))
        self.explained: set[str] = set()
        self.least = "anything" if everything else f"at least {REMARK}"

    def lines(self) -> Iterator[Line]:
        """Both sections: what may not be, and what is allowed at a cost."""
        yield from self.section("Faults", [fault for fault in self.shown if fault.hard])
        remarks = [fault for fault in self.shown if not fault.hard]
        yield from self.section(f"Remarks (allowed, at a cost of {self.least})", remarks)

    def section(self, title: str, faults: list[Fault]) -> Iterator[Line]:
        """A heading with its faults, or nothing."""
        if not faults:
            return
        yield [(title, "heading")]
        for fault in faults:
            yield []
            yield from self.entry(fault)
        yield []

    def entry(self, fault: Fault) -> Iterator[Line]:
        """One fault: sentence, message, and the first time the reason."""
        number = f"{self.numbers[fault.number]:>{self.width}}  "
        margin = " " * len(number)
        kind = "hard" if fault.hard else "soft"
        yield [(number, "detail"), (fault.headline, kind), (f"  [{fault.rule.name}]", "rule")]
        yield [(f"{margin}{_message(fault)}", "")]
        if fault.rule.name not in self.explained:
            self.explained.add(fault.rule.name)
            yield from ([(f"{margin}{line}", "detail")] for line in _reasons(fault))
        for one in self.review.consequences(fault):
            if one.hard or one.is_remark:
                yield [(f"{margin}Leads to: {one.headline}", "detail"), (f"  [{one.rule.name}]", "rule")]

    def summary(self) -> Iterator[Line]:
        """The last line: how many faults of each sort, and by which rules."""
        review = self.review
        hard = len(review.hard)
        remarks = sum(fault.is_remark for fault in review.primary)
        small = len(review.primary) - hard - remarks
        counts = [(hard, "fault"), (remarks, "remark"), (small, "small cost")]
        told = [_counted(number, word) for number, word in counts if number or word == "fault"]
        yield [(f"{', '.join(told)} by {review.judged_by}", "hard" if hard else "good")]


def _counted(number: int, word: str) -> str:
    """ "no fault", "1 fault", "2 faults"."""
    return f"{number or 'no'} {word}{'s' if number > 1 else ''}"


def _reasons(fault: Fault) -> Iterator[str]:
    details = fault.rule.details
    if fault.violation.because:
        yield " ".join(fault.violation.because.split())
    facts = [("Costs", f"{fault.violation.cost / THOUSAND:g}" if not fault.hard else ""),
             ("Penalty", details.get("penalty", "")), ("Bach", details.get("bach", ""))]
    told = [f"{name}: {text}" for name, text in facts if text and text != "none"]
    if told:
        yield ". ".join(told) + "."


def _message(fault: Fault) -> str:
    """The message as a sentence; a numeral at its front keeps its letters."""
    message = fault.violation.message
    is_word = fault.rule.message[:1].isalpha() or message.split(" ", 1)[0] in fault.violation.location.voices
    start = message[:1].upper() if is_word else message[:1]
    return start + message[1:] + ("" if message.endswith((".", "?", "!")) else ".")
