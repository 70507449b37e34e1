"""How probable the notes of a solution are among all solutions: as lines of text, as data, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.nearest import nearest

if TYPE_CHECKING:
    from theorygen.compose.tasks import Task
    from theorygen.render.chances import Column
    from theorygen.solve.answers import Solution
    from theorygen.solve.marginals import Marginals

PICTURE = ".svg"


def check_picture(path: str | None) -> None:
    """Refuse a file that cannot be a picture of probabilities.

    Raises:
        InputError: its suffix is another one.
    """
    from pathlib import Path

    suffix = "" if path is None else Path(path).suffix.lower()
    if path is not None and suffix != PICTURE:
        raise InputError(Diagnostic("unknown-file-kind", f"'{path}' is no picture of probabilities", None, PICTURE,
                                    nearest(suffix, [PICTURE]), "name the file with this suffix"))


def chance_lines(task: Task, solution: Solution, marginals: Marginals) -> Iterator[str]:
    """For each chord the share of solutions in which its voices have the notes that they have here."""
    from theorygen.render.chances import percent
    from theorygen.theory import Pitch

    law = f"of the {marginals.total:,} solutions" if marginals.total else "by weight and cost"
    yield f"How probable each note is {law}:"
    for row, start in enumerate(solution.starts):
        notes = []
        for voice, name in enumerate(task.ensemble.names):
            code = int(solution.pitches[row, voice])
            share = float(marginals.pitches[start][voice][code])
            notes.append(f"{name} {Pitch.from_code(code)} {percent(share)}")
        yield f"{task.location(start)}, {solution.choices[row].slot.chord}: {', '.join(notes)}"


def chance_columns(task: Task, solution: Solution, marginals: Marginals) -> list[Column]:
    """The columns of the picture, one for each chord of the solution."""
    from theorygen.render.chances import Column

    columns, bar = [], None
    for row, start in enumerate(solution.starts):
        measure = task.location(start).measure
        shares = tuple({code: float(share) for code, share in voice.items()} for voice in marginals.pitches[start])
        chosen = tuple(int(code) for code in solution.pitches[row])
        label = str(solution.choices[row].slot.chord)
        columns.append(Column(label, None if measure == bar else measure, shares, chosen))
        bar = measure
    return columns


def write_chances(path: str, task: Task, solution: Solution, marginals: Marginals) -> None:
    """Write the picture; the file appears whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    from theorygen.render.chances import chances_svg
    from theorygen.render.files import write_file

    columns = chance_columns(task, solution, marginals)
    names = [*task.ensemble.names]
    write_file(path, lambda: chances_svg(columns, names, f"{task.title}: all solutions at once").encode())

