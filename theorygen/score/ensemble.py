"""Ensembles: which voices there are, how far they reach, and on which staves they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from theorygen.score.errors import ScoreError
from theorygen.score.instruments import known_clef
from theorygen.source.nearest import nearest
from theorygen.theory import Interval, Pitch, TheoryError

_MIDDLE_C = 60
_VOICE_FIELDS = ("name", "range", "tessitura", "clef", "instrument", "staff", "part")


@dataclass(frozen=True, slots=True)
class VoiceSpec:
    """One voice of an ensemble.

    Attributes:
        name: "soprano"; one word, hyphens inside.
        lowest: lowest note it may take.
        highest: highest note it may take.
        tessitura: lowest and highest note of its comfortable middle.
        clef: treble, bass, alto, tenor, treble-8, soprano or percussion.
        instrument: name of the sound: "choir", "violin".
        staff: number of its staff, counted from 1 at the top of the score.
        part: name of the instrument with several staves it belongs to, or "" for a part of its staff alone.
    """

    name: str
    lowest: Pitch
    highest: Pitch
    tessitura: tuple[Pitch, Pitch]
    clef: str = "treble"
    instrument: str = "choir"
    staff: int = 1
    part: str = ""

    def __post_init__(self) -> None:
        if self.highest < self.lowest:
            raise TheoryError(
                f"the range of {self.name} ends below its start", f"{self.lowest} {self.highest}", 0,
                "the lowest note first", nearest=f"{self.highest} {self.lowest}",
            )

    @property
    def part_name(self) -> str:
        """The part it belongs to: voices with the same part name are written as one part."""
        return self.part or f"staff {self.staff}"

    def contains(self, pitch: Pitch) -> bool:
        """Whether the voice reaches this note."""
        return self.lowest <= pitch <= self.highest

    def transpose(self, interval: Interval) -> VoiceSpec:
        """The same voice this interval higher (lower, when negative)."""
        low, high = self.tessitura
        return replace(
            self, lowest=self.lowest.transpose(interval), highest=self.highest.transpose(interval),
            tessitura=(low.transpose(interval), high.transpose(interval)),
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any], staff: int = 1) -> VoiceSpec:
        """A voice from plain data: ``{name: alto, range: [G3, D5], clef: treble, staff: 1}``.

        Without a tessitura it is the middle half of the range; without a clef treble or bass, as the middle lies.

        Args:
            data: the fields.
            staff: its staff when the data does not say.

        Raises:
            TheoryError: a field is missing, unknown or unreadable.
        """
        for word in data:
            if word not in _VOICE_FIELDS:
                raise TheoryError(
                    f"a voice has no field '{word}'", str(word), 0, ", ".join(_VOICE_FIELDS),
                    nearest(str(word), _VOICE_FIELDS),
                )
        name = _name(data)
        lowest, highest = _pair(data.get("range"), name, "range")
        middle = _pair(data["tessitura"], name, "tessitura") if "tessitura" in data else _middle(lowest, highest)
        return cls(
            name, lowest, highest, middle, known_clef(str(data.get("clef", _usual_clef(middle)))),
            str(data.get("instrument", "choir")), _staff(data.get("staff", staff), name), str(data.get("part", "")),
        )

    def to_data(self) -> dict[str, Any]:
        """Plain data that `from_data` reads."""
        data: dict[str, Any] = {
            "name": self.name, "range": [str(self.lowest), str(self.highest)],
            "tessitura": [str(pitch) for pitch in self.tessitura], "clef": self.clef,
            "instrument": self.instrument, "staff": self.staff,
        }
        return data | {"part": self.part} if self.part else data


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Voices from top to bottom.

    Attributes:
        name: "satb".
        voices: the voices.

    Raises:
        ScoreError: two voices have one name.
    """

    name: str
    voices: tuple[VoiceSpec, ...]

    def __post_init__(self) -> None:
        names = [voice.name for voice in self.voices]
        for name in names:
            if names.count(name) > 1:
                raise ScoreError(f"ensemble '{self.name}' has {names.count(name)} voices named '{name}'")

    def __len__(self) -> int:
        return len(self.voices)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the voices from top to bottom."""
        return tuple(voice.name for voice in self.voices)

    def voice(self, name: str) -> VoiceSpec:
        """The voice with this name.

        Raises:
            TheoryError: there is none.
        """
        for voice in self.voices:
            if voice.name == name:
                return voice
        raise TheoryError(
            f"{self.name} has no voice '{name}'", name, 0, ", ".join(self.names), nearest(name, self.names)
        )

    def only(self, names: Sequence[str]) -> Ensemble:
        """The ensemble of these voices alone, in this ensemble's order.

        Raises:
            TheoryError: one of them is not here.
        """
        chosen = {self.voice(name).name for name in names}
        return Ensemble(self.name, tuple(voice for voice in self.voices if voice.name in chosen))

    def transpose(self, interval: Interval) -> Ensemble:
        """All ranges and tessituras this interval higher (lower, when negative)."""
        return Ensemble(self.name, tuple(voice.transpose(interval) for voice in self.voices))

    @classmethod
    def named(cls, name: str) -> Ensemble:
        """One of the ensembles that ship: satb, satb-open, ssatb, ssa, trio, duet, string-quartet, keyboard.

        Raises:
            TheoryError: none has this name.
        """
        known = built_in_ensembles()
        if name not in known:
            raise TheoryError(f"'{name}' is not an ensemble", name, 0, ", ".join(known), nearest(name, known))
        return known[name]

    @classmethod
    def from_data(cls, data: Any, name: str = "ensemble") -> Ensemble:
        """An ensemble from plain data: a name that ships, a list of voices, or ``{name: ..., voices: [...]}``.

        Raises:
            TheoryError: a voice is unreadable, or the data has another shape.
            ScoreError: two voices have one name.
        """
        if isinstance(data, str):
            return cls.named(data)
        if isinstance(data, Mapping):
            name, data = str(data.get("name", name)), data.get("voices")
        if not isinstance(data, list) or not data or not all(isinstance(voice, Mapping) for voice in data):
            raise TheoryError(
                "an ensemble needs voices", str(data), 0, "a list such as [{name: alto, range: [G3, D5], clef: treble}]"
            )
        return cls(name, tuple(VoiceSpec.from_data(voice, number) for number, voice in enumerate(data, 1)))

    def to_data(self) -> dict[str, Any]:
        """Plain data that `from_data` reads."""
        return {"name": self.name, "voices": [voice.to_data() for voice in self.voices]}


@cache
def built_in_ensembles() -> Mapping[str, Ensemble]:
    """The ensembles that ship, by name; read once."""
    text = files("theorygen.score").joinpath("ensembles.yaml").read_text(encoding="utf-8")
    known = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {name: Ensemble.from_data(data, name) for name, data in known.items()}


def _usual_clef(middle: tuple[Pitch, Pitch]) -> str:
    """Treble for voices whose comfortable middle lies above middle C, else bass."""
    return "treble" if middle[0].midi + middle[1].midi > 2 * _MIDDLE_C else "bass"


def _name(data: Mapping[str, Any]) -> str:
    name = data.get("name")
    if not isinstance(name, str) or not name.replace("-", "").isalnum():
        raise TheoryError(f"'{name}' is not a name of a voice", str(name), 0, "one word, such as alto or violin-1")
    return name


def _staff(staff: Any, name: str) -> int:
    if not isinstance(staff, int) or isinstance(staff, bool) or staff < 1:
        raise TheoryError(f"'{staff}' is not a staff for {name}", str(staff), 0, "1 for the top staff, 2, 3 and so on")
    return staff


def _pair(value: Any, name: str, field: str) -> tuple[Pitch, Pitch]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise TheoryError(
            f"the {field} of {name} is not two notes", str(value), 0, "the lowest and the highest, such as [G3, D5]"
        )
    return Pitch.parse(str(value[0])), Pitch.parse(str(value[1]))


def _middle(lowest: Pitch, highest: Pitch) -> tuple[Pitch, Pitch]:
    """The middle half of a range, in natural notes."""
    quarter = (highest.step - lowest.step) // 4
    return Pitch(lowest.step + quarter), Pitch(highest.step - quarter)
