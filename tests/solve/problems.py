"""Small random problems: few voices, narrow ranges, random rules of the library and some with memory."""

from __future__ import annotations

from hypothesis import strategies as st

from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, load_library, resolve_rules
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.source.document import parse_document
from theorygen.theory import Key, Pitch, RomanNumeral

CHORDS = {"C": ["I", "IV", "V", "V7", "ii6", "vi", "viio6", "V65", "I6", "Cad64"],
          "a": ["i", "iv", "V", "V7", "iio6", "VI", "viio7", "i6", "N6", "Cad64"]}
RANGES = {2: [("soprano", "G4", "E5"), ("bass", "C3", "C4")],
          3: [("soprano", "A4", "D5"), ("tenor", "C4", "G4"), ("bass", "G2", "D3")]}
MEMORY = """
turn: {over: melodic-turn, when: first.size > M3 and is_top, require: second.direction == -first.direction}
turn-soft:
  {over: melodic-turn, when: first.leaps and second.leaps, forbid: first.direction == second.direction, strength: 7}
peak: {over: voice-line, fold: climax, when: is_top, require: hits == 1, strength: 10}
peak-hard: {over: voice-line, fold: climax, when: is_bass, require: hits < 3}
span: {over: voice-line, fold: span, forbid: span > m6, strength: 3}
repeat: {over: voice-line, fold: repetition, forbid: repeats > 1}
graded: {over: melodic-step, cost: "abs(semitones) / 3", strength: 1.5}
"""


def ensemble(voices: int) -> Ensemble:
    """An ensemble of two or three voices with narrow ranges."""
    specs = [VoiceSpec(name, Pitch.parse(low), Pitch.parse(high), (Pitch.parse(low), Pitch.parse(high)))
             for name, low, high in RANGES[voices]]
    return Ensemble("small", tuple(specs))


def rule_pool() -> list[ActiveRule]:
    """Rules to choose from: the library with its own strengths, and the memories above."""
    document = parse_document(MEMORY, "memory.yaml")
    library = [ActiveRule(rule, strength == "hard", 0 if strength == "hard" else int(1000 * strength))
               for rule in load_library().values()
               for strength in list(rule.strength.values())[:1] if strength != "off"]
    return [*library, *resolve_rules(document.data, document, ()).rules]


@st.composite
def problems(draw: st.DrawFn, most: int = 4) -> Problem:
    """A problem of up to ``most`` chords and three voices with a random subset of the rules."""
    tonic = draw(st.sampled_from(sorted(CHORDS)))
    key = Key.parse(tonic)
    voices = draw(st.sampled_from([2, 3, 3]))
    length = draw(st.integers(1, most))
    rules = RuleSet(tuple(draw(st.lists(st.sampled_from(rule_pool()), max_size=12, unique_by=lambda one: one.name))))
    positions = []
    for index in range(length):
        first = index == 0 or draw(st.integers(0, 4)) == 0
        texts = draw(st.lists(st.sampled_from(CHORDS[tonic]), min_size=1, max_size=2, unique=True))
        places = Slot(None, draw(st.integers(0, 3)), first=first, opening=index == 0, final=index == length - 1,
                      last=index == length - 1, cadence="PAC" if index == length - 1 else "none")
        choices = tuple(Choice(Slot(RomanNumeral.parse(text, key), places.strength, places.first, places.last,
                                    places.opening, places.final, places.cadence), 1.0 + number)
                        for number, text in enumerate(texts))
        degrees = {0: frozenset(draw(st.sets(st.integers(1, 7), min_size=3)))} if draw(st.integers(0, 5)) == 0 else {}
        positions.append(Position(choices, degrees))
    return Problem(tuple(positions), rules, ensemble(voices))
