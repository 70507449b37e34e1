"""Warnings that the author of a style has explained: notes with a reason, and entries that explain nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from theorygen.grammar.style import Style
from theorygen.source.marks import Mark
from theorygen.verify.finding import Finding, Study, Subject

TITLE = "Is everything that the style accepts still there?"


@dataclass(frozen=True)
class Accepted:
    """One entry of ``accepted``.

    Attributes:
        finding: kind of the findings it is about.
        about: what they are about; ``*`` stands for anything.
        because: why it is no mistake.
        mark: where it is written.
    """

    finding: str
    about: str
    because: str
    mark: Mark

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is one of those meant."""
        return finding.kind == self.finding and (
            finding.about == self.about or fnmatchcase(finding.about, self.about.replace("[", "[[]")))


def accepted_of(style: Style) -> tuple[Accepted, ...]:
    """What a style accepts, with what the styles accept that it extends."""
    entries = style.document.data.get("accepted", ())
    return tuple(Accepted(entry["finding"], entry["about"], entry["because"], style.document.mark(("accepted", index)))
                 for index, entry in enumerate(entries))


def explained(subject: Subject, studies: Sequence[Study], is_whole: bool) -> tuple[Study, ...]:
    """Studies with accepted warnings as notes, and one more about the entries themselves.

    Args:
        subject: the style under study.
        studies: what was found.
        is_whole: whether all studies were made of all settings; else an entry may well match nothing.
    """
    entries = accepted_of(subject.style)
    told = tuple(replace(one, findings=tuple(_explained(finding, entries) for finding in one.findings))
                 for one in studies)
    findings = [finding for one in studies for finding in one.findings]
    doubts = tuple(doubt for entry in entries for doubt in _doubts(entry, findings, is_whole, subject.style))
    if not entries:
        return told
    return (*told, Study("accepted", TITLE, {"entries": len(entries)}, doubts))


def _explained(finding: Finding, entries: Sequence[Accepted]) -> Finding:
    """The finding, as a note with its reason if it is accepted."""
    reason = next((entry.because for entry in entries if entry.fits(finding)), "")
    if not reason or finding.severity == "error":
        return finding
    return replace(finding, severity="note", data={**finding.data, "accepted": reason})


def _doubts(entry: Accepted, findings: Sequence[Finding], is_whole: bool, style: Style) -> Iterator[Finding]:
    """What is wrong with an entry in the style's own file."""
    fitting = [finding for finding in findings if entry.fits(finding)]
    about = f"{entry.finding}: {entry.about}"
    if entry.mark.file != style.document.name:
        return
    if any(finding.severity == "error" for finding in fitting):
        yield Finding("accepted-error", "warning", f"an error cannot be accepted: {entry.finding}", about, entry.mark,
                      proof="everything found", hint="mend the error and remove the entry")
    elif not fitting and is_whole:
        yield Finding("accepted-nothing", "warning", f"nothing is found that '{entry.finding}' of "
                      f"'{entry.about}' accepts", about, entry.mark, proof="everything found",
                      hint="remove the entry, or correct its 'finding' or 'about'")
