"""A style: everything a style file says, read into values ready for use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from theorygen.grammar.grammar import Grammar
from theorygen.grammar.labels import regions_of
from theorygen.grammar.loading import load_merged
from theorygen.grammar.merge import MergedDocument
from theorygen.grammar.parameters import Parameter, ParameterValue, given_values
from theorygen.rules.expression import Expression
from theorygen.rules.rule_set import RuleSet
from theorygen.score import Ensemble
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError
from theorygen.theory import Key, Meter

DEFAULT_TEMPERATURE = 1.0


@dataclass(frozen=True, eq=False)
class Style:
    """A style, checked.

    Attributes:
        name: file name without its suffix.
        title: as printed; the name when none is given.
        description: what the style is, or "".
        file: path of the style file.
        is_abstract: whether it is only a base for other styles; then any of the following may be missing.
        parameters: its knobs by name.
        ensemble: the voices, or None.
        meters: meters to choose from.
        pickup: quarter lengths before the first bar line: a number, or an expression of parameters.
        phrase_length: quarter lengths of each leaf of the form: a number, or an expression that may read ``bar``.
        unit: quarter lengths of a chord without a duration, None for one beat.
        tempo: slowest and fastest, beats a minute.
        keys: for each mode the keys to choose from.
        goal: head the form begins with, or "".
        length: units of the form: a number, an expression of parameters, or None when the form says.
        form: grammar of the form, or None; its leaves are heads of the harmony.
        harmony: grammar of the harmony, or None.
        rules: the rules it follows, with their strengths.
        lexicon: chords, figures and scales of its own, as written.
        surface: embellishment and rhythm, as written.
        claims: what it promises of every piece, as written.
        temperature: of sampling.
        document: the merged file, for places.
        warnings: what is doubtful but not wrong.
    """

    name: str
    title: str
    description: str
    file: Path
    is_abstract: bool
    parameters: Mapping[str, Parameter]
    ensemble: Ensemble | None
    meters: tuple[Meter, ...]
    pickup: float | Expression
    tempo: tuple[float, float] | None
    keys: Mapping[str, tuple[Key, ...]]
    goal: str
    length: float | Expression | None
    form: Grammar | None
    harmony: Grammar | None
    rules: RuleSet
    document: MergedDocument
    lexicon: Mapping[str, Any] = field(default_factory=dict)
    surface: Mapping[str, Any] = field(default_factory=dict)
    claims: tuple[Mapping[str, Any], ...] = ()
    temperature: float = DEFAULT_TEMPERATURE
    phrase_length: float | Expression = 8.0
    unit: float | Expression | None = None
    warnings: tuple[Diagnostic, ...] = ()


def load_style(name_or_path: str | Path) -> Style:
    """A style by the name of one that ships, or by its path.

    Raises:
        InputError: everything wrong with the style; warnings alone do not count and stay in the style.
    """
    found = Diagnostics()
    style = _read(name_or_path, found)
    found.raise_errors()
    return style


def lint_style(name_or_path: str | Path) -> list[Diagnostic]:
    """Everything wrong or doubtful with a style, errors and warnings, in the order of its files."""
    found = Diagnostics()
    try:
        style = _read(name_or_path, found)
        if not found.has_errors:
            found.extend(_wrong_examples(style))
            found.extend(_unknown_words(style))
    except InputError as error:
        found.extend(error.diagnostics)
    return list(found)


def _wrong_examples(style: Style) -> Iterator[Diagnostic]:
    """Examples of the style's own rules that do not show what they should."""
    from theorygen.rules.examples import wrong_examples

    section = style.document.data.get("rules", {})
    own = {rule.name: rule.rule for rule in style.rules.rules
           if not {"over", "relation"}.isdisjoint(_mapping(section.get(rule.name)))}
    for name, rule in own.items():
        for one in wrong_examples(rule):
            path = ("rules", name, *one.path)
            mark = style.document.mark(path)
            if one.position is not None:
                mark = style.document.mark_inside(path, one.position)
            yield Diagnostic("wrong-example", one.message, mark, remedy="correct the example, or the rule")


def _unknown_words(style: Style) -> Iterator[Diagnostic]:
    """Voices and regions that rules in the style's own file name and that are nowhere: most likely misspelt."""
    from theorygen.rules.open_words import unknown_words
    from theorygen.score.ensemble import built_in_ensembles

    ensembles = [*built_in_ensembles().values(), *([style.ensemble] if style.ensemble else ())]
    voices = [name for ensemble in ensembles for name in ensemble.names]
    regions = [region for grammar in (style.form, style.harmony) if grammar for region in regions_of(grammar)]
    written = _mapping(style.document.data.get("rules"))
    for rule, word, near in unknown_words(style.rules, voices, sorted(regions)):
        mark = style.document.mark(("rules", rule.name), key=True)
        if rule.name in written and mark.file == style.document.name and not style.is_abstract:
            yield Diagnostic("unknown-word", f"rule '{rule.name}' speaks of '{word}', which is no voice or region here",
                             mark, "", near, "correct the name; as it is, this never applies", severity="warning")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def resolve_parameters(style: Style, given: Mapping[str, str]) -> dict[str, ParameterValue]:
    """The value of every parameter of a style, some of them given as text (``phrases=4``).

    Raises:
        InputError: unknown names, values of another kind or not allowed.
    """
    found = Diagnostics()
    values = given_values(style.parameters, given, found)
    found.raise_errors()
    return values


def _read(name_or_path: str | Path, found: Diagnostics) -> Style:
    from theorygen.grammar.style_reader import StyleReader

    return StyleReader(load_merged(name_or_path, found), found).read()
