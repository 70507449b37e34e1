"""Strategies for scores and progressions in a style."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from hypothesis import strategies as st

from theorygen.grammar.parameters import Parameter
from theorygen.grammar.style import Style, load_style, resolve_parameters
from theorygen.rules.expression import INTEGER, Expression
from theorygen.score.score import Score
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.testing.chance import DrawnChance
from theorygen.testing.derived import Material
from theorygen.testing.drawn_score import DrawnScore
from theorygen.testing.plainness import by_plainness
from theorygen.testing.plans import Pieces, Source, Stretches
from theorygen.testing.studio import Studio
from theorygen.theory import Key

Chords = int | tuple[int, int] | None
Keys = str | Key | Iterable[str | Key] | None

PREPARED = 20
"""Plans for each key whose tables are made before anything is drawn."""

_USUAL: Mapping[bool, tuple[int, int | None]] = {True: (1, None), False: (2, 8)}
"""Chords of whole pieces, and of stretches, unless said otherwise."""


def scores(style: str | Style, chords: Chords = None, keys: Keys = None, *, whole: bool = True,
           **parameters: Any) -> st.SearchStrategy[Score]:
    """Scores in a style, which keep all its rules that are kept while composing; they shrink to the fewest chords.

    Whole pieces have the law of ``theorygen compose``. Stretches of phrases have any number of chords alike, and then
    every stretch the weight of its phrase; rules about whole phrases and pieces do not hold for them.

    Args:
        style: a style, the name of one that ships, or the path of one.
        chords: how many: a number, (fewest, most), or None: for pieces any, for stretches 2 to 8.
        keys: home keys; None for those of the style.
        whole: whether they are whole pieces, or stretches of a phrase.
        parameters: values of the style's parameters. Of those that are left out the ones that say how long a piece is
            take all values from the shortest to the default, the others their defaults.

    Raises:
        InputError: (when drawn) the style, a key or a parameter is wrong, or there is nothing of so many chords.
    """
    return st.deferred(lambda: _scores(style, chords, keys, whole, parameters))


@lru_cache(maxsize=16)
def studio_of(style: Style) -> Studio:
    """The studio of a style, which keeps its tables."""
    return Studio(style)


@lru_cache(maxsize=32)
def style_of(name: str | Style) -> Style:
    """A style by name or path, or itself."""
    return name if isinstance(name, Style) else load_style(name)


def _scores(name: str | Style, chords: Chords, keys: Keys, whole: bool, parameters: Mapping[str, Any],
            ) -> st.SearchStrategy[Score]:
    style = style_of(name)
    source = source_of(style, chords, keys, whole, parameters)
    written = str(name.file) if isinstance(name, Style) else name
    studio = studio_of(style)
    studio.prepare(source, PREPARED * len(keys_of(style, keys)))

    @st.composite
    def drawn(draw: Any) -> Score:
        task, solution = studio.draw(source, DrawnChance(draw))
        return DrawnScore.of(task.score(solution, {"style": style.name}), style, written)

    return drawn()


def source_of(style: Style, chords: Chords, keys: Keys, whole: bool, parameters: Mapping[str, Any]) -> Source:
    """What draws the chords."""
    materials = list(_materials(style, parameters))
    fewest, most = _USUAL[whole] if chords is None else bounds(chords)
    kind = Pieces if whole else Stretches
    return kind(materials, keys_of(style, keys), fewest, most)


def bounds(chords: int | tuple[int, int]) -> tuple[int, int]:
    """The fewest and the most chords asked for.

    Raises:
        InputError: there is no such number.
    """
    fewest, most = (chords, chords) if isinstance(chords, int) else chords
    if fewest < 1 or most < fewest:
        raise InputError(Diagnostic("bad-length", f"no music has {fewest} to {most} chords",
                                    expected="(fewest, most), with fewest from 1 up to most"))
    return fewest, most


def keys_of(style: Style, keys: Keys) -> list[Key]:
    """The keys asked for, the plainest first."""
    modes = tuple(style.keys)
    if keys is None:
        return by_plainness([key for some in style.keys.values() for key in some], modes)
    said = [keys] if isinstance(keys, str | Key) else list(keys)
    found = [Key.parse(key) if isinstance(key, str) else key for key in said]
    for key in found:
        if key.mode not in style.keys:
            raise InputError(Diagnostic("mode-not-in-style", f"style '{style.name}' has no pieces in a {key.mode} key",
                                        expected=" or ".join(modes)))
    return by_plainness(found, modes)


def _materials(style: Style, given: Mapping[str, Any]) -> Iterator[Material]:
    """The style under the values of its parameters: numbers that make the form longer run up to their defaults.

    Raises:
        InputError: a parameter is unknown, or a value is not allowed; or the style is only a base.
    """
    fixed = {name: str(value) for name, value in given.items()}
    defaults = resolve_parameters(style, fixed)
    free = {name: _numbers(style.parameters[name]) for name in sorted(_of_length(style) - set(fixed))}
    usual, lengths = Material(style, defaults), set()
    for values in product(*free.values()):
        material = Material(style, {**defaults, **dict(zip(free, values, strict=True))})
        length = material.planner.lengths.form()
        if length not in lengths and length != usual.planner.lengths.form():
            lengths.add(length)
            yield material
    yield usual


def _of_length(style: Style) -> frozenset[str]:
    """The parameters that say how long the form is."""
    names = style.length.names if isinstance(style.length, Expression) else ()
    return frozenset(names) & frozenset(style.parameters)


def _numbers(parameter: Parameter) -> list[Any]:
    """Whole numbers from the lowest one allowed to the default, or the default alone."""
    if parameter.choices or parameter.kind != INTEGER or parameter.lowest is None:
        return [parameter.default]
    return list(range(int(parameter.lowest), int(parameter.default) + 1))
