"""One long piece in a process of its own: ``python -m benchmarks.long_piece CHORDS FOLDS`` prints one line of JSON."""

from __future__ import annotations

import json
import sys

from benchmarks.timing import peak_memory, seconds
from benchmarks.workload import ask, chords, rule_sets


def main() -> None:
    count, folds = int(sys.argv[1]), sys.argv[2]
    rules = rule_sets()[folds]
    baseline = peak_memory()
    taken, (_, cost) = seconds(lambda: ask(chords(count), rules, seed=1))
    print(json.dumps({"chords": count, "folds": folds, "seconds": taken, "cost": cost, "baseline": baseline,
                      "peak": peak_memory()}))


if __name__ == "__main__":
    main()
