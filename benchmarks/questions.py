"""The solver: one question cold and warm, its parts, long pieces."""

from __future__ import annotations

from itertools import islice

from benchmarks.report import Goal, Report, milliseconds
from benchmarks.timing import KINDS, cores, medians, run_json
from benchmarks.workload import FOLD_SETS, SIXTEEN, TEMPERATURE, ask, chords, problem, rule_sets
from theorygen.solve import counting, semirings
from theorygen.solve.answers import Solutions
from theorygen.solve.trellis import build_trellis
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance

LENGTHS = (125, 250, 500, 1000, 2000)
LONGEST = 10_000
DRAWN = 1000
WARM_GOALS = {"none": 3, "outer": 20, "style": 20}


def measure_questions(report: Report, runs: int) -> None:
    """Sixteen chords: cold, warm, and each part of the answer."""
    rows, parts = [], []
    with cores(1):
        for folds, rules in rule_sets().items():
            cold = medians(lambda seed, rules=rules: ask(SIXTEEN, rules, seed), runs)
            workshop = Workshop(rules, problem(SIXTEEN, rules).ensemble)
            warm = medians(lambda seed, rules=rules, shop=workshop: ask(SIXTEEN, rules, seed, shop), runs)
            rows.append((FOLD_SETS[folds], *(milliseconds(one[kind]) for one in (cold, warm) for kind in KINDS)))
            parts.append((FOLD_SETS[folds], *_parts(workshop, runs)))
            _add_goals(report, folds, cold["median"], warm["median"])
    report.table("16 chords, mixed vocabulary, 2 phrases of 8, one question from chords to score",
                 ("rules", *(f"{state}, {kind}" for state in ("cold", "warm") for kind in KINDS)), rows)
    report.table("The parts of a warm question",
                 ("rules", "states, most and all", "edges", "trellis", "best", "its cost", "sample", "count",
                  "number of solutions"), parts)


def _add_goals(report: Report, folds: str, cold: float, warm: float) -> None:
    if folds == "all":
        report.goals.append(Goal("16 chords cold, full profile", cold * 1000, 60, "ms"))
    if folds in WARM_GOALS:
        report.goals.append(Goal(f"16 chords warm, {FOLD_SETS[folds]}", warm * 1000, WARM_GOALS[folds], "ms"))


def _parts(workshop: Workshop, runs: int) -> tuple[str, ...]:
    question = problem(SIXTEEN, workshop.rules)
    trellis = build_trellis(question, workshop)

    def draw(seed: int) -> semirings.Paths:
        return semirings.Sampler(trellis, TEMPERATURE).draws(Chance(seed))

    times = [medians(one, runs)["median"] for one in (
        lambda _: build_trellis(question, workshop), lambda _: semirings.best(trellis), draw,
        lambda _: counting.count(trellis))]
    built, best, sampled, counted = map(milliseconds, times)
    states = trellis.state_counts
    return (f"{max(states)} of {sum(states)}", str(sum(len(step.source) for step in trellis.steps)), built, best,
            f"{semirings.best(trellis).cost[0] / 1000:g}", sampled, counted, str(counting.count(trellis)))


def measure_growth(report: Report, lengths: tuple[int, ...], runs: int) -> None:
    """Long pieces, each in a process of its own, cold."""
    rows = []
    with cores(1):
        for folds in ("outer", "style", "all"):
            each = [_long_piece(count, folds, runs) for count in lengths]
            rows += [_growth_row(FOLD_SETS[folds], one) for one in each]
            for one in each:
                if one["chords"] == 1000:
                    report.goals.append(Goal(f"1,000 chords cold, {FOLD_SETS[folds]}", one["seconds"], 1.5, "s"))
                    report.goals.append(Goal(f"1,000 chords, peak memory, {FOLD_SETS[folds]}", one["peak"], 200, "MB"))
            if len(each) > 1 and folds == "outer":
                _add_growth_goal(report, each)
        if len(lengths) == len(LENGTHS):
            rows += _longest(report, runs)
    report.table("Long pieces in phrases of 8, cold, each in a fresh process",
                 ("rules", "chords", "time", "busy", "a chord", "memory before", "peak memory"), rows)


def _growth_row(name: str, one: dict) -> tuple[object, ...]:
    return (name, one["chords"], f"{one['seconds']:.3f} s", f"{one['busy']:.3f} s",
            f"{one['seconds'] / one['chords'] * 1000:.3f} ms", f"{one['baseline']:.0f} MB", f"{one['peak']:.0f} MB")


def _longest(report: Report, runs: int) -> list[tuple[object, ...]]:
    """Ten thousand chords: the sixteen over and over, and phrases drawn at random."""
    rows = []
    for more, name in (((), "the sixteen chords over and over"), (("wandering",), "phrases drawn at random")):
        one = _long_piece(LONGEST, "all", runs, *more)
        rows.append(_growth_row(f"{FOLD_SETS['all']}, {name}", one))
        report.goals.append(Goal(f"10,000 chords cold, {name}", one["seconds"], 4, "s"))
        report.goals.append(Goal(f"10,000 chords, peak memory, {name}", one["peak"], 1000, "MB"))
    return rows


def measure_draws(report: Report, runs: int) -> None:
    """A thousand further samples of 32 chords, once one has been drawn."""
    rows = []
    with cores(1):
        for folds, rules in rule_sets().items():
            drawn = Solutions(problem(chords(32), rules)).samples(Chance(1), TEMPERATURE)
            next(drawn)
            taken = medians(lambda _, drawn=drawn: list(islice(drawn, DRAWN)), runs)
            rows.append((FOLD_SETS[folds], *(milliseconds(taken[kind]) for kind in KINDS)))
            if folds == "all":
                report.goals.append(Goal("1,000 further samples of 32 chords", taken["median"], 0.5, "s"))
    report.table(f"{DRAWN:,} further samples of 32 chords", ("rules", *KINDS), rows)


def _long_piece(count: int, folds: str, runs: int, *more: str) -> dict:
    each = sorted((run_json(["-m", "benchmarks.long_piece", str(count), folds, *more]) for _ in range(runs)),
                  key=lambda one: one["seconds"])
    return each[len(each) // 2]


def _add_growth_goal(report: Report, each: list[dict]) -> None:
    """Beyond the first length, where the tables are made, every further chord costs the same."""
    low, middle, high = each[0], each[len(each) // 2], each[-1]
    early = (middle["seconds"] - low["seconds"]) / (middle["chords"] - low["chords"])
    late = (high["seconds"] - middle["seconds"]) / (high["chords"] - middle["chords"])
    name = f"cost of a further chord, {middle['chords']}-{high['chords']} against {low['chords']}-{middle['chords']}"
    report.goals.append(Goal(name, late / early, 1.5, "times"))
