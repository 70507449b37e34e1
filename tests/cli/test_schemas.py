"""``schema``: what commands print for programs keeps the schemas that are printed."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.cli.conftest import Command

STUCK = ("--roman", "a: i iv6 Ger65 V")
OPEN = ("--roman", "C: I {ii6|IV} V I")
TUNE = "in C: | S: C5 D5 E5 D5 | title: Tune\n"
BASS = "in G: | B: G2 A2 B2 C3 D3 G2*2 | title: Bass\n"
CANON = """\
theorygen: 1
extends: textbook-chorale
rules:
  echo: {relation: canon, leader: soprano, follower: tenor, interval: -P8, distance: 2}
"""


def printed(theorygen: Command, *arguments: str) -> Any:
    return json.loads(theorygen(*arguments).out)


@pytest.fixture(autouse=True)
def files(theorygen: Command) -> None:
    """Material in the folder that commands run in."""
    for name, text in (("tune.txt", TUNE), ("bass.txt", BASS), ("canon.yaml", CANON)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)


@pytest.mark.parametrize(("kind", "arguments"), [
    ("answers", ("realize", *OPEN, "--json")),
    ("answers", ("realize", *OPEN, "--k", "3", "--json")),
    ("answers", ("realize", *OPEN, "--uniform", "--seed", "3", "--json")),
    ("answers", ("realize", *STUCK, "--json")),
    ("answers", ("realize", *STUCK, "--least-bad", "--json")),
    ("answers", ("harmonize", "tune.txt", "--json")),
    ("answers", ("realize", "--bass", "bass.txt", "--figures", "_ 6 6 _ _ _", "--json")),
    ("answers", ("realize", "--style", "canon.yaml", "--roman", "C: I V I V I", "--json")),
    ("count", ("count", *OPEN, "--json")),
    ("count", ("count", *STUCK, "--json")),
    ("count", ("count", "--style", "canon.yaml", "--roman", "C: I V I", "--json")),
    ("marginals", ("realize", *OPEN, "--marginals")),
    ("marginals", ("realize", *OPEN, "--sample", "--marginals")),
    ("marginals", ("harmonize", "tune.txt", "--marginals")),
])
def test_what_is_printed_keeps_its_schema(kind: str, arguments: tuple[str, ...], theorygen: Command) -> None:
    schema = printed(theorygen, "schema", f"--{kind}")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(printed(theorygen, *arguments), schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(("kind", "field"), [("answers", "answers"), ("count", "chord-sequences"),
                                             ("marginals", "positions")])
def test_what_lacks_a_field_does_not(kind: str, field: str, theorygen: Command) -> None:
    assert field in printed(theorygen, "schema", f"--{kind}")["required"]
