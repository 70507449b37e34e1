"""Productions that are of no use, phrases of the form that the harmony does not have, and words that nothing reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from theorygen.compose.joint import GIVEN
from theorygen.grammar.grammar import Grammar, Production, Rule
from theorygen.grammar.style import Style, lint_style
from theorygen.grammar.symbols import call_text, home_key
from theorygen.source.diagnostic import Diagnostic
from theorygen.source.marks import Mark
from theorygen.verify.bases import base_roots
from theorygen.verify.finding import Finding, Severity, Study, Subject
from theorygen.verify.settings import Asked, Group, Root, asked
from theorygen.verify.usage import Hole, Usage, usage
from theorygen.verify.words import twins, unread_attributes

OF_NO_USE = ("unreachable-production", "guard-never-true", "weight-always-zero", "dead-production")
"""Kinds of findings about productions of no use; of some settings only they are no more than notes."""

TITLE = "Are all productions of use, and has every phrase of the form a harmony?"


def study(subject: Subject) -> Study:
    """What the grammars of a style can derive, over all settings, modes, meters, lengths and places in the bar."""
    style = subject.style
    if style.harmony is None:
        return Study("productions", TITLE, {"harmony": "none"})
    known = asked(subject)
    groups = known.groups if style.form else tuple(
        Group(group.values, base_roots(style, group.values)) for group in known.groups)
    found = usage(style, groups, _watched(style, groups))
    findings = (
        *_impossible(style, known), *_no_form(style, known), *_endless(found), *_holes(style, found),
        *_silent(style, found, known), *_useless(style, known, found), *unread_attributes(style), *twins(style))
    findings = (*findings, *_of_lint(style, findings))
    if subject.given:
        findings = tuple(replace(one, severity="note") if one.kind in OF_NO_USE else one for one in findings)
    return Study("productions", TITLE, _facts(style, known, found), findings, "" if known.is_complete else known.told)


def _facts(style: Style, known: Asked, found: Usage) -> dict[str, Any]:
    assert style.harmony is not None
    facts: dict[str, Any] = {"settings": known.told}
    for name, grammar, used in (("form", style.form, known.form.productions), ("harmony", style.harmony, found.used)):
        if grammar is not None:
            every = [production for _, production in grammar.productions()]
            own = [production for production in every if is_own(style, production.mark)]
            facts[f"productions of the {name}"] = len(every)
            facts[f"written here ({name})"] = len(own)
            facts[f"of these of use ({name})"] = len([production for production in own if production in used])
    facts["phrases the form asks for"] = len(known.form.roots)
    facts["goals looked at"] = found.goals
    return facts


def _watched(style: Style, groups: Sequence[Group]) -> frozenset[Production]:
    """The productions whose use matters: the style's own, in a base those of heads that something is known to ask."""
    assert style.harmony is not None
    own = [(rule, production) for rule, production in style.harmony.productions() if is_own(style, production.mark)]
    if style.form:
        return frozenset(production for _, production in own)
    asked_for = {rule for group in groups[:1] for root in group.roots if (rule := _rule_of(style.harmony, root))}
    return frozenset(production for rule, production in own if rule in asked_for)


def _rule_of(harmony: Grammar, root: Root) -> Rule | None:
    """The head that a call is for; its arguments must all be said by position."""
    rules = harmony.rules[root.symbol]
    return next((rule for rule in rules if rule.head.matches(root.arguments, root.mode)), None)


def is_own(style: Style, mark: Mark | None) -> bool:
    """Whether something is written in the style's own file and not in one that it extends."""
    return mark is not None and mark.file == style.document.name


def _of_lint(style: Style, told: tuple[Finding, ...]) -> Iterator[Finding]:
    """What reading the style found doubtful, and what its own rules' examples show; less what is told already."""
    lines = {(finding.mark.file, finding.mark.line) for finding in told if finding.mark}
    for one in lint_style(style.file):
        if one.mark is None or (one.mark.file, one.mark.line) not in lines:
            yield Finding(one.code, one.severity, one.message, one.message, one.mark, proof="the text of the style",
                          hint=one.remedy)


def _impossible(style: Style, known: Asked) -> Iterator[Finding]:
    """Settings with lengths that cannot be."""
    told: dict[str, tuple[Diagnostic, Mapping[str, Any], int]] = {}
    for values, error in known.wrong:
        for one in error.diagnostics:
            _, first, count = told.get(one.message, (one, values, 0))
            told[one.message] = (one, first, count + 1)
    for message, (one, values, count) in told.items():
        yield Finding(
            "impossible-length", "error", f"{message}, with {words_of(style, values)}", message, one.mark,
            proof=f"the lengths of {known.told}", hint="narrow the range of the parameter, or change the length",
            data={"settings": count})


