"""Many pieces into one folder, by one process or several, with the same bytes either way."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING

from theorygen.cli.destination import Destination
from theorygen.cli.options import Request

if TYPE_CHECKING:
    from theorygen.compose.composition import Composer
    from theorygen.score import Score


TOGETHER = 10
"""Pieces whose tables are made at once."""


@dataclass(frozen=True)
class Outcome:
    """What became of one seed.

    Attributes:
        seed: the seed.
        fingerprint: equal for equal music; "" when there is none.
        failure: why no piece could be voiced, or "".
        json: the piece as a line of JSON, if asked for.
    """

    seed: int
    fingerprint: str = ""
    failure: str = ""
    json: str = ""


@dataclass(frozen=True)
class Batch:
    """Pieces with seeds in a row.

    Attributes:
        request: style, first seed, key and parameters.
        count: how many.
        jobs: processes to share them among.
        destination: folder and kind of file.
        as_json: whether each piece is printed as a line of JSON, too.
    """

    request: Request
    count: int
    jobs: int
    destination: Destination
    as_json: bool = False

    def run(self) -> bool:
        """Compose and write all; tell progress, failures and equal pieces on stderr. Whether all could be voiced.

        Raises:
            InputError: style or parameters are wrong, or a file cannot be written; files already written stay.
        """
        composer = self.request.composer()
        self.destination.prepare()
        outcomes = []
        with closing(self._outcomes(composer)) as found:
            for outcome in _with_progress(found, self.count):
                outcomes.append(outcome)
                if self.as_json and outcome.json:
                    print(outcome.json)
        self._report(outcomes, composer.style.name)
        return not any(outcome.failure for outcome in outcomes)

    def _outcomes(self, composer: Composer) -> Generator[Outcome, None, None]:
        seeds = range(self.request.seed, self.request.seed + self.count)
        jobs = min(self.jobs, self.count)
        return self._alone(composer, seeds) if jobs == 1 else self._shared(seeds, jobs)

    def _alone(self, composer: Composer, seeds: range) -> Generator[Outcome, None, None]:
        """Outcomes in the order of their seeds, by this process; tables are made for some pieces at a time."""
        for start in range(0, len(seeds), TOGETHER):
            some = seeds[start : start + TOGETHER]
            composer.prepare(some, self.request.key)
            yield from (self.make(composer, seed) for seed in some)

    def _shared(self, seeds: range, jobs: int) -> Generator[Outcome, None, None]:
        """Outcomes in the order of their seeds, by several processes."""
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        pool = ProcessPoolExecutor(jobs, get_context("spawn"), _ignore_interrupts)
        try:
            yield from pool.map(_work, repeat(self), seeds, chunksize=max(1, min(16, len(seeds) // (4 * jobs))))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def make(self, composer: Composer, seed: int) -> Outcome:
        """Compose and write one piece."""
        from theorygen.render.files import write_score
        from theorygen.solve.conflict import NoSolution

        try:
            composition = composer.compose(seed, self.request.key)
        except NoSolution as conflict:
            return Outcome(seed, failure=str(conflict))
        write_score(composition.score, self.destination.file(composer.style.name, seed))
        return Outcome(seed, fingerprint(composition.score), json=_json_line(composition) if self.as_json else "")

    def _report(self, outcomes: list[Outcome], style: str) -> None:
        written = sum(bool(outcome.fingerprint) for outcome in outcomes)
        for outcome in outcomes:
            if outcome.failure:
                print(f"error: seed {outcome.seed}: {outcome.failure}", file=sys.stderr)
        for seeds in _equal(outcomes):
            print(f"equal pieces: seeds {', '.join(map(str, seeds))}", file=sys.stderr)
        first = self.destination.file(style, self.request.seed).name
        print(f"{written} of {self.count} pieces written to {self.destination.path}, from {first}", file=sys.stderr)


def fingerprint(score: Score) -> str:
    """A text that is equal for scores with the same notes, chords, keys, meters and tempo."""
    voices = [(voice.name, [(event.onset, event.duration, event.pitches) for event in voice.events])
              for voice in score.voices]
    chords = [(chord.onset, chord.numeral.text, str(chord.numeral.key), chord.cadence) for chord in score.chords]
    music = (voices, chords, score.meters, score.keys, score.tempo)
    return hashlib.sha256(repr(music).encode()).hexdigest()


def _work(batch: Batch, seed: int) -> Outcome:
    """One piece, in a process of its own."""
    return batch.make(_composer(batch.request.style, tuple(batch.request.parameters.items())), seed)


@cache
def _composer(style: str, parameters: tuple[tuple[str, str], ...]) -> Composer:
    """The composer of a working process, which serves one batch only."""
    return Request(style, 0, None, dict(parameters)).composer()


def _json_line(composition: object) -> str:
    import json

    from theorygen.compose.json_schema import composition_data

    return json.dumps(composition_data(composition), ensure_ascii=False)  # type: ignore[arg-type]


def _ignore_interrupts() -> None:
    """Ctrl-C is for the process that shares out the work."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _equal(outcomes: list[Outcome]) -> list[list[int]]:
    """The seeds of equal pieces."""
    groups: dict[str, list[int]] = {}
    for outcome in outcomes:
        if outcome.fingerprint:
            groups.setdefault(outcome.fingerprint, []).append(outcome.seed)
    return [seeds for seeds in groups.values() if len(seeds) > 1]


def _with_progress(outcomes: Iterator[Outcome], count: int) -> Iterator[Outcome]:
    """The same outcomes, with a bar on stderr while they come if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(outcomes, "composing", total=count, console=Console(stderr=True), transient=True)
