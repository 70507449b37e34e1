"""The settings of a style's parameters that can be told apart: every combination, or as many as are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from math import ceil, floor, prod
from typing import Any

from theorygen.grammar.grammar_facts import parameters_read
from theorygen.grammar.parameters import Parameter, ParameterValue
from theorygen.grammar.style import Style, resolve_parameters
from theorygen.rules.expression import BOOLEAN, INTEGER, Expression
from theorygen.verify.finding import Subject

_MOST_VALUES = 1000
"""Values of one parameter: those of a wider range are spread evenly over it."""


@dataclass(frozen=True)
class Settings:
    """Values for all parameters of a style, in many combinations.

    Attributes:
        values: for each setting the value of every parameter; the first has the defaults.
        is_complete: whether they are all that can be told apart.
        told: how many they are out of how many, in words.
    """

    values: tuple[Mapping[str, Any], ...]
    is_complete: bool
    told: str


def settings(subject: Subject) -> Settings:
    """The settings of the parameters that the form, the harmony or a length reads; the others have their defaults.

    Numbers that are not whole are tried at their default and at both ends of their range. Where there are more settings
    than the bounds allow, every single value is tried beside the defaults of the others first, and what is left of the
    bound is spread evenly over all combinations.

    Raises:
        InputError: a value given is not allowed, or names no parameter.
    """
    style = subject.style
    base = resolve_parameters(style, {name: str(value) for name, value in subject.given.items()})
    given = {name.replace("-", "_") for name in subject.given}
    free = [style.parameters[name] for name in read_by(style) if name not in given]
    domains = {parameter.name: values_of(parameter) for parameter in free}
    whole = prod(len(values) for values in domains.values())
    most = max(subject.bounds.settings, 1)
    chosen = {tuple(one.items()): one for one in islice(_in_order(base, domains, whole, most), most)}
    every = whole <= most and all(_is_countable(parameter) for parameter in free)
    return Settings(tuple(chosen.values()), every, _told(len(chosen), whole, every))


def read_by(style: Style) -> tuple[str, ...]:
    """The parameters that change which pieces there are, in the order of the style."""
    lengths = (style.length, style.phrase_length, style.pickup, style.unit)
    read = {name for value in lengths if isinstance(value, Expression) for name in value.names}
    for grammar in (style.form, style.harmony):
        read |= parameters_read(grammar) if grammar else frozenset()
    return tuple(name for name in style.parameters if name in read)


def values_of(parameter: Parameter) -> tuple[ParameterValue, ...]:
    """The values that are tried, the default first."""
    if parameter.choices:
        others: tuple[ParameterValue, ...] = parameter.choices
    elif parameter.kind == BOOLEAN:
        others = (False, True)
    elif parameter.lowest is None or parameter.highest is None:
        others = ()
    elif parameter.kind == INTEGER:
        lowest, highest = ceil(parameter.lowest), floor(parameter.highest)
        others = tuple(range(lowest, highest + 1, ceil((highest - lowest + 1) / _MOST_VALUES)))
    else:
        others = (parameter.lowest, parameter.highest)
    return tuple(dict.fromkeys((parameter.default, *others)))


def _is_countable(parameter: Parameter) -> bool:
    """Whether the values that are tried are all there are."""
    if parameter.choices or parameter.kind == BOOLEAN:
        return True
    return parameter.kind == INTEGER and parameter.lowest is not None and len(values_of(parameter)) <= _MOST_VALUES


def _in_order(base: Mapping[str, Any], domains: Mapping[str, tuple[Any, ...]], whole: int,
              most: int) -> Iterator[dict[str, Any]]:
    """Settings, those first that matter most; some come twice."""
    if whole <= most:
        yield from _combined(base, domains)
        return
    yield dict(base)
    for name, values in domains.items():
        yield from ({**base, name: value} for value in values[1:])
    yield from (_numbered(base, domains, index * whole // most) for index in range(most))


def _combined(base: Mapping[str, Any], domains: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    for values in product(*domains.values()):
        yield {**base, **dict(zip(domains, values, strict=True))}


def _numbered(base: Mapping[str, Any], domains: Mapping[str, tuple[Any, ...]], number: int) -> dict[str, Any]:
    """The combination of a number, the last parameter changing first."""
    found = dict(base)
    for name, values in reversed(domains.items()):
        number, digit = divmod(number, len(values))
        found[name] = values[digit]
    return found


def _told(looked: int, whole: int, is_complete: bool) -> str:
    if whole == 1:
        return "the only setting"
    if is_complete:
        return f"all {whole} settings"
    if looked < whole:
        return f"{looked} of {whole} settings"
    return f"{whole} settings, of numbers the default and the ends"
