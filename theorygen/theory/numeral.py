"""Roman numerals: a chord as analysts write it, spelled in its key."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

from theorygen.theory.chord_qualities import ADDED, STACK, Member, quality_name
from theorygen.theory.chord_spelling import Tones, spell_tones
from theorygen.theory.degree import RomanDegree, ScaleDegree
from theorygen.theory.errors import TheoryError
from theorygen.theory.figures import abbreviate_figures
from theorygen.theory.interval import Interval
from theorygen.theory.key import Key
from theorygen.theory.lexicon import interval_fifths, lexicon
from theorygen.theory.numeral_text import CADENTIAL, NEAPOLITAN, NumeralText, read_numeral
from theorygen.theory.pitch import ACCIDENTALS, PitchClass

_KINDS = {3: "triad", 4: "seventh", 5: "ninth", 6: "eleventh", 7: "thirteenth"}
_OMITTED_ROLES = {1: "root", 3: "third", 5: "fifth", 7: "seventh"}


@dataclass(frozen=True, slots=True)
class RomanNumeral:
    """A chord in a key; `RomanNumeral.parse` is the only way to make one. Equal when text and key are.

    Attributes:
        text: canonical spelling in ASCII, except ø: ``V65/V``, ``viio7``, ``V7sus4``, ``I[add9]``.
        key: the key it is written in.
        tonicized: the key it functions in: that of ``applied_to``, else ``key``.
        degree: degree of the root in ``tonicized``.
        root: the root; of an augmented sixth the lowest of its stacked thirds (#4, in Fr43 2).
        bass: the lowest note.
        inversion: 0 to 4, index of the bass in the chord stacked in thirds.
        quality: ``major``, ``half-diminished-seventh``, ``german-sixth`` ...: see ``lexicon.yaml``.
        kind: triad, seventh, ninth, eleventh, thirteenth, suspended, added, neapolitan, cadential-six-four,
            augmented-sixth, common-tone-diminished.
        function: T, P (predominant), D, or "" where the degree alone does not decide; in ``tonicized``.
        applied_to: the text after the slash, or "".
        figures: complete figured-bass numbers above the bass, largest first: (6, 5, 3).
        figure_text: these as printed: ``65``.
        members: the notes, in root order; omitted ones are left out.
        leading_tone: the leading tone of ``tonicized`` where it is a member of a dominant; else None.
        altered: members foreign to ``key``, with +1 (raised) or -1 (lowered); raised 6 and 7 belong to minor.
    """

    text: str
    key: Key
    tonicized: Key = field(compare=False)
    degree: ScaleDegree = field(compare=False)
    root: PitchClass = field(compare=False)
    bass: PitchClass = field(compare=False)
    inversion: int = field(compare=False)
    quality: str = field(compare=False)
    kind: str = field(compare=False)
    function: str = field(compare=False)
    applied_to: str = field(compare=False)
    figures: tuple[int, ...] = field(compare=False)
    figure_text: str = field(compare=False)
    members: tuple[Member, ...] = field(compare=False)
    leading_tone: PitchClass | None = field(compare=False)
    altered: tuple[tuple[PitchClass, int], ...] = field(compare=False)

    @classmethod
    def parse(cls, text: str, key: Key) -> RomanNumeral:
        """Read and spell a Roman numeral.

        In minor, VI and VII stand on the natural degrees, vi, vii and viio on the raised ones (see `Key`).

        Raises:
            TheoryError: the text is not a chord, with the position and what could stand there.
        """
        return _parse(text, key)

    @property
    def pitch_classes(self) -> tuple[PitchClass, ...]:
        """The members' names, in root order."""
        return tuple(member.pitch_class for member in self.members)

    def role_of(self, pitch_class: PitchClass) -> str | None:
        """The role of a note in this chord, or None when it is not a member."""
        return next((member.role for member in self.members if member.pitch_class == pitch_class), None)

    @property
    def half_diminished(self) -> RomanNumeral | None:
        """The same chord with a half-diminished seventh, where that seventh belongs to the key and its own does not.

        So iiø65 for iio65. None for all other chords: for dominants, as viio7 is common in major, too, and for chords
        on a root that is foreign to the key.
        """
        if self.quality != "diminished-seventh" or self.function == "D" or self.applied_to:
            return None
        other = _parse(self.text.replace("o", "ø", 1), self.key)
        own, half = ({note for note, _ in chord.altered} for chord in (self, other))
        is_of_key = self.root not in own and other.members[-1].pitch_class not in half
        return other if is_of_key and self.members[-1].pitch_class in own else None

    def transpose(self, interval: Interval) -> RomanNumeral:
        """The same numeral in the key this interval away."""
        return _parse(self.text, self.key.transpose(interval))

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=65536)
def _parse(text: str, key: Key) -> RomanNumeral:
    parts = _read(text)
    tonicized = _target(text, parts, key)
    if parts.special == CADENTIAL:
        parts = parts._replace(roman=RomanDegree(1, 0, not tonicized.is_minor))
    parts = parts._replace(roman=tonicized.plain(parts.roman))
    root, tones, omitted = _spell(parts, tonicized)
    _check_spelling(text, root, tones, key)
    members = tuple(
        Member(role, PitchClass.from_fifths(root + fifths)) for role, fifths in tones if role not in omitted
    )
    bass = PitchClass.from_fifths(root + _bass_tone(text, tones, parts.figure.inversion, omitted))
    return _assemble(parts, key, tonicized, root, tones, members, bass)


