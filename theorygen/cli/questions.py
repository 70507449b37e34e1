"""Which answers are asked for: the best, the k best, a random one; options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from theorygen.cli.options import read_number
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.marks import Mark

if TYPE_CHECKING:
    from theorygen.compose.question import Distinct, Question

BestOption = Annotated[bool, typer.Option("--best", help="The answer of least cost, proven. The default.")]
SeedOption = Annotated[str | None, typer.Option(
    "--seed", metavar="NUMBER", help="A random answer; the same seed gives the same one.")]
SampleOption = Annotated[bool, typer.Option(
    "--sample", help="A random answer: the cheaper, the more probable, by exp(-cost / temperature).")]
TemperatureOption = Annotated[str | None, typer.Option(
    "--temperature", metavar="T", help="Of a random answer: near 0 among the best, large for all alike; default the "
                                       "style's.")]
UniformOption = Annotated[bool, typer.Option(
    "--uniform", help="A random answer, every one as probable as every other, whatever it costs.")]
CountOption = Annotated[str | None, typer.Option(
    "--k", metavar="NUMBER", help="The NUMBER best answers, ranked by cost.")]
DistinctOption = Annotated[str | None, typer.Option(
    "--distinct", metavar="WHAT", help="What the answers of --k differ in: solutions, chords, voicings or soprano.")]

EngineOption = Annotated[str | None, typer.Option(
    "--engine", metavar="NAME", help="The engine that is to answer; default the one that fits.")]
RequireOption = Annotated[list[str] | None, typer.Option(
    "--require-violation", metavar="RULE[@PLACE]",
    help="A fault the music is to have: parallel-fifths, parallel-fifths@m2, parallel-fifths@m3b2; may be repeated.")]
OnlyOption = Annotated[bool, typer.Option(
    "--only", help="Of the rules of --require-violation no fault but those required.")]
LeastBadOption = Annotated[bool, typer.Option(
    "--least-bad", help="Where nothing keeps every hard rule: what breaks the fewest, marked as such.")]
MarginalsOption = Annotated[bool, typer.Option(
    "--marginals", help="In what share of all solutions each voice has each note, as JSON, in place of an answer.")]

MOST_ANSWERS = 1000
"""The most answers that are asked for at once."""

HOTTEST = 1_000_000
"""The highest temperature; there costs hardly count."""


def read_question(best: bool, sample: bool, uniform: bool, seed: str | None, temperature: str | None, k: str | None,
                  distinct: str | None, found: Diagnostics, usual: str = "solutions",
                  engine: str | None = None) -> Question:
    """The question that options ask; whatever contradicts itself goes to ``found``.

    Args:
        best: whether ``--best`` was given.
        sample: whether ``--sample`` was given.
        uniform: whether ``--uniform`` was given.
        seed: what was given to ``--seed``, which asks for a random answer.
        temperature: what was given to ``--temperature``, which does so, too.
        k: what was given to ``--k``.
        distinct: what was given to ``--distinct``.
        found: takes whatever is wrong.
        usual: what the k best differ in when nothing is said.
        engine: what was given to ``--engine``.
    """
    from theorygen.compose.question import Question

    _check_laws(best, sample, uniform, k is not None, found)
    _check_chance(best, uniform, seed, temperature, k, found)
    number = None if seed is None else read_number("--seed", seed, found)
    heat = None if temperature is None else _read_temperature(temperature, found)
    count = 1 if k is None else read_number("--k", k, found, least=1) or 1
    if count > MOST_ANSWERS:
        found.add(Diagnostic("too-many", f"--k {k} asks for too many answers", Mark("--k", 1, 1, len(k or ""), k or ""),
                             f"at most {MOST_ANSWERS}", remedy="'theorygen count' tells how many there are"))
    different = _read_distinct(distinct or usual, found)
    if distinct is not None and k is None:
        found.add(Diagnostic("distinct-alone", f"--distinct {distinct} tells several answers apart, and one is asked",
                             None, "--k NUMBER beside it", remedy=f"add --k 3, or leave out --distinct {distinct}"))
    if uniform:
        return Question("uniform", number, engine=engine)
    if sample or seed is not None or temperature is not None:
        return Question("sample", number, heat, engine=engine)
    return Question("best" if k is None else "ranked", count=count, distinct=different, engine=engine)


def _check_laws(best: bool, sample: bool, uniform: bool, ranked: bool, found: Diagnostics) -> None:
    """Refuse several kinds of answers at once."""
    asked = [name for name, said in
             (("--best", best), ("--sample", sample), ("--uniform", uniform), ("--k", ranked)) if said]
    if len(asked) > 1:
        found.add(Diagnostic(
            "two-questions", f"{' and '.join(asked)} ask for different answers", None, "one of them",
            remedy="--best gives the best answer, --k the best ones in order, --sample and --uniform a random one"))


def _check_chance(best: bool, uniform: bool, seed: str | None, temperature: str | None, k: str | None,
                  found: Diagnostics) -> None:
    """Refuse a seed or a temperature where nothing is random."""
    if uniform and temperature is not None:
        found.add(Diagnostic("no-temperature", "--uniform does not look at costs, so there is no temperature",
                             remedy="leave out --temperature, or write --sample in place of --uniform"))
    if not best and k is None:
        return
    fixed = "--best" if best else "--k"
    for option, value in (("--seed", seed), ("--temperature", temperature)):
        if value is not None:
            message = f"{option} is for random answers, and {fixed} leaves nothing to chance"
            found.add(Diagnostic("nothing-random", message, remedy=f"leave out {option} or {fixed}"))


def _read_temperature(text: str, found: Diagnostics) -> float | None:
    """A temperature, or None with the reason in ``found``."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 <= value <= HOTTEST:
        return value
    found.add(Diagnostic("not-a-temperature", f"'{text[:40]}' is no temperature",
                         Mark("--temperature", 1, 1, max(len(text), 1), text),
                         f"a number from 0 to {HOTTEST}", remedy="such as --temperature 1.5"))
    return None


def _read_distinct(text: str, found: Diagnostics) -> Distinct:
    """What answers differ in."""
    from theorygen.compose.question import Distinct

    known = get_args(Distinct)
    for word in known:
        if word == text:
            return word
    found.add(Diagnostic("unknown-distinct", f"answers cannot be told apart by '{text}'",
                         Mark("--distinct", 1, 1, max(len(text), 1), text), ", ".join(known), nearest(text, known)))
    return "solutions"


def check_faults(required: Sequence[str], only: bool, found: Diagnostics) -> None:
    """Refuse ``--only`` where no fault is required."""
    if only and not required:
        found.add(Diagnostic("only-alone", "--only is for faults that are required, and none is", None,
                             "--require-violation RULE beside it", remedy="add --require-violation parallel-fifths"))
