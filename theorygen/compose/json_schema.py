"""The JSON of a composition: what ``theorygen compose --json`` prints, and its JSON Schema.

The models below are the reference of the format; times are quarter lengths as text, whole numbers or fractions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from theorygen.render.json_writer import score_to_data

if TYPE_CHECKING:
    from theorygen.compose.composition import Composition

FORMAT = "theorygen-composition"
VERSION = 1
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Value = bool | int | float | str
Time = str
_TIME = Field(pattern=r"^-?\d+(/\d+)?$")


def composition_data(composition: Composition) -> dict[str, Any]:
    """A composition as plain data: how it was derived, what it costs, and its score."""
    return {"format": FORMAT, "version": VERSION, **composition.to_data(), "score": score_to_data(composition.score)}


def composition_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `composition_data`."""
    return {"$schema": DIALECT, **CompositionModel.model_json_schema(mode="serialization")}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class DerivationModel(_Model):
    """One node of a derivation, with everything below it."""

    symbol: str
    """A symbol of the grammar with its arguments, or a chord."""
    start: Time = _TIME
    duration: Time = _TIME
    attributes: dict[str, str]
    """Inherited attributes: key, mode, cadence and others."""
    production: str | None = None
    """How the symbol was rewritten, as written in the style; not for a chord."""
    name: str | None = None
    """The name of that production, or ""."""
    weight: float | None = None
    """The weight of that production here."""
    share: float | None = None
    """That weight among those of the productions the context allows, 0 to 1."""
    split: float | None = None
    """The probability of these children with these durations, given the production and the duration."""
    probability: float | None = None
    """The probability of this rewriting, given the symbol and its duration; share times split, but for how well the
    productions there fit the duration."""
    children: list[DerivationModel] | None = None
    alternatives: list[tuple[str, float]] | None = None
    """For a chord: what may stand here, with weights; several when the choice was left to the voices."""
    labels: dict[str, str | list[str]] | None = None
    """What was asked of the chords here: scale degrees of a voice, pivot, region."""
    shared: str | None = None
    """The shared item this is a use of."""
    variation: bool | None = None
    """Whether it is derived anew from the shared item."""
    repeated: bool | None = None
    """Whether it repeats an earlier node."""


class ProvenanceModel(_Model):
    """Where a note came from."""

    chord: str
    """Roman numeral."""
    key: str
    """Key of the numeral, in short: a is A minor."""
    member: str | None
    """What the note is in the chord: root, third, ..."""
    degree: str
    """Scale degree in that key."""
    path: list[str]
    """Symbols of the harmony from the phrase down to the chord; empty where the chord was given."""
    given: bool | None = None
    """Whether the note was given."""


class GivenModel(_Model):
    """A rest that was given."""

    given: Literal[True]


class EventModel(_Model):
    """A note, several at once, or a rest when nothing sounds."""

    onset: Time = _TIME
    duration: Time = _TIME
    pitches: list[str] | None = None
    """Spelled pitches such as C#4, lowest first."""
    unpitched: str | None = None
    """Name of a drum hit."""
    tied_to_next: bool | None = None
    fermata: bool | None = None
    provenance: ProvenanceModel | GivenModel | None = None


class VoiceModel(_Model):
    """One voice of a part."""

    name: str
    staff: int
    events: list[EventModel]


class PartModel(_Model):
    """What one player or one pair of staves has."""

    name: str
    instrument: str
    midi_program: int
    clefs: list[str]
    percussion: bool
    voices: list[VoiceModel]


class ChordModel(_Model):
    """A chord symbol in force for a while."""

    onset: Time = _TIME
    duration: Time = _TIME
    numeral: str
    key: str
    phrase: int
    cadence: str | None = None
    region: str | None = None
    pivot_of: str | None = None
    pivot_key: str | None = None


class RepeatModel(_Model):
    """A passage played several times."""

    start: Time = _TIME
    end: Time = _TIME
    times: int


class ScoreModel(_Model):
    """The music."""

    format: Literal["theorygen-score"]
    version: Literal[1]
    title: str
    composer: str
    tempo: Time = _TIME
    """Quarter notes a minute."""
    pickup: Time = _TIME
    """Length of the incomplete first bar."""
    meters: list[tuple[Time, str]]
    keys: list[tuple[Time, str]]
    repeats: list[RepeatModel]
    parts: list[PartModel]
    chords: list[ChordModel]
    ensemble: dict[str, Any] | None
    metadata: dict[str, Value]
    bars: list[tuple[Time, int] | tuple[Time, int, Time]] | None = None
    """Onset, number and where in a full bar it begins, of every bar; only where meters and pickup do not give them."""
    figures: list[tuple[Time, str]] | None = None
    """Figures under the bass."""


class CompositionModel(_Model):
    """A composition: how it was derived, what it costs, and its score."""

    model_config = ConfigDict(title="theorygen composition")

    format: Literal["theorygen-composition"]
    version: Literal[1]
    style: str
    """Name of the style."""
    seed: int
    key: str
    """The home key."""
    parameters: dict[str, Value]
    attempts: int
    """Plans drawn until one could be voiced."""
    cost: float
    """What the voicing was charged while it was chosen."""
    costs: dict[str, float]
    """What each weighted rule charges the finished score, the dearest first."""
    form: DerivationModel
    """Derivation of the form; its leaves are phrases."""
    phrases: list[DerivationModel]
    """Derivation of the harmony of each phrase."""
    score: ScoreModel
