"""What no voice can sing: notes given or degrees asked that its range or the chord rules out, before any rule does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache, cached_property

import numpy as np

from theorygen.rules.world import Array
from theorygen.score.ensemble import VoiceSpec
from theorygen.solve.elements import Element, may_be_held, notes_asked_at
from theorygen.solve.minimal import Trials
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.theory import Key, Pitch, PitchClass

_LETTERS, _ALTERS, _OCTAVES = range(7), range(-3, 4), range(11)  # below octave 0 codes cannot be told apart


def unsingable(problem: Problem) -> list[list[Element]]:
    """For each position where some voice has nothing to sing: a minimal set of demands, range and chord to blame."""
    found = []
    for index in range(len(problem.positions)):
        place = _Place(problem, index)
        if not (index and may_be_held(problem, index)) and place.fails(frozenset(place.elements)):
            found.append(Trials(place.fails).minimal(place.elements))
    return found


def with_one_voicing(problem: Problem) -> Problem:
    """The problem with one voicing at most of each choice: the lowest notes that are as asked."""
    positions = []
    for index, position in enumerate(problem.positions):
        place = _Place(problem, index)
        choices = tuple(replace(choice, given=place.lowest(choice)) for choice in position.choices)
        positions.append(replace(position, choices=choices))
    return replace(problem, positions=tuple(positions))


class _Place:
    """One position, before any rule is asked: its voices know nothing of each other."""

    def __init__(self, problem: Problem, index: int) -> None:
        self.index = index
        self.position = problem.positions[index]
        self.voices = problem.ensemble.voices

    @cached_property
    def elements(self) -> list[Element]:
        """Demands first, then the chord, then the range of each voice."""
        found = notes_asked_at(self.position, self.index)
        voices = range(len(self.voices))
        found += [Element("chord", self.index, voice=voice) for voice in voices]
        return found + [Element("range", self.index, voice=voice) for voice in voices]

    def lowest(self, choice: Choice) -> dict[int, frozenset[int]]:
        """For each voice the lowest note as asked, none where there is none."""
        found = (_all_codes()[self._notes(choice, voice, self.elements)] for voice in range(len(self.voices)))
        return {voice: frozenset(map(int, sorted(codes)[:1])) for voice, codes in enumerate(found)}

    def fails(self, asked: frozenset[Element]) -> bool:
        """Whether under each choice some voice has no note."""
        return not any(all(bool(self._notes(choice, voice, asked).any()) for voice in range(len(self.voices)))
                       for choice in self.position.choices)

    def _notes(self, choice: Choice, voice: int, asked: Collection[Element]) -> Array:
        """Which of all notes a voice may take under a choice, bool [notes]."""
        notes = np.ones(len(_all_codes()), dtype=bool)
        both: tuple[Position | Choice, ...] = (self.position, choice)
        for one in both:
            if voice in one.given and Element("given", self.index, voice=voice) in asked:
                notes &= np.isin(_all_codes(), sorted(one.given[voice]))
            if voice in one.degrees and choice.slot.chord and Element("degree", self.index, voice=voice) in asked:
                notes &= np.isin(_degrees(choice.slot.chord.key), sorted(one.degrees[voice]))
        also = np.isin(_all_codes(), [code for singer, code in choice.slot.also if singer == voice])
        if Element("chord", self.index, voice=voice) in asked and choice.slot.chord:
            notes &= also | _members(choice.slot.chord.pitch_classes)
        if Element("range", self.index, voice=voice) in asked:
            notes &= also | _reach(self.voices[voice])
        return notes


@cache
def _all_codes() -> Array:
    """Codes of all notes there are, up to three accidentals."""
    return np.array([PitchClass(letter, alter).at_octave(octave).code
                     for letter in _LETTERS for alter in _ALTERS for octave in _OCTAVES])


@cache
def _degrees(key: Key) -> Array:
    """Scale degree of each note in a key."""
    return np.array([key.degree_of(Pitch.from_code(int(code)).pitch_class).number for code in _all_codes()])


@cache
def _members(members: tuple[PitchClass, ...]) -> Array:
    return np.isin(_all_codes(), [one.at_octave(octave).code for one in members for octave in _OCTAVES])


def _reach(voice: VoiceSpec) -> Array:
    codes = _all_codes()
    inside: Array = (codes >= voice.lowest.code) & (codes <= voice.highest.code)
    return inside
