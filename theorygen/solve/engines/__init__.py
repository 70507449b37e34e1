"""Engines: ways to solve a problem, each a file of this package that fills in the form of `form.py`.

An engine is found because its file is there. `choose` takes the first that can answer, or says why a wanted one
cannot.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from theorygen.solve.engines.form import BEST, COUNT, FIRST, QUESTIONS, Engine, Outcome
from theorygen.solve.problem import Problem
from theorygen.source.diagnostic import Diagnostic, InputError, nearest

__all__ = ["BEST", "COUNT", "FIRST", "QUESTIONS", "Engine", "Outcome", "choose", "engines"]


@cache
def engines() -> tuple[Engine, ...]:
    """All engines in the order in which they are tried, whether or not their packages are installed."""
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found = [module.ENGINE for module in modules if hasattr(module, "ENGINE")]
    return tuple(sorted(found, key=lambda engine: (engine.rank, engine.name)))


def choose(problem: Problem, question: str = BEST, wanted: str | None = None) -> tuple[Engine, str]:
    """The engine for a question about a problem, and the reason for it as a sentence.

    Args:
        problem: what is to be solved.
        question: a word of `QUESTIONS`.
        wanted: name of the engine the user wants; None to choose.

    Raises:
        InputError: there is no engine of that name, or it cannot answer, or none can.
    """
    known = {engine.name: engine for engine in engines()}
    if wanted is None:
        return _first_that_can(problem, question)
    if wanted not in known:
        raise InputError(Diagnostic("unknown-engine", f"no engine is named '{wanted}'", None, ", ".join(known),
                                    nearest(wanted, known)))
    reason = _obstacle(known[wanted], problem, question)
    if reason:
        able = [engine.name for engine in known.values() if not _obstacle(engine, problem, question)]
        remedy = f"leave out --engine, or use {' or '.join(able)}" if able else "no engine here can answer this"
        raise InputError(Diagnostic("engine-cannot", f"engine '{wanted}' cannot answer: {reason}", None,
                                    ", ".join(able), None, remedy))
    return known[wanted], "it was asked for"


def _first_that_can(problem: Problem, question: str) -> tuple[Engine, str]:
    obstacles: list[tuple[Engine, str]] = []
    for engine in engines():
        obstacle = _obstacle(engine, problem, question)
        if not obstacle:
            return engine, obstacles[0][1] if obstacles else engine.about
        obstacles.append((engine, obstacle))
    reasons = "; ".join(f"{engine.name}: {obstacle}" for engine, obstacle in obstacles)
    raise InputError(Diagnostic("engine-cannot", f"no engine can answer this: {reasons}", None, "", None,
                                _remedy([engine for engine, _ in obstacles], problem, question)))


def _obstacle(engine: Engine, problem: Problem, question: str) -> str:
    return engine.refuses(problem, question) or engine.missing


def _remedy(tried: list[Engine], problem: Problem, question: str) -> str:
    missing = [engine for engine in tried if not engine.refuses(problem, question)]
    return f"pip install 'theorygen[{missing[0].extra}]'" if missing else "ask for the best solution, or the count"
