"""A score that prints as music, with a command that shows it again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from shlex import quote

from theorygen.render.terminal import score_to_text
from theorygen.score.score import Score
from theorygen.score.text_printer import format_text_score

_FILE = "counterexample.txt"


@dataclass(frozen=True, eq=False, repr=False)
class DrawnScore(Score):
    """A score drawn by a strategy: equal to any score with the same music.

    Attributes:
        options: of the command that judges it: ``--style textbook-chorale``.
    """

    options: str = ""

    @classmethod
    def of(cls, score: Score, options: str) -> DrawnScore:
        """The same score, printed in this way."""
        return cls(**{name: getattr(score, name) for name in _NAMES}, options=options)

    @property
    def command(self) -> str:
        """Lines for a shell that write the score down and judge it."""
        return (f"echo {quote(format_text_score(self))} > {_FILE}\n"
                f"theorygen check {_FILE} {self.options}").rstrip()

    def __repr__(self) -> str:
        return f"\n{score_to_text(self)}\n{self.command}\n"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Score):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _NAMES)

    __hash__ = Score.__hash__


_NAMES = tuple(field.name for field in fields(Score))
