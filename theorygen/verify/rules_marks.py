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
    """What a style itself says of a rule is doubtful when it does nothing; profiles and bases are made for many."""
    if name not in style.document.data.get("rules", {}):
        return "note"
    return "warning" if style.document.mark(("rules", name), key=True).file == style.document.name else "note"
