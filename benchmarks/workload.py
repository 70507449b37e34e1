"""What is solved: chord progressions, and the textbook profile with none, some or all of its rules with memory.

Imports nothing but theorygen, so that a process that measures its own memory stays small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import cycle, islice, pairwise

from theorygen.compose.composition import BLOCK_GRIDS
from theorygen.rules.folds import LINE
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, profile
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.score.event import Event
from theorygen.score.part import arrange
from theorygen.score.score import Score
from theorygen.solve.answers import Solution, sample
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.turns import TURN
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.theory import Key, Meter, Pitch, RomanNumeral

SEVEN = ("I", "V6", "I", "IV", "ii6", "V7", "I")
SIXTEEN = ("I", "V43", "I6", "IV", "vi", "ii65", "V65/V", "V", "I", "V65/IV", "IV", "viio6", "I6", "ii65", "V7", "I")
"""Two phrases of eight: triads and seventh chords, inversions, two applied chords, a half and a perfect cadence."""

EIGHT = ("I", "V6", "I", "IV", "ii6", "V", "V7", "I")
"""A phrase whose bass music21's figured bass can realise over and over."""

PHRASE = 8
CADENCES = {"V": "HC", "I": "PAC"}
TEMPERATURE = 3.0
METER = Meter.parse("4/4")
HOME = Key.parse("C")


def chords(count: int, pattern: Sequence[str] = SIXTEEN) -> tuple[str, ...]:
    """A progression of ``count`` chords: the pattern over and over."""
    return tuple(islice(cycle(pattern), count))


def wandering(count: int, seed: int = 1) -> tuple[str, ...]:
    """A progression of phrases from I to V or V7 I, drawn at random from the successions of the patterns above."""
    following: dict[str, list[str]] = {}
    for before, after in pairwise((*SIXTEEN, *EIGHT, *SEVEN)):
        following.setdefault(before, []).append(after)
    chance, drawn = Chance(seed, "wandering"), list[str]()
    while len(drawn) < count:
        phrase = ["I"]
        while len(phrase) < PHRASE:
            phrase.append(following[phrase[-1]][chance.below(len(following[phrase[-1]]))])
        drawn += phrase if phrase[-1] == "V" or phrase[-2:] == ["V7", "I"] else []
    return tuple(drawn[:count])


def problem(texts: Sequence[str], rules: RuleSet, given: Sequence[dict[int, int]] = (),
            phrase: int = PHRASE) -> Problem:
    """One chord a beat, in phrases of equal length; a phrase ends in a half cadence on V, in a perfect one on I.

    Args:
        texts: Roman numerals in C major.
        rules: the rules.
        given: for each chord the pitch code that some voices must take.
        phrase: chords in a phrase.
    """
    final = len(texts) - 1
    places = []
    for index, text in enumerate(texts):
        last = index % phrase == phrase - 1 or index == final
        places.append(Slot(RomanNumeral.parse(text, HOME), METER.weight(Fraction(index % 4)), index % phrase == 0, last,
                           opening=index == 0, final=index == final,
                           cadence=CADENCES.get(text, "none") if last else "none"))
    asked = [{voice: frozenset([code]) for voice, code in one.items()} for one in given] or [{} for _ in places]
    positions = tuple(Position((Choice(place, given=one),)) for place, one in zip(places, asked, strict=True))
    return Problem(positions, rules, Ensemble.named("satb"))


def rule_sets() -> dict[str, RuleSet]:
    """The textbook profile on the grids that are solved, by which of its rules with memory it keeps."""
    full = profile("strict-textbook").on(BLOCK_GRIDS).solved
    memories = {rule.name for rule in full.rules if rule.rule.over in (LINE, TURN)}
    two = {"single-climax", "leap-recovery"}
    style = full.without(memories - two)
    outer = RuleSet(tuple(map(_outer, style.rules)))
    return {"none": full.without(memories), "outer": outer, "style": style, "all": full}


FOLD_SETS = {
    "none": "no rules with memory",
    "outer": "climax + leap recovery, soprano and bass",
    "style": "climax + leap recovery, as the profile has them",
    "all": "all rules with memory",
}
"""What each rule set keeps. The profile asks leap recovery of all voices but the bass, "outer" of the outer two."""


def _outer(rule: ActiveRule) -> ActiveRule:
    if rule.name != "leap-recovery":
        return rule
    return replace(rule, rule=replace(rule.rule, when=rule.rule.when.replace("(is_top or not is_bass)", "is_outer")))


def score_of(question: Problem, solution: Solution) -> Score:
    """The solution as a score, one quarter note a chord."""
    onsets, quarter = [Fraction(index) for index in range(len(solution.pitches))], Fraction(1)
    events = {name: tuple(Event(onset, quarter, (Pitch.from_code(code),))
                          for onset, code in zip(onsets, solution.pitches[:, voice].tolist(), strict=True))
              for voice, name in enumerate(question.ensemble.names)}
    return Score(arrange(question.ensemble, events), ((Fraction(0), METER),), ((Fraction(0), HOME),),
                 ensemble=question.ensemble)


def ask(texts: Sequence[str], rules: RuleSet, seed: int, workshop: Workshop | None = None) -> tuple[Score, int]:
    """The question that is timed: build the problem, solve it, draw one voicing, write it as a score.

    Args:
        workshop: tables to use again; None starts with empty ones.

    Returns:
        The score, and its cost in thousandths.
    """
    return answer(problem(texts, rules), seed, workshop)


def answer(question: Problem, seed: int, workshop: Workshop | None = None) -> tuple[Score, int]:
    """Solve, draw one voicing, write it as a score: see `ask`."""
    tables = workshop or Workshop(question.rules, question.ensemble)
    solution = sample(question, Chance(seed), TEMPERATURE, tables)
    return score_of(question, solution), solution.cost
