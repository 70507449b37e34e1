"""The grammar of forms: every start symbol derives, its phrases have chords, and the patterns keep their shape."""

from __future__ import annotations

from functools import cache

import pytest

from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.derivation import Derivation, Leaf
from theorygen.grammar.labels import regions_of
from theorygen.grammar.style import lint_style, load_style, resolve_parameters
from theorygen.grammar.symbols import Goal, home_key
from theorygen.source.chance import Chance
from theorygen.theory import Key, Meter, RomanNumeral

STYLE = load_style("forms")
BASE = load_style("common-practice")
LENGTHS = {
    "Period": 2, "ModulatingPeriod": 2, "Sentence": 2, "Hybrid": 2, "SimpleBinary": 4, "RoundedBinary": 4,
    "BalancedBinary": 4, "SmallTernary": 6, "MinuetAndTrio": 12, "BarForm": 6, "ThemeRecall": 5, "GroundBass": 5,
    "Aaba": 8, "TwelveBar": 6, "VerseChorus": 16, "BuildDrop": 24,
}
IDEAS = ("Exchange", "DoReMi", "SolFaMi", "Meyer", "Romanesca", "Ascent", "FallingThird", "Lift")
MODES = ("major", "minor")
METERS = tuple(map(Meter.parse, ("2/2", "3/4", "2/4")))
LEVELS = range(4, 8)
KEYS = {"major": Key.parse("C"), "minor": Key.parse("a")}


@cache
def parameters(level: int) -> dict:
    return resolve_parameters(STYLE, {"level": str(level)})


@cache
def form_chart(level: int = 6) -> Chart:
    assert STYLE.form
    return Chart(STYLE.form, parameters(level))


@cache
def harmony_chart(meter: Meter, level: int = 6) -> Chart:
    clock = Clock(meter.bar_length, meter.beat_length, meter.weight)
    assert STYLE.harmony
    return Chart(STYLE.harmony, parameters(level), unit=meter.beat_length, clock=clock)


def base_chart(level: int) -> Chart:
    assert BASE.harmony
    return Chart(BASE.harmony, parameters(level))


def form_goal(symbol: str, mode: str) -> Goal:
    return Goal(symbol, LENGTHS[symbol], attributes={"key": home_key(mode), "mode": mode})


def phrases(symbol: str, mode: str, seed: int) -> list[Leaf]:
    """The phrases of a form, every derivation as likely as the others so that rare ones are seen too."""
    return form_chart().sample_uniform(form_goal(symbol, mode), Chance(seed)).leaves()


def harmony(text: str, mode: str = "major", meter: Meter = METERS[0], seed: int = 0, **attributes: str) -> Derivation:
    """Chords of a head such as ``Theme`` or ``Octave(Up)`` over four bars."""
    symbol, _, rest = text.partition("(")
    arguments = tuple(word.strip() for word in rest.rstrip(")").split(",")) if rest else ()
    goal = Goal(symbol, 4 * meter.bar_length, arguments, {"key": home_key(mode), "mode": mode, **attributes})
    return harmony_chart(meter).sample_uniform(goal, Chance(seed))


def basses(derivation: Derivation, mode: str) -> list[set[str]]:
    """The bass notes each chord may have."""
    return [{str(RomanNumeral.parse(text, KEYS[mode]).bass) for text, _ in leaf.alternatives}
            for leaf in derivation.leaves()]


# start symbols


def test_the_start_symbols_are_those_tested() -> None:
    assert STYLE.form
    (rule,) = STYLE.form.rules["Form"]
    assert {production.text for production in rule.productions} == set(LENGTHS)


def test_no_mistake_and_no_doubt() -> None:
    assert [str(one) for name in ("forms", "common-practice") for one in lint_style(name)] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("symbol", LENGTHS)
def test_every_start_symbol_derives_at_its_length_only(symbol: str, mode: str) -> None:
    for level in LEVELS:
        assert form_chart(level).count(form_goal(symbol, mode)) > 0
    possible = form_chart().durations(form_goal(symbol, mode), 2 * LENGTHS[symbol] - 1)
    repeats = {"GroundBass": set(range(2, 10)), "TwelveBar": {3, 6, 9}}
    assert set(possible) == repeats.get(symbol, {LENGTHS[symbol]})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("symbol", LENGTHS)
def test_every_phrase_has_chords_in_every_meter(symbol: str, mode: str) -> None:
    asked = {(leaf.symbol, leaf.derivation.arguments, tuple(sorted(leaf.attributes.items())))
             for seed in range(4) for leaf in phrases(symbol, mode, seed)}
    for leaf, arguments, attributes in asked:
        for meter in METERS:
            goal = Goal(leaf, 4 * meter.bar_length, arguments, dict(attributes))
            assert harmony_chart(meter).count(goal) > 0, (leaf, arguments, attributes, str(meter))


# patterns


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_a_cadence_has_the_last_bar_to_itself(meter: Meter, mode: str) -> None:
    for cadence, degree in (("HC", 5), ("IAC", 1), ("PAC", 1)):
        last = harmony("Theme", mode, meter, cadence=cadence, idea="Meyer").leaves()[-1]
        assert (last.start, last.duration) == (3 * meter.bar_length, meter.bar_length)
        assert RomanNumeral.parse(last.symbol, KEYS[mode]).degree.number == degree


