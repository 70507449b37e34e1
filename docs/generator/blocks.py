"""Runs the examples in a page of the manual and puts what they show into the page.

The words after the language of a fenced block say what to do with it; a page shows only the language.

    ```yaml file=song.yaml lint compose     written to a file; must lint without a finding and compose with seed 1;
                                            the examples of its own rules must be good and bad
    ```yaml derive=Phrase length=4          a grammar; the ``text output`` block after it lists its derivations
    ```yaml wrong=song.yaml                 a file with mistakes; the ``text output`` block after it shows them
    ```console run                          each line ``$ theorygen ...`` is run and its output put below it, each
                                            line ``$ pytest ...``, too, less the time it took
    ```text file=exercise.txt               written to a file; so is ```python file=test_mine.py
    ```python run                           run, one namespace a page; the ``text output`` block after it is its output

``lines=8`` keeps only the first lines of an output; ``exit=2`` says which exit code is expected.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=fence)[ ]*$", re.MULTILINE | re.DOTALL)
_PASSING = (re.compile(r"(?<=\d [a-z]{6}) in [\d.]+s\b"), re.compile(r" at 0x[0-9a-f]+"),
            re.compile(r"^=* test session starts =*\n", re.MULTILINE),
            re.compile(r"^(platform|plugins:|rootdir:|hypothesis profile) .*\n", re.MULTILINE))
"""What is another in every run, or on every machine."""

_MOST_DERIVATIONS = 2000


class BlockError(Exception):
    """An example of the manual does not do what the manual says."""


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        body: its lines.
        language: first word after the fence.
        words: further words without a value.
        options: further words with one.
        start: index of the body in the page.
        line: number of its first line.
    """

    body: str
    language: str
    words: frozenset[str]
    options: dict[str, str]
    start: int
    line: int


def blocks_of(page: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    for found in _FENCE.finditer(page):
        language, *words = found["info"].split() or [""]
        options = dict(word.split("=", 1) for word in words if "=" in word)
        start = found.start("body")
        yield Block(found["body"], language, frozenset(words), options, start, page.count("\n", 0, start) + 1)


def refreshed(page: str, name: str, folder: Path) -> str:
    """The page with the outputs its examples have today.

    Args:
        page: text of the page.
        name: its name, for messages.
        folder: an empty folder to work in.

    Raises:
        BlockError: an example fails.
    """
    runner = _Runner(name)
    pieces, last = [], 0
    with chdir(folder):
        for block in blocks_of(page):
            pieces += [page[last : block.start], runner.body(block)]
            last = block.start + len(block.body)
    return "".join([*pieces, page[last:]])


@dataclass
class _Runner:
    """Runs the blocks of one page in order.

    Attributes:
        name: name of the page.
        names: variables of its Python examples.
        shown: output of the last example, for the block after it.
    """

    name: str
    names: dict[str, Any] = field(default_factory=dict)
    shown: str = ""

    def body(self, block: Block) -> str:
        """What the block should hold."""
        try:
            return self._body(block)
        except Exception as error:
            raise BlockError(f"{self.name}, line {block.line}: {type(error).__name__}: {error}") from error

    def _body(self, block: Block) -> str:
        if "output" in block.words:
            return _shortened(self.shown, block)
        if block.language == "console" and "run" in block.words:
            return "".join(_command(line, block) for line in block.body.splitlines() if line.startswith("$ "))
        if block.language == "python" and "run" in block.words:
            self.shown = self._python(block)
        elif block.language == "yaml":
            self._yaml(block)
        elif "file" in block.options:
            Path(block.options["file"]).write_text(block.body, encoding="utf-8")
        return block.body

    def _python(self, block: Block) -> str:
        with redirect_stdout(io.StringIO()) as output:
            exec(compile("\n" * (block.line - 1) + block.body, self.name, "exec"), self.names)
        return output.getvalue()

    def _yaml(self, block: Block) -> None:
        if "file" in block.options:
            Path(block.options["file"]).write_text(block.body, encoding="utf-8")
        if "lint" in block.words:
            _lint(block.options["file"])
        if "compose" in block.words:
            _compose(block.options["file"])
        if "derive" in block.options:
            self.shown = _derivations(block)
        if "wrong" in block.options:
            self.shown = _mistakes(block)


def _shortened(output: str, block: Block) -> str:
    """An output without trailing blanks and without the lines after the first ones asked for."""
    lines = [line.rstrip() for line in output.rstrip().splitlines()]
    most = int(block.options.get("lines", len(lines)))
    kept = lines[:most] + ["..."] * (len(lines) > most)
    return "".join(f"{line}\n" for line in kept)


def _command(line: str, block: Block) -> str:
    """A command line with its output below it."""
    program, *arguments = shlex.split(line[2:])
    if program not in PROGRAMS:
        raise BlockError(f"only {' and '.join(PROGRAMS)} can be run, not {program}")
    code, output = PROGRAMS[program](arguments)
    if code != int(block.options.get("exit", 0)):
        raise BlockError(f"'{line}' left with {code}:\n{output}")
    return f"{line}\n" + _shortened(output, block)


def _theorygen(arguments: list[str]) -> tuple[int, str]:
    """Exit code and output of theorygen."""
    from theorygen.cli.running import run

    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        code = run(arguments)
    return code, output.getvalue()


def _pytest(arguments: list[str]) -> tuple[int, str]:
    """Exit code and output of pytest in a process of its own, the same in every run."""
    options = ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "COLUMNS": "110"}, check=False)
    output = done.stdout + done.stderr
    for pattern in _PASSING:
        output = pattern.sub("", output)
    return done.returncode, output


