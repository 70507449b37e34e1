"""What the shell may complete: names of profiles, styles and rules. Nothing is loaded before the key is pressed."""

from __future__ import annotations

from collections.abc import Iterable


def profiles(incomplete: str) -> list[str]:
    """Profiles that begin so."""
    from theorygen.rules.rule_set import load_profiles

    return _beginning(load_profiles(), incomplete)


def styles(incomplete: str) -> list[str]:
    """Styles that ship and begin so; files are completed by the shell."""
    from theorygen.grammar.loading import shipped_styles

    return _beginning(shipped_styles(), incomplete)


def rules(incomplete: str) -> list[str]:
    """Rules of the library that begin so."""
    from theorygen.rules.rule_set import load_library

    return _beginning(load_library(), incomplete)


def studies(incomplete: str) -> list[str]:
    """Studies of ``verify`` that begin so."""
    from theorygen.verify.studies import STUDIES

    return _beginning(STUDIES, incomplete)


def _beginning(names: Iterable[str], start: str) -> list[str]:
    return sorted(name for name in names if name.startswith(start))
