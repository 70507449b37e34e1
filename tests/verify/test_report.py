"""The report: errors first, bounds told, hints on demand; the same as data and as SARIF."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from tests.review.test_sarif import SCHEMA
from tests.verify.small import SMALL, style_of
from theorygen.source.marks import Mark
from theorygen.verify.finding import Bounds, Finding, Study, Subject
from theorygen.verify.report import report_data, report_text
from theorygen.verify.report_sarif import sarif_log
from theorygen.verify.report_schema import verify_schema

PLACE = Mark("my styles/small.yaml", 7, 3, 4, "  T: I")
OTHER = Mark("base.yaml", 2, 1, 1, "x")
NOTE = Finding("rare", "note", "this is rare", "T: I", PLACE, proof="2,000 pieces", data={"rate": Fraction(1, 3)})
ERROR = Finding("broken", "error", "this is broken", "T: I V", PLACE, (OTHER,), "all 9 pairs", "C: I V\nC: V I",
                "mend it")
ACCEPTED = Finding("doubtful", "note", "this is doubtful", "D", None, data={"accepted": "It is meant so."})
STUDIES = (
    Study("one", "Is it so?", {"pairs": 12345, "share": 0.123456, "uses": {str(number): number for number in range(9)}},
          (NOTE, ERROR), "200 of 504 settings"),
    Study("two", "Is it not?", {}, (ACCEPTED,)),
)


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    return Subject(style_of(SMALL, tmp_path), Bounds(pieces=7), {"level": 2})


def test_errors_come_first_and_bounds_are_told() -> None:
    lines = report_text(STUDIES).splitlines()
    assert lines.index("  error    broken: this is broken") < lines.index("  note     rare: this is rare")
    table = [line.split() for line in lines[-5:-2]]
    assert table[0][:4] == ["study", "errors", "warnings", "notes"]
    assert table[1] == ["one", "1", "0", "1", "200", "of", "504", "settings"]
    assert table[2] == ["two", "0", "0", "1", "everything"]
    assert lines[-1] == "1 error, 2 notes"


def test_a_finding_tells_places_example_and_proof() -> None:
    text = report_text(STUDIES)
    for words in (str(PLACE), str(OTHER), "C: I V", "known from all 9 pairs", "accepted: It is meant so."):
        assert f"           {words}\n" in text
    assert "pairs: 12,345" in text and "share: 0.1235" in text and "and 4 more (--json tells them)" in text


def test_hints_are_told_on_demand() -> None:
    assert "mend it" not in report_text(STUDIES)
    assert "           hint: mend it\n" in report_text(STUDIES, with_hints=True)


def test_data_keep_the_schema_and_lose_nothing(subject: Subject) -> None:
    data = json.loads(json.dumps(report_data(subject, STUDIES)))
    jsonschema.validate(data, verify_schema())
    assert (data["errors"], data["warnings"], data["notes"]) == (1, 0, 2)
    assert data["given"] == {"level": 2} and data["bounds"]["pieces"] == 7
    first = data["studies"][0]["findings"][0]
    assert first["kind"] == "broken" and first["place"]["line"] == 7 and first["related"][0]["file"] == "base.yaml"
    assert data["studies"][0]["findings"][1]["data"] == {"rate": "1/3"}
    assert len(data["studies"][0]["facts"]["uses"]) == 9


def test_sarif_keeps_the_standard(subject: Subject) -> None:
    log = json.loads(json.dumps(sarif_log(subject, STUDIES)))
    jsonschema.validate(log, SCHEMA)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert sorted(rules) == ["broken", "doubtful", "rare"]
    assert [rules[one["ruleIndex"]] for one in run["results"]] == [one["ruleId"] for one in run["results"]]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "my%20styles/small.yaml"},
                     "region": {"startLine": 7, "startColumn": 3, "endColumn": 7}}
    assert "region" not in run["results"][2]["locations"][0]["physicalLocation"], "of the style as a whole"
    uris = {artifact["location"]["uri"] for artifact in run["artifacts"]}
    assert place["artifactLocation"]["uri"] in uris


def test_fingerprints_stay_when_lines_move(subject: Subject) -> None:
    moved = Study("one", "Is it so?", {}, (Finding("broken", "error", "other words", "T: I V",
                                                   Mark(PLACE.file, 99, 3, 4, "  T: I")),))
    prints = [[one["partialFingerprints"] for one in sarif_log(subject, studies)["runs"][0]["results"]]
              for studies in (STUDIES, (moved,))]
    assert prints[1][0] in prints[0]
