"""A score that prints as music, with a command that shows it again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from shlex import quote
from typing import TYPE_CHECKING, Any

from theorygen.render.terminal import score_to_text
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet
from theorygen.score.score import Score
from theorygen.score.text_printer import format_text_score

if TYPE_CHECKING:
    from theorygen.grammar.style import Style

FILE = "counterexample.txt"
"""What the command calls the score."""


@dataclass(frozen=True, eq=False, repr=False)
class DrawnScore(Score):
    """A score drawn by a strategy: equal to any score with the same music.

    Attributes:
        style: the style it was drawn in.
        written: how a command calls the style.
    """

    style: Style | None = None
    written: str = ""

    @classmethod
    def of(cls, score: Score, style: Style, written: str) -> DrawnScore:
        """The same score, printed in this way."""
        return cls(**{name: getattr(score, name) for name in _NAMES}, style=style, written=written)

    @property
    def command(self) -> str:
        """Lines for a shell that write the score down and judge it, by all rules that were kept while composing."""
        options = "".join(f" --without {rule}" for rule in self._unfinished())
        return (f"echo {quote(format_text_score(self))} > {FILE}\n"
                f"theorygen check {FILE} --style {quote(self.written)}{options}")

    def _unfinished(self) -> list[str]:
        """Hard rules about whole phrases and pieces that it does not keep, as it is none."""
        from theorygen.compose.composition import solved_rules

        if self.style is None:
            return []
        kept = {rule.name for rule in solved_rules(self.style).rules}
        judged = RuleSet(tuple(rule for rule in self.style.rules.hard if rule.name not in kept))
        return list(dict.fromkeys(one.rule for one in check(self, judged)))

    def __repr__(self) -> str:
        return f"\n{score_to_text(self)}\n{self.command}\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis prints of a counterexample; without this it would take all fields apart."""
        printer.text(repr(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Score):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _NAMES)

    __hash__ = Score.__hash__


_NAMES = tuple(field.name for field in fields(Score))
