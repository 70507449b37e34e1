"""``verify``: exit codes, what goes where, and wrong input."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Command
from tests.review.test_sarif import SCHEMA
from tests.verify.small import SMALL, changed

USELESS = changed('"IV V:2": 1', '"IV V:5": 1')
BROKEN = changed("length: 2}", "length: 3}")
ONLY = ("--only", "productions")


@pytest.fixture(autouse=True)
def files(theorygen: Command) -> None:
    """Styles in the folder that commands run in."""
    for name, text in (("small", SMALL), ("useless", USELESS), ("broken", BROKEN), ("wrong", SMALL + "  X: Y\n")):
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("arguments", "code"), [
    (("small.yaml",), 0),
    (("useless.yaml",), 0),
    (("useless.yaml", "--strict"), 1),
    (("useless.yaml", "--strict", "--param", "level=2"), 0),
    (("broken.yaml",), 1),
    (("wrong.yaml",), 2),
    (("nowhere.yaml",), 2),
    (("small.yaml", "--param", "level=9"), 2),
    (("small.yaml", "--param", "lvl=1"), 2),
    (("small.yaml", "--pieces", "none"), 2),
    (("small.yaml", "--chords", "0"), 2),
    (("small.yaml", "--sarif", "nowhere/x.sarif"), 2),
    (("small.yaml", "--sarif", "small.yaml"), 2),
])
def test_exit_codes(theorygen: Command, arguments: tuple[str, ...], code: int) -> None:
    assert theorygen("verify", *arguments, *ONLY).code == code


def test_all_mistakes_of_the_command_are_told_at_once(theorygen: Command) -> None:
    told = theorygen("verify", "small.yaml", "--only", "prodctions", "--pieces", "-1", "--param", "level")
    assert told.code == 2 and told.out == ""
    for words in ("did you mean 'productions'", "-1", "'level' does not set anything"):
        assert words in told.err


def test_a_style_that_cannot_be_read_is_told_as_lint_does(theorygen: Command) -> None:
    assert theorygen("verify", "wrong.yaml").err.strip() == theorygen("lint", "wrong.yaml").out.strip()


def test_a_table_is_printed(theorygen: Command) -> None:
    told = theorygen("verify", "useless.yaml", *ONLY)
    assert "warning  dead-production: 'IV V:5'" in told.out and "useless.yaml:" in told.out
    assert told.out.endswith("1 warning\n") and told.err == ""
    assert "hint: " not in told.out and "hint: " in theorygen("verify", "useless.yaml", *ONLY, "--fix-hints").out


def test_json_keeps_its_schema(theorygen: Command) -> None:
    schema = json.loads(theorygen("schema", "--verify").out)
    data = json.loads(theorygen("verify", "useless.yaml", "--only", "measures", *ONLY, "--json").out)
    jsonschema.validate(data, schema)
    assert [study["name"] for study in data["studies"]] == ["productions", "measures"]
    assert data["warnings"] == 1


def test_sarif_is_written_beside_the_table(theorygen: Command) -> None:
    told = theorygen("verify", "useless.yaml", *ONLY, "--sarif", "found.sarif")
    log = json.loads(Path("found.sarif").read_text(encoding="utf-8"))
    jsonschema.validate(log, SCHEMA)
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["dead-production"] and "dead-production" in told.out


def test_a_base_can_be_verified(theorygen: Command) -> None:
    assert theorygen("verify", "common-practice", "--only", "measures").code == 0
