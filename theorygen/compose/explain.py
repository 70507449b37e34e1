"""Why a piece is as it is: the path to each chord, and for each note why it is not another one of the chord."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

from theorygen.compose.composition import Composition, solved_rules
from theorygen.compose.plan import PlannedChord
from theorygen.compose.trials import Judge, Trial, Verdict
from theorygen.grammar.derivation import Derivation
from theorygen.rules.check import Violation, check
from theorygen.rules.rule import THOUSAND
from theorygen.score.ensemble import Ensemble
from theorygen.score.location import Location
from theorygen.solve.domains import members_in_range
from theorygen.theory import Pitch, RomanNumeral

_OCTAVE = 12


@dataclass(frozen=True)
class Choice:
    """One production on the way from a phrase to a chord.

    Attributes:
        symbol: what was rewritten.
        production: how, by name if it has one.
        weight: weight of the production there.
        share: that weight among those of the productions the context allows.
        split: probability of its parts with their durations, given the production and the symbol's duration.
        probability: of this rewriting, given the symbol and its duration.
    """

    symbol: str
    production: str
    weight: float
    share: float
    split: float
    probability: float


@dataclass(frozen=True)
class OtherNote:
    """A chord tone that a voice does not sing, and why.

    Attributes:
        pitch: the note.
        asked: what the plan asks of the voice that the note does not fulfil, or "".
        breaks: (rule, voices) of the hard rules it would break.
        change: what the piece would cost more (or less, below 0); meaningless when it is forbidden.
        reasons: rule to its part of that change, the greatest first.
    """

    pitch: Pitch
    asked: str
    breaks: tuple[tuple[str, tuple[str, ...]], ...]
    change: Fraction
    reasons: dict[str, Fraction]

    @property
    def is_forbidden(self) -> bool:
        """Whether it may not stand there at all."""
        return bool(self.asked or self.breaks)

    def to_data(self) -> dict[str, Any]:
        """For ``--json``."""
        data: dict[str, Any] = {"pitch": str(self.pitch), "forbidden": self.is_forbidden}
        if self.asked:
            data["asked"] = self.asked
        data["breaks"] = [{"rule": rule, "voices": list(voices)} for rule, voices in self.breaks]
        reasons = {rule: float(cost) for rule, cost in self.reasons.items()}
        return data | {"change": float(self.change), "reasons": reasons}


@dataclass(frozen=True)
class NoteReason:
    """Why a voice has its note.

    Attributes:
        voice: name of the voice.
        pitch: its note.
        member: what the note is in the chord.
        degree: scale degree in the key of the chord.
        motion: how the voice got there: "starts", "stays", "steps up M2", "leaps down P5".
        others: the other chord tones of its range within an octave, from low to high.
    """

    voice: str
    pitch: Pitch
    member: str
    degree: str
    motion: str
    others: tuple[OtherNote, ...]

    def to_data(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"voice": self.voice, "pitch": str(self.pitch), "member": self.member, "degree": self.degree,
                "motion": self.motion, "others": [other.to_data() for other in self.others]}


@dataclass(frozen=True)
class ChordReason:
    """Why a chord stands where it does.

    Attributes:
        location: measure and beat.
        phrase: number of its phrase, from 1.
        numeral: the chord.
        cadence: the cadence it completes, or None.
        choices: productions from the phrase down to it.
        alternatives: chords the grammar left open, with weights; the voices decided.
        costs: what the weighted rules charge here.
        notes: its notes, top voice first.
    """

    location: Location
    phrase: int
    numeral: RomanNumeral
    cadence: str | None
    choices: tuple[Choice, ...]
    alternatives: tuple[tuple[str, float], ...]
    costs: tuple[Violation, ...]
    notes: tuple[NoteReason, ...]

    def to_data(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "measure": self.location.measure, "beat": str(self.location.beat), "phrase": self.phrase,
            "numeral": self.numeral.text, "key": str(self.numeral.key), "cadence": self.cadence,
            "choices": [asdict(choice) for choice in self.choices],
            "alternatives": [list(pair) for pair in self.alternatives],
            "costs": [{"rule": one.rule, "cost": one.cost / THOUSAND, "voices": list(one.location.voices),
                       "message": one.message} for one in self.costs],
            "notes": [note.to_data() for note in self.notes],
        }


@dataclass(frozen=True)
class Explanation:
    """Everything that can be said about how a piece came about.

    Attributes:
        composition: the piece.
        chords: its chords in order.
    """

    composition: Composition
    chords: tuple[ChordReason, ...]

    def narrowed(self, measure: int | None = None, voice: str | None = None) -> Explanation:
        """Only the chords of a measure, only the notes of a voice."""
        chords = tuple(replace(chord, notes=tuple(note for note in chord.notes if voice in (None, note.voice)))
                       for chord in self.chords if measure in (None, chord.location.measure))
        return Explanation(self.composition, chords)

    def to_data(self) -> dict[str, Any]:
        """For ``--json``."""
        return {**self.composition.to_data(), "chords": [chord.to_data() for chord in self.chords]}


def explain(composition: Composition) -> Explanation:
    """Why each chord and note of a piece is there."""
    ensemble = composition.style.ensemble
    assert ensemble is not None
    charged = check(composition.score, solved_rules(composition.style))
    notes = _note_reasons(composition, ensemble)
    lineages = [lineage for phrase in composition.plan.phrases for lineage in _lineages(phrase.harmony, ())]
    chords = []
    for index, (chord, lineage) in enumerate(zip(composition.plan.chords, lineages, strict=True)):
        costs = tuple(one for one in charged if one.slots[-1] == index)
        chords.append(_chord_reason(composition, index, chord, lineage, costs, notes[index]))
    return Explanation(composition, tuple(chords))


def _chord_reason(composition: Composition, index: int, chord: PlannedChord, lineage: tuple[Derivation, ...],
                  costs: tuple[Violation, ...], notes: tuple[NoteReason, ...]) -> ChordReason:
    choices = tuple(Choice(node.text, step.name or step.text, step.weight, step.share, node.split, node.probability)
                    for node in lineage if (step := node.production))
    alternatives = tuple((numeral.text, weight) for numeral, weight in chord.alternatives)
    return ChordReason(composition.score.location(chord.onset), chord.phrase + 1, _numeral(composition, index),
                       chord.cadence, choices, alternatives, costs, notes)


def _lineages(node: Derivation, above: tuple[Derivation, ...]) -> Iterator[tuple[Derivation, ...]]:
    """For each chord the nodes from the phrase down to it."""
    if node.is_terminal:
        yield (*above, node)
    for child in node.children:
        yield from _lineages(child, (*above, node))


def _numeral(composition: Composition, index: int) -> RomanNumeral:
    numeral = composition.solution.choices[index].slot.chord
    assert numeral is not None
    return numeral


def _note_reasons(composition: Composition, ensemble: Ensemble) -> list[tuple[NoteReason, ...]]:
    """For each chord the reasons of its notes."""
    solution = composition.solution
    slots = [choice.slot for choice in solution.choices]
    judge = Judge(slots, solution.pitches, solved_rules(composition.style), ensemble)
    trials = [trial for index in range(len(slots)) for voice in range(len(ensemble.voices))
              for trial in _trials(composition, ensemble, index, voice)]
    others: dict[tuple[int, int], list[OtherNote]] = {}
    for trial, verdict in zip(trials, judge.judge(trials), strict=True):
        other = _other(composition, ensemble, trial, verdict)
        others.setdefault((trial.slot, trial.voice), []).append(other)
    return [tuple(_note_reason(composition, ensemble, index, voice, tuple(others.get((index, voice), ())))
                  for voice in range(len(ensemble.voices))) for index in range(len(slots))]


def _trials(composition: Composition, ensemble: Ensemble, index: int, voice: int) -> Iterator[Trial]:
    """The other notes of a chord that a voice could reach."""
    own = Pitch.from_code(int(composition.solution.pitches[index, voice]))
    for code in members_in_range(_numeral(composition, index).pitch_classes, ensemble.voices[voice]).tolist():
        if code != own.code and abs(Pitch.from_code(code).midi - own.midi) <= _OCTAVE:
            yield Trial(index, voice, code)


def _other(composition: Composition, ensemble: Ensemble, trial: Trial, verdict: Verdict) -> OtherNote:
    pitch = Pitch.from_code(trial.pitch)
    names = ensemble.names
    breaks = tuple((breach.rule, tuple(names[voice] for voice in breach.voices)) for breach in verdict.breaches)
    reasons = {rule: Fraction(change, THOUSAND) for rule, change in verdict.changes.items()}
    asked = _asked(composition, trial.slot, names[trial.voice], pitch)
    return OtherNote(pitch, asked, breaks, sum(reasons.values(), Fraction(0)), reasons)


def _asked(composition: Composition, index: int, voice: str, pitch: Pitch) -> str:
    """What the plan asks of a voice that a note does not fulfil."""
    degrees = composition.plan.chords[index].degrees.get(voice)
    if degrees is None or _numeral(composition, index).key.degree_of(pitch.pitch_class).number in degrees:
        return ""
    return f"degree {' or '.join(map(str, sorted(degrees)))} in the {voice}"


def _note_reason(composition: Composition, ensemble: Ensemble, index: int, voice: int,
                 others: tuple[OtherNote, ...]) -> NoteReason:
    numeral = _numeral(composition, index)
    codes = composition.solution.pitches[:, voice]
    pitch = Pitch.from_code(int(codes[index]))
    before = Pitch.from_code(int(codes[index - 1])) if index else None
    return NoteReason(ensemble.names[voice], pitch, numeral.role_of(pitch.pitch_class) or "none",
                      str(numeral.key.degree_of(pitch.pitch_class)), _motion(before, pitch), others)


def _motion(before: Pitch | None, pitch: Pitch) -> str:
    """How a voice gets from one note to the next, in words."""
    if before is None:
        return "starts"
    if before == pitch:
        return "stays"
    interval = pitch - before
    verb = "steps" if abs(interval.steps) <= 1 else "leaps"
    direction = "up" if interval.code > 0 else "down"
    return f"{verb} {direction} {str(interval).lstrip('-')}"
