"""Clocks: medians on one core, and fresh processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("median", "least", "busy")
MEGABYTE = 1024  # in units of ru_maxrss and VmHWM, kB


@contextmanager
def cores(number: int | None) -> Iterator[None]:
    """Run on this many cores where the system lets a process choose, on all for None."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[-number:] if number else before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def seconds(function: Callable[[], Any]) -> tuple[float, Any]:
    """How long one call takes, and what it returns."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def busy_seconds(function: Callable[[], Any]) -> tuple[float, Any]:
    """How much of the processor's time one call takes, and what it returns."""
    start = time.process_time()
    result = function()
    return time.process_time() - start, result


def medians(function: Callable[[int], Any], runs: int) -> dict[str, float]:
    """Median and least seconds of ``function(0)``, ``function(1)`` and so on, after one call that is not counted.

    "busy" is the median of the processor's time, children included: what is left when others wait for the same core.
    """
    function(runs)
    times, busy = [], []
    for run in range(runs):
        before = _processor_time()
        times.append(seconds(lambda run=run: function(run))[0])
        busy.append(_processor_time() - before)
    return {"median": median(times), "least": min(times), "busy": median(busy)}


def _processor_time() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def run(arguments: Sequence[str], limit: float | None = None) -> str:
    """The output of a fresh Python process, started in the checkout; modules are compiled, as after an installation.

    Raises:
        subprocess.TimeoutExpired: it took longer than ``limit`` seconds, and was ended.
        subprocess.CalledProcessError: it failed.
    """
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=variables, check=True, timeout=limit,
                          capture_output=True, text=True)
    return done.stdout


def run_json(arguments: Sequence[str], limit: float | None = None) -> Any:
    """The last line a fresh Python process prints, read as JSON."""
    return json.loads(run(arguments, limit).splitlines()[-1])


def peak_memory() -> float:
    """The most memory this process has held so far, in MB.

    Linux hands a child the peak of its parent in ``ru_maxrss``; the high-water mark in /proc is the process's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        marks = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        if marks:
            return int(marks[0]) / MEGABYTE
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MEGABYTE**2 if sys.platform == "darwin" else MEGABYTE)
