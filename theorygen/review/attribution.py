"""Faults traced to their primary cause: a doubled leading tone whose two copies rise is one fault, not three."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from theorygen.rules.check import Violation
from theorygen.source.document import load_document

SHARING: dict[str, Callable[[Violation, Violation], bool]] = {
    "note": lambda cause, effect: not set(cause.notes).isdisjoint(effect.notes),
    "all-notes": lambda cause, effect: set(cause.notes) <= set(effect.notes),
    "time": lambda cause, effect: not set(cause.onsets).isdisjoint(effect.onsets),
}
"""What a cause and its effect have in common, by the words of the table."""


@dataclass(frozen=True)
class Link:
    """One entry of the table of causes.

    Attributes:
        causes: ids of rules or categories.
        effects: ids of rules or categories.
        sharing: what both violations must have in common, a word of `SHARING`.
        because: why the one brings the other.
    """

    causes: tuple[str, ...]
    effects: tuple[str, ...]
    sharing: str
    because: str

    def joins(self, cause: Violation, effect: Violation) -> bool:
        """Whether the two violations have in common what the entry asks for."""
        return SHARING[self.sharing](cause, effect)


@cache
def load_causes() -> tuple[Link, ...]:
    """The table of causes, in order of precedence.

    Raises:
        InputError: the table cannot be read.
    """
    document = load_document(str(files("theorygen.review") / "causes.yaml"))
    return tuple(Link(tuple(entry["cause"]), tuple(entry["leads-to"]), entry["sharing"], entry["because"])
                 for entry in document.data)


def causes_of(violations: Sequence[Violation], categories: Mapping[str, str]) -> list[int | None]:
    """For each violation the index of the violation that explains it, or None.

    Following the causes always ends: a violation never explains itself, not even through others.

    Args:
        violations: in the order of the checker.
        categories: the category of each rule.
    """
    tracer = _Tracer(violations, categories)
    for link in load_causes():
        tracer.apply(link)
    return tracer.causes


class _Tracer:
    def __init__(self, violations: Sequence[Violation], categories: Mapping[str, str]) -> None:
        self.violations = violations
        self.names = [{one.rule, categories.get(one.rule, "")} for one in violations]
        self.causes: list[int | None] = [None] * len(violations)
        self._at: dict[object, list[int]] = {}
        for index, one in enumerate(violations):
            for key in (*one.notes, *one.onsets):
                self._at.setdefault(key, []).append(index)

    def apply(self, link: Link) -> None:
        """Give a cause to every effect of one entry that has none yet."""
        for effect, names in enumerate(self.names):
            if self.causes[effect] is None and not names.isdisjoint(link.effects):
                fitting = (one for one in self.near(effect) if self.explains(link, one, effect))
                self.causes[effect] = next(fitting, None)

    def near(self, effect: int) -> list[int]:
        """Violations that share a note or a moment with one, in order."""
        one = self.violations[effect]
        return sorted({other for key in (*one.notes, *one.onsets) for other in self._at[key]})

    def explains(self, link: Link, cause: int, effect: int) -> bool:
        """Whether one violation is the cause of another by one entry."""
        first, second = self.violations[cause], self.violations[effect]
        return (not self.names[cause].isdisjoint(link.causes) and first.hard >= second.hard
                and first.rule != second.rule and link.joins(first, second) and effect not in self.chain(cause))

    def chain(self, index: int) -> Iterable[int]:
        """A violation and what it comes from, up to its first cause."""
        found: list[int] = []
        at: int | None = index
        while at is not None:
            found.append(at)
            at = self.causes[at]
        return found
