"""Many pieces into one folder, each the same as if composed alone."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
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
        destination: folder and kind of file.
        as_json: whether each piece is printed as a line of JSON, too.
    """

    request: Request
    count: int
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
        """Outcomes in the order of their seeds; tables are made for some pieces at a time."""
        seeds = range(self.request.seed, self.request.seed + self.count)
        for start in range(0, len(seeds), TOGETHER):
            some = seeds[start : start + TOGETHER]
            composer.prepare(some, self.request.key)
            yield from (self.make(composer, seed) for seed in some)

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


def _json_line(composition: object) -> str:
    import json

    from theorygen.compose.json_schema import composition_data

    return json.dumps(composition_data(composition), ensure_ascii=False)  # type: ignore[arg-type]


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
