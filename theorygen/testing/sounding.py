"""Strategies for what sounds at one moment: legal voicings of a chord, and any sonorities at all."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import strategies as st

from theorygen.compose.composition import solved
from theorygen.rules.rule_set import RuleSet, load_profiles, profile
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.score.event import Event
from theorygen.score.harmony import ChordEvent
from theorygen.score.part import arrange
from theorygen.score.score import Score
from theorygen.solve.answers import DeadEnd, Solutions
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.source.diagnostic import Diagnostic, InputError, nearest
from theorygen.testing.chance import DrawnChance
from theorygen.testing.material import roman_numerals
from theorygen.testing.voices import Voices
from theorygen.theory import Key, Pitch, RomanNumeral

DEFAULT_PROFILE = "strict-textbook"


@dataclass(frozen=True)
class Sonority:
    """Pitches that sound together, one for each voice.

    Attributes:
        voices: names of the voices, from top to bottom.
        pitches: what they sing.
        chord: the chord declared, or None.
    """

    voices: tuple[str, ...]
    pitches: tuple[Pitch, ...]
    chord: RomanNumeral | None = None

    def score(self, ensemble: Ensemble | None = None) -> Score:
        """One whole note of each voice, with the chord if there is one.

        Args:
            ensemble: the voices; None for the ensemble that ships and has them.
        """
        events = {name: (Event(Fraction(0), Fraction(4), (pitch,)),)
                  for name, pitch in zip(self.voices, self.pitches, strict=True)}
        chords = () if self.chord is None else (ChordEvent(Fraction(0), Fraction(4), self.chord),)
        keys = ((Fraction(0), self.chord.key if self.chord else Key.parse("C")),)
        ensemble = ensemble or Ensemble.named("satb")
        return Score(arrange(ensemble, events), keys=keys, chords=chords, ensemble=ensemble)

    def __str__(self) -> str:
        """The text notation."""
        chord = f"in {self.chord.key.short}: {self.chord} | " if self.chord else ""
        return chord + " | ".join(f"{name}: {pitch}" for name, pitch in zip(self.voices, self.pitches, strict=True))


def voicings(chord: RomanNumeral | str, key: Key | str | None = None, *, ensemble: Ensemble | str = "satb",
             rules: RuleSet | str = DEFAULT_PROFILE) -> st.SearchStrategy[Sonority]:
    """Legal voicings of a chord, all equally probable; they shrink to the one that costs least.

    Args:
        chord: the chord, or its Roman numeral.
        key: the key of a numeral given as text; None for C major.
        ensemble: the voices, or the name of an ensemble that ships.
        rules: what is legal: rules, or the name of a profile. Those that can be broken by one chord alone count.

    Raises:
        TheoryError: the numeral or the key cannot be read.
        InputError: (when drawn) the profile or the ensemble is unknown.
        NoSolution: (when drawn) the chord has no legal voicing.
    """
    if isinstance(chord, str):
        home = Key.parse(key) if isinstance(key, str) else key or Key.parse("C")
        chord = RomanNumeral.parse(chord, home)
    elif key is not None:
        raise InputError(Diagnostic("no-key-here", f"the chord {chord} is in {chord.key} already",
                                    remedy="leave out key"))
    return st.deferred(lambda: _voicings(chord, _ensemble(ensemble), _rules(rules)))


def _voicings(chord: RomanNumeral, ensemble: Ensemble, rules: RuleSet) -> st.SearchStrategy[Sonority]:
    voices = _all_voicings(chord, ensemble, rules)

    @st.composite
    def drawn(draw: Any) -> Sonority:
        solution = voices.draw(DrawnChance(draw))
        return Sonority(ensemble.names, tuple(map(Pitch.from_code, map(int, solution.pitches[0]))), chord)

    return drawn()


@cache
def _all_voicings(chord: RomanNumeral, ensemble: Ensemble, rules: RuleSet) -> Voices:
    """All legal voicings of a chord that is part of a phrase.

    Raises:
        NoSolution: there is none.
    """
    problem = Problem((Position((Choice(Slot(chord)),)),), rules, ensemble, cut_before=True, cut_after=True)
    try:
        return Voices(Solutions(problem))
    except DeadEnd as end:
        raise explain_dead_end(problem, end.position) from None


def _ensemble(said: Ensemble | str) -> Ensemble:
    return Ensemble.named(said) if isinstance(said, str) else said


def _rules(said: RuleSet | str) -> RuleSet:
    if isinstance(said, str) and said not in load_profiles():
        raise InputError(Diagnostic("unknown-profile", f"'{said}' is not a profile", None, ", ".join(load_profiles()),
                                    nearest(said, load_profiles())))
    return solved(profile(said) if isinstance(said, str) else said)


def sonorities(ensemble: Ensemble | str = "satb", *, chords: st.SearchStrategy[RomanNumeral] | None = None,
               declared: bool = True) -> st.SearchStrategy[Sonority]:
    """Any voiced sonorities, legal or not: every voice takes a member of the chord in its range.

    Nothing else is asked: chord members may be missing or doubled, voices may cross. They shrink to I in C major, every
    voice on the root nearest to the middle of its range.

    Args:
        ensemble: the voices, or the name of an ensemble that ships.
        chords: the chords; None for all usual ones in any key.
        declared: whether sonorities say which chord they are.
    """
    return st.deferred(lambda: _sonorities(
        _ensemble(ensemble), roman_numerals() if chords is None else chords, declared))


def _sonorities(ensemble: Ensemble, chords: st.SearchStrategy[RomanNumeral], declared: bool,
                ) -> st.SearchStrategy[Sonority]:
    @st.composite
    def drawn(draw: Any) -> Sonority:
        chord = draw(chords)
        chance = DrawnChance(draw)
        pitches = []
        for voice in range(len(ensemble.voices)):
            possible = _members(chord, ensemble, voice)
            pitches.append(possible[chance.below(len(possible))])
        return Sonority(ensemble.names, tuple(pitches), chord if declared else None)

    return drawn()


@cache
def _members(chord: RomanNumeral, ensemble: Ensemble, voice: int) -> tuple[Pitch, ...]:
    """Members of a chord in the range of a voice, the root first, and then those nearest to its middle."""
    spec = ensemble.voices[voice]
    middle = (spec.lowest.midi + spec.highest.midi) / 2
    order = {pitch_class: rank for rank, pitch_class in enumerate(chord.pitch_classes)}
    every = [name.at_octave(octave) for name in chord.pitch_classes for octave in range(10)]
    found = [pitch for pitch in every if spec.contains(pitch)]
    return tuple(sorted(found, key=lambda one: (order[one.pitch_class], abs(one.midi - middle), one)))
