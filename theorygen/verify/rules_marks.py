"""Where rules stand that a style follows, and how grave it is when something is odd about one."""

from __future__ import annotations

from theorygen.grammar.style import Style
from theorygen.source.marks import Mark
from theorygen.verify.finding import Severity


def mark_of(style: Style, name: str) -> Mark | None:
    """The line of the style, or of a style it extends, that speaks of a rule; else where the library defines it."""
    if name in style.document.data.get("rules", {}):
        return style.document.mark(("rules", name), key=True)
    return next((rule.rule.mark for rule in style.rules.rules if rule.name == name), None)


def severity_of(style: Style, name: str) -> Severity:
    """Rules that a style speaks of itself are doubtful when they do nothing; those of a profile are made for many."""
    return "warning" if name in style.document.data.get("rules", {}) else "note"
