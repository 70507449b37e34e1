"""Productions that are of no use, phrases of the form that the harmony does not have, and words that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from theorygen.grammar.grammar import Production, Rule
from theorygen.grammar.style import Style
from theorygen.source.diagnostic import Diagnostic
from theorygen.source.marks import Mark
from theorygen.verify.bases import base_roots
from theorygen.verify.finding import Finding, Study, Subject
from theorygen.verify.settings import Asked, Group, asked
from theorygen.verify.usage import Hole, Usage, usage
from theorygen.verify.words import twins, unread_attributes

TITLE = "Are all productions of use, and has every phrase of the form a harmony?"


def study(subject: Subject) -> Study:
    """What the grammars of a style can derive, over all settings, modes, meters, lengths and places in the bar."""
    style = subject.style
    if style.harmony is None:
        return Study("productions", TITLE, {"harmony": "none"})
    known = asked(subject)
    groups = known.groups if style.form else tuple(
        Group(group.values, base_roots(style, group.values)) for group in known.groups)
    own = frozenset(production for _, production in style.harmony.productions() if is_own(style, production.mark))
    found = usage(style, groups, own)
    findings = (
        *_of_lint(style.warnings), *_impossible(known), *_no_form(style, known), *_endless(found),
        *_holes(found, known), *_silent(found, known), *_useless(style, known, found),
        *unread_attributes(style), *twins(style))
    return Study("productions", TITLE, _facts(style, known, found), findings, "" if known.is_complete else known.told)


def _facts(style: Style, known: Asked, found: Usage) -> dict[str, Any]:
    assert style.harmony is not None
    facts: dict[str, Any] = {"settings": known.told}
    for name, grammar, used in (("form", style.form, known.productions), ("harmony", style.harmony, found.used)):
        if grammar is not None:
            every = [production for _, production in grammar.productions()]
            own = [production for production in every if is_own(style, production.mark)]
            facts[f"productions of the {name}"] = len(every)
            facts[f"written here ({name})"] = len(own)
            facts[f"of these of use ({name})"] = len([production for production in own if production in used])
    facts["phrases the form asks for"] = len({root for group in known.groups for root in group.roots})
    facts["goals looked at"] = found.goals
    return facts


def is_own(style: Style, mark: Mark | None) -> bool:
    """Whether something is written in the style's own file and not in one that it extends."""
    return mark is not None and mark.file == style.document.name


def _of_lint(warnings: tuple[Diagnostic, ...]) -> Iterator[Finding]:
    """What reading the style found doubtful."""
    for one in warnings:
        yield Finding(one.code, "warning", one.message, one.message, one.mark, proof="read off the text",
                      hint=one.remedy)


def _impossible(known: Asked) -> Iterator[Finding]:
    """Settings with lengths that cannot be."""
    told: dict[str, tuple[Diagnostic, Mapping[str, Any], int]] = {}
    for values, error in known.wrong:
        for one in error.diagnostics:
            _, first, count = told.get(one.message, (one, values, 0))
            told[one.message] = (one, first, count + 1)
    for message, (one, values, count) in told.items():
        yield Finding("impossible-length", "error", f"{message} with {words_of(values)}", message, one.mark,
                      proof=f"{count} of {known.told}", hint="narrow the range of the parameter, or change the length")


def _no_form(style: Style, known: Asked) -> Iterator[Finding]:
    """Settings for which the form has no derivation."""
    if style.form is None or style.is_abstract:
        return
    mark = style.form.rules[style.goal][0].mark
    told: dict[str, list[Mapping[str, Any]]] = {}
    for values, goal in known.missing:
        if "given" not in goal.attributes:
            told.setdefault(f"{goal.symbol} of length {goal.duration} in {goal.attributes['mode']}", []).append(values)
    for what, settings in told.items():
        yield Finding("no-form", "error", f"the form has no {what}, asked with {words_of(settings[0])}", what, mark,
                      proof=f"{len(settings)} of {known.told}", data={"settings": [dict(one) for one in settings[:9]]},
                      hint="change the goal's length, or add productions that make it up")


def _endless(found: Usage) -> Iterator[Finding]:
    for error in dict.fromkeys(map(str, found.endless)):
        one = next(one for one in found.endless if str(one) == error).diagnostics[0]
        yield Finding(one.code, "error", one.message, one.message, one.mark, hint=one.remedy, proof="found deriving")


