"""Invertible counterpoint: rules over two voices, kept also when the voices change places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from theorygen.rules.relation_demands import Clock, Demand
from theorygen.rules.relation_values import Key, read_octaves, read_voice, several
from theorygen.rules.relations import Relation
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Array
from theorygen.theory import Interval

TWO_VOICES = tuple(name for name, window in WINDOWS.items() if window.voices == 2)
IN_MOTION = tuple(name for name in TWO_VOICES if WINDOWS[name].slots == 2)


@dataclass(frozen=True)
class Invertible(Relation):
    """Two voices that may change places.

    It demands nothing of single notes: `inverted` makes it rules over pairs of voices, which the layered solver keeps.
    """

    kind = "invertible"
    about = "The rules over two voices hold as well when the lower one stands an octave higher, above the other."
    message = "when the voices change places, this breaks {rule}"
    words = ("rule",)
    keys: ClassVar[Mapping[str, Key]] = {
        "voices": Key(several(read_voice, 2, 2), "two voices, the upper first"),
        "interval": Key(read_octaves, "how much higher the lower voice then lies: P8 or P15"),
        "keep": Key(several(str, 1), "ids of rules over two voices; by default all hard ones over their motion", False)}

    voices: tuple[str, str]
    interval: Interval
    keep: tuple[str, ...] = ()

    @property
    def voices_meant(self) -> tuple[str, ...]:
        """Upper and lower voice."""
        return self.voices

    def demands(self, clock: Clock) -> Iterator[Demand]:
        """Nothing."""
        return iter(())

    def kept(self, rules: Iterable[ActiveRule], library: Mapping[str, Rule]) -> list[ActiveRule]:
        """The rules that must hold in inversion too; those of the library that are not in force here are hard."""
        plain = [rule for rule in rules if rule.rule.relation is None and not isinstance(rule, InvertedRule)]
        if not self.keep:
            return [rule for rule in plain if rule.hard and rule.rule.over in IN_MOTION]
        named = {rule.name for rule in plain}
        others = [ActiveRule(library[name], True) for name in self.keep if name not in named]
        return [*(rule for rule in plain if rule.name in self.keep), *others]


@dataclass(frozen=True)
class InvertedRule(ActiveRule):
    """A rule over two voices, judged as if the two had changed places.

    Attributes:
        voices: names of the upper and the lower voice.
        interval: code of the interval by which the lower voice is raised.
    """

    voices: tuple[str, str] = ("", "")
    interval: int = 0

    def charge(self, rows: Any) -> tuple[Array, Array]:
        """The windows of these two voices that break the rule when inverted, and what each costs."""
        names = [voice.name for voice in rows.world.voices]
        if not set(self.voices) <= set(names):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        kept = np.flatnonzero((rows.voices == [names.index(voice) for voice in self.voices]).all(axis=1))
        pitches = [column[kept][:, ::-1] + [self.interval, 0] for column in rows.pitches]
        inverted = rows.window.rows(rows.world, pitches, rows.voices[kept], [column[kept] for column in rows.slots])
        broken, amounts = super().charge(inverted)
        return kept[inverted.origin[broken]], amounts


def _inverted(active: ActiveRule, kept: Iterable[ActiveRule]) -> Iterator[InvertedRule]:
    """Rules as they hold in inversion, under the name of the rule that asks for it."""
    relation: Invertible = active.rule.relation
    for one in kept:
        rule = replace(one.rule, name=active.name, message=_message(active.rule, one.name),
                       because=active.rule.because or one.rule.because, details=active.rule.details, good=(),
                       bad=(), points_at={}, origin=active.rule.origin)
        yield InvertedRule(rule, one.hard, one.weight, one.where, voices=relation.voices,
                           interval=relation.interval.code)


def _message(rule: Rule, name: str) -> str:
    return (rule.message or Invertible.message).replace("{rule}", name)


def with_inversions(rules: tuple[ActiveRule, ...], library: Mapping[str, Rule]) -> tuple[ActiveRule, ...]:
    """Rules and, before each that asks for invertible counterpoint, those it makes of them."""
    found: list[ActiveRule] = []
    for rule in rules:
        if isinstance(rule.rule.relation, Invertible):
            found += _inverted(rule, rule.rule.relation.kept(rules, library))
        found.append(rule)
    return tuple(found)
