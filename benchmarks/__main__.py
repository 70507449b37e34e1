"""``python -m benchmarks``: measure everything and print it."""

from __future__ import annotations

import argparse
import os
import platform
from datetime import date
from pathlib import Path

from benchmarks.report import Report

SECTIONS = ("growth", "questions", "checking", "programs", "melody", "music21", "matrix")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks",
                                     description="What theorygen costs, beside what others cost.")
    parser.add_argument("--quick", action="store_true", help="fewer runs, shorter pieces: about a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything as JSON")
    parser.add_argument("--only", choices=SECTIONS, action="append", help="only this section; may be repeated")
    options = parser.parse_args()
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[threads] = "1"  # numpy is not imported yet
    report = Report()
    machine = {"date": date.today().isoformat(), "python": platform.python_version(), "cores": os.cpu_count(),
               "system": platform.system(), "machine": platform.machine(),
               "others running": f"{os.getloadavg()[0]:.1f}", "quick": options.quick}
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    wanted = options.only or SECTIONS
    for section in SECTIONS:
        if section in wanted:
            _MEASURES[section](report, options.quick)
    report.goal_table()
    if options.json:
        report.write(options.json, machine)


def _growth(report: Report, quick: bool) -> None:
    from benchmarks.questions import LENGTHS, measure_growth

    measure_growth(report, LENGTHS[:3] if quick else LENGTHS, 1 if quick else 3)


def _questions(report: Report, quick: bool) -> None:
    from benchmarks.questions import measure_draws, measure_questions

    measure_questions(report, 7 if quick else 30)
    measure_draws(report, 3 if quick else 9)


def _checking(report: Report, quick: bool) -> None:
    from benchmarks.checking import measure_checking

    measure_checking(report, 3 if quick else 15)


def _programs(report: Report, quick: bool) -> None:
    from benchmarks.whole import measure_programs

    measure_programs(report, 3 if quick else 7, 10 if quick else 50)


def _melody(report: Report, quick: bool) -> None:
    from benchmarks.melody import measure_melody

    measure_melody(report, 3 if quick else 9)


def _music21(report: Report, quick: bool) -> None:
    from benchmarks.peers import measure_figured_bass
    from benchmarks.workload import EIGHT, SIXTEEN

    basses = [(8, EIGHT, "8"), (16, SIXTEEN, "16"), (100, EIGHT, "8"), (100, SIXTEEN, "16")]
    measure_figured_bass(report, basses[:2] if quick else basses, 5 if quick else 30)


def _matrix(report: Report, quick: bool) -> None:
    from benchmarks.matrix import LENGTHS, LIMIT, measure_matrix

    measure_matrix(report, LENGTHS[:2] if quick else LENGTHS, 3 if quick else LIMIT)


_MEASURES = {"growth": _growth, "questions": _questions, "checking": _checking, "programs": _programs,
             "melody": _melody, "music21": _music21, "matrix": _matrix}

if __name__ == "__main__":
    main()
