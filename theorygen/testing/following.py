"""Whether a score follows rules, as an assertion whose failure shows the music."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from theorygen.source.diagnostic import Diagnostic, InputError, nearest

if TYPE_CHECKING:
    from theorygen.grammar.style import Style
    from theorygen.review.judging import Judge
    from theorygen.review.review import Fault
    from theorygen.rules.rule_set import RuleSet
    from theorygen.score import Score

    ScoreLike = Score | str | Path
    RulesLike = RuleSet | Style | str | Path | Iterable[str]

MOST = 5
"""Faults that a failure shows with their measures; the others are counted."""


def assert_follows(score: ScoreLike, rules: RulesLike = "strict-textbook") -> None:
    """Assert that a score breaks none of some rules that are hard.

    Args:
        score: a score, the path of a file, or music as text: ``"in C: V I | S: B4 C5 | B: G3 C3"``.
        rules: a rule set or a style; the name of a profile or of a style, or a style's path; or ids of rules of the
            library, each of which is then forbidden whatever its strength elsewhere.

    Raises:
        AssertionError: a rule is broken; its message shows what, where, why, and the measures with all voices.
        InputError: the score or the rules cannot be read.
    """
    __tracebackhide__ = True
    report = failure_report(score, rules)
    if report:
        raise AssertionError(report)


def failure_report(score: ScoreLike, rules: RulesLike = "strict-textbook") -> str:
    """What `assert_follows` says: "" when all hard rules are kept."""
    from theorygen.review.review import review

    music, judge = score_of(score), judge_of(rules)
    hard = judge.rules.only(rule.name for rule in judge.rules.hard)
    found = review(music, hard, judge.name, ensemble=judge.voices_for(music))
    faults = [fault for fault in found.primary if fault.hard]
    if not faults:
        return ""
    shown = [told_with_music(music, fault) for fault in faults[:MOST]]
    more = [f"and {len(faults) - MOST} more"] if len(faults) > MOST else []
    return "\n".join([f"{len(faults)} {'faults' if len(faults) > 1 else 'fault'} by {judge.name}", *shown, *more])


def score_of(score: ScoreLike) -> Score:
    """A score, read where it is a file or text.

    Raises:
        InputError: it cannot be read.
    """
    from theorygen.score import Score

    if isinstance(score, Score):
        return score
    if isinstance(score, str) and ":" in score and not Path(score).suffix:
        from theorygen.score.text_notation import parse_text_score

        return parse_text_score(score)
    from theorygen.readers import read_score

    return read_score(Path(score))


def judge_of(rules: RulesLike) -> Judge:
    """Rules with the name people know them by.

    Raises:
        InputError: there is no such profile, style or rule.
    """
    from theorygen.grammar.style import Style
    from theorygen.review.judging import Choice, Judge
    from theorygen.rules.rule_set import RuleSet, load_profiles

    if isinstance(rules, RuleSet):
        return Judge("the rules given", rules)
    if isinstance(rules, Style):
        return Judge(rules.name, rules.rules, rules.ensemble)
    if isinstance(rules, str | Path):
        name = str(rules)
        return (Choice(profile=name) if name in load_profiles() else Choice(style=name)).judge()
    return Judge("the rules given", _forbidden(rules))


def _forbidden(names: Iterable[str]) -> RuleSet:
    """Rules of the library by their ids, each of them hard.

    Raises:
        InputError: there is no such rule.
    """
    from theorygen.rules.rule import ActiveRule
    from theorygen.rules.rule_set import RuleSet, load_library
    from theorygen.verify.claims import as_fault

    library, chosen = load_library(), []
    for name in names:
        if name not in library:
            raise InputError(Diagnostic("unknown-rule", f"no rule is named '{name}'", None, "ids of rules",
                                        nearest(name, library), "'theorygen rules' lists them"))
        chosen.append(ActiveRule(as_fault(library[name]), True))
    return RuleSet(tuple(chosen))


def told_with_music(score: Score, fault: Fault) -> str:
    """One fault: what and where, why, and its measures."""
    from theorygen.render.terminal import measures_to_text

    violation = fault.violation
    start = min(violation.onsets, default=Fraction(0))
    music = measures_to_text(score, start, max(violation.onsets, default=start) + Fraction(1, 64))
    because = " ".join(violation.because.split())
    lines = [f"{fault.headline}  [{violation.rule}]", violation.message, because, *music.rstrip().splitlines()]
    return "\n".join(["", *(f"    {line}".rstrip() for line in lines if line)])
