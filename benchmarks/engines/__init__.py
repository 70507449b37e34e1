"""Engines over the same tables, one file each: whatever stands in this folder with an ``ENGINE`` takes part."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

from benchmarks.engines.form import Engine


def engine_names() -> list[str]:
    """Names of the files that hold engines, ours first."""
    names = [module.name for module in iter_modules(__path__) if module.name not in ("form", "__main__")]
    return sorted(names, key=lambda name: (name != "ours", name))


def engine(name: str) -> Engine:
    """The engine of a file.

    Raises:
        ModuleNotFoundError: what it needs is not installed.
    """
    found: Engine = import_module(f"{__name__}.{name}").ENGINE
    return found


def installed() -> dict[str, Engine]:
    """All engines that can run here, by name of file; what is missing is told on stderr."""
    found = {}
    for name in engine_names():
        try:
            found[name] = engine(name)
        except ModuleNotFoundError as error:
            print(f"{name}: {error}, left out", file=sys.stderr)
    return found
