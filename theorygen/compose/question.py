"""What is asked of a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["best", "sample", "uniform", "ranked"]
Distinct = Literal["solutions", "chords", "voicings", "soprano"]


@dataclass(frozen=True)
class Question:
    """What is asked of a task.

    Attributes:
        kind: the best solution, a random one by weight and cost, a random one among all alike, or the k best.
        seed: of random ones; None for the others.
        temperature: of random ones by cost, in units of cost; None for the style's.
        count: how many answers.
        distinct: in what the k best must differ: a word of `theorygen.solve.ranking.DISTINCT`.
        engine: name of the engine that is to answer, or None for the one that fits.
    """

    kind: Kind = "best"
    seed: int | None = None
    temperature: float | None = None
    count: int = 1
    distinct: Distinct = "solutions"
    engine: str | None = None
