"""What is done with a task on the command line: it is answered, shown or written; or it is told why it cannot be."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from theorygen.cli.destination import FORMATS, Destination, read_destination
from theorygen.source.diagnostic import Diagnostic, Diagnostics

if TYPE_CHECKING:
    from theorygen.compose.answering import NothingFound
    from theorygen.compose.least_bad import LeastBadAnswer
    from theorygen.compose.question import Question
    from theorygen.compose.screening import Answer, BrokenRules
    from theorygen.compose.tasks import Task
    from theorygen.rules.check import Violation
    from theorygen.solve.conflict import NoSolution

_LAWS = {"sample": "a random answer", "uniform": "a random answer, all alike"}
_DEAREST = 3

_REASONS = {"chords": "the chords given break a rule of the style, whatever the notes",
            "tried": "what is given breaks a rule of the style, in every voicing that was tried",
            "line": "the line given breaks a rule of the style, and no chords have fewer such faults"}

REMEDY = ("remedy: change what is given there, its lengths or its bar lines, or weaken one of these rules in the "
          "style; --least-bad breaks the fewest")


@dataclass(frozen=True)
class Outputs:
    """Where answers go.

    Attributes:
        destination: a file, a folder, or None for the terminal.
        numbered: whether the file's name gets the rank of each answer.
        stem: beginning of the names of files in a folder; "" for the name of the style.
    """

    destination: Destination | None
    numbered: bool = False
    stem: str = ""

    def file(self, task: Task, rank: int) -> Path:
        """The file of one answer."""
        assert self.destination is not None
        if self.numbered:
            path = self.destination.path
            return path.with_name(f"{path.stem}-{rank}{path.suffix}")
        return self.destination.file(self.stem or task.style.name, rank)

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


def read_outputs(output: str | None, kind: str | None, several: bool, found: Diagnostics, stem: str = "") -> Outputs:
    """Where ``-o`` and ``--format`` send answers; several go into a folder, or into files numbered by rank."""
    names_file = output is not None and Path(output).suffix.lower() in (*FORMATS.values(), ".midi")
    numbered = several and names_file and not Path(output or "").is_dir()
    return Outputs(read_destination(output, kind, several and not numbered, found, "--k 1"), numbered, stem)


@dataclass(frozen=True)
class Wish:
    """What is wanted of a task.

    Attributes:
        question: which answers.
        faults: faults the music is to have, as given to ``--require-violation``.
        only: whether it may have no others of the same rules.
        least_bad: whether music that breaks rules will do where nothing keeps them.
        marginals: whether shares of all solutions are asked for in place of an answer.
        as_json: whether answers are printed as JSON.
    """

    question: Question
    faults: Sequence[str] = ()
    only: bool = False
    least_bad: bool = False
    marginals: bool = False
    as_json: bool = False


def check_marginals(wanted: bool, outputs: Outputs, found: Diagnostics) -> None:
    """Refuse a place for answers where shares are asked for in place of them."""
    if wanted and outputs.destination is not None:
        found.add(Diagnostic("nothing-to-write", "--marginals prints shares of all solutions, and writes no answer",
                             remedy="leave out --output or --marginals"))


def answer(task: Task, wish: Wish, outputs: Outputs) -> None:
    """Answer a question about a task, and show or write what is found.

    Raises:
        typer.Exit: there is no answer; why not is told on stderr, and nothing is written but the least bad music.
        InputError: a file cannot be written, or what is wished for cannot be.
    """
    from theorygen.compose.answering import BrokenRules, NothingFound, answers, engine_for
    from theorygen.compose.screening import naming
    from theorygen.solve.conflict import NoSolution

    if wish.faults:
        from theorygen.compose.faults import with_faults

        task = with_faults(task, wish.faults, wish.only)
    engine, reason = engine_for(task, wish.question, wish.marginals)
    if wish.question.engine or engine.rank:
        print(f"engine {engine.name}: {reason}", file=sys.stderr)
    try:
        if wish.marginals:
            print_json(marginals_data(task, wish.question))
            return
        found = [naming(one, (fault for _, fault in one.faults)) for one in answers(task, wish.question)]
    except (NoSolution, BrokenRules, NothingFound) as failure:
        _fail(task, wish, outputs, failure)
    for line in remark_lines(found):
        print(line, file=sys.stderr)
    outputs.write(found)
    if wish.as_json:
        print_json(answers_data(task, wish.question, found))
    elif outputs.destination is None:
        for rank, one in enumerate(found, 1):
            show(one, _kind(one, wish.question, rank, len(found)), rank > 1)
    if len(found) < wish.question.count:
        print(f"there are no more than {len(found)} such answers", file=sys.stderr)


def remark_lines(found: Sequence[Answer]) -> Iterator[str]:
    """What must be known of answers: faults of what was given, and how far from the best they may be."""
    told: dict[str, list[int]] = {}
    for rank, answer in enumerate(found, 1):
        for reason, fault in answer.faults:
            told.setdefault(f"{_REASONS[reason]}: {fault}", []).append(rank)
    for text, ranks in told.items():
        yield f"remark: {text}" + (f" (answer {', '.join(map(str, ranks))})" if len(ranks) < len(found) else "")
    gap = max((answer.gap for answer in found), default=Fraction(0))
    if gap:
        yield (f"remark: there is too much to choose from; the most promising part was searched, and what was left out "
               f"may be cheaper by {float(gap):g} at most")


def _refuse(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)


def _fail(task: Task, wish: Wish, outputs: Outputs, failure: NoSolution | BrokenRules | NothingFound) -> NoReturn:
    """Tell why there is no answer; write the least bad music if it is wished for."""
    from theorygen.compose.answering import BrokenRules, NothingFound

    lines = broken_lines(failure) if isinstance(failure, BrokenRules) else [f"error: {failure}"]
    if not wish.least_bad:
        if wish.as_json:
            print_json(failure_data(task, wish.question, failure))
        is_known = not isinstance(failure, NothingFound) or failure.together is not None
        _refuse("\n".join([*lines, *[REMEDY] * is_known]))
    from theorygen.compose.least_bad import least_bad_answer

    least = least_bad_answer(task, failure)
    print("\n".join([*lines, *least_bad_lines(least)]), file=sys.stderr)
    outputs.write([least.answer])
    if wish.as_json:
        print_json({**answers_data(task, wish.question, [least.answer]), "least-bad": True})
    elif outputs.destination is None:
        show(least.answer, "the least bad", False)
    raise typer.Exit(1)


def summary(answer: Answer) -> str:
    """Title, length and cost of an answer."""
    bars = len(answer.score.measures())
    return f"{answer.score.title}, {bars} measure{'' if bars == 1 else 's'}, {priced(answer)}"


def priced(answer: Answer) -> str:
    """What an answer costs, and how many faults of what is given it has beside that."""
    parts = [f"cost {float(answer.cost):g}"]
    for faults, meant in ((answer.forgiven, "of the given line that no harmonisation avoids"),
                          (answer.excused, "in what is given that no voicing avoids")):
        if faults:
            parts.append(f"{len(faults)} fault{'' if len(faults) == 1 else 's'} {meant}")
    return "; ".join(parts)


def show(answer: Answer, kind: str, is_next: bool) -> None:
    """An answer for reading: in colour on a terminal, else as plain text; after another one with a line between."""
    if is_next:
        print()
    if sys.stdout.isatty():
        from theorygen.render.terminal import print_score

        print_score(answer.score)
    else:
        from theorygen.render.terminal import score_to_text

        print(score_to_text(answer.score), end="")
    dearest = ", ".join(f"{rule} {float(cost):g}" for rule, cost in list(answer.costs.items())[:_DEAREST])
    print(f"\n{kind}; {priced(answer)}" + (f"; dearest rules: {dearest}" if dearest else ""))


def _kind(answer: Answer, question: Question, rank: int, number: int) -> str:
    """What an answer is among all."""
    if question.kind in _LAWS:
        known = answer.score.metadata
        heat = f", temperature {known['temperature']:g}" if "temperature" in known else ""
        return f"{_LAWS[question.kind]}, seed {known['seed']}{heat}"
    proven = "proven" if answer.is_proven else "not proven"
    return f"the best ({proven})" if number == 1 else f"number {rank} of {number} ({proven})"


def broken_lines(broken: BrokenRules) -> list[str]:
    """Why no solution that was looked at is an answer."""
    several = f"each of the first {broken.tries} solutions" if broken.tries > 1 else "the best solution"
    looked = "every solution" if broken.is_everything else several
    lines = [f"error: {looked} breaks a rule that only a finished score shows; the nearest one:"]
    lines += [f"  {one}" for one in broken.broken]
    return [*lines, *(f"    {one.because}" for one in broken.broken[:1] if one.because)]


def least_bad_lines(least: LeastBadAnswer) -> list[str]:
    """What the least bad music breaks."""
    number = len(least.broken) + len(least.given_up)
    fewest = "the fewest there can be" if least.is_proven else "not proven to be the fewest"
    head = f"the least bad music has {number} fault{'' if number == 1 else 's'} ({fewest}):"
    return [head, *(f"  {one}" for one in least.broken), *(f"  given up: {one}" for one in least.given_up)]


def print_json(data: Mapping[str, Any]) -> None:
    """Plain data for programs."""
    import json

    print(json.dumps(data, indent=2, ensure_ascii=False))


def answers_data(task: Task, question: Question, found: Sequence[Answer]) -> dict[str, Any]:
    """The answers as plain data."""
    return {**_head(task, question), "answers": [_answer_data(rank, one) for rank, one in enumerate(found, 1)]}


def _head(task: Task, question: Question) -> dict[str, Any]:
    return {"format": "theorygen-answers", "version": 1, "style": task.style.name, "question": question.kind}


def _answer_data(rank: int, answer: Answer) -> dict[str, Any]:
    from theorygen.render.json_writer import score_to_data

    chords = [{"chord": chord.numeral.text, "key": str(chord.numeral.key), "onset": str(chord.onset),
               "duration": str(chord.duration), "cadence": chord.cadence} for chord in answer.score.chords]
    return {"rank": rank, "cost": float(answer.cost), "proven": answer.is_proven,
            "gap": float(answer.gap), "excused": violations_data(answer.excused),
            "forgiven": violations_data(answer.forgiven),
            "costs": {rule: float(cost) for rule, cost in answer.costs.items()}, "chords": chords,
            "violations": violations_data(answer.violations), "score": score_to_data(answer.score)}


def violations_data(violations: Sequence[Violation]) -> list[dict[str, Any]]:
    """What the checker says, as plain data."""
    from theorygen.rules.rule import THOUSAND

    return [{"rule": one.rule, "hard": one.hard, "where": str(one.location), "message": one.message,
             "cost": one.cost / THOUSAND} for one in violations]


def failure_data(task: Task, question: Question, failure: NoSolution | BrokenRules | NothingFound) -> dict[str, Any]:
    """Why there is no answer, as plain data."""
    from theorygen.compose.answering import BrokenRules, NothingFound

    if isinstance(failure, BrokenRules):
        return {**_head(task, question), "answers": [], "broken": violations_data(failure.broken)}
    if isinstance(failure, NothingFound):
        names = list(failure.together.names) if failure.together else None
        return {**_head(task, question), "answers": [], "nothing": {"reason": str(failure), "rules": names}}
    return {**_head(task, question), "answers": [], "conflict": failure.to_data()}


def marginals_data(task: Task, question: Question) -> dict[str, Any]:
    """In what share of all solutions each voice has each note, as plain data.

    Every solution counts the same, or by weight and cost where the question is for a random answer. Rules that are
    judged on the finished score are not looked at.

    Raises:
        NoSolution: there is none.
        NothingFound: relations rule all of them out.
    """
    from theorygen.compose.answering import temperature_of, why_none
    from theorygen.solve.answers import DeadEnd, Solutions

    try:
        solutions = Solutions(task.problem)
    except DeadEnd as end:
        raise why_none(task, end) from None
    found = solutions.marginals(temperature_of(task, question) if question.kind == "sample" else None).to_data()
    for position, data in enumerate(found["positions"]):
        place = task.location(position)
        data.update(measure=place.measure, beat=str(place.beat))
    return {"format": "theorygen-marginals", "version": 1, "style": task.style.name, **found}
