"""Reviews as JSON."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.review.scores import CLEAN, DOUBLED, MESSY, reviewed
from theorygen.review.json_report import review_data, review_schema


@pytest.mark.parametrize("text", [CLEAN, DOUBLED, MESSY, "S: C5 B4 | B: C3 G3"])
def test_what_is_printed_keeps_the_schema(text: str) -> None:
    schema = review_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(review_data(reviewed(text)))), schema)


def test_causes_and_effects_name_each_other() -> None:
    violations = {one["number"]: one for one in review_data(reviewed(MESSY))["violations"]}
    for number, one in violations.items():
        assert one["caused_by"] is None or number in violations[one["caused_by"]]["leads_to"]
        assert all(violations[effect]["caused_by"] == number for effect in one["leads_to"])


def test_counts_add_up() -> None:
    data = review_data(reviewed(MESSY))
    assert sum(data["counts"].values()) == len(data["violations"])
    assert data["passes"] is False and data["counts"]["faults"] > 1


def test_a_violation_has_place_and_notes() -> None:
    (one,) = (one for one in review_data(reviewed(DOUBLED))["violations"] if one["rule"] == "no-double-leading-tone")
    assert one["start"] == one["end"] == {"measure": 1, "beat": "2", "onset": "1"}
    assert one["notes"] == [{"voice": "soprano", "onset": "1", "pitch": "B4"},
                            {"voice": "tenor", "onset": "1", "pitch": "B3"}]
