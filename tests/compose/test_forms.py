"""Pieces in the forms that ship: each form has its cadences, keys and repetitions, and every one can be voiced."""

from __future__ import annotations

from functools import cache

import pytest

from theorygen.compose.composition import Composer
from theorygen.compose.plan import Plan, PlannedChord
from theorygen.grammar.style import Style, load_style
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.theory import Key

SEEDS = range(4)
BOTH = ("C", "a")
SMALL = ("period", "sentence", "hybrid", "simple-binary", "rounded-binary", "balanced-binary", "small-ternary",
         "bar-form", "aaba", "theme-recall", "ground-bass")
STYLES = [
    *(("period", {"period": kind}) for kind in ("parallel", "contrasting", "modulating")),
    *(("small-forms", {"form": form}) for form in SMALL),
    ("minuet", {}),
    *(("song-forms", {"form": form}) for form in ("twelve-bar", "verse-chorus", "build-drop")),
]


@cache
def style_of(name: str) -> Style:
    return load_style(name)


@cache
def workshop_of(style: str) -> Workshop:
    return Composer(style_of(style)).workshop


@cache
def composer(style: str, **parameters: str) -> Composer:
    """One composer for each form; what they know of voices is the same and made once."""
    made = Composer(style_of(style), parameters)
    made.workshop = workshop_of(style)
    return made


def plans(style: str, key: str, **parameters: str) -> list[Plan]:
    planner = composer(style, **parameters).planner
    return [planner.plan(Chance(seed), Key.parse(key), 0) for seed in SEEDS]


def both(style: str, **parameters: str) -> list[Plan]:
    return [plan for key in BOTH for plan in plans(style, key, **parameters)]


def phrases(plan: Plan) -> list[list[PlannedChord]]:
    found: list[list[PlannedChord]] = [[] for _ in plan.phrases]
    for chord in plan.chords:
        found[chord.phrase].append(chord)
    return found


def texts(chords: list[PlannedChord]) -> list[tuple[str, ...]]:
    """The numerals each chord may be."""
    return [tuple(numeral.text for numeral, _ in chord.alternatives) for chord in chords]


def exactly(chords: list[PlannedChord]) -> list[tuple]:
    """Chords with their lengths and what is asked of the top voice."""
    return [(text, chord.duration, tuple(chord.degrees.items()))
            for text, chord in zip(texts(chords), chords, strict=True)]


def opening(plan: Plan, phrase: int) -> list[tuple]:
    """The basic idea of a phrase: its first two bars."""
    chords = phrases(plan)[phrase]
    end = chords[0].onset + 2 * plan.meter.bar_length
    return exactly([chord for chord in chords if chord.onset < end])


def cadences(plan: Plan) -> list[str | None]:
    return [chords[-1].cadence for chords in phrases(plan)]


def keys(plan: Plan) -> list[str]:
    """The key each phrase ends in."""
    return [chords[-1].alternatives[0][0].key.short for chords in phrases(plan)]


def bars(plan: Plan, section: range) -> int:
    chords = [chord for chord in plan.chords if chord.phrase in section]
    return int(sum(chord.duration for chord in chords) / plan.meter.bar_length)


# voices


@pytest.mark.parametrize("key", BOTH)
@pytest.mark.parametrize(("style", "parameters"), STYLES, ids=str)
def test_every_form_can_be_voiced(style: str, parameters: dict[str, str], key: str) -> None:
    piece = composer(style, **parameters).compose(2, key)
    assert [str(one) for one in piece.violations if one.hard] == []
    assert piece.attempts < 20
    assert piece.score.end % (4 * piece.plan.meter.bar_length) == 0


@pytest.mark.parametrize("level", ["4", "7"])
def test_forms_can_be_voiced_at_both_ends_of_the_level(level: str) -> None:
    assert composer("small-forms", form="sentence", level=level).compose(0, "Eb").attempts < 20


# themes


def test_the_phrases_of_a_parallel_period_begin_alike_and_the_second_closes() -> None:
    for plan in both("period"):
        first, second = cadences(plan)
        assert first in ("HC", "IAC") and second == "PAC"
        assert opening(plan, 0) == opening(plan, 1)
        assert bars(plan, range(1)) == bars(plan, range(1, 2)) == 4


