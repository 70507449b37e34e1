"""Parts: the voices of one instrument and the staves they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.score.errors import ScoreError
from theorygen.score.event import Event, Voice
from theorygen.score.instruments import known_clef, program_of
from theorygen.theory import Interval


@dataclass(frozen=True)
class Part:
    """The voices of one instrument.

    Attributes:
        name: printed before its staves.
        voices: from top to bottom.
        instrument: name of the sound: "choir", "piano", "drums".
        midi_program: General MIDI program, counted from 0.
        clefs: one for each of its staves, from top to bottom.
        staves: for each voice the staff it stands on, counted from 1 in this part; all on 1 when left out.
        percussion: whether its events are drum hits.

    Raises:
        ScoreError: the staves do not fit the voices and clefs.
        TheoryError: a clef is not known.
    """

    name: str
    voices: tuple[Voice, ...]
    instrument: str = "piano"
    midi_program: int = 0
    clefs: tuple[str, ...] = ("treble",)
    staves: tuple[int, ...] = ()
    percussion: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "voices", tuple(self.voices))
        object.__setattr__(self, "staves", tuple(self.staves) or (1,) * len(self.voices))
        for clef in self.clefs:
            known_clef(clef)
        fits = all(1 <= staff <= len(self.clefs) for staff in self.staves)
        if len(self.staves) != len(self.voices) or not fits:
            raise ScoreError(
                f"part '{self.name}' puts {len(self.voices)} voices on staves {list(self.staves)} "
                f"with {len(self.clefs)} clefs; expected a staff for each voice and a clef for each staff"
            )

    def on_staff(self, staff: int) -> tuple[Voice, ...]:
        """The voices on a staff, counted from 1."""
        return tuple(voice for voice, own in zip(self.voices, self.staves, strict=True) if own == staff)

    def transpose(self, interval: Interval) -> Part:
        """The same part this interval higher (lower, when negative); percussion stays."""
        if self.percussion:
            return self
        return replace(self, voices=tuple(voice.transpose(interval) for voice in self.voices))


def arrange(ensemble: Ensemble, events: Mapping[str, Iterable[Event]]) -> tuple[Part, ...]:
    """Parts for an ensemble: one for each staff, or for each instrument with several staves.

    Args:
        ensemble: whose voices, staves, clefs and instruments to use.
        events: by name of voice; voices of the ensemble without events are left out.

    Raises:
        TheoryError: a name is not a voice of the ensemble.
    """
    present = ensemble.only(list(events)).voices
    parts = []
    for _, group in groupby(present, key=lambda spec: spec.part_name):
        specs = tuple(group)
        parts.append(_part(specs, [Voice(spec.name, tuple(events[spec.name])) for spec in specs]))
    return tuple(parts)


def title_of(name: str) -> str:
    """A voice's name for print: "violin-1" is "Violin 1"."""
    return name.replace("-", " ").capitalize()


def _part(specs: Sequence[VoiceSpec], voices: Sequence[Voice]) -> Part:
    name = specs[0].part or " ".join(spec.name for spec in specs)
    staves = sorted({spec.staff for spec in specs})
    clefs = tuple(next(spec.clef for spec in specs if spec.staff == staff) for staff in staves)
    instrument = specs[0].instrument
    return Part(
        name, tuple(voices), instrument, program_of(instrument), clefs,
        tuple(staves.index(spec.staff) + 1 for spec in specs), instrument == "drums",
    )
