"""Where drawn chords get voices: tables of a style are made once, and chords that come again are solved once."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from theorygen.compose.composition import solved_rules
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.solve.answers import DeadEnd, Solution, Solutions
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.trellis import prepare_tables
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.testing.chance import Retraced
from theorygen.testing.plans import DrawnPlan, Source
from theorygen.testing.voices import Voices

MOST_PLANS = 200
"""Plans looked at in vain before it is said that there is no voicing."""

_KEPT = 512

Solved = tuple[Task, Voices | DeadEnd]


class Studio:
    """Voices plans of one style.

    Args:
        style: the style.
    """

    def __init__(self, style: Style) -> None:
        self.style = style
        assert style.ensemble is not None
        self.workshop = Workshop(solved_rules(style), style.ensemble)
        self._solved: OrderedDict[Any, Solved] = OrderedDict()

    def prepare(self, source: Source, plans: int) -> None:
        """Make the tables of many plans at once, which is faster than when they are drawn, and changes nothing.

        Args:
            source: draws the plans.
            plans: how many to look at.
        """
        problems = [source.draw(Chance(number)).task().problem for number in range(plans)]
        prepare_tables(problems, self.workshop)

    def draw(self, source: Source, chance: Chance) -> tuple[Task, Solution]:
        """A plan and its voices: by the law of the plans on condition that they can be voiced, then by that of voices.

        Raises:
            NoSolution: no plan looked at can be voiced; the last one says why.
        """
        retraced = Retraced(chance)
        tries = 0
        while True:
            plan = source.draw(retraced)
            task, found = self._solve(plan)
            if isinstance(found, Voices):
                return task, found.draw(chance)
            tries += 1
            if not retraced.retrace(plan.depths[found.position]) or tries == MOST_PLANS:
                raise explain_dead_end(task.problem, found.position, self.workshop).located(task.where)

    def _solve(self, plan: DrawnPlan) -> Solved:
        """A plan as a task, with all its voicings or the place that none reaches."""
        key = plan.identity
        if key in self._solved:
            self._solved.move_to_end(key)
            return self._solved[key]
        task = plan.task()
        try:
            found: Voices | DeadEnd = Voices(Solutions(task.problem, self.workshop), self.style.temperature)
        except DeadEnd as end:
            found = end
        self._solved[key] = task, found
        if len(self._solved) > _KEPT:
            self._solved.popitem(last=False)
        return task, found