def test_a_contrasting_period_begins_its_consequent_otherwise() -> None:
    found = both("period", period="contrasting")
    assert all(cadences(plan)[0] in ("HC", "IAC") and cadences(plan)[1] == "PAC" for plan in found)
    assert all(opening(plan, 0) != opening(plan, 1) for plan in found)


@pytest.mark.parametrize(("home", "goals"), [("C", {"G"}), ("a", {"C", "e"})])
def test_a_modulating_period_closes_in_another_key(home: str, goals: set[str]) -> None:
    found = plans("period", home, period="modulating")
    assert {keys(plan)[0] for plan in found} == {home}
    assert {keys(plan)[1] for plan in found} <= goals
    assert all(cadences(plan) == ["HC", "PAC"] and opening(plan, 0) == opening(plan, 1) for plan in found)


def test_a_sentence_repeats_its_idea_without_a_cadence_and_then_closes() -> None:
    for plan in both("small-forms", form="sentence"):
        assert cadences(plan) == [None, "PAC"]
        presentation, continuation = phrases(plan)
        half = presentation[0].onset + 2 * plan.meter.bar_length
        idea, again = ([chord.duration for chord in presentation if (chord.onset < half) is first]
                       for first in (True, False))
        assert idea == again
        assert max(chord.duration for chord in continuation[:-1]) < plan.meter.bar_length


def test_hybrids_combine_halves_of_periods_and_sentences() -> None:
    kinds = {tuple(leaf.symbol for leaf in plan.form.leaves()) for plan in both("small-forms", form="hybrid")}
    assert kinds <= {("Theme", "Continuation"), ("Theme", "CadentialPhrase"), ("Compound", "Continuation"),
                     ("Octave", "Continuation"), ("Compound", "Theme")}
    assert len(kinds) >= 3
    for plan in both("small-forms", form="hybrid"):
        opens = plan.form.leaves()[0].symbol == "Theme"
        assert cadences(plan) == ["HC" if opens else None, "PAC"]


# binary, ternary


@pytest.mark.parametrize("form", ["simple-binary", "rounded-binary", "balanced-binary"])
def test_a_binary_form_leaves_home_or_closes_there_and_comes_back(form: str) -> None:
    for plan in both("small-forms", form=form):
        first, home = keys(plan)[1], plan.key.short
        assert first in ({"C", "G"} if home == "C" else {"a", "C", "e"})
        assert keys(plan)[-1] == home
        assert cadences(plan)[1] == cadences(plan)[3] == "PAC"


def test_a_rounded_binary_comes_back_to_its_opening() -> None:
    for plan in both("small-forms", form="rounded-binary"):
        assert opening(plan, 0) == opening(plan, 3)
        assert cadences(plan)[2] == "HC" and keys(plan)[2] == plan.key.short


def test_both_parts_of_a_balanced_binary_end_alike() -> None:
    for plan in plans("small-forms", "C", form="balanced-binary"):
        closings = []
        for phrase in (1, 3):
            chords = phrases(plan)[phrase]
            start = chords[-1].onset - plan.meter.bar_length
            closings.append(exactly([chord for chord in chords if chord.onset >= start]))
        assert closings[0] == closings[1]
        assert keys(plan)[1] == "G" and keys(plan)[3] == "C"


def test_a_ternary_form_goes_away_stands_on_the_dominant_and_comes_back() -> None:
    for plan in both("small-forms", form="small-ternary"):
        home = plan.key.short
        assert keys(plan)[2] != home and keys(plan)[3:] == [home] * 3
        assert cadences(plan)[3] == "HC" and cadences(plan)[5] == "PAC"
        assert opening(plan, 0) == opening(plan, 4) == opening(plan, 5)
    exact = [phrases(plan)[:2] for plan in both("small-forms", form="small-ternary") if plan.phrases[4].repeated]
    assert exact