def _no_form(style: Style, known: Asked) -> Iterator[Finding]:
    """Settings for which the form has no derivation."""
    if style.form is None or style.is_abstract:
        return
    told: dict[str, list[Mapping[str, Any]]] = {}
    for values, goal in known.missing:
        if not GIVEN.items() <= goal.attributes.items():
            told.setdefault(f"{goal.symbol} of length {goal.duration}", []).append(values)
    for what, settings in told.items():
        yield Finding(
            "no-form", "error", f"the form has no {what}, with {words_of(style, settings[0])}", what,
            style.form.rules[style.goal][0].mark, proof=f"all forms under {known.told}",
            data={"settings": len(settings)}, hint="change the goal's length, or add productions that make it up")


def _endless(found: Usage) -> Iterator[Finding]:
    for error in dict.fromkeys(map(str, found.endless)):
        one = next(one for one in found.endless if str(one) == error).diagnostics[0]
        yield Finding(one.code, "error", one.message, one.message, one.mark, hint=one.remedy, proof="found deriving")


def _holes(style: Style, found: Usage) -> Iterator[Finding]:
    """Phrases of the form that the harmony has nothing for.

    Where there is nothing at all for a phrase others begin at strange places after it, so of these nothing is told.
    """
    whole = [hole for hole in found.holes if len(hole.starts) == len(hole.root.starts)]
    told: dict[tuple[str, Mark | None], list[Hole]] = {}
    for hole in whole or found.holes:
        told.setdefault((_plainly(hole.root), next(iter(hole.root.marks), None)), []).append(hole)
    for (what, mark), holes in told.items():
        yield _hole(style, what, mark, holes, "error" if whole else "warning")


def _hole(style: Style, what: str, mark: Mark | None, holes: list[Hole], severity: Severity) -> Finding:
    first = holes[0]
    near = ", ".join(map(str, first.possible[-4:]))
    place = "" if severity == "error" else f" that begins {first.starts[0]} quarters into the bar"
    return Finding(
        "no-harmony", severity, f"the harmony has no {what} of {first.root.durations[0]} quarters{place} in "
        f"{first.root.mode} and {first.root.meter}, with {words_of(style, first.values)}", what, mark,
        tuple(dict.fromkeys(other for hole in holes for other in hole.root.marks if other != mark)),
        "all derivations of it", hint=f"it can last {near}" if near else "add productions that fill this length",
        data={"possible": [str(one) for one in first.possible], "settings": len(holes)})


def _silent(style: Style, found: Usage, known: Asked) -> Iterator[Finding]:
    """Phrases under given notes that have no harmony of any length."""
    told: dict[str, tuple[Root, Mapping[str, Any]]] = {}
    for root, values in found.silent:
        told.setdefault(_plainly(root), (root, values))
    for what, (root, values) in told.items():
        yield Finding(
            "no-harmony-for-given-notes", "warning", f"under given notes the harmony has no {what} of any length in "
            f"{root.mode} and {root.meter}, with {words_of(style, values)}", what, root.marks[0], root.marks[1:],
            known.told, hint="guard the production of the form with given != yes")


def _plainly(root: Root) -> str:
    """A root whatever its home key: ``Phrase(cadence=HC)``."""
    home = ("key", home_key(root.mode))
    words = [*root.arguments, *(f"{name}={value}" for name, value in root.attributes
                                if name not in ("mode", *GIVEN) and (name, value) != home)]
    return call_text(root.symbol, tuple(words))


# productions of no use


def _useless(style: Style, known: Asked, found: Usage) -> Iterator[Finding]:
    """Productions in the style's own file that no piece can show."""
    form, harmony = known.form, style.harmony
    for rule, production in style.form.productions() if style.form and known.groups else ():
        if production not in form.productions and is_own(style, production.mark):
            yield _unused(rule, production, known, form.reached, form.allowed, "form")
    for rule, production in harmony.productions() if harmony else ():
        is_open = style.is_abstract and rule not in found.reached and rule.head.parameters
        if production not in found.used and is_own(style, production.mark) and not is_open:
            yield _unused(rule, production, known, found.reached, found.allowed, "phrase")


def _unused(rule: Rule, production: Production, known: Asked, reached: Collection[Rule],
            allowed: Collection[Production], where: str) -> Finding:
    if rule not in reached:
        return Finding("unreachable-production", "warning", f"no {where} leads to '{rule.head}'",
                       about_of(rule, production), production.mark, proof=known.told,
                       hint="use the head in a production, or remove it")
    if production not in allowed:
        return _never(rule, production, known)
    return _dead(rule, production, known, where)


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


def words_of(style: Style, values: Mapping[str, Any]) -> str:
    """The values of parameters that are no defaults, as they are given after ``--param``."""
    said = [f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in values.items()
            if value != style.parameters[name].default]
    return " ".join(said) or "the defaults"