@pytest.mark.parametrize("idea", IDEAS)
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_an_idea_is_the_same_in_every_phrase(idea: str, meter: Meter) -> None:
    heads = [("Theme", {"cadence": "HC"}), ("Theme", {"cadence": "PAC"}), ("Compound", {}),
             ("Turning", {"goal": "V", "cadence": "PAC"}), ("RhymedTheme", {"cadence": "PAC", "rhyme": "SixFour"})]
    openings = set()
    for seed, (head, attributes) in enumerate(heads):
        leaves = harmony(head, "major", meter, seed, idea=idea, **attributes).leaves()
        opening = tuple((leaf.symbol, leaf.start, leaf.duration, leaf.constraints.get("top")) for leaf in leaves
                        if leaf.start < 2 * meter.bar_length)
        openings.add(opening)
    assert len(openings) == 1
    assert all(top for *_, top in openings.pop())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_a_continuation_fragments_its_idea(meter: Meter, mode: str) -> None:
    """Units of two bars in the presentation, of one in the continuation, and no cadence before the end."""
    presentation = harmony("Presentation(Exact)", mode, meter)
    first, second = [node for node in presentation.nodes() if node.shared]
    assert first.duration == second.duration == 2 * meter.bar_length and first.words() == second.words()
    assert presentation.leaves()[-1].symbol not in ("V", "I", "i")
    for after in ("Dominant", "Tonic", "Supertonic"):
        steps = [node for seed in range(4) for node in harmony(f"Continuation(PAC, {after})", mode, meter, seed).nodes()
                 if node.symbol == "Step" and node.start < 2 * meter.bar_length]
        assert {node.duration for node in steps} == {meter.bar_length}


@pytest.mark.parametrize(("mode", "ground", "line"), [
    ("major", "Romanesca", "C G A E F C F G"), ("major", "Descent", "C B A G F E F G"),
    ("minor", "Lament", "A G F E"), ("minor", "ChromaticLament", "A G# G F# F E"),
    ("minor", "Folia", "A E A G C G A E"), ("minor", "Passamezzo", "A G A E C G A E"),
])
def test_a_ground_has_one_bass_whatever_chords_are_over_it(mode: str, ground: str, line: str) -> None:
    for meter in METERS:
        assert basses(harmony(f"Ground({ground})", mode, meter), mode) == [{note} for note in line.split()]


# section 9 in the base style


@pytest.mark.parametrize(("mode", "line"), [("major", "C D E F G A B C"), ("minor", "A B C D E F# G# A")])
def test_the_rule_of_the_octave_rises_by_step(mode: str, line: str) -> None:
    assert basses(harmony("Octave(Up)", mode), mode) == [{note} for note in line.split()]


@pytest.mark.parametrize(("mode", "line"), [("major", "C B A G F E D C"), ("minor", "A G F E D C B A")])
def test_the_rule_of_the_octave_falls_by_step(mode: str, line: str) -> None:
    assert basses(harmony("Octave(Down)", mode), mode) == [{note} for note in line.split()]


def test_a_tonicised_chord_has_its_own_predominant_and_dominant() -> None:
    chart = base_chart(7)
    for target, mode in (("ii", "major"), ("IV", "major"), ("vi", "major"), ("iv", "minor"), ("III", "minor")):
        for derivation in chart.enumerate(Goal("Tonicised", 3, (target,), {"mode": mode})):
            *before, last = derivation.leaves()
            assert last.symbol == target
            chords = [RomanNumeral.parse(text, KEYS[mode]) for leaf in before for text, _ in leaf.alternatives]
            assert [str(chord.applied_to) for chord in chords][-1] == target
            assert {str(chord.applied_to) for chord in chords} <= {target, f"V/{target}"}
            assert {chord.function for chord in chords[:-1]} <= {"P", "D"} and chords[-1].function == "D"


@pytest.mark.parametrize(("mode", "names"), [
    ("major", {"falling fifths", "falling thirds", "rising 5-6", "parallel sixths", "rising fifths"}),
    ("minor", {"falling fifths", "falling thirds", "parallel sixths"}),
])
def test_sequences_begin_at_level_six(mode: str, names: set[str]) -> None:
    assert _sequences(6, mode) == names
    assert _sequences(5, mode) == set()


def _sequences(level: int, mode: str) -> set[str]:
    """Names of the sequences that lead to a cadence."""
    chart = base_chart(level)
    found = set()
    for length in range(1, 8):
        for start in range(4):
            goal = Goal("PD", length, (), {"mode": mode}, start)
            if chart.count(goal):
                found |= {node.production.name for derivation in chart.enumerate(goal) for node in derivation.nodes()
                          if node.production and "region=sequence" in node.production.text}
    return found


def test_regions_that_rules_name_are_written_somewhere() -> None:
    assert STYLE.harmony
    known = regions_of(STYLE.harmony)
    patched = {region for rule in STYLE.document.data["rules"].values() if isinstance(rule, dict)
               for region in rule.get("regions", {})}
    assert patched - known == set()
