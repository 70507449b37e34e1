"""A review as JSON: what ``theorygen check --json`` prints, and its JSON Schema.

The models below are the reference of the format; times are quarter lengths as text, whole numbers or fractions.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from theorygen.review.review import Fault, Review
from theorygen.rules.rule import THOUSAND

FORMAT = "theorygen-review"
VERSION = 1
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Time = str
_TIME = Field(pattern=r"^-?\d+(/\d+)?$")


def review_data(review: Review) -> dict[str, Any]:
    """A review as plain data: all violations, those that others explain too, whatever they cost."""
    counts = {"faults": len(review.hard), "remarks": sum(one.is_remark for one in review.primary),
              "small": sum(not one.hard and not one.is_remark for one in review.primary),
              "consequences": len(review.faults) - len(review.primary)}
    return {
        "format": FORMAT, "version": VERSION, "score": review.name, "title": review.score.title,
        "judged_by": review.judged_by, "chords_from": review.chords_from, "passes": review.is_clean, "counts": counts,
        "violations": [_fault_data(review, fault) for fault in review.faults],
    }


def _fault_data(review: Review, fault: Fault) -> dict[str, Any]:
    violation, details = fault.violation, fault.rule.details
    return {
        "number": fault.number, "rule": violation.rule, "title": details.get("title", ""),
        "category": details.get("category", ""), "strength": fault.strength, "cost": violation.cost / THOUSAND,
        "headline": fault.headline, "message": violation.message, "because": " ".join(violation.because.split()),
        "penalty": details.get("penalty", ""), "bach": details.get("bach", ""),
        "start": _place(review, violation.onsets[0]), "end": _place(review, violation.onsets[-1]),
        "voices": list(violation.location.voices), "grid": violation.grid,
        "notes": [{"voice": note.voice, "onset": str(note.onset), "pitch": str(note.pitch)}
                  for note in violation.notes],
        "caused_by": fault.caused_by,
        "leads_to": [one.number for one in review.faults if one.caused_by == fault.number],
    }


def _place(review: Review, onset: Fraction) -> dict[str, Any]:
    location = review.score.location(onset)
    return {"measure": location.measure, "beat": str(location.beat), "onset": str(onset)}


def review_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `review_data`."""
    return {"$schema": DIALECT, **ReviewModel.model_json_schema(mode="serialization")}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class PlaceModel(_Model):
    """A place in the score."""

    measure: int
    """Its number; 0 is a pickup."""
    beat: Time = _TIME
    """Counted from 1 in beats of the meter; "5/2" is halfway through beat 2."""
    onset: Time = _TIME
    """Quarter lengths from the start of the score."""


class NoteModel(_Model):
    """A note the violation is about."""

    voice: str
    onset: Time = _TIME
    """When it was attacked."""
    pitch: str


class ViolationModel(_Model):
    """One rule broken in one place."""

    number: int
    """From 1, in order of time."""
    rule: str
    """Id of the rule; 'theorygen rules ID' tells all about it."""
    title: str
    category: str
    strength: Literal["fault", "remark", "small"]
    """A fault is forbidden; a remark is allowed at a cost of 20 or more; small is what costs less."""
    cost: float
    """What it costs; 0 for a fault."""
    headline: str
    """A teacher's sentence: what, who, from where to where, the notes."""
    message: str
    because: str
    penalty: str
    """What examiners take off, or ""."""
    bach: str
    """How often Bach does it, or ""."""
    start: PlaceModel
    end: PlaceModel
    voices: list[str]
    """The voices concerned; none for all."""
    grid: str
    """Where it was seen: skeleton (from chord to chord), attacks (from note to note), beats, strong-beats ..."""
    notes: list[NoteModel]
    caused_by: int | None
    """Number of the violation that explains this one; only those with null count."""
    leads_to: list[int]
    """Numbers of the violations this one explains directly."""


class CountsModel(_Model):
    """How much was found."""

    faults: int
    remarks: int
    small: int
    consequences: int
    """Violations explained by others; they count nowhere else."""


class ReviewModel(_Model):
    """What a rule set says of a score."""

    model_config = ConfigDict(title="theorygen review")

    format: Literal["theorygen-review"]
    version: Literal[1]
    score: str
    """The file."""
    title: str
    """What is printed above the music."""
    judged_by: str
    """Name of the profile or style."""
    chords_from: Literal["score", "analysis", "found", "none"]
    """Whether the chords were declared in the score, given beside it, found by analysis, or are not known."""
    passes: bool
    """Whether nothing forbidden was found."""
    counts: CountsModel
    violations: list[ViolationModel]
