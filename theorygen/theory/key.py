"""Keys: a tonic and a mode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from theorygen.theory.degree import RomanDegree, ScaleDegree, read_roman_degree
from theorygen.theory.errors import TheoryError
from theorygen.theory.interval import Interval
from theorygen.theory.lexicon import lexicon, modes, scale_fifths
from theorygen.theory.pitch import PitchClass

_TONIC_PATTERN = re.compile(r"([A-Ga-g])(#{1,2}|b{1,2}|-{1,2}(?![a-z])|)")
_EXPECTED = "a tonic and a mode, such as C, a, Bb, 'G minor' or 'D dorian'"
_LEADING_TONE_FIFTHS = 5
_NEAPOLITAN = RomanDegree(2, -1, True)


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode; `Key.parse` is the checked way to make one.

    In ``minor``, ``harmonic minor`` and ``melodic minor`` chords use both forms of degrees 6 and 7. An
    upper-case numeral stands on the natural degree (VI and VII in A minor: F and G), a lower-case one on the
    raised degree (vi, vii, viio: F# and G#), as in music21's default. A flat before VI or VII and a sharp
    before vi or vii only repeat this: bVI is VI, #viio is viio. Other accidentals count from that degree.

    In a church mode numerals stand on the degrees of the mode; an accidental that says what the mode has anyway
    (bVII in mixolydian, bII in phrygian) is read as such and changes nothing.

    Attributes:
        tonic: the first degree.
        mode: ``major``, ``minor``, a church mode in lower case, ``harmonic minor`` or ``melodic minor``.
    """

    tonic: PitchClass
    mode: str = "major"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read ``C``, ``a`` (A minor), ``Bb``, ``G minor``, ``Gm``, ``D dorian``, ``A harmonic-minor``.

        A lone letter in lower case is minor; with a mode, case does not matter. ``B-`` is read as Bb.

        Raises:
            TheoryError: the text names no key.
        """
        return _parse(text)

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return scale_fifths(self.mode)[2] < 0

    @property
    def has_two_forms(self) -> bool:
        """Whether chords use both natural and raised degrees 6 and 7 (minor, harmonic and melodic minor)."""
        return self.mode in lexicon()["two-form-modes"]

    @property
    def signature(self) -> int:
        """Sharps in the key signature; flats are negative."""
        return self.tonic.fifths + int(lexicon()["signatures"][self.mode])

    @property
    def scale(self) -> tuple[PitchClass, ...]:
        """The seven notes upwards from the tonic; for ``minor`` the natural minor."""
        tonic = self.tonic.fifths
        return tuple(PitchClass.from_fifths(tonic + fifths) for fifths in scale_fifths(self.mode))

    @property
    def leading_tone(self) -> PitchClass:
        """The note a minor second below the tonic, in the scale or not."""
        return PitchClass.from_fifths(self.tonic.fifths + _LEADING_TONE_FIFTHS)

    @property
    def short(self) -> str:
        """RomanText style: ``C`` for C major, ``a`` for A minor of any form; other modes as `str`."""
        if self.mode == "major":
            return str(self.tonic)
        return str(self.tonic).lower() if self.has_two_forms else str(self)

    def degree(self, number: int, alter: int = 0) -> PitchClass:
        """The note on degree ``number`` (1 to 7), altered by ``alter`` semitones."""
        fifths = self.tonic.fifths + scale_fifths(self.mode)[number - 1]
        return PitchClass.from_fifths(fifths + 7 * alter)

    def degree_of(self, pitch_class: PitchClass) -> ScaleDegree:
        """The degree this note has, measured from `scale`: G# in A minor is ``#7``."""
        number = (pitch_class.letter - self.tonic.letter) % 7 + 1
        distance = pitch_class.fifths - self.tonic.fifths - scale_fifths(self.mode)[number - 1]
        return ScaleDegree(number, distance // 7)

    def chord_root(self, roman: RomanDegree) -> PitchClass:
        """The root a Roman numeral names, with the two forms of degrees 6 and 7 in minor (see the class)."""
        if not self.has_two_forms:
            return self.degree(roman.number, self.plain(roman).alter)
        natural = scale_fifths("minor")[roman.number - 1]
        raised = roman.number >= 6 and not roman.upper
        return PitchClass.from_fifths(self.tonic.fifths + natural + 7 * (self.plain(roman).alter + raised))

    def plain(self, roman: RomanDegree) -> RomanDegree:
        """The numeral without an accidental that only repeats its case in minor, or what a church mode has anyway."""
        if self.has_two_forms:
            redundant = (-1 if roman.upper else 1) if roman.number >= 6 else 0
        else:
            index = roman.number - 1
            redundant = (scale_fifths(self.mode)[index] - scale_fifths("major")[index]) // 7
        return roman._replace(alter=0) if roman.alter == redundant else roman

    def at(self, numeral: str) -> Key:
        """The key on a numeral: ``V``, ``ii``, ``bVI``, ``N``; case decides major or minor. ``V/ii`` nests.

        Raises:
            TheoryError: the text is not a numeral a key can stand on.
        """
        key, end = self, len(numeral)
        for part in reversed(numeral.split("/")):
            key, end = key._at_one(numeral, end - len(part), end), end - len(part) - 1
        return key

    def _at_one(self, text: str, start: int, end: int) -> Key:
        if text[start:end] == "N":
            return Key(self.chord_root(_NEAPOLITAN), "major")
        found = read_roman_degree(text, start)
        if found is None or found[1] != end:
            position = found[1] if found else start
            area = f"'{text[start:end]}' is not a key area" if end > start else "a key area is missing"
            raise TheoryError(
                area, text, min(position, len(text)),
                "a major or minor numeral without figures, such as V, ii, bVI or N",
                nearest=str(found[0]) if found else None,
            )
        return Key(self.chord_root(found[0]), "major" if found[0].upper else "minor")

    def transpose(self, interval: Interval) -> Key:
        """The key with the same mode this interval away."""
        return Key(self.tonic.transpose(interval), self.mode)

    def __str__(self) -> str:
        return f"{self.tonic} {self.mode}"


@lru_cache(maxsize=1024)
def _parse(text: str) -> Key:
    match = _TONIC_PATTERN.match(text.replace("♭", "b").replace("♯", "#"))
    if not match:
        raise TheoryError(f"'{text}' is not a key", text, 0, _EXPECTED)
    letter, accidental = match[1], match[2]
    tonic = PitchClass.parse(letter.upper() + accidental)
    rest = text[match.end():]
    if not rest:
        return Key(tonic, "major" if letter.isupper() else "minor")
    if rest in ("m", "min", "maj"):
        return Key(tonic, "major" if rest == "maj" else "minor")
    return Key(tonic, _mode(text, rest, match.end(), str(tonic)))


def _mode(text: str, rest: str, position: int, tonic: str) -> str:
    mode = " ".join(rest.replace("-", " ").lower().split())
    if mode in modes() and rest[0] in " -":
        return mode
    close = get_close_matches(mode, modes(), 1)
    position += len(rest) - len(rest.lstrip(" -"))
    raise TheoryError(
        f"'{rest.strip()}' is not a mode", text, min(position, len(text)), ", ".join(modes()),
        nearest=f"{tonic} {close[0]}" if close else None,
    )