def _holes(found: Usage, known: Asked) -> Iterator[Finding]:
    """Phrases of the form that the harmony has nothing for."""
    told: dict[tuple[str, tuple[Mark, ...]], list[Hole]] = {}
    for hole in found.holes:
        told.setdefault((str(hole.root), hole.root.marks), []).append(hole)
    for (what, marks), holes in told.items():
        first = holes[0]
        everywhere = any(len(hole.starts) == len(hole.root.starts) for hole in holes)
        near = ", ".join(map(str, first.possible[-4:]))
        place = "" if everywhere else f" from offset {first.starts[0]} of the bar on"
        yield Finding(
            "no-harmony", "error" if everywhere else "warning",
            f"the harmony has no {what} of {first.root.durations[0]} quarters in {first.root.mode} and "
            f"{first.root.meter}{place}, with {words_of(first.values)}", what, marks[0] if marks else None, marks[1:],
            f"all derivations, {len(holes)} settings and meters concerned",
            hint=f"it has lengths of {near}" if near else "add a production that fills this length",
            data={"possible": [str(one) for one in first.possible]})


def _silent(found: Usage, known: Asked) -> Iterator[Finding]:
    """Phrases under given notes that have no harmony of any length."""
    told: dict[str, tuple[Any, Any]] = {}
    for root, values in found.silent:
        told.setdefault(str(root), (root, values))
    for what, (root, values) in told.items():
        yield Finding(
            "no-harmony-for-given-notes", "warning", f"under given notes the harmony has no {what} of any length in "
            f"{root.mode} and {root.meter}, with {words_of(values)}", what, root.marks[0], root.marks[1:],
            known.told, hint="guard the production of the form with given != yes")


# productions of no use


def _useless(style: Style, known: Asked, found: Usage) -> Iterator[Finding]:
    """Productions in the style's own file that no piece can show."""
    if style.form and known.groups:
        for rule, production in style.form.productions():
            if production not in known.productions and is_own(style, production.mark):
                yield _dead(rule, production, known, "form")
    for rule, production in style.harmony.productions() if style.harmony else ():
        is_open = style.is_abstract and rule not in found.reached and rule.head.parameters
        if production not in found.used and is_own(style, production.mark) and not is_open:
            yield _unused(rule, production, known, found)


def _unused(rule: Rule, production: Production, known: Asked, found: Usage) -> Finding:
    if rule not in found.reached:
        return Finding("unreachable-production", "warning", f"no phrase leads to '{rule.head}'",
                       about_of(rule, production), production.mark, proof=known.told,
                       hint="use the head in a production, or remove it")
    if production in found.tried and production not in found.allowed:
        return _never(rule, production, known)
    return _dead(rule, production, known, "phrase")


def _never(rule: Rule, production: Production, known: Asked) -> Finding:
    """A guard that is never true, or a weight that is always 0."""
    if production.when is not None and production.weight != 0:
        return Finding("guard-never-true", "warning",
                       f"'{production.when.text}' is never true where '{rule.head}' stands",
                       about_of(rule, production), production.mark,
                       proof=f"{known.told}, every place in the bar, length and depth",
                       hint="correct the condition, or remove the production")
    return Finding("weight-always-zero", "warning", f"the weight of '{production.text}' is always 0",
                   about_of(rule, production), production.mark, proof=known.told,
                   hint="give it a weight above 0, or remove the production")


def _dead(rule: Rule, production: Production, known: Asked, where: str) -> Finding:
    return Finding("dead-production", "warning", f"'{production.text}' under '{rule.head}' is part of no whole {where}",
                   about_of(rule, production), production.mark, proof=f"all derivations, {known.told}",
                   hint="its length, its place in the bar, or a symbol in it never fits: change one of them")


def about_of(rule: Rule, production: Production) -> str:
    """A production as findings name it: ``T: I vi``."""
    return f"{rule.head}: {production.text}"


def words_of(values: Mapping[str, Any]) -> str:
    """Values of parameters, as they are given after ``--param``."""
    said = (f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in values.items())
    return " ".join(said) or "no parameters"
