"""theorygen: style grammars in YAML, expanded by an exact solver into fully voiced scores.

The names below are the short way in. They are loaded when first asked for, so that ``import theorygen`` is light.
The function ``compose`` is not among them: the name belongs to the package `theorygen.compose`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorygen.analysis.analyze import analyze
    from theorygen.compose.composition import Composer, Composition
    from theorygen.grammar.style import load_style
    from theorygen.readers.files import read_score
    from theorygen.render.files import write_score
    from theorygen.rules.check import Violation, check
    from theorygen.solve.conflict import NoSolution
    from theorygen.source.diagnostic import InputError

__version__ = "0.1.0"

__all__ = ["Composer", "Composition", "InputError", "NoSolution", "Violation", "analyze", "check", "load_style",
           "read_score", "write_score"]

_MODULES = {
    "Composer": "compose.composition", "Composition": "compose.composition", "InputError": "source.diagnostic",
    "NoSolution": "solve.conflict", "Violation": "rules.check", "analyze": "analysis.analyze", "check": "rules.check",
    "load_style": "grammar.style", "read_score": "readers.files", "write_score": "render.files",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'theorygen' has no attribute '{name}'")
    return getattr(import_module(f"theorygen.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
