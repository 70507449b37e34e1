"""The shape of style files: errors, and the JSON Schema that says the same to editors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from theorygen.grammar.json_schema import DIALECT, expected_at, json_schema, keys_at
from theorygen.grammar.loading import shipped_styles
from theorygen.grammar.schema import Claim, RuleEntry, StyleFile, Voice
from theorygen.grammar.schema_errors import shape_diagnostics
from theorygen.grammar.starter import starter_text
from theorygen.rules.reading import KEYS
from theorygen.rules.relation_kinds import RELATIONS
from theorygen.rules.rule_set import PATCH_KEYS
from theorygen.score import Ensemble
from theorygen.source.document import load_document, parse_document

BAD_INPUT = Path(__file__).parents[1] / "bad_input"
SHAPES = {"unknown-key", "missing-key", "wrong-type", "out-of-range", "wrong-length", "unknown-word"}


def keys_of(model: type[Any]) -> set[str]:
    return {str(field.alias) for field in model.model_fields.values()}


def test_rule_entries_have_the_keys_that_rules_understand() -> None:
    related = {key for relation in RELATIONS.values() for key in ("relation", "total", *relation.keys)}
    assert keys_of(RuleEntry) == {*KEYS, *PATCH_KEYS, *related}


def test_claims_have_keys_of_rules() -> None:
    assert keys_of(Claim) <= {"rule", "name", *KEYS}


def test_voices_have_the_keys_that_ensembles_understand() -> None:
    assert keys_of(Voice) >= set(Ensemble.named("keyboard").to_data()["voices"][0])


def test_the_json_schema_is_one() -> None:
    schema = json_schema()
    assert schema["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_key_is_described() -> None:
    schema = json_schema()
    models = [schema, *schema["$defs"].values()]
    keys = [(name, key) for model in models for name, key in model.get("properties", {}).items()]
    assert [name for name, key in keys if not key.get("description")] == []


STYLES = [BAD_INPUT / "good.yaml", *shipped_styles().values()]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_good_styles_satisfy_both(path: Path) -> None:
    document = load_document(path)
    assert shape_diagnostics(document) == []
    jsonschema.validate(document.data, json_schema())


def test_the_starter_satisfies_both() -> None:
    document = parse_document(starter_text(), "my-style.yaml")
    assert shape_diagnostics(document) == []
    jsonschema.validate(document.data, json_schema())


EVERYTHING = """\
theorygen: 1
title: All
description: everything
abstract: true
extends: [a, b.yaml]
parameters: {a: {default: 1, range: [1, 2], help: x}, b: {default: x, choices: [x, 1, true]}}
ensemble: {name: two, voices: [{name: a, range: [C4, C5], tessitura: [D4, G4], clef: treble, staff: 1, part: p}]}
meter: [4/4, 3/4]
pickup: "a / 2"
tempo: 80
keys: {major: [C], dorian: [D]}
lexicon: {anything: [goes, {here: 1}]}
goal: {symbol: A, length: a}
attributes: [final]
phrase-length: 2 * bar
unit: 1
form: {A: B}
harmony:
  A: [I, {to: V I, weight: a, when: a > 1, name: n}]
  B: {I: 1, V: "a + 1", vi: {weight: 2, when: a > 1, name: n}}
  C:
rules:
  use: p
  one: 3
  two: hard
  three: {strength: off, across-phrases: 20, regions: {sequence: off}, when: x}
  four: {over: w, forbid: x, unless: {a: y, b: {when: z, good: [e], bad: e}}, message: m, good: e, penalty: 1}
surface: {any: [thing]}
claims: [{rule: r}, {over: w, when: x, require: y}]
sampling: {temperature: 0.5}
"""


def test_everything_at_once_satisfies_both() -> None:
    document = parse_document(EVERYTHING, "all.yaml")
    assert [str(one) for one in shape_diagnostics(document)] == []
    jsonschema.validate(document.data, json_schema())


def rows() -> list[dict[str, Any]]:
    table = yaml.safe_load((BAD_INPUT / "styles.yaml").read_text(encoding="utf-8"))
    return [row for row in table if row["code"] in SHAPES]


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row["name"]))
def test_both_refuse_the_same(row: dict[str, Any]) -> None:
    text = str(row.get("text", (BAD_INPUT / "good.yaml").read_text(encoding="utf-8")))
    for old, new in row.get("change", {}).items():
        text = text.replace(old, new)
    document = parse_document(text.replace("«", ""), "style.yaml")
    valid = jsonschema.Draft202012Validator(json_schema()).is_valid(document.data)
    assert valid == (shape_diagnostics(document) == [])


@pytest.mark.parametrize(("path", "words"), [
    (("title",), "title"), (("tempo",), "slowest"), (("harmony", "T", "I", "weight"), "weight"),
    (("rules", "mine", "across-phrases"), "phrase ends"), (("nothing",), ""), (("ensemble", 0, "clef"), "clef"),
])
def test_expected_at(path: tuple[str | int, ...], words: str) -> None:
    assert words in expected_at(path)
    assert bool(expected_at(path)) == bool(words)


def test_keys_at() -> None:
    assert keys_at(()) == tuple(str(field.alias) for field in StyleFile.model_fields.values())
    assert keys_at(("parameters", "level")) == ("default", "range", "choices", "help")
    assert keys_at(("harmony", "T", "I")) == ("weight", "when", "name")


def test_all_errors_at_once() -> None:
    document = parse_document("theorygen: 1\ntitel: x\nmeter: 4\ntempo: [30]\nharmony: {T: {I: -1}}", "a.yaml")
    assert {(one.code, one.mark and one.mark.line) for one in shape_diagnostics(document)} == {
        ("unknown-key", 2), ("wrong-type", 3), ("wrong-length", 4), ("out-of-range", 5)}
