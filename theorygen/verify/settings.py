"""The settings of a style's parameters that can be told apart, and what the form asks of the harmony under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Any

from theorygen.grammar.style import Style, resolve_parameters
from theorygen.grammar.symbols import Goal
from theorygen.source.diagnostic import InputError
from theorygen.verify.distinct import Reading, lengths_key
from theorygen.verify.finding import Subject
from theorygen.verify.roots import Followed, Root, followed, form_key, harmony_chart, roots
from theorygen.verify.values import is_countable, read_by, values_of

__all__ = ["Asked", "Group", "Root", "Settings", "asked", "harmony_chart", "roots", "settings", "singles"]

_MOST_COMBINATIONS = 10_000
"""Combinations of values that are looked at, to find those that can be told apart."""

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
        missing: settings, and what their form is asked and has no derivation of.
        form: what is known of the form's productions under all settings; its roots are those of all groups.
        is_complete: whether all settings were looked at.
        told: how many, in words.
    """

    groups: tuple[Group, ...]
    wrong: tuple[tuple[Values, InputError], ...]
    missing: tuple[tuple[Values, Goal], ...]
    form: Followed
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


def singles(subject: Subject) -> Iterator[tuple[str, Values]]:
    """Settings in which one parameter has another value than its default, each with the name of that parameter."""
    found = _Combinations(subject)
    for values in islice(found.single(), 1, None):
        yield next(name for name in found.domains if values[name] != found.base[name]), values


def asked(subject: Subject) -> Asked:
    """What the form asks of the harmony, grouped by what the settings leave of the harmony.

    Each form is followed once, so all settings are looked at, however many there are, unless there are more forms than
    the bounds allow settings.

    Raises:
        InputError: a value given is not allowed, or names no parameter.
    """
    found = _Combinations(subject)
    every = list(found.distinct())
    forms: dict[tuple[Any, ...], tuple[Values, Followed | InputError]] = {}
    groups: dict[tuple[Any, ...], tuple[Values, dict[Root, None]]] = {}
    looked = 0
    for values in every:
        key = form_key(subject.style, values, found.form)
        if key in forms or len(forms) < max(subject.bounds.settings, 1):
            looked += 1
            if key not in forms:
                forms[key] = (values, _followed(subject.style, values))
            below = forms[key][1]
            if isinstance(below, Followed):
                groups.setdefault(found.harmony.key(values), (values, {}))[1].update(dict.fromkeys(below.roots))
    done = [(values, below) for values, below in forms.values() if isinstance(below, Followed)]
    return Asked(
        tuple(Group(values, tuple(known)) for values, known in groups.values()),
        tuple((values, below) for values, below in forms.values() if isinstance(below, InputError)),
        tuple((values, goal) for values, below in done for goal in below.missing),
        _together([below for _, below in done]),
        found.is_complete and looked == len(every), found.told(looked, len(every)))


def _together(forms: Sequence[Followed]) -> Followed:
    """What is known of the form's productions, all settings together."""
    return Followed(
        tuple(dict.fromkeys(root for one in forms for root in one.roots)),
        frozenset().union(*(one.productions for one in forms)),
        tuple(goal for one in forms for goal in one.missing),
        frozenset().union(*(one.reached for one in forms)), frozenset().union(*(one.allowed for one in forms)))


def _followed(style: Style, values: Values) -> Followed | InputError:
    try:
        return followed(style, values)
    except InputError as error:
        return error


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
        self.is_countable = all(map(is_countable, free))
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