@lru_cache(maxsize=4096)
def _read(text: str) -> NumeralText:
    return read_numeral(text)


def _target(text: str, parts: NumeralText, key: Key) -> Key:
    """The key after the slash, with errors placed in the whole text."""
    if parts.applied_at == len(text) and not text.endswith("/"):
        return key
    try:
        return key.at(parts.applied)
    except TheoryError as error:
        nearest = text[:parts.applied_at] + error.nearest if error.nearest else None
        raise TheoryError(
            error.message, text, parts.applied_at + error.position, error.expected, nearest
        ) from None


def _spell(parts: NumeralText, key: Key) -> tuple[int, Tones, frozenset[str]]:
    """The root on the line of fifths, the members above it, and the roles left out."""
    if parts.special in ("", NEAPOLITAN, CADENTIAL):
        omitted = frozenset(_OMITTED_ROLES[number] for kind, number in parts.modifiers if kind == "no")
        return key.chord_root(parts.roman).fifths, spell_tones(parts, key), omitted
    members = lexicon()["special-chords"][parts.special]["members"]
    above_tonic = [(role, interval_fifths(name)) for role, name in members.items()]
    root = above_tonic[0][1]
    return key.tonic.fifths + root, [(role, fifths - root) for role, fifths in above_tonic], frozenset()


