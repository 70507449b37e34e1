"""Many scores in several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.review.scores import CLEAN, DOUBLED, MESSY
from theorygen.review.corpus import CorpusJob, Outcome, judge_files
from theorygen.review.judging import Choice
from theorygen.rules.rule_set import profile
from theorygen.rules.tally import tally
from theorygen.score.text_notation import parse_text_score

JOB = CorpusJob(Choice(profile="strict-textbook", hard=True))
ENOUGH = 400
"""More files than are judged before a test stops the work."""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Good and bad files."""
    texts = {"a.txt": DOUBLED, "b.txt": MESSY, "c.txt": "S: H4 | B: C3", "d.txt": CLEAN, "e.txt": "S: C5 D5",
             "f.musicxml": "<score", "g.txt": DOUBLED}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [str(tmp_path / name) for name in (*texts, "missing.mid")]


def test_each_file_is_judged_as_it_would_be_alone(files: list[str]) -> None:
    outcomes = {Path(one.path).name: one for one in judge_files(JOB, files)}
    rules = profile("strict-textbook")
    rules = rules.only(rule.name for rule in rules.hard)
    assert outcomes["b.txt"].tallies == tally(parse_text_score(MESSY), rules)
    assert (outcomes["b.txt"].failure, outcomes["b.txt"].measures) == ("", 3)
    assert outcomes["a.txt"].tallies == outcomes["g.txt"].tallies


def test_bad_files_do_not_stop_the_others(files: list[str]) -> None:
    failures = {Path(one.path).name: one.failure for one in judge_files(JOB, files) if one.failure}
    assert set(failures) == {"c.txt", "e.txt", "f.musicxml", "missing.mid"}
    assert failures["e.txt"] == "it has one voice"


def test_whatever_goes_wrong_with_a_file_is_its_own_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("theorygen.review.corpus.read_score", fail)
    assert list(judge_files(JOB, ["a.mid"])) == [Outcome("a.mid", failure="RecursionError: too deep")]


@pytest.mark.slow
def test_the_number_of_processes_changes_nothing(files: list[str]) -> None:
    alone = list(judge_files(JOB, files * 3))
    assert list(judge_files(JOB, files * 3, processes=2)) == alone
    assert [one.path for one in alone] == files * 3


def running(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """A summary of many files at work, and its own processes."""
    (folder / "a.txt").write_text(MESSY, encoding="utf-8")
    program = ("import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
               "from theorygen.review.corpus import *\nfrom theorygen.review.judging import Choice\n"
               "if __name__ == '__main__':\n"
               f"    job = CorpusJob(Choice(profile='strict-textbook'))\n"
               f"    for outcome in judge_files(job, [{str(folder / 'a.txt')!r}] * {ENOUGH}, 2):\n"
               "        print(outcome.failure or 'judged', flush=True)\n")
    (folder / "many.py").write_text(program, encoding="utf-8")
    process = subprocess.Popen([sys.executable, str(folder / "many.py")], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "judged\n"
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return process, [int(child) for child in children]


def assert_gone(numbers: list[int]) -> None:
    """Wait for processes to end, for a minute at most."""
    deadline = time.monotonic() + 60
    for number in numbers:
        status = Path(f"/proc/{number}/status")
        while status.exists() and "\nState:\tZ" not in status.read_text():
            assert time.monotonic() < deadline, f"process {number} is still there"
            time.sleep(0.05)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are seen in /proc")


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_no_process_is_left_behind(stop: signal.Signals, tmp_path: Path) -> None:
    process, children = running(tmp_path)
    assert len(children) >= 2
    os.kill(process.pid, stop)
    process.communicate()
    assert process.returncode != 0
    assert_gone(children)
