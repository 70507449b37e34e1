"""Rules over three slots of one voice, split into what the first step leaves to remember and what the second asks.

Such a rule reads fields of the first step, fields of the second, and which voice it is. So its expressions fall into
parts that read one step only; all steps whose parts have equal values are one class, and whatever the rules say of
two successive steps stands in one small table of classes. A voice remembers the class of its last step, and only as
far as something that may follow asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Array, World
from theorygen.solve.batches import Batch
from theorygen.solve.domains import Domain
from theorygen.solve.voice_turns import NOTHING, TURN, Classes, Remembered, VoiceTurns
from theorygen.solve.workshop import Pool, Wanted, Workshop

__all__ = ["NOTHING", "TURN", "Classes", "Remembered", "Turns", "turns_of"]

STEP = "melodic-step"

_UNKNOWN = -1


class Turns:
    """The rules over turns, along every voice, with the classes of all steps that were asked for."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        rules = workshop.rules.over(TURN)
        world = World(workshop.ensemble.voices, [], workshop.rules.codes)
        self.voices = tuple(VoiceTurns(rules, world, voice) for voice in range(len(workshop.ensemble.voices))
                            ) if rules else ()
        self._classes: dict[tuple[Wanted, Wanted], list[Classes]] = {}
        self._pools: dict[object, list[Classes]] = {}
        self._remembered: dict[object, Remembered | None] = {}

    def prepare(self, pairs: Iterable[tuple[Wanted, Wanted]]) -> None:
        """Find the classes of all steps between these pairs of domains that are not known yet."""
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._classes] if self.voices else []
        if missing:
            domains = [(self.workshop.domain(before), self.workshop.domain(after)) for before, after in missing]
            found = self._made(domains)
            self._classes.update(zip(missing, found, strict=True))

    def _made(self, pairs: Sequence[tuple[Domain, Domain]]) -> list[list[Classes]]:
        """For each pair the classes along every voice; the steps of all voices are judged together."""
        batch = Batch(pairs)
        world = World(self.workshop.ensemble.voices, [domain.slot for domain in batch.domains],
                      self.workshop.rules.codes)
        steps = [batch.cells(batch.view((turns.voice,))) for turns in self.voices]
        pitches = [np.concatenate(column) for column in zip(*(one.pitches for one in steps), strict=True)]
        pair = np.concatenate([one.pair for one in steps])
        voices = np.repeat([turns.voice for turns in self.voices], list(map(len, steps)))[:, None]
        rows = WINDOWS[STEP].rows(world, pitches, voices, [batch.before[pair], batch.after[pair]])
        first, second = (np.split(side.table(rows), np.cumsum(list(map(len, steps)))[:-1])
                         for side in (self.voices[0].first, self.voices[0].second))  # all voices ask for the same
        along = [self._of_voice(batch, turns, one, others) for turns, one, others in
                 zip(self.voices, first, second, strict=True)]
        return [list(classes) for classes in zip(*along, strict=True)]

    @staticmethod
    def _of_voice(batch: Batch, turns: VoiceTurns, first: Array, second: Array) -> list[Classes]:
        """The classes of one voice in each pair, from the values of all its steps."""
        view = batch.view((turns.voice,))
        height, width = view.count[batch.before], view.count[batch.after]
        bounds = np.cumsum(height * width)[:-1]
        ones, others = (np.split(side.classes(values), bounds)
                        for side, values in ((turns.first, first), (turns.second, second)))
        return [Classes(one.reshape(shape) + 1, other.reshape(shape)) for one, other, shape in
                zip(ones, others, zip(height.tolist(), width.tolist(), strict=True), strict=True)]

    def between(self, before: Pool, after: Pool, allowed: Array | None = None) -> list[Classes]:
        """For each voice the classes of the steps between two pools, by their `Pool.column_keys`.

        Args:
            before: candidates of one position.
            after: candidates of a later one.
            allowed: bool [choices before, choices after], which choices may follow which; None for all.
        """
        if not self.voices:
            return []
        if len(before.wanted) == len(after.wanted) == 1:
            return self._classes[before.wanted[0], after.wanted[0]]
        key = (before.wanted, after.wanted, b"" if allowed is None else allowed.tobytes())
        if key not in self._pools:
            every = np.ones((len(before.wanted), len(after.wanted)), dtype=bool)
            self._pools[key] = self._joined(before, after, every if allowed is None else allowed)
        return self._pools[key]

    def _joined(self, before: Pool, after: Pool, allowed: Array) -> list[Classes]:
        joined = []
        for voice in range(len(self.voices)):
            rows, columns = _bounds(self.workshop, before, voice), _bounds(self.workshop, after, voice)
            whole = Classes(np.full((rows[-1], columns[-1]), _UNKNOWN, dtype=np.int32),
                            np.full((rows[-1], columns[-1]), _UNKNOWN, dtype=np.int32))
            for row, column in np.argwhere(allowed).tolist():
                block = self._classes[before.wanted[row], after.wanted[column]][voice]
                place = slice(*rows[row : row + 2]), slice(*columns[column : column + 2])
                whole.first[place], whole.second[place] = block.first, block.second
            joined.append(whole)
        return joined

    def remembered(self, voice: int, here: Pool, following: Sequence[list[Classes]]) -> Remembered | None:
        """What must be remembered of a step that ends in ``here``, or None when nothing that follows asks for it.

        Args:
            voice: number of the voice.
            here: where the step ends.
            following: classes of all second steps that may follow, from `between`.
        """
        turns, steps = self.voices[voice], [classes[voice] for classes in following]
        key = (voice, turns.cost.shape, *steps)
        if key not in self._remembered:
            self._remembered[key] = turns.remembered(_possible(len(here.column_keys[voice][0]), turns, steps))
        return self._remembered[key]


def _possible(notes: int, turns: VoiceTurns, following: Sequence[Classes]) -> Array:
    """Which second steps may follow each note, bool [notes, classes]."""
    possible = np.zeros((notes, len(turns.second.values) + 1), dtype=bool)
    for classes in following:
        possible[np.arange(notes)[:, None], classes.second] = True
    return possible[:, :_UNKNOWN]  # steps that are not known were marked in the last column


def turns_of(workshop: Workshop) -> Turns:
    """The turns of a workshop, made once."""
    if TURN not in workshop.memory_tables:
        workshop.memory_tables[TURN] = Turns(workshop)
    return workshop.memory_tables[TURN]  # type: ignore[return-value]


def _bounds(workshop: Workshop, pool: Pool, voice: int) -> list[int]:
    sizes = [len(workshop.domain(one).column(voice)[0]) for one in pool.wanted]
    return np.cumsum([0, *sizes]).tolist()
