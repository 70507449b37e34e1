"""Strategies for scores and progressions in a style."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from hypothesis import strategies as st

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
    options = f"--style {style_name(name)}"
    studio = studio_of(style)

    @st.composite
    def drawn(draw: Any) -> Score:
        task, solution = studio.draw(source, DrawnChance(draw))
        return DrawnScore.of(task.score(solution, {"style": style.name}), options)

    return drawn()


def style_name(name: str | Style) -> str:
    """How a command calls a style."""
    return str(name.file) if isinstance(name, Style) else name


def source_of(style: Style, chords: Chords, keys: Keys, whole: bool, parameters: Mapping[str, Any]) -> Source:
    """What draws the chords."""
    materials = [Material(style, values) for values in _values(style, parameters)]
    fewest, most = _bounds(chords, whole)
    kind = Pieces if whole else Stretches
    return kind(materials, _keys(style, keys), fewest, most)


def _bounds(chords: Chords, whole: bool) -> tuple[int, int | None]:
    if chords is None:
        return (1, None) if whole else (2, 8)
    fewest, most = (chords, chords) if isinstance(chords, int) else chords
    if fewest < 1 or most < fewest:
        raise InputError(Diagnostic("bad-length", f"no music has {fewest} to {most} chords",
                                    expected="(fewest, most), with fewest from 1 up to most"))
    return fewest, most


def _keys(style: Style, keys: Keys) -> list[Key]:
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


def _values(style: Style, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Values of all parameters: those of the lengths run up to their defaults."""
    fixed = {name: str(value) for name, value in given.items()}
    defaults = resolve_parameters(style, fixed)
    free = sorted(_of_length(style) - set(fixed))
    for values in product(*(_range(style, name) for name in free)):
        yield {**defaults, **dict(zip(free, values, strict=True))}


def _of_length(style: Style) -> frozenset[str]:
    """The parameters that say how long the form is."""
    names = style.length.names if isinstance(style.length, Expression) else ()
    return frozenset(names) & frozenset(style.parameters)


def _range(style: Style, name: str) -> list[Any]:
    parameter = style.parameters[name]
    if parameter.choices:
        return [parameter.default, *(one for one in parameter.choices if one != parameter.default)]
    if parameter.kind == INTEGER and parameter.lowest is not None:
        return list(range(int(parameter.lowest), int(parameter.default) + 1))
    return [parameter.default]
