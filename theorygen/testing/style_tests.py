"""A style file as tests: each example of its rules, and each of its claims over composed pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from theorygen.compose.composition import Composer
from theorygen.grammar.style import Style, load_style, resolve_parameters
from theorygen.review.review import Fault, review
from theorygen.rules.examples import Example, examples, faults_of_example
from theorygen.rules.rule import Rule
from theorygen.rules.rule_set import RuleSet
from theorygen.source.diagnostic import InputError
from theorygen.source.marks import Mark
from theorygen.testing.following import told_with_music
from theorygen.verify.claims import Claim, claims


class BrokenPromise(Exception):
    """A claim or an example that is not true; the text says what and where."""


class StyleFile(pytest.File):
    """A style file."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each example of each rule, and one for each claim."""
        try:
            style = load_style(_as_given(self.path))
            promised = claims(style)
        except InputError as error:
            raise self.CollectError(str(error)) from None
        for rule in dict.fromkeys(active.rule for active in style.rules.rules):
            for example in examples(rule):
                yield ExampleTest.from_parent(self, name=f"{rule.name}[{'-'.join(map(str, example.path))}]",
                                              style=style, rule=rule, example=example)
        if not style.is_abstract:
            composer = Composer(style, resolve_parameters(style, {}))
            for claim in promised:
                yield ClaimTest.from_parent(self, name=f"claim[{claim.text}]", composer=composer, claim=claim)


def _as_given(path: Path) -> Path:
    """A path from where pytest was started, if it is below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


class _Test(pytest.Item):
    """A test with a place in a style file."""

    mark: Mark | None = None

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The broken promise in its own words; anything else as pytest shows it."""
        if isinstance(excinfo.value, BrokenPromise):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """File and line of what is promised."""
        if self.mark is None:
            return self.path, None, self.name
        return Path(self.mark.file), self.mark.line - 1, self.name


class ExampleTest(_Test):
    """One example of one rule."""

    def __init__(self, *, style: Style, rule: Rule, example: Example, **known: Any) -> None:
        super().__init__(**known)
        self.rule = rule
        self.example = example
        self.mark = _mark_of(style, rule, example)
        self.add_marker("theory")

    def runtest(self) -> None:
        """Judge the example by its rule.

        Raises:
            BrokenPromise: it does not show what it should.
        """
        for wrong in faults_of_example(self.rule, self.example):
            place = f"{self.mark.file}:{self.mark.line}: " if self.mark else ""
            raise BrokenPromise(f"{place}{wrong.message}\n    {wrong.text}")


def _mark_of(style: Style, rule: Rule, example: Example) -> Mark | None:
    """Where an example is written, if that is in the style; examples of the library are known by their rule."""
    section = style.document.data.get("rules", {}).get(rule.name)
    written = isinstance(section, dict) and example.path[0] in section
    return style.document.mark(("rules", rule.name, *example.path)) if written else None


class ClaimTest(_Test):
    """One claim over pieces composed in the style, seeds 0, 1, 2 and so on."""

    def __init__(self, *, composer: Composer, claim: Claim, **known: Any) -> None:
        super().__init__(**known)
        self.composer = composer
        self.claim = claim
        self.mark = claim.mark
        self.add_marker("theory")

    def runtest(self) -> None:
        """Compose and judge.

        Raises:
            BrokenPromise: a piece breaks the claim.
        """
        style, rules = self.composer.style, RuleSet((self.claim.rule,))
        for seed in range(self.config.getoption("theorygen_pieces")):
            score = self.composer.compose(seed).score
            found = review(score, rules, style.name, ensemble=style.ensemble)
            if found.primary:
                raise BrokenPromise(self._told(score, found.primary[0], seed))

    def _told(self, score: Any, fault: Fault, seed: int) -> str:
        mark = self.claim.mark
        return "\n".join([f"{mark.file}:{mark.line}: seed {seed} breaks the claim '{self.claim.text}'",
                          told_with_music(score, fault), "",
                          f"    theorygen compose {mark.file} --seed {seed}"])
