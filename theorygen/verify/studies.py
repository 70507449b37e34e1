"""The questions that are put to a style, in order."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from theorygen.verify.finding import Study, Subject

STUDIES: dict[str, str] = {
    "productions": "theorygen.verify.productions",
    "measures": "theorygen.verify.measures",
    "pairs": "theorygen.verify.pairs",
    "phrases": "theorygen.verify.phrases",
    "active": "theorygen.verify.rules_active",
    "implied": "theorygen.verify.rules_implied",
    "conflicts": "theorygen.verify.rules_conflicts",
    "claims": "theorygen.verify.claims",
}
"""For each study the module whose ``study`` answers it; it is imported when it is asked for."""


def study(name: str) -> Callable[[Subject], Study]:
    """What answers a question."""
    found: Callable[[Subject], Study] = import_module(STUDIES[name]).study
    return found
