"""Many scores judged in several processes: the tally of every rule for each file, in the order of the files."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait

from theorygen.readers import read_score
from theorygen.review.judging import Choice
from theorygen.review.scores import with_chords
from theorygen.rules.tally import Tally, tally
from theorygen.source.diagnostic import Diagnostic, InputError

_AT_A_TIME = 4
"""Files handed to a process together."""

_LEAST_VOICES = 2


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes:
        path: the file.
        tallies: of every rule, by id; none where it could not be judged.
        failure: why not, or "".
        measures: how many it has.
    """

    path: str
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    failure: str = ""
    measures: int = 0


@dataclass(frozen=True)
class CorpusJob:
    """How each file is judged.

    Attributes:
        choice: the rules.
        analysis: "none" to judge without chords; None for the chords of the score, else found.
    """

    choice: Choice
    analysis: str | None = None

    def judge(self, path: str) -> Outcome:
        """One file; whatever is wrong with it becomes its failure."""
        try:
            score = read_score(path)
            if len(score.pitched_voices) < _LEAST_VOICES:
                return Outcome(path, failure="it has one voice")
            judge = _rules(self.choice)
            score, _ = with_chords(score, self.analysis)
            counts = tally(score, judge.rules, judge.voices_for(score))
            return Outcome(path, counts, measures=len(score.measures()))
        except InputError as error:
            return Outcome(path, failure=error.diagnostics[0].message)
        except Exception as error:      # one bad file must not stop the others
            return Outcome(path, failure=f"{type(error).__name__}: {error}")


def judge_files(job: CorpusJob, paths: Sequence[str], processes: int = 1) -> Generator[Outcome, None, None]:
    """The outcome of each file, in the order of the paths, whatever the number of processes.

    Args:
        job: how to judge.
        paths: the files.
        processes: how many work at once; 1 for this one alone.

    Raises:
        InputError: a process was killed, as where there is too little memory.
    """
    if min(processes, len(paths)) <= 1:
        yield from map(job.judge, paths)
        return
    with _workers(job, min(processes, len(paths))) as executor:
        try:
            yield from executor.map(_judge, paths, chunksize=_AT_A_TIME)
        except BrokenProcessPool:
            raise InputError(Diagnostic("process-killed", "one of the processes was killed", None,
                                        remedy="try again with --jobs 1, which tells how far it came")) from None


@contextmanager
def _workers(job: CorpusJob, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes, and none of them left behind, however this ends."""
    before = set(active_children())
    executor = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_prepare, initargs=(job,))
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(active_children()) - before:
            process.terminate()
        raise
    executor.shutdown()


_rules = cache(Choice.judge)
"""Rules are resolved once in each process."""

_job: CorpusJob | None = None
"""What this process was started for."""


def _prepare(job: CorpusJob) -> None:
    """Sets up a process: it leaves stopping to the one that started it, and ends with it."""
    global _job
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _judge(path: str) -> Outcome:
    assert _job is not None
    return _job.judge(path)


def usable_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
