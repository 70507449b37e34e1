"""By what a score is judged: a profile or a style, and which of its rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError, nearest

if TYPE_CHECKING:
    from theorygen.grammar.style import Style
    from theorygen.rules.rule_set import RuleSet
    from theorygen.score import Ensemble, Score

DEFAULT_PROFILE = "strict-textbook"


@dataclass(frozen=True)
class Judge:
    """A rule set with the name people know it by.

    Attributes:
        name: name of the profile or style.
        rules: the rules chosen.
        ensemble: the voices of the style or profile, or None.
    """

    name: str
    rules: RuleSet
    ensemble: Ensemble | None = None

    def voices_for(self, score: Score) -> Ensemble | None:
        """The voices of the style or profile where they are those of the score, else the score's own."""
        if self.ensemble and {voice.name for voice in score.pitched_voices} <= set(self.ensemble.names):
            return self.ensemble
        return score.ensemble


@dataclass(frozen=True)
class Choice:
    """What the options say about the rules.

    Attributes:
        profile: name of a profile, or None.
        style: name or path of a style, or None.
        only: rules to judge by, or none for all.
        without: rules to leave out.
        hard: whether rules that only cost are left out.
    """

    profile: str | None = None
    style: str | None = None
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    hard: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the score itself may say what it is judged by."""
        return self.profile is None and self.style is None

    def settled(self) -> Choice:
        """The same choice, whatever a score says of itself."""
        return replace(self, profile=DEFAULT_PROFILE) if self.is_free else self

    def judge(self, score: Score | None = None) -> Judge:
        """The rules; without a profile and a style those of the style the score says it was composed in.

        Raises:
            InputError: there is no such profile, style or rule.
        """
        if self.style is not None:
            return self._narrowed(_by_style(self.style))
        own = _own_style(score) if self.is_free and score else None
        return self._narrowed(own or _by_profile(self.profile or DEFAULT_PROFILE))

    def _narrowed(self, judge: Judge) -> Judge:
        """Only the rules asked for.

        Raises:
            InputError: a rule is not among those of the judge, or none is left.
        """
        found = Diagnostics()
        for option, names in (("--only", self.only), ("--without", self.without)):
            for name in names:
                _check_rule(option, name, judge, found)
        found.raise_errors()
        rules = judge.rules.only(self.only) if self.only else judge.rules
        rules = rules.without(self.without)
        if self.hard:
            rules = rules.only(rule.name for rule in rules.hard)
        if not rules.rules:
            raise InputError(Diagnostic("no-rules", f"no rule of {judge.name} is left", None,
                                        "at least one rule", remedy="leave out --only, --without or --hard"))
        return Judge(judge.name, rules, judge.ensemble)


def read_choice(profile: str | None, style: str | None, only: Sequence[str] | None, without: Sequence[str] | None,
                hard: bool, found: Diagnostics) -> Choice:
    """The rules that options choose; whatever contradicts itself goes to ``found``."""
    if profile is not None and style is not None:
        found.add(Diagnostic("two-judges", "--profile and --style both say which rules to judge by", None,
                             "one of them", remedy="leave out --profile: a style has rules of its own"))
    return Choice(profile, style, tuple(only or ()), tuple(without or ()), hard)


def _by_profile(name: str) -> Judge:
    from theorygen.rules.rule_set import load_profiles, profile
    from theorygen.score.ensemble import built_in_ensembles

    known = load_profiles()
    if name not in known:
        raise InputError(Diagnostic("unknown-profile", f"no profile is named '{name}'", None, ", ".join(known),
                                    nearest(name, known), "choose one of the profiles, or --style for a style"))
    voices = known[name].get("ensemble")
    return Judge(name, profile(name), built_in_ensembles()[voices] if voices else None)


def _by_style(name: str) -> Judge:
    from theorygen.grammar.style import load_style

    return _of_style(load_style(name))


def _of_style(style: Style) -> Judge:
    return Judge(style.name, style.rules, style.ensemble)


def _own_style(score: Score) -> Judge | None:
    """The style a score says it was composed in, if it ships and has the voices of the score."""
    from theorygen.grammar.loading import shipped_styles

    name = score.metadata.get("style")
    return _by_style(name) if isinstance(name, str) and name in shipped_styles() else None


def _check_rule(option: str, name: str, judge: Judge, found: Diagnostics) -> None:
    """Complain of a rule that is not among the rules judged by."""
    from theorygen.rules.rule_set import load_library

    names = [rule.name for rule in judge.rules.rules]
    if name in names:
        return
    if name in load_library():
        profiles = [one for one, strength in load_library()[name].strength.items() if strength != "off"]
        found.add(Diagnostic("rule-is-off", f"{option}: rule '{name}' is not among those of {judge.name}", None,
                             f"a rule of {judge.name}",
                             remedy=f"it is judged by --profile {' or '.join(profiles)}" if profiles else ""))
    else:
        found.add(Diagnostic("unknown-rule", f"{option}: no rule is named '{name}'", None, f"a rule of {judge.name}",
                             nearest(name, names), f"'theorygen rules --profile {DEFAULT_PROFILE}' lists them"))
