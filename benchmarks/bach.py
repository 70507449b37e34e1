"""What the rules of `bach-chorale` find in Bach's chorales, beside what others counted there. A study, no benchmark.

    python -m benchmarks.bach                         all 371 chorales, printed
    python -m benchmarks.bach --every 40              every 40th, for a quick look
    python -m benchmarks.bach --analyses DIRECTORY    also with human analyses, as `benchmarks.analysis` reads them
    python -m benchmarks.bach --write docs/bach.md    the page of the manual

The chorales are those of Riemenschneider's collection as music21's corpus has them, doublets counted as they come. Each
is read, analysed and checked on one core. The earlier counts stand in bach.yaml as rules of their own, so that the same
thing is counted again over our scores, next to the number of the library's rule.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.earlier_counts import EarlierCount, earlier_counts
from theorygen.analysis.analyze import analyze
from theorygen.analysis.cadences import with_cadences
from theorygen.review.corpus import Outcome
from theorygen.review.judging import Choice, Judge
from theorygen.review.rates import Rate, rates_of
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.tally import Tally, tally
from theorygen.score import Score

PROFILE = "bach-chorale"
KEPT = 0.95
"""Share of the chorales that every hard rule should leave in peace."""
STAGES = ("reading", "analysis", "checking")
ABOUT = (
    "Two counts made before the rules were written, over nearly the same chorales, and one over analyses alone. "
    "**A**: 295 four-part chorales of music21's corpus with the human analyses of the When in Rome corpus. **B**: "
    "362 four-part files of music21's corpus by themselves. **C**: the 371 analyses by themselves. Where no "
    "letter stands, it is A. We count the same thing again by the same definition, as far as a condition can say "
    "it (`benchmarks/bach.yaml`): in *ours* with the chords our analysis finds{human}. The last columns have what "
    "the rule of the library finds, with its exceptions, and why numbers differ. A star marks differences beyond "
    "chance: more than three standard errors.")
AS_READ = " *Human*: the rate with the chords of the analysts; where it is another, our analysis makes the difference."
HUMAN = ", in *human* with the chords of the analysts, over the {} chorales where score and analysis fit"


@dataclass(frozen=True)
class Chorale:
    """What became of one chorale.

    Attributes:
        number: Riemenschneider's.
        outcome: tallies of the rules and of the earlier counts; a failure if it could not be judged.
        seconds: of the processor, for each stage.
    """

    number: int
    outcome: Outcome
    seconds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Study:
    """Everything that was found.

    Attributes:
        chorales: all of them.
        rates: of the rules of the profile.
        counts: the earlier counts.
        ours: the same counted in our analyses, by name.
        human: the same counted in human analyses, by name, or nothing.
        human_rates: of the rules of the profile, with human analyses.
        analysed: how many human analyses there were.
    """

    chorales: Sequence[Chorale]
    rates: Sequence[Rate]
    counts: Sequence[EarlierCount]
    ours: Mapping[str, Tally]
    human: Mapping[str, Tally]
    human_rates: Sequence[Rate] = ()
    analysed: int = 0

    @property
    def judged(self) -> list[Chorale]:
        """The chorales that could be judged."""
        return [chorale for chorale in self.chorales if not chorale.outcome.failure]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bach", description=__doc__.split("\n\n")[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth chorale, for a quick look")
    parser.add_argument("--analyses", type=Path, metavar="DIRECTORY", help="RomanText files named by number")
    parser.add_argument("--write", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    page = "\n".join(lines(study(chosen.every, chosen.analyses))) + "\n"
    if chosen.write:
        chosen.write.write_text(page, "utf-8")
    else:
        print(page, end="")


def study(every: int = 1, analyses: Path | None = None) -> Study:
    """Read, analyse and judge every Nth chorale."""
    judge, counts = Choice(PROFILE).judge(), earlier_counts()
    chorales = [judged(number, work, judge, counts) for number, work in works()[::every]]
    rates = rates_of((chorale.outcome for chorale in chorales), judge.rules)
    human = [Outcome("", counted(score, judge, counts)) for score in analysed(analyses, every)]
    ours = [chorale.outcome for chorale in chorales if not chorale.outcome.failure]
    return Study(chorales, rates, counts, summed(counts, ours), summed(counts, human), rates_of(human, judge.rules),
                 len(human))


def works() -> list[tuple[int, str]]:
    """Riemenschneider's numbers with the works they stand for."""
    from music21.corpus import chorales

    listed = chorales.ChoraleListRKBWV().byRiemenschneider
    return sorted((number, str(entry["bwv"])) for number, entry in listed.items())


def judged(number: int, work: str, judge: Judge, counts: Sequence[EarlierCount]) -> Chorale:
    """One chorale; whatever goes wrong becomes its failure."""
    try:
        times = [process_time()]
        score = _read(work)
        times.append(process_time())
        score = analyze(score)
        times.append(process_time())
        check(score, judge.rules, judge.voices_for(score))
        times.append(process_time())
        tallies = counted(score, judge, counts)
    except Exception as error:      # a crash is what this study looks for
        return Chorale(number, Outcome(work, failure=f"{type(error).__name__}: {error}"))
    return Chorale(number, Outcome(work, tallies), tuple(after - before for before, after in pairwise(times)))


def _read(work: str) -> Score:
    """A score of the corpus, read from its file and not from what music21 keeps of it."""
    from music21 import corpus

    from theorygen.readers import score_of_stream

    return score_of_stream(corpus.parse(f"bach/bwv{work}", forceSource=True), work)


