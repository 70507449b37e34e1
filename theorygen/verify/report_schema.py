"""The JSON Schema of ``verify --json``: the models below are the reference of the format."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from theorygen.compose.answers_schema import MarkModel
from theorygen.compose.json_schema import DIALECT


def verify_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``verify --json``."""
    return {"$schema": DIALECT, **VerifyModel.model_json_schema(mode="serialization")}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class FindingModel(_Model):
    """One thing found."""

    kind: str
    """What it is, such as dead-production."""
    severity: Literal["error", "warning", "note"]
    message: str
    about: str
    """The rule, production or chords it is about; what 'accepted' in a style names."""
    place: MarkModel | None
    related: list[MarkModel]
    """Other places that take part."""
    proof: str
    """What it is known from, with its bound."""
    example: str
    """Music or chords that show it, or nothing."""
    hint: str
    """How to mend it."""
    data: dict[str, Any]
    """Numbers; 'accepted' is the author's reason, where there is one."""


class StudyModel(_Model):
    """One question put to the style."""

    name: str
    title: str
    bound: str
    """How far was looked; empty when everything was."""
    facts: dict[str, Any]
    findings: list[FindingModel]


class BoundsModel(_Model):
    """How far to look where there is no end."""

    pieces: int
    chords: int
    states: int
    settings: int


class VerifyModel(_Model):
    """What was found about a style."""

    model_config = ConfigDict(title="theorygen verify")

    format: Literal["theorygen-verify"]
    version: Literal[1]
    style: str
    given: dict[str, Any]
    """Values that were fixed for parameters."""
    bounds: BoundsModel
    errors: int
    warnings: int
    notes: int
    studies: list[StudyModel]