def _check_spelling(text: str, root: int, tones: Tones, key: Key) -> None:
    for _, fifths in tones:
        if abs((root + fifths + 1) // 7) not in ACCIDENTALS:
            message = f"'{text}' in {key} needs more than three accidentals on one note"
            raise TheoryError(message, text, 0, "a chord in a nearer key")


def _bass_tone(text: str, tones: Tones, inversion: int, omitted: frozenset[str]) -> int:
    role, fifths = tones[inversion]
    if role in omitted:
        message = f"the bass of '{text}', its {role}, is left out"
        raise TheoryError(message, text, text.find("no"), "another omission")
    return fifths


def _assemble(
    parts: NumeralText, key: Key, tonicized: Key, root: int, tones: Tones, members: tuple[Member, ...],
    bass: PitchClass,
) -> RomanNumeral:
    """Everything that follows from the spelled chord."""
    function = _function(parts, tonicized, members)
    leading_tone = _leading_tone(parts, tonicized, members) if function == "D" else None
    root_note = PitchClass.from_fifths(root)
    figures = _figures_above(bass, members, parts.figure.inversion)
    return RomanNumeral(
        text=_canonical_text(parts), key=key, tonicized=tonicized, degree=tonicized.degree_of(root_note),
        root=root_note, bass=bass, inversion=parts.figure.inversion, quality=_quality(parts, tones),
        kind=_kind(parts), function=function, applied_to=parts.applied, figures=figures,
        figure_text=abbreviate_figures(figures), members=members, leading_tone=leading_tone,
        altered=_altered(key, members),
    )


def _canonical_text(parts: NumeralText) -> str:
    head = parts.special or str(parts.roman)
    modifiers = "".join(map(str, parts.modifiers))
    applied = f"/{parts.applied}" if parts.applied else ""
    return f"{head}{parts.mark}{parts.seventh}{parts.figure.text}{modifiers}{applied}"


def _kind(parts: NumeralText) -> str:
    if parts.special == CADENTIAL:
        return "cadential-six-four"
    if parts.special not in ("", NEAPOLITAN):
        return str(lexicon()["special-chords"][parts.special]["kind"])
    kinds = {modifier.kind for modifier in parts.modifiers}
    if "sus" in kinds or "add" in kinds:
        return "suspended" if "sus" in kinds else "added"
    flat_two = parts.special == NEAPOLITAN or parts.roman == RomanDegree(2, -1, True)
    if flat_two and not parts.mark and parts.figure.tones == 3:
        return "neapolitan"
    highest = max([2 * parts.figure.tones - 1] + [number for kind, number in parts.modifiers if kind in "#b"])
    return _KINDS[(highest + 1) // 2]


def _quality(parts: NumeralText, tones: Tones) -> str:
    if parts.special not in ("", NEAPOLITAN, CADENTIAL):
        return str(lexicon()["special-chords"][parts.special]["quality"])
    return quality_name(tuple(fifths for role, fifths in tones if role != ADDED))


@cache
def _degree_function(degree: str) -> str:
    return str(lexicon()["functions"].get(degree, ""))


def _function(parts: NumeralText, key: Key, members: tuple[Member, ...]) -> str:
    if parts.special == CADENTIAL or _is_dominant(parts, key, members):
        return "D"
    if parts.special not in ("", NEAPOLITAN):
        return str(lexicon()["special-chords"][parts.special]["function"])
    function = _degree_function(f"{ACCIDENTALS[parts.roman.alter]}{parts.roman.number}")
    return "" if function == "T" and parts.mark in ("o", "ø") else function


def _is_dominant(parts: NumeralText, key: Key, members: tuple[Member, ...]) -> bool:
    """V (with the leading tone as third, or no third at all), viio and viiø on it, III+ in minor."""
    number, alter, upper = parts.roman
    if parts.special or alter:
        return False
    roles = dict(members)
    if number == 5:
        return upper and roles.get("third", key.leading_tone) == key.leading_tone
    if number == 7:
        return parts.mark in ("o", "ø") and key.chord_root(parts.roman) == key.leading_tone
    return number == 3 and parts.mark == "+" and key.is_minor and roles.get("fifth") == key.leading_tone


def _leading_tone(parts: NumeralText, key: Key, members: tuple[Member, ...]) -> PitchClass | None:
    if parts.special:
        return None
    return key.leading_tone if any(member.pitch_class == key.leading_tone for member in members) else None


def _figures_above(bass: PitchClass, members: tuple[Member, ...], inversion: int) -> tuple[int, ...]:
    numbers = set()
    for role, note in members:
        if note != bass:
            simple = (note.letter - bass.letter) % 7 + 1
            compound = inversion == 0 and role in STACK[4:]
            numbers.add(simple + 7 if compound or simple == 1 else simple)
    return tuple(sorted(numbers, reverse=True))


@cache
def _diatonic_notes(key: Key) -> dict[int, tuple[int, int]]:
    """For each letter the lowest and highest alteration that belongs to the key."""
    table = {note.letter: (note.alter, note.alter) for note in key.scale}
    if key.has_two_forms:
        for note in (Key(key.tonic, "minor").degree(6), Key(key.tonic, "minor").degree(7)):
            table[note.letter] = (note.alter, note.alter + 1)
    return table


def _altered(key: Key, members: tuple[Member, ...]) -> tuple[tuple[PitchClass, int], ...]:
    table = _diatonic_notes(key)
    found = []
    for _, note in members:
        low, high = table[note.letter]
        if not low <= note.alter <= high:
            found.append((note, 1 if note.alter > high else -1))
    return tuple(found)
