"""Reviews as SARIF 2.1.0, for tools that collect findings of checkers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from theorygen import __version__
from theorygen.review.review import Fault, Review
from theorygen.rules.rule import THOUSAND, ActiveRule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"fault": "error", "remark": "warning", "small": "note"}
FINGERPRINT = "theorygenPlace/v1"


def sarif_log(reviews: Sequence[Review]) -> dict[str, Any]:
    """All primary faults of some scores as one run; what they lead to stands in their messages.

    Args:
        reviews: reviews by any rules.
    """
    rules = {rule.name: rule for review in reviews for rule in review.rules.rules}
    numbers = {name: number for number, name in enumerate(rules)}
    results = [_result(review, fault, numbers) for review in reviews for fault in review.primary]
    driver = {"name": "theorygen", "version": __version__, "rules": [_descriptor(rule) for rule in rules.values()]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints",
           "artifacts": [{"location": {"uri": uri_of(review.name)}} for review in reviews],
           "results": list(told_apart(results))}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def uri_of(name: str) -> str:
    """A file as a URI: relative as it was given, or absolute."""
    path = Path(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _descriptor(active: ActiveRule) -> dict[str, Any]:
    rule = active.rule
    because = " ".join(rule.because.split())
    facts = {"category": rule.details.get("category", ""), "source": rule.source,
             "penalty": rule.details.get("penalty", ""), "bach": rule.details.get("bach", "")}
    help_text = "\n".join([because, *(f"{name}: {text}" for name, text in facts.items() if text)])
    return {
        "id": rule.name, "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.details.get("title") or rule.name},
        "fullDescription": {"text": because or rule.name}, "help": {"text": help_text or rule.name},
        "defaultConfiguration": {"level": "error" if active.hard else "warning"},
        "properties": {name: text for name, text in facts.items() if text},
    }


def _result(review: Review, fault: Fault, numbers: dict[str, int]) -> dict[str, Any]:
    consequences = review.consequences(fault)
    text = [fault.headline, fault.violation.message, *(f"Leads to: {one.headline}" for one in consequences)]
    result = {
        "ruleId": fault.rule.name, "ruleIndex": numbers[fault.rule.name], "level": LEVELS[fault.strength],
        "message": {"text": "\n".join(text)}, "locations": [_location(review, fault)],
        "partialFingerprints": {FINGERPRINT: _fingerprint(review, fault)},
        "properties": {"cost": fault.violation.cost / THOUSAND,
                       "notes": [f"{note.voice} {note.pitch} at {note.onset}" for note in fault.violation.notes]},
    }
    if consequences:
        result["relatedLocations"] = [{**_location(review, one), "message": {"text": one.headline}}
                                      for one in consequences]
    return result


def _location(review: Review, fault: Fault) -> dict[str, Any]:
    """The file, and inside it the measure and beat for each voice concerned."""
    place = fault.violation.location
    where = f"measure {place.measure}/beat {place.beat}"
    voices = place.voices or tuple(voice.name for voice in review.score.pitched_voices)
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri_of(review.name)}},
        "logicalLocations": [{"name": voice, "fullyQualifiedName": f"{voice}/{where}", "kind": "voice"}
                             for voice in voices],
    }


def _fingerprint(review: Review, fault: Fault) -> str:
    """The same for the same fault in the same place, whatever else changes in the score."""
    violation = fault.violation
    notes = sorted(str(note) for note in violation.notes)
    parts = [review.name, violation.rule, str(violation.location), *notes]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def told_apart(results: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Results whose fingerprints differ: equal ones are counted."""
    seen: dict[str, int] = {}
    for result in results:
        prints = result["partialFingerprints"]
        count = seen[prints[FINGERPRINT]] = seen.get(prints[FINGERPRINT], 0) + 1
        yield {**result, "partialFingerprints": {FINGERPRINT: f"{prints[FINGERPRINT]}:{count}"}}
