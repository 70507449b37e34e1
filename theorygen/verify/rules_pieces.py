"""Pieces to judge a style by: composed under several settings, the same ones for every study of a subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from theorygen.compose.composition import Composer, Composition, solved_rules, task_of
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.solve.conflict import NoSolution
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.theory import TheoryError
from theorygen.verify.finding import Bounds, Subject
from theorygen.verify.settings import settings

MOST_SETTINGS = 8
"""Settings that pieces are spread over: each needs charts of its own."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A piece that the style makes.

    Attributes:
        composition: the piece.
        values: the parameters it was composed with that have not their default values.
    """

    composition: Composition
    values: Mapping[str, Any]

    @property
    def command(self) -> str:
        """What makes it again."""
        style, seed = self.composition.style, self.composition.seed
        said = "".join(f" --set {name}={value}" for name, value in self.values.items())
        return f"theorygen compose {style_argument(style)} --seed {seed}{said}"

    @property
    def task(self) -> Task:
        """Its chords, to be voiced in all ways."""
        return task_of(self.composition.plan, self.composition.style)

    @property
    def chords(self) -> int:
        """How many chords it has."""
        return len(self.composition.plan.chords)


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of a subject.

    Attributes:
        pieces: in the order they were composed.
        failed: seeds and settings that gave no piece, in words.
        told: how many there are, in words.
    """

    pieces: tuple[Piece, ...]
    failed: tuple[str, ...]
    told: str


def style_argument(style: Style) -> str:
    """How a command names a style: by its name where it ships, else by its file."""
    from theorygen.grammar.loading import shipped_styles

    return style.name if style.name in shipped_styles() and shipped_styles()[style.name] == style.file else str(
        style.file.name)


def pieces_of(subject: Subject) -> Pieces:
    """The pieces that the bounds of a subject ask for; composed once."""
    return _pieces(subject.style, tuple(sorted(subject.given.items())), subject.bounds)


@lru_cache(maxsize=4)
def _pieces(style: Style, given: tuple[tuple[str, Any], ...], bounds: Bounds) -> Pieces:
    subject = Subject(style, bounds, dict(given))
    values = _spread(settings(subject).values, min(MOST_SETTINGS, max(bounds.pieces, 1)))
    found, failed = list[Piece](), list[str]()
    for one in _drawn(style, values, bounds.pieces):
        (found if isinstance(one, Piece) else failed).append(one)  # type: ignore[arg-type]
    number = f"{len(values)} settings" if len(values) > 1 else "one setting"
    return Pieces(tuple(found), tuple(failed), f"{len(found):,} pieces in {number}")


def plans_of(subject: Subject) -> Iterator[Problem]:
    """The chords of as many pieces, to be voiced; those that cannot be voiced are among them."""
    values = _spread(settings(subject).values, min(MOST_SETTINGS, max(subject.bounds.pieces, 1)))
    for index, one in enumerate(values):
        planner = Composer(subject.style, one).planner
        for seed in range(index, subject.bounds.pieces, len(values)):
            try:
                yield task_of(planner.plan(Chance(seed), None, 0), subject.style).problem
            except InputError:  # this form has no harmony
                continue


def _spread(values: tuple[Mapping[str, Any], ...], most: int) -> list[Mapping[str, Any]]:
    """The first of some settings and others spread evenly over the rest."""
    if len(values) <= most:
        return list(values)
    return [values[index * len(values) // most] for index in range(most)]


def _drawn(style: Style, values: list[Mapping[str, Any]], count: int) -> Iterator[Piece | str]:
    """One piece after the other, or why there is none."""
    assert style.ensemble is not None
    workshop = Workshop(solved_rules(style), style.ensemble)
    for index, one in enumerate(values):
        composer = Composer(style, one)
        composer.workshop = workshop  # tables depend on rules and voices alone
        special = {name: value for name, value in one.items() if value != style.parameters[name].default}
        for seed in range(index, count, len(values)):
            try:
                yield Piece(composer.compose(seed), special)
            except (NoSolution, InputError, TheoryError) as error:
                yield f"seed {seed}: {str(error).splitlines()[0]}"
