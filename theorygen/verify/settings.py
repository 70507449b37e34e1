"""The settings of a style's parameters that can be told apart, and what the form asks of the harmony under them."""

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
from theorygen.source.diagnostic import InputError
from theorygen.verify.distinct import Reading, lengths_key
from theorygen.verify.finding import Subject
from theorygen.verify.roots import Root, form_key, harmony_chart, roots

__all__ = ["Asked", "Group", "Root", "Settings", "asked", "harmony_chart", "roots", "settings"]

_MOST_COMBINATIONS = 10_000
"""Combinations of values that are looked at, to find those that can be told apart."""

_MOST_VALUES = 1000
"""Values of one parameter: those of a wider range are spread evenly over it."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """Values for all parameters of a style, in many combinations.

    Attributes:
        values: for each setting the value of every parameter; the first has the defaults.
        is_complete: whether they are all that can be told apart.
        told: how many they are out of how many, in words.
    """

    values: tuple[Values, ...]
    is_complete: bool
    told: str


@dataclass(frozen=True)
class Group:
    """Settings under which the harmony is the same.

    Attributes:
        values: one of these settings; the first group has the defaults.
        roots: what the form asks of the harmony under any of them.
    """

    values: Values
    roots: tuple[Root, ...]


@dataclass(frozen=True)
class Asked:
    """Everything the form asks of the harmony.

    Attributes:
        groups: the settings by what they leave of the harmony.
        wrong: settings whose lengths are not possible, with the complaint.
        is_complete: whether all settings were looked at.
        told: how many, in words.
    """

    groups: tuple[Group, ...]
    wrong: tuple[tuple[Values, InputError], ...]
    is_complete: bool
    told: str


def settings(subject: Subject) -> Settings:
    """The settings of a style's parameters that can be told apart by their pieces' forms, chords and lengths.

    Numbers that are not whole are tried at their default and at both ends of their range. Where there are more settings
    than the bounds allow, every single value is tried beside the defaults of the others first, and what is left of the
    bound is spread evenly over all.

    Raises:
        InputError: a value given is not allowed, or names no parameter.
    """
    found = _Combinations(subject)
    most = max(subject.bounds.settings, 1)
    every = list(found.distinct())
    told = every if len(every) <= most else found.spread(every, most)
    is_all = len(told) == len(every)
    return Settings(tuple(told), found.is_complete and is_all, found.told(len(told), len(every)))


def asked(subject: Subject) -> Asked:
    """What the form asks of the harmony, grouped by what the settings leave of the harmony.

    Each form is followed once, so all settings are looked at, however many there are, unless there are more forms than
    the bounds allow settings.

    Raises:
        InputError: a value given is not allowed, or names no parameter.
    """
    found = _Combinations(subject)
    every = list(found.distinct())
    forms: dict[tuple[Any, ...], tuple[Root, ...] | InputError] = {}
    groups: dict[tuple[Any, ...], tuple[Values, dict[Root, None]]] = {}
    wrong = []
    left_out = 0
    for values in every:
        key = form_key(subject.style, values, found.form)
        if key not in forms and len(forms) >= max(subject.bounds.settings, 1):
            left_out += 1
            continue
        if key not in forms:
            forms[key] = _followed(subject.style, values)
        below = forms[key]
        if isinstance(below, InputError):
            wrong.append((values, below))
            continue
        _, known = groups.setdefault(found.harmony.key(values), (values, {}))
        known |= dict.fromkeys(below)
    told = found.told(len(every) - left_out, len(every))
    return Asked(tuple(Group(values, tuple(known)) for values, known in groups.values()), tuple(wrong),
                 found.is_complete and not left_out, told)


def _followed(style: Style, values: Values) -> tuple[Root, ...] | InputError:
    try:
        return roots(style, values)
    except InputError as error:
        return error


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


class _Combinations:
    """The combinations of values of the parameters that something reads; the others have their defaults."""

    def __init__(self, subject: Subject) -> None:
        style = subject.style
        self.style = style
        self.base = resolve_parameters(style, {name: str(value) for name, value in subject.given.items()})
        given = {name.replace("-", "_") for name in subject.given}
        free = [style.parameters[name] for name in read_by(style) if name not in given]
        self.domains = {parameter.name: values_of(parameter) for parameter in free}
        self.whole = prod(len(values) for values in self.domains.values())
        self.is_countable = all(map(_is_countable, free))
        self.form, self.harmony = Reading(style.form), Reading(style.harmony)

    @property
    def is_complete(self) -> bool:
        """Whether all values of all parameters are among them."""
        return self.is_countable and self.whole <= _MOST_COMBINATIONS

    def distinct(self) -> Iterator[Values]:
        """Those that can be told apart, the defaults first."""
        seen = set()
        for values in self.all():
            key = (self.form.key(values), self.harmony.key(values), lengths_key(self.style, values))
            if key not in seen:
                seen.add(key)
                yield values

    def all(self) -> Iterator[Values]:
        """All combinations, or as many as are looked at, those first that matter most."""
        if self.whole <= _MOST_COMBINATIONS:
            for values in product(*self.domains.values()):
                yield {**self.base, **dict(zip(self.domains, values, strict=True))}
            return
        yield from self.single()
        yield from (self.numbered(index * self.whole // _MOST_COMBINATIONS) for index in range(_MOST_COMBINATIONS))

    def single(self) -> Iterator[Values]:
        """The defaults, and every value of each parameter beside the defaults of the others."""
        yield dict(self.base)
        for name, values in self.domains.items():
            yield from ({**self.base, name: value} for value in values[1:])

    def numbered(self, number: int) -> Values:
        """The combination of a number, the last parameter changing first."""
        found = dict(self.base)
        for name, values in reversed(self.domains.items()):
            number, digit = divmod(number, len(values))
            found[name] = values[digit]
        return found

    def spread(self, every: list[Values], most: int) -> list[Values]:
        """Some of them: those with a single value changed, then some at equal distances."""
        told = {tuple(values.items()): values for values in islice(self.single(), most)}
        for index in range(most):
            if len(told) < most:
                values = every[index * len(every) // most]
                told.setdefault(tuple(values.items()), values)
        return list(told.values())

    def told(self, looked: int, distinct: int) -> str:
        """How far was looked, in words."""
        if self.whole > _MOST_COMBINATIONS:
            return f"{looked} settings of {self.whole}"
        if self.whole == 1:
            return "the only setting"
        alike = f" ({distinct} that differ)" if distinct < self.whole else ""
        if looked < distinct:
            return f"{looked} of {self.whole} settings{alike}"
        ends = "" if self.is_countable else ", of numbers that are not whole the default and the ends"
        return f"all {self.whole} settings{alike}{ends}"
