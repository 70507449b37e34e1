"""``theorygen rules --ablate, --against, --derive``: what rules do to music, and to each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError, nearest

if TYPE_CHECKING:
    from theorygen.compose.tasks import Task
    from theorygen.grammar.style import Style
    from theorygen.verify.rules_implied import Derivation

DEFAULT_STYLE = "textbook-chorale"
DEFAULT_ROMAN = "C: I V6 I IV ii6 V7 I(PAC)"


@dataclass(frozen=True)
class Experiment:
    """What is asked of rules.

    Attributes:
        ablate: whether each hard rule is to be left out.
        against: folder of a corpus, or None.
        derive: whether hard rules are to be derived from others.
        rule: the only rule asked about, or None.
        profile: name of a profile, or None.
        style: name or path of a style, or None.
        roman: chords on one line, or None.
        as_json: whether the answer is for programs.
    """

    ablate: bool = False
    against: str | None = None
    derive: bool = False
    rule: str | None = None
    profile: str | None = None
    style: str | None = None
    roman: str | None = None
    as_json: bool = False

    @property
    def asked(self) -> list[str]:
        """The options of the experiments asked for."""
        given = {"--ablate": self.ablate, "--against": self.against is not None, "--derive": self.derive}
        return [option for option, wanted in given.items() if wanted]

    def check(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            InputError: everything wrong.
        """
        found = Diagnostics()
        if len(self.asked) > 1:
            found.add(Diagnostic("two-experiments", f"{' and '.join(self.asked)} are different experiments", None,
                                 "one of them", remedy="ask one after the other"))
        if self.profile is not None and self.style is not None:
            found.add(Diagnostic("two-judges", "--profile and --style both say which rules are meant", None,
                                 "one of them", remedy="leave out --profile: a style has rules of its own"))
        if self.roman is not None and not self.ablate:
            found.add(Diagnostic("no-chords-here", "--roman gives chords to count the voicings of, for --ablate", None,
                                 "--ablate beside it", remedy="add --ablate, or leave out --roman"))
        if self.style is not None and not self.asked:
            found.add(Diagnostic("no-experiment", "--style says whose rules an experiment is about", None,
                                 "--ablate, --derive or --against beside it",
                                 remedy="add one of them; '--profile NAME' lists the rules of a profile"))
        found.raise_errors()

    def run(self) -> None:
        """Answer.

        Raises:
            InputError: a style, profile, rule or folder is wrong.
        """
        if self.ablate:
            self._ablate()
        elif self.derive:
            self._derive()
        else:
            self._against()

    # whose rules

    def _subject(self) -> Style:
        """The style asked about; of a profile, the default style with the profile's rules and voices.

        Raises:
            InputError: there is no such style or profile, or no such rule in it.
        """
        from theorygen.grammar.style import load_style

        style = load_style(self.style or DEFAULT_STYLE)
        if self.profile is not None:
            from theorygen.review.judging import Choice

            judge = Choice(self.profile).judge()
            style = replace(style, name=self.profile, rules=judge.rules, ensemble=judge.ensemble or style.ensemble)
        if style.ensemble is None:
            raise InputError(Diagnostic("abstract-style", f"style '{style.name}' is only a base for other styles", None,
                                        "a style with an ensemble", remedy="name a style that extends it"))
        names = [rule.name for rule in style.rules.hard if rule.rule.solved]
        if self.rule is not None and self.rule not in names:
            weak = any(rule.name == self.rule for rule in style.rules.rules)
            said = "only costs, or is judged on finished scores" if weak else "is not among the rules"
            raise InputError(Diagnostic("no-hard-rule", f"'{self.rule}' {said} in {style.name}", None,
                                        f"a hard rule of {style.name} that the solver keeps", nearest(self.rule, names),
                                        "leave out the rule to ask about all of them"))
        return style

    @property
    def _names(self) -> list[str] | None:
        return None if self.rule is None else [self.rule]

    # --ablate

    def _ablate(self) -> None:
        from theorygen.verify.ablation import ablate

        style = self._subject()
        chords = self.roman or DEFAULT_ROMAN
        found = ablate(_task(style, chords).problem, self._names)
        if self.as_json:
            rules = [{"rule": one.rule, "solutions": one.solutions,
                      "ratio": None if one.ratio is None else float(one.ratio)} for one in found.rules]
            _print_json({"experiment": "ablate", "rules_of": style.name, "chords": chords,
                         "solutions": found.solutions, "without": rules})
            return
        print(f"{chords}\n{found.solutions:,} solutions keep every hard rule of {style.name}\n")
        changed = [one for one in found.rules if one.solutions != found.solutions or self.rule is not None]
        rows = [("without", "solutions", "ratio"), *(
            (one.rule, f"{one.solutions:,}", "-" if one.ratio is None else f"{float(one.ratio):,.4g}")
            for one in changed)]
        _print_table(rows, right={1, 2})
        same = len(found.rules) - len(changed)
        if same:
            print(f"\n{same} other hard rules change nothing here")

    # --derive

    def _derive(self) -> None:
        from theorygen.verify.finding import Bounds, Subject
        from theorygen.verify.rules_implied import derivations
        from theorygen.verify.rules_places import places_of, stretches_of

        style = self._subject()
        subject = Subject(style, Bounds(pieces=_PIECES))
        places = places_of(subject)
        found = derivations(style, places, stretches_of(subject), self._names)
        if self.as_json:
            _print_json({"experiment": "derive", "rules_of": style.name, "looked_at": places.told,
                         "complete": places.is_complete, "rules": [_derived(style, one) for one in found]})
            return
        print(f"hard rules of {style.name}; {places.told}\n")
        _print_table([("rule", "follows from", "known from")] + [_derivation_row(style, one) for one in found])

    # --against

    def _against(self) -> None:
        from theorygen.cli.corpus import files_in, with_progress
        from theorygen.review.corpus import CorpusJob, judge_files, usable_processors
        from theorygen.review.judging import Choice
        from theorygen.review.rates import rates_of
        from theorygen.verify.corpus_rates import compared, data_of, rows_of

        assert self.against is not None
        choice = Choice(self.profile, self.style, (self.rule,) if self.rule else ()).settled()
        judge = choice.judge()
        paths = files_in([self.against])
        job = CorpusJob(choice)
        with closing(with_progress(judge_files(job, paths, usable_processors()), len(paths))) as judged:
            outcomes = list(judged)
        for one in outcomes:
            if one.failure:
                print(f"{one.path}: {one.failure}", file=sys.stderr)
        if all(one.failure for one in outcomes):
            raise InputError(Diagnostic("no-scores", f"none of {len(outcomes)} files could be judged", None,
                                        remedy="the reasons stand above, file by file"))
        rates = compared(rates_of(outcomes, judge.rules), self._names or ())
        if self.as_json:
            _print_json(data_of(rates, outcomes, judge.name))
            return
        _print_table(rows_of(rates), right={2, 3, 4})
        count = sum(not one.failure for one in outcomes)
        print(f"\n{count} {'score' if count == 1 else 'scores'} by {judge.name}")


