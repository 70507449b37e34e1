"""The whole program: from the command line to a file, and what importing costs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.report import Goal, Report, milliseconds
from benchmarks.timing import KINDS, cores, medians, run

PIECES = 50
IMPORTS = ("theorygen", "theorygen.solve.answers", "theorygen.compose.composition", "theorygen.cli.app")


def measure_programs(report: Report, runs: int, pieces: int = PIECES) -> None:
    """Whole processes, and imports in fresh ones."""
    with cores(1), tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "x.mid")
        compose = ["-m", "theorygen", "compose", "textbook-chorale"]
        one = medians(lambda _: run([*compose, "--seed", "7", "-o", file]), runs)
        many = medians(lambda turn: run([*compose, "--seed", "1", "--count", str(pieces), "--format", "midi", "-o",
                                         str(Path(folder) / str(turn))]), max(1, runs // 3))
        python = medians(lambda _: run(["-c", "pass"]), runs)
        imports = {name: medians(lambda _, name=name: run(["-c", f"import {name}"]), runs) for name in IMPORTS}
    speed = pieces / many["median"]
    rows = [("compose textbook-chorale --seed 7 -o x.mid", *_texts(one)),
            (f"compose textbook-chorale --count {pieces} --format midi", *_texts(many)),
            ("python, nothing imported", *_texts(python))]
    rows += [(f"import {name}, less python", *_texts({kind: taken[kind] - python[kind] for kind in taken}))
             for name, taken in imports.items()]
    report.table("Whole processes on one core", ("process", *KINDS), rows)
    report.goals.append(Goal("compose one piece to MIDI, whole process", one["median"], 0.8, "s"))
    report.goals.append(Goal("compose one piece to MIDI, processor time", one["busy"], 0.8, "s"))
    report.goals.append(Goal(f"compose {pieces} pieces to MIDI, whole process", speed, 20, "pieces/s", at_least=True))
    busy = pieces / many["busy"]
    report.goals.append(Goal(f"compose {pieces} pieces to MIDI, processor time", busy, 20, "pieces/s", at_least=True))


def _texts(times: dict[str, float]) -> list[str]:
    return [milliseconds(times[kind]) for kind in KINDS]
