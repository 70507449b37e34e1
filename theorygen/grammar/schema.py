"""The shape of a style file: which keys there are and what each may hold.

Only shapes are judged here. What the texts mean (numerals, keys, productions, expressions) is judged by the
modules that own them. Every description is a phrase that can follow the word "expected".
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

VERSION = 1

_SHAPES: dict[type, str] = {
    str: "<text>", int: "<number>", float: "<number>", bool: "<flag>", list: "<list>", dict: "<mapping>",
    type(None): "<null>",
}


def _shape(value: Any) -> str | None:
    """Which alternative of a union a YAML value belongs to."""
    return _SHAPES.get(type(value))


def _may(description: str, **limits: Any) -> Any:
    """A key that may be left out, but not be left empty."""
    return Field(None, description=description, json_schema_extra=_without_default, **limits)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


_BY_SHAPE = Discriminator(_shape, custom_error_type="wrong-type", custom_error_message="another kind")


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
    )


Text = Annotated[str, Field(description="a text")]
Texts = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[list[Text], Field(min_length=1), Tag("<list>")],
    _BY_SHAPE, Field(description="a text, or a list of texts"),
]
Number = Annotated[float, Field(description="a number")]
Pair = Annotated[list[Number], Field(min_length=2, max_length=2)]
Notes = Annotated[list[Text], Field(min_length=2, max_length=2)]
Weight = Annotated[
    Annotated[float, Field(ge=0, description="a number, 0 or more"), Tag("<number>")]
    | Annotated[str, Tag("<text>")],
    _BY_SHAPE, Field(description="a weight: a number of 0 or more, or an expression of parameters"),
]
Strength = Annotated[
    Annotated[float, Field(ge=0, description="a weight, 0 or more"), Tag("<number>")]
    | Annotated[Literal["hard", "off"], Field(description="hard, off, or a weight"), Tag("<text>")],
    _BY_SHAPE, Field(description="hard, off, or a weight of 0 or more"),
]
Value = Annotated[
    Annotated[bool, Tag("<flag>")] | Annotated[float, Tag("<number>")] | Annotated[str, Tag("<text>")],
    _BY_SHAPE, Field(description="a number, a text, true or false"),
]


class Parameter(_Model):
    """A knob of the style: its default, and the values it may take."""

    default: Value = _may("the value when nothing else is said")
    range: Pair = _may("the lowest and the highest value, such as [1, 12]")
    choices: list[Value] = _may("a list of the values allowed", min_length=1)
    help: str = _may("a text: what the parameter does")


class Voice(_Model):
    """One voice of an ensemble, from top to bottom."""

    name: str = Field(description="the name of the voice: one word, such as alto")
    range: Notes = Field(description="the lowest and the highest note, such as [G3, D5]")
    tessitura: Notes = _may("the comfortable middle, such as [C4, A4]")
    clef: str = _may("a clef, such as treble or bass")
    instrument: str = _may("an instrument, such as choir or violin")
    staff: int = _may("the number of the staff, counted from 1 at the top", ge=1)
    part: str = _may("the name of the instrument that several staves belong to")


class Voices(_Model):
    """An ensemble with a name of its own."""

    name: str = _may("the name of the ensemble")
    voices: list[Voice] = Field(min_length=1, description="a list of voices from top to bottom, at least one")


class Alternative(_Model):
    """One alternative of a production, written out."""

    to: str = Field(description="a production text, such as 'PD D I'")
    weight: Weight = _may("a weight: a number of 0 or more, or an expression")
    when: str = _may("a condition, such as mode == minor and depth < 2")
    name: str = _may("a name for explanations")


class Terms(_Model):
    """Weight, condition and name of an alternative whose text is the key."""

    weight: Weight = _may("a weight: a number of 0 or more, or an expression")
    when: str = _may("a condition, such as mode == minor and depth < 2")
    name: str = _may("a name for explanations")


_Term = Annotated[
    Annotated[float, Field(ge=0, description="a number, 0 or more"), Tag("<number>")]
    | Annotated[str, Tag("<text>")] | Annotated[Terms, Tag("<mapping>")],
    _BY_SHAPE,
    Field(description="a weight (a number of 0 or more, or an expression), or {weight, when, name}"),
]
_Listed = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[Alternative, Tag("<mapping>")],
    _BY_SHAPE, Field(description="a production text, or {to, weight, when, name}"),
]
Alternatives = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[_Listed], Field(min_length=1), Tag("<list>")]
    | Annotated[dict[str, _Term], Field(min_length=1), Tag("<mapping>")]
    | Annotated[None, Tag("<null>")],
    _BY_SHAPE,
    Field(description="alternatives: {'PD D I': 2, ...}, a list of texts or {to, weight}, or one text; "
                      "null removes an inherited head"),
]
Grammar = Annotated[dict[str, Alternatives], Field(description="heads with alternatives, such as T: {I: 5}")]


class Exemption(_Model):
    """One exception of a rule."""

    when: str = Field(description="a condition over the rule's window")
    good: Texts = _may("an example it saves, or a list of them")
    bad: Texts = _may("an example it does not save, or a list of them")


_Exemption = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[Exemption, Tag("<mapping>")],
    _BY_SHAPE, Field(description="a condition, or {when, good, bad}"),
]
_Exemptions = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[dict[str, _Exemption], Tag("<mapping>")],
    _BY_SHAPE, Field(description="a condition, or names with conditions"),
]
_Pointers = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[list[Text], Field(min_length=1), Tag("<list>")]
    | Annotated[dict[str, Text], Tag("<mapping>")],
    _BY_SHAPE, Field(description="a condition on each note, names of notes, or smaller windows with conditions"),
]


class CountedEntry(_Model):
    """What a total counts."""

    over: str = Field(description="the window that is counted, such as melodic-step")
    when: str = _may("a condition over the fields of the window")


class RuleEntry(_Model):
    """A rule of the library patched by name, or a new rule."""

    weight: float = _may("a number, 0 or more: the cost of breaking the rule once", ge=0)
    strength: Strength = _may("hard, off, or a weight of 0 or more")
    across_phrases: Strength = _may("hard, off, or a weight of 0 or more, where a phrase ends")
    regions: dict[str, Strength] = _may("regions with strengths, such as {sequence: off}")
    over: str = _may("the window, such as voice-pair-motion")
    fold: str = _may("the memory of a rule over a line of notes or chords, such as voice-line")
    relation: Literal["canon", "same-motif", "row", "invertible"] = _may(
        "what notes that stand apart have to do with each other: canon, same-motif, row or invertible")
    leader: str = _may("the voice that a canon begins with")
    follower: str = _may("the voice that answers it")
    interval: str = _may("an interval such as P5 or -P8, or such as '4 steps'")
    distance: Value = _may("a number of quarter lengths, or such as '2 slots'")
    between: Texts = _may("two places such as [m1, m5 b3]")
    voice: str = _may("the name of a voice")
    voices: Texts = _may("all, the name of a voice, or a list of voices")
    at: Texts = _may("places such as [m1, m5 b3] or [soprano m1, alto m3]")
    length: Value = _may("a number of quarter lengths, or such as '2 slots'")
    transposed: str = _may("an interval such as P5, '4 steps', any, or any steps")
    keep: Texts = _may("ids of rules over two voices that hold in inversion too")
    total: CountedEntry = _may("the windows that are counted over the piece: {over: melodic-step, when: ...}")
    on: Texts = _may("skeleton, attacks, chords, beats or strong-beats, or a list of them")
    when: str = _may("a condition over the fields of the window")
    forbid: str = _may("a condition that must not hold")
    require: str = _may("a condition that must hold")
    cost: str = _may("an expression: what the window costs")
    unless: _Exemptions = _may("a condition, or names with conditions")
    points_at: _Pointers = _may("a condition on each note, names of notes, or smaller windows with conditions")
    out_of: str = _may("a condition: the windows a rate of the rule is out of, where it is not when")
    message: str = _may("a sentence that may name fields in braces")
    because: str = _may("a text: why")
    source: str = _may("a text: where the theory comes from")
    title: str = _may("a text: the rule's title")
    category: str = _may("a text: the chapter of the manual")
    part_of: str = _may("an id: the larger rule it belongs to")
    penalty: Value = _may("marks lost when marking")
    bach: Value = _may("how often Bach breaks it")
    note: str = _may("a text for the manual")
    good: Texts = _may("an example that keeps the rule, or a list of them")
    bad: Texts = _may("an example that breaks the rule, or a list of them")


RuleSetting = Annotated[
    Annotated[float, Field(ge=0, description="a weight, 0 or more"), Tag("<number>")]
    | Annotated[Literal["hard", "off"], Field(description="hard, off, or a weight"), Tag("<text>")]
    | Annotated[RuleEntry, Tag("<mapping>")],
    _BY_SHAPE,
    Field(description="a weight of 0 or more, hard, off, a patch, or a new rule {over, forbid, ...}"),
]


class Rules(BaseModel):
    """Profiles, and single rules by id."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, allow_inf_nan=False)
    __pydantic_extra__: dict[str, RuleSetting] = Field(init=False)

    use: Texts = _may("a profile, or a list of profiles")


