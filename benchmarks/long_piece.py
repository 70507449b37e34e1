"""One long piece in a process of its own: ``python -m benchmarks.long_piece CHORDS FOLDS`` prints one line of JSON.

With a third word, ``wandering``, its phrases are drawn at random; otherwise the sixteen chords come over and over."""

from __future__ import annotations

import json
import sys
from time import process_time

from benchmarks.timing import peak_memory, seconds
from benchmarks.workload import ask, chords, rule_sets, wandering


def main() -> None:
    count, folds = int(sys.argv[1]), sys.argv[2]
    rules = rule_sets()[folds]
    texts = (wandering if "wandering" in sys.argv else chords)(count)
    baseline, start = peak_memory(), process_time()
    taken, (_, cost) = seconds(lambda: ask(texts, rules, seed=1))
    print(json.dumps({"chords": count, "folds": folds, "seconds": taken, "busy": process_time() - start, "cost": cost,
                      "baseline": baseline, "peak": peak_memory()}))


if __name__ == "__main__":
    main()
