"""``new``, ``lint``, ``schema`` and ``rules``."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.cli.conftest import Command
from theorygen.rules.passages import PASSAGES
from theorygen.rules.rule_set import load_library, load_profiles
from theorygen.rules.windows import WINDOWS

BROKEN = "theorygen: 1\nextends: textbook-chorale\ntempo: fast\nrules:\n  parallel-fifth: hard\n"
DOUBTFUL = """\
theorygen: 1
extends: textbook-chorale
harmony:
  Nobody: "I V I"
"""


def test_new_lints_clean_and_composes(theorygen: Command) -> None:
    done = theorygen("new", "my-style.yaml")
    assert (done.code, done.out) == (0, "")
    assert "my-style.yaml is ready" in done.err
    assert theorygen("lint", "my-style.yaml").code == 0
    assert theorygen("compose", "my-style.yaml").code == 0


def test_new_extends_what_is_asked(theorygen: Command) -> None:
    theorygen("new", "mine.yml", "--extends", "common-practice")
    assert yaml.safe_load(Path("mine.yml").read_text())["extends"] == "common-practice"


def test_lint_finds_everything_at_its_place(theorygen: Command) -> None:
    Path("broken.yaml").write_text(BROKEN)
    done = theorygen("lint", "broken.yaml")
    assert done.code == 2
    assert "broken.yaml:3:8: error:" in done.out
    assert "error" in done.err
    found = json.loads(theorygen("lint", "broken.yaml", "--json").out)
    assert found["errors"] == len(found["findings"]) > 0
    assert {"code", "severity", "message", "place", "expected", "nearest", "remedy"} == set(found["findings"][0])


def test_warnings_alone_are_no_failure(theorygen: Command) -> None:
    Path("doubtful.yaml").write_text(DOUBTFUL)
    done = theorygen("lint", "doubtful.yaml", "--json")
    found = json.loads(done.out)
    assert (done.code, found["errors"]) == (0, 0)
    assert found["warnings"] > 0
    assert "warning" in theorygen("lint", "doubtful.yaml").out


def test_lint_of_a_missing_file(theorygen: Command) -> None:
    done = theorygen("lint", "missing.yaml")
    assert done.code == 2
    assert "missing.yaml" in done.out


@pytest.mark.parametrize("style", ["textbook-chorale", "common-practice"])
def test_shipped_styles_lint_clean(style: str, theorygen: Command) -> None:
    done = theorygen("lint", style)
    assert (done.code, done.out) == (0, "")
    assert done.err == "no mistakes found\n"


def test_schema_describes_styles(theorygen: Command) -> None:
    schema = json.loads(theorygen("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    theorygen("new", "my-style.yaml")
    jsonschema.validate(yaml.safe_load(Path("my-style.yaml").read_text()), schema)


def test_rules_lists_the_library(theorygen: Command) -> None:
    done = theorygen("rules")
    names = {line.split()[0] for line in done.out.splitlines() if line.startswith("  ")}
    assert names == set(load_library())
    data = json.loads(theorygen("rules", "--json").out)
    assert [rule["name"] for rule in data] == list(load_library())


def test_rules_cover_the_catalogue(theorygen: Command) -> None:
    text = theorygen("rules", "--coverage").out
    data = json.loads(theorygen("rules", "--coverage", "--json").out)
    assert len(data) == 318
    assert len(text.splitlines()) == len(data) + 3
    (fifths,) = [one for one in data if one["id"] == "parallel-fifths"]
    assert fifths["rules"][0]["strength"]["strict-textbook"] == "hard"
    assert fifths["examples"] == sum(rule["examples"] for rule in fifths["rules"]) > 0
    assert all(one["where"] for one in data if one["state"] != "later")
    assert all(name in text.splitlines()[0] for name in load_profiles())


def test_rules_of_a_profile(theorygen: Command) -> None:
    for name in load_profiles():
        data = json.loads(theorygen("rules", "--profile", name, "--json").out)
        assert data
        assert all(rule["strength"][name] != "off" for rule in data)
    assert " hard  " in theorygen("rules", "--profile", "strict-textbook").out


def test_one_rule(theorygen: Command) -> None:
    done = theorygen("rules", "parallel-fifths")
    for words in ("fuse two voices", "voice-pair-motion", "good", "bad", "hard in strict-textbook", "in Bach"):
        assert words in done.out
    data = json.loads(theorygen("rules", "parallel-fifths", "--json").out)
    assert data["over"] == "voice-pair-motion"


def test_every_rule_has_a_page(theorygen: Command) -> None:
    for name in load_library():
        done = theorygen("rules", name)
        assert done.code == 0
        assert done.out.startswith(name)


def test_the_vocabulary(theorygen: Command) -> None:
    text = theorygen("rules", "--windows").out
    data = json.loads(theorygen("rules", "--windows", "--json").out)
    assert [window["name"] for window in data["windows"]] == list(WINDOWS)
    assert [window["name"] for window in data["passages"]] == list(PASSAGES)
    for window in [*data["windows"], *data["passages"], *data["folds"]]:
        assert window["about"]
        for field in window["fields"]:
            assert field["about"], field["name"]
            assert field["name"] in text
