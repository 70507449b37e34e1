"""What was found about a style as SARIF 2.1.0, with places in its files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from theorygen import __version__
from theorygen.review.sarif import FINGERPRINT, SCHEMA, told_apart, uri_of
from theorygen.source.marks import Mark
from theorygen.verify.finding import Finding, Study, Subject
from theorygen.verify.report import in_order


def sarif_log(subject: Subject, studies: Sequence[Study]) -> dict[str, Any]:
    """All findings as one run; a kind of finding is a rule of the tool."""
    findings = [(study, finding) for study in studies for finding in in_order(study.findings)]
    kinds = {finding.kind: (study, finding) for study, finding in reversed(findings)}
    numbers = {kind: number for number, kind in enumerate(kinds)}
    rules = [_descriptor(kind, *found) for kind, found in kinds.items()]
    whole = Mark(str(subject.style.file))
    results = [_result(finding, whole, numbers) for _, finding in findings]
    files = dict.fromkeys([whole.file, *(finding.mark.file for _, finding in findings if finding.mark)])
    run = {"tool": {"driver": {"name": "theorygen", "version": __version__, "rules": rules}},
           "columnKind": "unicodeCodePoints", "artifacts": [{"location": {"uri": uri_of(name)}} for name in files],
           "results": list(told_apart(results))}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(kind: str, study: Study, finding: Finding) -> dict[str, Any]:
    return {
        "id": kind, "name": "".join(word.capitalize() for word in kind.split("-")),
        "shortDescription": {"text": kind.replace("-", " ")}, "fullDescription": {"text": study.title},
        "help": {"text": finding.hint or study.title}, "defaultConfiguration": {"level": finding.severity}}


def _result(finding: Finding, whole: Mark, numbers: dict[str, int]) -> dict[str, Any]:
    proof = f"Known from {finding.proof}." if finding.proof else ""
    accepted = f"Accepted: {finding.data['accepted']}" if "accepted" in finding.data else ""
    text = [finding.message, finding.example, proof, accepted or finding.hint]
    result: dict[str, Any] = {
        "ruleId": finding.kind, "ruleIndex": numbers[finding.kind], "level": finding.severity,
        "message": {"text": "\n".join(one for one in text if one)},
        "locations": [_location(finding.mark or whole, finding)],
        "partialFingerprints": {FINGERPRINT: _fingerprint(finding, whole)}, "properties": {"about": finding.about}}
    if finding.related:
        result["relatedLocations"] = [{**_location(mark, finding), "message": {"text": "takes part"}}
                                      for mark in finding.related]
    return result


def _location(mark: Mark, finding: Finding) -> dict[str, Any]:
    """A place in a file; of a file as a whole no region."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri_of(mark.file)}}
    if mark.line:
        physical["region"] = {"startLine": mark.line, "startColumn": mark.column,
                              "endColumn": mark.column + max(mark.length, 1)}
    name = finding.about or finding.kind
    return {"physicalLocation": physical,
            "logicalLocations": [{"name": name, "fullyQualifiedName": f"{finding.kind}/{name}", "kind": "declaration"}]}


def _fingerprint(finding: Finding, whole: Mark) -> str:
    """The same for the same finding, wherever its line has moved."""
    parts = [(finding.mark or whole).file, finding.kind, finding.about]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
