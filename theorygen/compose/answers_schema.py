"""JSON Schemas of answers, counts and marginals: what ``realize``, ``harmonize`` and ``count`` print for programs.

The models below are the reference of the formats; times are quarter lengths as text, whole numbers or fractions.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from theorygen.compose.json_schema import DIALECT, ScoreModel, Time

_Time = Annotated[Time, Field(pattern=r"^-?\d+(/\d+)?$")]
_Digits = Annotated[str, Field(pattern=r"^\d+$")]
_Share = Annotated[float, Field(ge=0, le=1)]


def answers_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``realize --json`` and ``harmonize --json``."""
    return _schema(AnswersModel)


def count_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``count --json``."""
    return _schema(CountModel)


def marginals_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``--marginals``."""
    return _schema(MarginalsModel)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(mode="serialization", by_alias=True)}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, validate_by_name=True)


class AnswerChordModel(_Model):
    """One chord of an answer."""

    chord: str
    """Roman numeral."""
    key: str
    onset: _Time
    duration: _Time
    cadence: str | None
    """The cadence it completes."""


class FaultModel(_Model):
    """Something the checker says of the score."""

    rule: str
    hard: bool
    where: str
    """Measures, beats and voices."""
    message: str
    cost: float


class AnswerModel(_Model):
    """One answer."""

    rank: int
    """From 1, the best first; random answers have 1."""
    cost: float
    """What the rules that are solved charge, and the harmony where chords were chosen too."""
    proven: bool
    """Whether nothing cheaper keeps the rules. Of random answers it says nothing."""
    gap: float
    """0, or where too much was open to keep all of it: by how much, at most, something left out may be cheaper."""
    excused: list[FaultModel]
    """What the given chords break whatever the notes: no answer keeps it."""
    forgiven: list[FaultModel]
    """Hard rules that given lines break: as few as any choice of chords and other voices allows."""
    costs: dict[str, float]
    """What each weighted rule that is solved charges, the dearest first."""
    chords: list[AnswerChordModel]
    violations: list[FaultModel]
    """All that `check` says by the rules of the style, weighted rules too."""
    score: ScoreModel


class MarkModel(_Model):
    """A place in a YAML file."""

    file: str
    """Its name: as it was given, or in the library of rules."""
    line: int
    column: int
    length: int


class ReasonModel(_Model):
    """One of the things that cannot all be: without any one of them there is a voicing."""

    kind: Literal["rule", "given", "degree", "range", "chord", "harmony", "fault"]
    """A rule at a place, notes given, degrees asked for, the range of a voice, the notes of a chord, the order of
    chords, or the faults that were required."""
    text: str
    """It as a sentence."""
    chord: int | None = None
    """Number of the chord, from 1."""
    where: str | None = None
    voices: list[str] | None = None
    rule: str | None = None
    granted: bool | None = None
    """Whether the rule is taken for granted: it says of one chord that it is the one asked for, or how voices stand."""
    place: MarkModel | None = None
    """Where the rule is written."""
    notes: list[str] | None = None
    """The notes given."""
    degrees: list[int] | None = None
    """The degrees asked for."""


class ConflictModel(_Model):
    """Why there is no answer: a minimal conflict."""

    chords: tuple[int, int]
    """First and last chord of the shortest stretch without a voicing, from 1."""
    where: str
    summary: str
    """What cannot be voiced, with which notes given, and what always goes wrong, in one sentence."""
    smallest: bool
    """Whether it is proven that no fewer rules and notes are in each other's way."""
    reasons: list[ReasonModel]
    more: list[list[ReasonModel]]
    """Reasons at other chords where a voice has nothing to sing."""


class NothingModel(_Model):
    """Why there is no answer where notes that stand apart depend on each other, or a search took too long."""

    reason: str
    rules: list[str] | None
    """Such relations, and other rules, that cannot all be kept; null where no more is known."""


class AnswersModel(_Model):
    """Answers in order, or why there is none."""

    model_config = ConfigDict(title="theorygen answers")

    format: Literal["theorygen-answers"]
    version: Literal[1]
    style: str
    """Name of the style."""
    question: Literal["best", "sample", "uniform", "ranked"]
    """What was asked: the best, a random one by cost, a random one among all alike, the best ones in order."""
    answers: list[AnswerModel]
    """Empty where there is none."""
    conflict: ConflictModel | None = None
    """Where no voicing keeps the rules that are solved."""
    broken: list[FaultModel] | None = None
    """Where voicings do, but all that were looked at break these rules, which only a finished score shows."""
    nothing: NothingModel | None = None
    """Where relations rule out what the other rules leave, or an engine found nothing in time."""
    least_bad: bool | None = Field(None, alias="least-bad")
    """True where the answer breaks hard rules, as nothing keeps them all."""


class CountPositionModel(_Model):
    """One position of a count."""

    measure: int
    beat: _Time
    chords: list[str]
    """What may stand there."""
    voicings: int | None
    """How many voicings occur there in solutions; null where the engine does not know."""


class CountModel(_Model):
    """How many solutions there are."""

    model_config = ConfigDict(title="theorygen count")

    format: Literal["theorygen-count"]
    version: Literal[1]
    style: str
    """Name of the style."""
    engine: str
    """The engine that counted."""
    solutions: _Digits
    """Their number: text, as it may have hundreds of digits."""
    exact: bool
    """False where too much is open to look at all of it, or where music counts as often as there are ways to its
    chords."""
    chord_sequences: _Digits | None = Field(alias="chord-sequences")
    """How many different rows of chords the solutions have; null where that is not known."""
    positions: list[CountPositionModel]


class PitchShareModel(_Model):
    """A note and how probable it is."""

    pitch: str
    share: _Share


class ChordShareModel(_Model):
    """A chord that begins at a position, and how probable it is."""

    chord: str
    key: str
    share: _Share


class ShareModel(_Model):
    """What may stand at one position, the most probable first."""

    position: int
    """From 1."""
    measure: int
    beat: _Time
    chords: list[ChordShareModel]
    held: _Share
    """The share in which the chord before goes on."""
    voices: dict[str, list[PitchShareModel]]
    """For each voice the notes it has."""


class MarginalsModel(_Model):
    """In what share of all solutions each voice has each note, and each chord stands."""

    model_config = ConfigDict(title="theorygen marginals")

    format: Literal["theorygen-marginals"]
    version: Literal[1]
    style: str
    """Name of the style."""
    law: Literal["uniform", "sample"]
    """Whether every solution counts the same, or by weight and exp(-cost / temperature)."""
    solutions: _Digits | None
    """Their number, as text; null by weight and cost."""
    positions: list[ShareModel]
