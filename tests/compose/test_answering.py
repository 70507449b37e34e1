"""Answers: they keep everything the checker looks at, in the order and by the law that was asked for."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from theorygen.compose.answering import answers, engine_for
from theorygen.compose.least_bad import MARK, least_bad_answer
from theorygen.compose.question import Question
from theorygen.compose.roman_line import parse_roman_line
from theorygen.compose.screening import Answer
from theorygen.compose.tasks import Task, with_relations
from theorygen.grammar.style import load_style
from theorygen.readers import read_score
from theorygen.render.files import write_score
from theorygen.rules.check import check
from theorygen.rules.rule_set import profile
from theorygen.score.score import Score
from theorygen.solve.answers import Solutions, best
from theorygen.solve.conflict import NoSolution
from theorygen.source.diagnostic import InputError
from theorygen.theory import Meter

STYLE = load_style("textbook-chorale")
STRICT = profile("strict-textbook")

CATALOGUE = [
    "C: I IV V I", "C: I V6 I IV ii6 V I", "C: I vi IV ii6 I64 V7 I", "G: I V43 I6 IV ii65 V7 I",
    "G: I viio6 I6 ii65 V V7 vi", "a: i V6 i iio6 V7 VI", "a: i iv6 V", "a: i N6 V7 i", "a: i iv6 Ger65 i64 V7 i",
    "C: I IV viio iii vi ii V I",
]
"""The progressions of the rule catalogue that have a solution."""

TEN_KEYS = " // ".join((
    "C: I V43 I6 V65/V V V42 I6 ii65 Cad64 V7 I:2", "a: i V65 i viio7/V V i6 iv N6 V7 - i:2",
    "G: I vi IV V65/ii ii V43 I6 viio6 I IV6 Cad64 V7 I:4", "e: i iio6 V V42 i6 Ger65 Cad64 V7 i:4",
    "F: I iii IV V7/V V V42 I6 ii65 V7 - I:2", "d: i VI iv iv6 Fr43 V V65 i iio65 V7 i:2",
    "Bb: I V7/IV IV iv I6 vi ii V7 I:4", "g: i v6 iv6 V i6 viio43 i iv It6 V i:2",
    "D: I IV viio iii vi ii V7 - I:4", "b: i III VI iio6 V7 VI iv V7 i:4",
    "C: I viio7/ii ii V vi V6/V V V42 I6 ii6 Cad64 V7 I:4"))


def task(text: str) -> Task:
    assert STYLE.ensemble is not None
    return parse_roman_line(text, STYLE.ensemble, Meter(4, 4), Fraction(1)).task(STYLE)


def hard(score: Score) -> list[str]:
    return [str(one) for rules in (STYLE.rules, STRICT) for one in check(score, rules) if one.hard]


def costs(found: list[Answer]) -> list[Fraction]:
    return [one.cost for one in found]


@pytest.mark.parametrize("text", CATALOGUE)
def test_the_progressions_of_the_catalogue_break_no_rule(text: str) -> None:
    found = answers(task(text), Question())[0]
    assert hard(found.score) == []
    assert found.is_proven and found.cost == sum(found.costs.values())


def test_a_hundred_chords_in_ten_keys_break_no_rule() -> None:
    found = answers(task(TEN_KEYS), Question())[0]
    assert len(found.score.chords) >= 100 and len({chord.numeral.key for chord in found.score.chords}) == 10
    assert hard(found.score) == [] and found.is_proven


@pytest.mark.parametrize("text", ["C: I V6 I IV ii6 V7 I", "a: i iv6 V // i V7 i", "C: I vi G: ii V7 I // C: IV V7 I"])
def test_a_round_trip_through_musicxml_keeps_the_verdict(text: str, tmp_path: Path) -> None:
    found = answers(task(text), Question())[0]
    write_score(found.score, tmp_path / "a.musicxml")
    again = read_score(tmp_path / "a.musicxml")
    assert again.chords == found.score.chords
    assert list(map(str, check(again, STYLE.rules))) == list(map(str, found.violations))


def test_the_last_cadence_is_looked_for_until_it_is_perfect() -> None:
    asked = task("C: I ii6 V I // I IV V // vi IV V7 I")
    first = best(asked.problem)
    found = answers(asked, Question())[0]
    assert found.score.chords[-1].cadence == "PAC" and found.is_proven
    assert found.cost * 1000 >= first.cost


def by_enumeration(asked: Task, number: int) -> list[Fraction]:
    """The costs of the first solutions in order that break no hard rule."""
    found: list[Fraction] = []
    for solution in Solutions(asked.problem).in_order():
        if len(found) == number:
            break
        if not any(one.hard for one in check(asked.score(solution), STYLE.rules)):
            found.append(Fraction(solution.cost, 1000))
    return found


@pytest.mark.parametrize("text", [
    "C: I V I // I V7 I", "C: I {IV|ii6} V I", "C: I {V|ii} I // {I|vi} V I", "C: I ii {V|vi} {I|vi|V}"])
def test_the_best_in_order_are_those_of_enumeration(text: str) -> None:
    asked = task(text)
    found = answers(asked, Question("ranked", count=12))
    assert costs(found) == by_enumeration(asked, 12)
    assert all(one.is_proven for one in found)


@pytest.mark.parametrize("distinct", ["chords", "voicings", "soprano"])
def test_answers_told_apart_are_the_best_of_what_they_stand_for(distinct: str) -> None:
    asked = task("C: I {IV|ii6} {V|viio6} I // vi V7 I")
    found = answers(asked, Question("ranked", count=4, distinct=distinct))  # type: ignore[arg-type]
    names = {"chords": lambda one: tuple(chord.numeral.text for chord in one.score.chords),
             "voicings": lambda one: one.solution.pitches.tobytes(),
             "soprano": lambda one: one.solution.pitches[:, 0].tobytes()}[distinct]
    kept: dict[object, Fraction] = {}
    for one in answers(asked, Question("ranked", count=60)):
        kept.setdefault(names(one), one.cost)
    assert len({names(one) for one in found}) == len(found)
    told = costs(found)[: len(kept)]
    assert told == sorted(kept.values())[: len(told)]


def test_fewer_come_back_when_there_are_no_more() -> None:
    found = answers(task("C: I {IV|ii6} V I"), Question("ranked", count=50, distinct="chords"))
    assert {one.score.chords[1].numeral.text for one in found} == {"IV", "ii6"} and len(found) == 2


def test_random_answers_depend_on_their_seed_alone() -> None:
    asked = task("C: I V6 I IV ii6 V7 I")
    first, again, other = (answers(asked, Question("sample", seed))[0] for seed in (1, 1, 2))
    assert first.score == again.score and first.score != other.score
    assert answers(asked, Question("uniform", 1))[0].score != first.score
    assert first.score.metadata == {"style": "textbook-chorale", "seed": 1, "temperature": STYLE.temperature}


def test_heat_makes_random_answers_dearer() -> None:
    asked = task("C: I V6 I IV ii6 V7 I")
    means = []
    for temperature in (0.5, 50.0):
        found = answers(asked, Question("sample", 1, temperature, count=12))
        means.append(sum(costs(found)))
    least = answers(asked, Question())[0].cost
    assert least * 12 <= means[0] < means[1]
    assert answers(asked, Question("sample", 1, 0.0))[0].cost == least


def test_random_answers_keep_what_is_judged() -> None:
    found = answers(task("C: I IV V // I V I"), Question("uniform", 5, count=8))
    assert all(one.score.chords[-1].cadence == "PAC" and not hard(one.score) for one in found)


def test_what_is_given_may_break_what_only_a_finished_score_shows() -> None:
    found = answers(task("C: I {IV|ii6} V I // V vi ii"), Question())[0]
    assert {one.rule for one in found.excused} == {"phrase-has-cadence"}
    assert {one.rule for one in check(found.score, STYLE.rules) if one.hard} == {"phrase-has-cadence"}
    assert found.is_proven and not answers(task("C: I {IV|ii6} V I"), Question())[0].excused


def test_without_a_solution_the_places_are_told() -> None:
    with pytest.raises(NoSolution) as caught:
        answers(task("a: i iv6 Ger65 V"), Question())
    assert caught.value.where == "measure 1, beat 3 to measure 1, beat 4"
    assert "parallel-fifths" in caught.value.rules


def test_the_least_bad_music_says_what_it_is() -> None:
    asked = task("a: i iv6 Ger65 V")
    with pytest.raises(NoSolution) as caught:
        answers(asked, Question())
    least = least_bad_answer(asked, caught.value)
    assert [one.rule for one in least.broken] == ["parallel-fifths"] and least.is_proven
    assert least.answer.faults == []  # its own, not those of what is given
    assert least.answer.score.title.endswith(f"({MARK})") and least.answer.score.metadata["breaks"] == "parallel-fifths"


@pytest.mark.parametrize("engine", ["layered", "choco"])
def test_engines_agree(engine: str) -> None:
    found = answers(task("C: I V6 I IV ii6 V7 I"), Question(engine=engine))[0]
    assert found.cost == answers(task("C: I V6 I IV ii6 V7 I"), Question())[0].cost
    assert found.is_proven and not hard(found.score)


def test_an_engine_that_cannot_answer_is_refused() -> None:
    with pytest.raises(InputError, match="cannot answer"):
        answers(task("C: I V I"), Question("ranked", count=2, engine="choco"))


def test_notes_that_stand_apart_are_answered_by_an_engine_that_searches(tmp_path: Path) -> None:
    path = tmp_path / "motif.yaml"
    path.write_text("theorygen: 1\nextends: textbook-chorale\nrules:\n  theme-returns:\n    relation: same-motif\n"
                    "    voice: soprano\n    at: [m1, m3]\n    length: 3\n", encoding="utf-8")
    style = load_style(path)
    assert style.ensemble is not None
    text = "C: I V6 I IV ii6 V7 I:2 // vi V65 I IV ii6 V7 I:2"
    asked = with_relations(parse_roman_line(text, style.ensemble, Meter(4, 4), Fraction(1)).task(style))
    assert engine_for(asked, Question())[0].rank > 0
    found = answers(asked, Question())[0]
    sung = [event.pitch for event in found.score.voice("soprano").events]
    assert sung[:3] == sung[7:10] and found.score.chords[-1].cadence == "PAC"
    assert not any(one.hard for one in found.violations) and found.is_proven
    with pytest.raises(InputError, match="no engine can answer"):
        answers(asked, Question("sample", 1))
