"""Reviews as SARIF 2.1.0, against what the standard requires of the objects we write."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests.review.scores import CLEAN, DOUBLED, MESSY, reviewed
from theorygen.review.sarif import sarif_log, uri_of

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
URI = {"type": "string", "format": "uri-reference", "pattern": "^[^ ]+$"}
LOCATION = {
    "type": "object", "required": ["physicalLocation", "logicalLocations"],
    "properties": {
        "physicalLocation": {"type": "object", "required": ["artifactLocation"], "properties": {
            "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": URI}}}},
        "logicalLocations": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["name", "fullyQualifiedName", "kind"], "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in ("name", "fullyQualifiedName", "kind")}}},
        "message": TEXT,
    },
    "additionalProperties": False,
}
RULE = {
    "type": "object", "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
    "properties": {
        "id": {"type": "string"}, "name": {"type": "string", "pattern": "^[A-Za-z0-9]+$"}, "shortDescription": TEXT,
        "fullDescription": TEXT, "help": TEXT, "properties": {"type": "object"},
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}, "additionalProperties": False}},
    "additionalProperties": False,
}
RESULT = {
    "type": "object", "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
    "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": TEXT,
        "locations": {"type": "array", "items": LOCATION}, "relatedLocations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object"}},
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object", "required": ["$schema", "version", "runs"], "additionalProperties": False,
    "properties": {"$schema": URI, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": {
        "type": "object", "required": ["tool", "results"], "additionalProperties": False, "properties": {
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                "type": "object", "required": ["name", "rules"], "additionalProperties": False, "properties": {
                    "name": {"type": "string"}, "version": {"type": "string"},
                    "rules": {"type": "array", "uniqueItems": True, "items": RULE}}}}},
            "artifacts": {"type": "array", "items": {"type": "object", "required": ["location"]}},
            "results": {"type": "array", "items": RESULT}}}}},
}
"""The part of the SARIF 2.1.0 schema that we use, in our words."""


def results(*texts: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sarif_log([reviewed(text) for text in texts])["runs"][0]["results"]
    return found


@pytest.mark.parametrize("texts", [[CLEAN], [DOUBLED], [MESSY, DOUBLED]], ids=["clean", "doubled", "two scores"])
def test_the_log_has_the_shape_of_the_standard(texts: list[str]) -> None:
    log = sarif_log([reviewed(text, f"score {number}.txt") for number, text in enumerate(texts)])
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for result in log["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_levels_say_how_bad_it_is() -> None:
    review = reviewed(MESSY)
    levels = {"fault": "error", "remark": "warning", "small": "note"}
    assert [result["level"] for result in results(MESSY)] == [levels[fault.strength] for fault in review.primary]


def test_consequences_stand_beside_their_cause() -> None:
    (doubled,) = (one for one in results(DOUBLED) if one["level"] == "error")
    assert "Leads to: Parallel unisons and octaves" in doubled["message"]["text"]
    related = [one["message"]["text"] for one in doubled["relatedLocations"]]
    assert any("Parallel unisons and octaves between soprano and tenor" in text for text in related)


def test_places_are_measure_beat_and_voice() -> None:
    (doubled,) = (one for one in results(DOUBLED) if one["level"] == "error")
    (location,) = doubled["locations"]
    names = [one["fullyQualifiedName"] for one in location["logicalLocations"]]
    assert names == ["soprano/measure 1/beat 2", "tenor/measure 1/beat 2"]


def prints(texts: list[dict[str, Any]]) -> list[str]:
    return [one["partialFingerprints"]["theorygenPlace/v1"] for one in texts]


def test_fingerprints_differ_and_stay() -> None:
    first = prints(results(MESSY))
    assert len(set(first)) == len(first)
    assert prints(results(MESSY)) == first


def test_a_fault_keeps_its_fingerprint_when_another_is_mended() -> None:
    """The first measure of the messy score, mended; the faults of the last ones are the same."""
    mended = MESSY.replace("A: G4 D4 E4", "A: G4 G4 G4").replace("T: E4 B3 C4", "T: E4 D4 E4")
    late = [one for one in results(MESSY) if "measure 3/" in one["locations"][0]["logicalLocations"][0][
        "fullyQualifiedName"]]
    assert late and set(prints(late)) <= set(prints(results(mended)))


def test_files_are_uris() -> None:
    assert uri_of("my score#1.txt") == "my%20score%231.txt"
    assert uri_of("/tmp/a b.mid") == "file:///tmp/a%20b.mid"