def test_a_minuet_comes_back_after_its_trio() -> None:
    for plan in both("minuet"):
        found = [exactly(chords) for chords in phrases(plan)]
        assert found[:4] == found[8:] != found[4:8]
        trio = {phrase.leaf.attributes["key"] for phrase in plan.phrases[4:8]}
        assert len(trio) == 1 and trio != {"I" if plan.key.short == "C" else "i"}


# larger forms


def test_the_stollen_of_a_bar_form_are_equal() -> None:
    for plan in both("small-forms", form="bar-form"):
        found = [exactly(chords) for chords in phrases(plan)]
        assert found[:2] == found[2:4]
        assert [phrase.repeated for phrase in plan.phrases] == [False, False, True, True, False, False]
        assert cadences(plan)[5] == "PAC" and keys(plan)[5] == plan.key.short


def test_the_second_theme_is_recalled_at_home() -> None:
    for plan in plans("small-forms", "C", form="theme-recall"):
        found = [exactly(chords) for chords in phrases(plan)]
        assert found[0] == found[3]
        assert found[1] == found[4]
        assert (keys(plan)[1], keys(plan)[4]) == ("G", "C")


def test_a_ground_is_stated_as_often_as_asked() -> None:
    for plan in both("small-forms", form="ground-bass", statements="5"):
        found = [[{str(numeral.bass) for numeral, _ in chord.alternatives} for chord in chords]
                 for chords in phrases(plan)]
        assert len(found) == 6
        assert all(line == found[0] for line in found[:5]) and found[5] != found[0]
        assert cadences(plan)[-1] == "PAC"


def test_the_thirty_two_bars_of_aaba() -> None:
    for plan in both("small-forms", form="aaba"):
        found = [exactly(chords) for chords in phrases(plan)]
        assert bars(plan, range(8)) == 32
        assert found[0] == found[2] == found[6]
        assert found[0] not in (found[4], found[5])
        assert cadences(plan)[3] == cadences(plan)[7] == "PAC"


# songs


BLUES = ["I", "I IV", "I", "I", "IV", "IV", "I", "I", "V", "IV", "I", "I V"]


def test_every_bar_of_the_blues_has_its_chord() -> None:
    for key in BOTH:
        for seed in SEEDS:
            plan = composer("song-forms", form="twelve-bar").planner.plan(Chance(seed), Key.parse(key), 0)
            assert [chord.onset for chord in plan.chords] == [4 * bar for bar in range(24)]
            for bar, chord in enumerate(plan.chords):
                numeral = chord.alternatives[0][0]
                allowed = BLUES[bar % 12].split() + (["VI", "V"] if key == "a" and bar % 12 in (8, 9) else [])
                assert numeral.text.rstrip("d7").upper() in allowed
            assert plan.chords[-1].alternatives[0][0].root == plan.key.tonic


def test_jazz_puts_chords_before_those_that_come_next() -> None:
    """An applied chord at the end of a bar is that of the chord in the next."""
    targets = set()
    for plan in plans("song-forms", "C", form="twelve-bar", level="6"):
        for chord, after in zip(plan.chords, plan.chords[1:], strict=False):
            applied = chord.alternatives[0][0].applied_to
            if applied and after.onset % 4 == 0:
                targets.add(str(applied))
                assert after.alternatives[0][0].text.rstrip("d7") == str(applied)
    assert targets == {"IV", "ii"}


def test_verses_and_choruses_repeat_their_loops() -> None:
    for plan in both("song-forms", form="verse-chorus"):
        found = [texts(chords) for chords in phrases(plan)]
        verse, lift, chorus = found[0], found[3], found[4]
        assert found[:13] == [verse, verse, verse, lift, chorus, chorus, verse, verse, lift, chorus, chorus,
                              found[11], lift]
        assert found[13:15] == [chorus, chorus]
        assert chorus[0][0] in ("I", "IV", "i", "iv")
        assert all(len(line) == 4 for line in found)


def test_a_track_changes_every_eight_bars() -> None:
    for plan in both("song-forms", form="build-drop"):
        found = [texts(chords) for chords in phrases(plan)]
        assert bars(plan, range(24)) == 96
        assert all(found[2 * pair] == found[2 * pair + 1] for pair in range(11))
        assert found[6] == found[14] != found[0]