class Claim(_Model):
    """What the author promises of every piece."""

    rule: str = _may("the id of a rule")
    name: str = _may("a short name for the claim")
    over: str = _may("the window, such as voice-line")
    fold: str = _may("the memory of a claim over voice-line")
    on: Texts = _may("skeleton, attacks, beats or strong-beats, or a list of them")
    when: str = _may("a condition over the fields of the window")
    forbid: str = _may("a condition that must not hold")
    require: str = _may("a condition that must hold")
    message: str = _may("a sentence that may name fields in braces")
    because: str = _may("a text: why")


class Accepted(_Model):
    """A warning of 'theorygen verify' that the author explains."""

    finding: str = Field(description="the kind of the warning, such as dead-production")
    about: str = Field(description="what it is about, as 'verify --json' says; * stands for anything")
    because: str = Field(description="a sentence: why it is no mistake")


class Sampling(_Model):
    """How pieces are drawn."""

    temperature: float = _may("a number above 0: low keeps to the best voicings", gt=0)


class Goal(_Model):
    """What the form grammar derives."""

    symbol: str = Field(description="a head of the form grammar, such as Chorale")
    length: Weight = _may("a number or an expression of parameters: units of the form")


_Keys = Annotated[list[Text], Field(min_length=1, description="a list of keys, such as [C, G, D]")]


