"""How well the analyser reads Bach's chorales, and the numbers it has learned from them. A study, not a benchmark.

    python -m benchmarks.analysis DIRECTORY                 agreement with human analyses, cross-validated
    python -m benchmarks.analysis DIRECTORY --learn FILE    count afresh and write the model

DIRECTORY holds RomanText files named by Riemenschneider's numbers (``001.rntxt``), as in the When in Rome corpus; the
scores are those of music21's corpus. Agreement is measured in quarters: a quarter counts when the reading heard there
is the analyst's. The chorales are dealt into folds by number, and each is read with counts of the other folds only;
chorales that stand under two numbers never help to read each other.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from theorygen.analysis.analyze import analyze
from theorygen.analysis.learning import Counts, foreign_share
from theorygen.analysis.model import HarmonyModel, rare_chords, with_rare_chords
from theorygen.score import ChordEvent, Score, ScoreError
from theorygen.score.roman_text import parse_roman_text
from theorygen.source.diagnostic import InputError
from theorygen.theory import RomanNumeral

FOLDS = 4
WITHHELD = 5
"""Chorales whose number is divisible by this are never learned from."""

_MISFIT = 0.25
SOURCE = (
    "Counted from Roman-numeral analyses of Bach chorales in the When in Rome corpus (analyses by Dmitri Tymoczko, "
    "Andrew Jones and colleagues, edited by Mark Gotham and others, CC BY-SA 4.0) with the scores of music21's corpus; "
    "chorales whose Riemenschneider number is divisible by five are left out.")
MEASURES = ("root", "root and quality", "root, quality, inversion", "key", "full numeral in its key")


@dataclass(frozen=True)
class Piece:
    """A chorale with a human analysis.

    Attributes:
        number: Riemenschneider's.
        work: the work it belongs to, by which doublets are known.
        score: the music.
        chords: the analysis.
    """

    number: int
    work: str
    score: Score
    chords: tuple[ChordEvent, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analysis", description=__doc__.split("\n\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--learn", type=Path, metavar="FILE")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth chorale, for a quick look")
    chosen = parser.parse_args(arguments)
    pieces = list(read_pieces(sorted(chosen.directory.glob("*.rntxt"))[:: chosen.every]))
    if chosen.learn:
        document = counted(pieces).as_dict(SOURCE)
        chosen.learn.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        print(f"{document['pieces']} chorales counted")
        return
    report(pieces)


def read_pieces(paths: Sequence[Path]) -> Iterator[Piece]:
    """The chorales whose score and analysis fit together; what does not fit is told on stderr."""
    from music21 import corpus
    from music21.corpus import chorales

    from theorygen.readers import score_of_stream

    works = {number: str(entry["bwv"]) for number, entry in chorales.ChoraleListRKBWV().byRiemenschneider.items()}
    withheld = {work for number, work in works.items() if number % WITHHELD == 0}
    for path in paths:
        number = int(path.stem)
        if works[number] in withheld:
            continue
        try:
            score = score_of_stream(corpus.parse(f"bach/bwv{works[number]}"), works[number])
            chords = parse_roman_text(path.read_text("utf-8"), path.name).chords(score)
        except (InputError, ScoreError) as error:
            print(f"{path.name}: {str(error).splitlines()[0]}", file=sys.stderr)
            continue
        if foreign_share(score, chords) > _MISFIT:
            print(f"{path.name}: score and analysis are not of one piece in one key", file=sys.stderr)
            continue
        yield Piece(number, works[number], score, chords)


def counted(pieces: Sequence[Piece]) -> Counts:
    """What these chorales teach; of doublets the first."""
    counts = Counts()
    for piece in {piece.work: piece for piece in reversed(pieces)}.values():
        counts.add(piece.score, piece.chords)
    return counts


def report(pieces: Sequence[Piece]) -> None:
    """Read every chorale with a model learned from other folds, and print the agreement."""
    sums, times = [0.0] * (len(MEASURES) + 1), []
    for fold in range(FOLDS):
        tested = [piece for piece in pieces if piece.number % FOLDS == fold]
        works = {piece.work for piece in tested}
        others = [piece for piece in pieces if piece.work not in works]
        counts = json.loads(json.dumps(counted(others).as_dict("")))
        model = HarmonyModel(with_rare_chords(counts, rare_chords()))
        for piece in tested:
            start = perf_counter()
            found = analyze(piece.score, model).chords
            times.append(perf_counter() - start)
            sums = [one + more for one, more in zip(sums, agreement(piece, found), strict=True)]
    print(f"{len(times)} chorales, {sums[0]:.0f} quarters, median {median(times):.3f} s a chorale")
    for name, agreed in zip(MEASURES, sums[1:], strict=True):
        print(f"{name:26} {agreed / sums[0]:6.1%}")


def agreement(piece: Piece, found: Sequence[ChordEvent]) -> list[float]:
    """Quarters compared, then for each measure the quarters that agree."""
    sums = [0.0] * (len(MEASURES) + 1)
    for theirs in piece.chords:
        for ours in found:
            shared = float(min(theirs.end, ours.end) - max(theirs.onset, ours.onset))
            if shared > 0:
                for index, agrees in enumerate((True, *_agreements(theirs, ours))):
                    sums[index] += shared * agrees
    return sums


def _agreements(theirs: ChordEvent, ours: ChordEvent) -> Iterator[bool]:
    first, second = theirs.numeral, ours.numeral
    root = first.root == second.root
    quality = root and first.quality == second.quality
    yield from (root, quality, quality and first.inversion == second.inversion, first.key == second.key,
                first.key == second.key and _plain(first) == _plain(second))


def _plain(numeral: RomanNumeral) -> str:
    """A numeral in one of the dialects analysts use: a cadential six-four is a six-four on the tonic."""
    return numeral.text.replace("Cad64", "i64" if numeral.tonicized.is_minor else "I64")


if __name__ == "__main__":
    main()