_PIECES = 40
"""Pieces whose chords are looked at where a grammar cannot be enumerated."""


def _task(style: Style, chords: str) -> Task:
    """Chords on one line, to be voiced in a style."""
    from theorygen.compose.roman_line import parse_roman_line
    from theorygen.grammar.lengths import Lengths
    from theorygen.grammar.style import resolve_parameters
    from theorygen.theory import Meter

    assert style.ensemble is not None
    meter = style.meters[0] if style.meters else Meter(4, 4)
    unit = Lengths(style, resolve_parameters(style, {})).unit(meter)
    return parse_roman_line(chords, style.ensemble, meter, unit).task(style)


def _derived(style: Style, one: Derivation) -> dict[str, Any]:
    """A rule as plain data."""
    return {"rule": one.rule, "implied": one.implied, "breakable": one.breakable, "by": list(one.by),
            "proof": one.proof, "proven": one.is_proven, "counterexample": one.fault.text(style) if one.fault else None}


def _derivation_row(style: Style, one: Derivation) -> tuple[str, ...]:
    if one.fault:
        return (one.rule, "-", one.fault.text(style))
    by = ", ".join(one.by) or "the others together" if one.breakable else "nothing can break it"
    return (one.rule, by, one.proof)


def _print_table(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> None:
    """Columns of texts, the last one as long as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [text.rjust(width) if index in set(right) else text.ljust(width)
                 for index, (text, width) in enumerate(zip(row, widths, strict=True))]
        print("  ".join(cells).rstrip())


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False))