PROGRAMS: dict[str, Callable[[list[str]], tuple[int, str]]] = {"theorygen": _theorygen, "pytest": _pytest}
"""What a console example may run."""


def _lint(file: str) -> None:
    """A style must have no finding; examples of its own rules are among what is looked at."""
    from theorygen.grammar.style import lint_style

    findings = lint_style(file)
    if findings:
        raise BlockError("\n".join(finding.render() for finding in findings))


def _compose(file: str) -> None:
    from theorygen.compose.composition import Composer
    from theorygen.grammar.style import load_style

    violations = Composer(load_style(file)).compose(1).violations
    if any(one.hard for one in violations):
        raise BlockError(f"{file} composes a piece that breaks its rules: {violations}")


def _mistakes(block: Block) -> str:
    """What lint says of a file with mistakes."""
    from theorygen.grammar.style import lint_style

    file = block.options["wrong"]
    Path(file).write_text(block.body, encoding="utf-8")
    findings = lint_style(file)
    if not findings:
        raise BlockError(f"{file} has no mistakes")
    return "\n\n".join(finding.render() for finding in findings)


def _derivations(block: Block) -> str:
    """Every derivation of a symbol over a length, the likeliest first."""
    from theorygen.grammar.chart import Chart, Clock
    from theorygen.grammar.grammar import Grammar
    from theorygen.grammar.style_reader import check_chord
    from theorygen.grammar.symbols import Goal, parse_head
    from theorygen.source.document import parse_document
    from theorygen.theory import Meter

    document = parse_document(block.body, "grammar")
    meter = Meter.parse("4/4")
    mode = block.options.get("mode", "major")
    head = parse_head(block.options["derive"])
    grammar = Grammar.build(document.data, document=document, check_terminal=check_chord, start=(head.symbol,))
    goal = Goal(head.symbol, Fraction(block.options["length"]), head.patterns, {"mode": mode},
                Fraction(block.options.get("start", "0")))
    chart = Chart(grammar, clock=Clock(meter.bar_length, meter.beat_length, meter.weight))
    if not 0 < chart.count(goal) <= _MOST_DERIVATIONS:
        raise BlockError(f"there are {chart.count(goal)} derivations")
    chances: dict[str, float] = {}
    for derivation in chart.enumerate(goal):
        words = " ".join(_leaf(leaf) for leaf in derivation.leaves())
        chances[words] = chances.get(words, 0.0) + derivation.likelihood
    ordered = sorted(chances.items(), key=lambda one: (-round(one[1], 6), one[0]))
    return "\n".join(f"{100 * chance:5.1f} %   {words}" for words, chance in ordered)


def _leaf(leaf: Any) -> str:
    """A chord with its labels, its key and, when it is not one quarter, its duration."""
    labels = ", ".join(f"{name}={_label(value)}" for name, value in leaf.constraints.items())
    key = leaf.attributes.get("key", "I")
    away = f" (in {key})" if key not in ("I", "i") else ""
    length = "" if leaf.duration == 1 else f":{leaf.duration}"
    return f"{leaf.symbol}{f'[{labels}]' if labels else ''}{length}{away}"


def _label(value: str | frozenset[str]) -> str:
    return value if isinstance(value, str) else "{" + ",".join(sorted(value)) + "}"