def counted(score: Score, judge: Judge, counts: Iterable[EarlierCount]) -> Mapping[str, Tally]:
    """The tallies of the rules and of the earlier counts."""
    rules = RuleSet((*judge.rules.rules, *(count.rule for count in counts)))
    return tally(score, rules, judge.voices_for(score))


def analysed(directory: Path | None, every: int = 1) -> Iterator[Score]:
    """Scores with human analyses."""
    from benchmarks.analysis import read_pieces

    for piece in read_pieces(sorted(directory.glob("*.rntxt"))[::every]) if directory else ():
        yield with_cadences(replace(piece.score, chords=piece.chords))


def summed(counts: Iterable[EarlierCount], outcomes: Sequence[Outcome]) -> dict[str, Tally]:
    """What was counted in all."""
    return {count.name: sum((one.tallies[count.name] for one in outcomes), Tally()) for count in counts}


def lines(found: Study) -> Iterator[str]:
    """The page of the manual."""
    yield "<!-- Written by python -m benchmarks.bach --write; change benchmarks/bach.yaml or the rules instead. -->"
    yield from ("", "# Bach's chorales under the rules", "")
    yield (f"{len(found.chorales)} chorales of Riemenschneider's collection, from music21's corpus, were read, "
           f"analysed and checked by the profile `{PROFILE}`. Doublets are counted as they come.")
    for part in (_crashes, _times, _hard, _comparison, _rules) if found.judged else (_crashes,):
        yield ""
        yield from part(found)


def _times(found: Study) -> Iterator[str]:
    """How long a chorale takes."""
    yield from ("## Time", "", "Processor seconds a chorale, on one core, after import.", "")
    yield from _table(("", "median", "most"), ((stage, *_seconds(times)) for stage, times in _stages(found)))


def _stages(found: Study) -> Iterator[tuple[str, list[float]]]:
    columns = [list(times) for times in zip(*(one.seconds for one in found.judged), strict=True)]
    yield from zip(STAGES, columns, strict=True)
    yield "all", [sum(one.seconds) for one in found.judged]


def _seconds(times: Sequence[float]) -> tuple[str, str]:
    return f"{median(times):.3f}", f"{max(times):.3f}"


def _crashes(found: Study) -> Iterator[str]:
    """Chorales that could not be judged."""
    failed = [one for one in found.chorales if one.outcome.failure]
    yield from ("## Crashes", "", "None." if not failed else f"{len(failed)}:")
    yield from (f"* {one.number} (BWV {one.outcome.path}): {one.outcome.failure}" for one in failed)


def _hard(found: Study) -> Iterator[str]:
    """The hard rules, those broken most often first."""
    hard = sorted((rate for rate in found.rates if rate.strength == "hard"), key=lambda rate: -rate.pieces)
    least = min(1 - rate.pieces / len(found.judged) for rate in hard)
    yield from ("## Hard rules", "")
    yield (f"Each of the {len(hard)} hard rules should be kept in at least {KEPT:.0%} of the chorales; the least is "
           f"{least:.1%}. Not named here: {sum(not rate.pieces for rate in hard)} rules that all chorales keep.")
    yield ""
    yield from _table(("rule", "chorales that keep it", "broken", "out of", "chorales that break it"),
                      ((f"`{rate.rule}`", f"{1 - rate.pieces / len(found.judged):.1%}", _number(rate.tally.violations),
                        _number(rate.tally.opportunities), ", ".join(map(str, offenders(found, rate.rule))))
                       for rate in hard if rate.pieces))


def offenders(found: Study, rule: str) -> list[int]:
    """Numbers of the chorales that break a rule."""
    return [one.number for one in found.judged if one.outcome.tallies[rule].violations]


def _comparison(found: Study) -> Iterator[str]:
    """The earlier counts beside ours."""
    yield from ("## Earlier counts", "")
    yield ABOUT.format(human=HUMAN.format(found.analysed) if found.analysed else "")
    for category in dict.fromkeys(count.category for count in found.counts):
        yield from ("", f"### {category.capitalize()}", "")
        human = ["human"] if found.analysed else []
        head = ("counted", "ours", *human, "earlier", "", "rule", "finds", "why they differ")
        yield from _table(head, (_row(found, count) for count in found.counts if count.category == category))


def _row(found: Study, count: EarlierCount) -> tuple[str, ...]:
    rates = {rate.rule: rate for rate in found.rates}
    ours, human = found.ours[count.name], found.human[count.name]
    rate = rates.get(count.judged_by)
    return (count.title, count.shown(ours, len(found.judged)),
            *([count.shown(human, found.analysed)] if found.analysed else []), count.text,
            "*" if count.differs(ours, len(found.judged)) else "", f"`{count.judged_by}`" if count.judged_by else "",
            f"{_number(rate.tally.violations)} in {rate.pieces} chorales" if rate else "off" if count.judged_by else "",
            count.why)


def _rules(found: Study) -> Iterator[str]:
    """All rules of the profile."""
    human = {rate.rule: f"{rate.rate:.2%}" for rate in found.human_rates} if found.analysed else {}
    yield from ("## Every rule", "", "Rules that found nothing to judge are left out." + (AS_READ if human else ""), "")
    head = ("rule", "strength", "broken", "out of", "in chorales", "rate", *(["human"] if human else []))
    yield from _table(head, ((f"`{rate.rule}`", rate.strength, _number(rate.tally.violations),
                              _number(rate.tally.opportunities), str(rate.pieces), f"{rate.rate:.2%}",
                              *([human[rate.rule]] if human else []))
                             for rate in found.rates if rate.tally.opportunities))


def _number(count: int) -> str:
    return f"{count:,}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
