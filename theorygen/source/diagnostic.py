"""What is wrong with an input, where, what was expected and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from theorygen.source.marks import Mark
from theorygen.source.nearest import nearest

__all__ = ["Diagnostic", "Diagnostics", "InputError", "Severity", "nearest"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing wrong with an input.

    Attributes:
        code: stable kebab-case name of the kind of mistake.
        message: what was found, in the user's words.
        mark: where, or None when there is no place.
        expected: what could have stood there, or "".
        nearest: the nearest known name, or None.
        remedy: what to do, or "".
        severity: an error stops the work, a warning does not.
    """

    code: str
    message: str
    mark: Mark | None = None
    expected: str = ""
    nearest: str | None = None
    remedy: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        return self.render()

    def render(self) -> str:
        """Place and message, the source line with its caret, then expected, nearest and remedy."""
        where = f"{self.mark}: " if self.mark else ""
        lines = [
            f"{where}{self.severity}: {self.message}",
            self.mark.caret() if self.mark else "",
            f"expected: {self.expected}" if self.expected else "",
            f"did you mean '{self.nearest}'?" if self.nearest else "",
            f"remedy: {self.remedy}" if self.remedy else "",
        ]
        return "\n".join(line for line in lines if line)

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        place = self.mark.as_dict() if self.mark else None
        return {"code": self.code, "severity": self.severity, "message": self.message, "place": place,
                "expected": self.expected, "nearest": self.nearest, "remedy": self.remedy}


class InputError(Exception):
    """The input cannot be used; all that is wrong with it, in the order of the text."""

    def __init__(self, diagnostics: Iterable[Diagnostic] | Diagnostic) -> None:
        found = [diagnostics] if isinstance(diagnostics, Diagnostic) else diagnostics
        self.diagnostics: tuple[Diagnostic, ...] = by_place(found)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n\n".join(diagnostic.render() for diagnostic in self.diagnostics)


def by_place(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Without repetitions, sorted by file, line and column; those without a place come first."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda one: one.mark.place if one.mark else ("", 0, 0)))


class Diagnostics:
    """Collects diagnostics, so that all errors are told at once."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(by_place(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def add(self, diagnostic: Diagnostic) -> None:
        """Take one more."""
        self._found.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take several more."""
        self._found.extend(diagnostics)

    @property
    def has_errors(self) -> bool:
        """Whether anything worse than a warning was found."""
        return any(one.severity == "error" for one in self._found)

    def raise_errors(self) -> None:
        """Raise everything collected if any of it is an error.

        Raises:
            InputError: with all diagnostics, warnings too.
        """
        if self.has_errors:
            raise InputError(self._found)
