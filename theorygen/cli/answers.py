"""What is done with a task on the command line: it is answered, shown or written; or it is told why it cannot be."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from theorygen.cli.destination import FORMATS, Destination, read_destination
from theorygen.source.diagnostic import Diagnostics

if TYPE_CHECKING:
    from theorygen.compose.answering import Answer, BrokenRules
    from theorygen.compose.tasks import Question, Task

_LAWS = {"sample": "a random answer", "uniform": "a random answer, all alike"}
_DEAREST = 3


@dataclass(frozen=True)
class Outputs:
    """Where answers go.

    Attributes:
        destination: a file, a folder, or None for the terminal.
        numbered: whether the file's name gets the rank of each answer.
    """

    destination: Destination | None
    numbered: bool = False

    def file(self, task: Task, rank: int) -> Path:
        """The file of one answer."""
        assert self.destination is not None
        if self.numbered:
            path = self.destination.path
            return path.with_name(f"{path.stem}-{rank}{path.suffix}")
        return self.destination.file(task.style.name, rank)

    def write(self, answers: Sequence[Answer]) -> None:
        """Write all answers, the first one first.

        Raises:
            InputError: a file cannot be written; those before it stay.
        """
        if self.destination is None:
            return
        from theorygen.render.files import write_score

        self.destination.prepare()
        for rank, answer in enumerate(answers, 1):
            path = self.file(answer.task, rank)
            write_score(answer.score, path)
            print(f"{path}: {summary(answer)}", file=sys.stderr)


def read_outputs(output: str | None, kind: str | None, several: bool, found: Diagnostics) -> Outputs:
    """Where ``-o`` and ``--format`` send answers; several go into a folder, or into files numbered by rank."""
    names_file = output is not None and Path(output).suffix.lower() in (*FORMATS.values(), ".midi")
    numbered = several and names_file and not Path(output or "").is_dir()
    return Outputs(read_destination(output, kind, several and not numbered, found), numbered)


def answer(task: Task, question: Question, outputs: Outputs, as_json: bool = False) -> None:
    """Answer a question about a task, and show or write what is found.

    Raises:
        typer.Exit: there is no answer; why not is told on stderr, and nothing is written.
        InputError: a file cannot be written.
    """
    from theorygen.compose.answering import BrokenRules, answers
    from theorygen.solve.conflict import NoSolution

    try:
        found = answers(task, question)
    except NoSolution as conflict:
        print(f"error: {conflict}", file=sys.stderr)
        print("remedy: change what is given there, or weaken one of these rules in the style", file=sys.stderr)
        raise typer.Exit(1) from None
    except BrokenRules as broken:
        print("\n".join(broken_lines(broken)), file=sys.stderr)
        raise typer.Exit(1) from None
    outputs.write(found)
    if as_json:
        print_json(task, question, found)
    elif outputs.destination is None:
        for rank, one in enumerate(found, 1):
            show(one, question, rank, len(found))
    if len(found) < question.count:
        print(f"there are no more than {len(found)} such answers", file=sys.stderr)


def summary(answer: Answer) -> str:
    """Title, length and cost of an answer."""
    bars = len(answer.score.measures())
    return f"{answer.score.title}, {bars} measure{'' if bars == 1 else 's'}, cost {float(answer.cost):g}"


def show(answer: Answer, question: Question, rank: int, number: int) -> None:
    """An answer for reading: in colour on a terminal, else as plain text."""
    if rank > 1:
        print()
    if sys.stdout.isatty():
        from theorygen.render.terminal import print_score

        print_score(answer.score)
    else:
        from theorygen.render.terminal import score_to_text

        print(score_to_text(answer.score), end="")
    dearest = ", ".join(f"{rule} {float(cost):g}" for rule, cost in list(answer.costs.items())[:_DEAREST])
    print(f"\n{_kind(answer, question, rank, number)}; cost {float(answer.cost):g}"
          + (f"; dearest rules: {dearest}" if dearest else ""))


def _kind(answer: Answer, question: Question, rank: int, number: int) -> str:
    """What an answer is among all."""
    if question.kind in _LAWS:
        return f"{_LAWS[question.kind]}, seed {answer.score.metadata['seed']}"
    proven = "proven" if answer.is_proven else "not proven"
    return f"the best ({proven})" if number == 1 else f"number {rank} of {number} ({proven})"


def broken_lines(broken: BrokenRules) -> list[str]:
    """Why no solution that was looked at is an answer."""
    looked = "every solution" if broken.is_everything else f"each of the first {broken.tries} solutions"
    lines = [f"error: {looked} breaks a rule that only a finished score shows; the nearest one:"]
    lines += [f"  {one}" for one in broken.broken]
    lines += [f"    {one.because}" for one in broken.broken[:1] if one.because]
    return [*lines, "remedy: change what is given there, or weaken these rules in the style"]


def print_json(task: Task, question: Question, found: Sequence[Answer]) -> None:
    """The answers for programs."""
    import json

    print(json.dumps(answers_data(task, question, found), indent=2, ensure_ascii=False))


def answers_data(task: Task, question: Question, found: Sequence[Answer]) -> dict[str, Any]:
    """The answers as plain data."""
    from theorygen.render.json_writer import score_to_data

    return {
        "format": "theorygen-answers", "version": 1, "style": task.style.name, "question": question.kind,
        "answers": [{
            "rank": rank, "cost": float(one.cost), "proven": one.is_proven,
            "costs": {rule: float(cost) for rule, cost in one.costs.items()},
            "chords": [{"chord": chord.numeral.text, "key": str(chord.numeral.key), "onset": str(chord.onset),
                        "duration": str(chord.duration), "cadence": chord.cadence} for chord in one.score.chords],
            "violations": [{"rule": violation.rule, "hard": violation.hard, "where": str(violation.location),
                            "message": violation.message, "cost": violation.cost / 1000}
                           for violation in one.violations],
            "score": score_to_data(one.score)} for rank, one in enumerate(found, 1)]}