class StyleFile(_Model):
    """One style file as written, before what it extends is merged in."""

    theorygen: Literal[1] = Field(description="1, the version of the style language")
    title: str = _may("a text: the title of the style")
    description: str = _may("a text: what the style is")
    abstract: bool = _may("true or false: whether the style is only a base for others")
    extends: Texts = _may("the name or path of another style, or a list of them")
    parameters: dict[str, Parameter] = _may("parameters by name, each {default, range, help}")
    ensemble: Annotated[
        Annotated[str, Tag("<text>")] | Annotated[Voices, Tag("<mapping>")]
        | Annotated[list[Voice], Field(min_length=1), Tag("<list>")], _BY_SHAPE,
    ] = _may("the name of an ensemble, such as satb, or a list of voices")
    meter: Texts = _may("a meter such as 4/4, or a list of meters to choose from")
    pickup: Weight = _may("quarter lengths before the first bar line, 0 or more")
    phrase_length: Weight = _may("quarter lengths of a phrase; bar stands for the length of a bar, as in 2 * bar")
    unit: Weight = _may("quarter lengths of a chord without a duration; default one beat")
    tempo: Annotated[
        Annotated[float, Field(ge=10, le=1000, description="a number from 10 to 1000"), Tag("<number>")]
        | Annotated[list[Annotated[float, Field(ge=10, le=1000, description="a number from 10 to 1000")]],
                    Field(min_length=2, max_length=2), Tag("<list>")],
        _BY_SHAPE,
    ] = _may("beats a minute: a number, or the slowest and the fastest, such as [66, 84]")
    keys: dict[str, _Keys] = _may("modes with their keys, such as {major: [C, G], minor: [a, e]}", min_length=1)
    lexicon: dict[str, Any] = _may("chords, figures and scales by name")
    goal: Annotated[
        Annotated[str, Tag("<text>")] | Annotated[Goal, Tag("<mapping>")], _BY_SHAPE,
    ] = _may("the head the form begins with, or {symbol, length}")
    attributes: list[Text] = _may("a list of attributes that the forms of other styles set, such as [final]")
    form: Grammar = _may("heads with their alternatives, such as Chorale: Phrase Phrase")
    harmony: Grammar = _may("heads with their alternatives, such as T: {I: 5}")
    rules: Rules = _may("{use: [profile], rule-id: weight, ...}")
    surface: dict[str, Any] = _may("embellishment and rhythm by name")
    claims: list[Claim] = _may("a list of {rule: id} or {over, when, require}")
    accepted: list[Accepted] = _may("a list of {finding, about, because}: warnings of 'verify' that are meant so")
    sampling: Sampling = _may("{temperature: number}")
