"""A progression as somebody gives it: chords in time, some of them open, before any note is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from theorygen.compose.cadence_labels import with_cadence_labels
from theorygen.compose.composition import choices_of, moments_of, solved_rules
from theorygen.compose.plan import PlannedChord
from theorygen.compose.tasks import Task, places_of
from theorygen.grammar.style import Style
from theorygen.score.timeline import Bar, measures_of
from theorygen.solve.problem import Problem
from theorygen.theory import Key, Meter, RomanNumeral

_USUAL_TEMPO = Fraction(80)


@dataclass(frozen=True)
class Progression:
    """Chords in time.

    Attributes:
        chords: in time order, without gaps.
        meters: (onset, meter) in order, the first at 0.
        key: the home key.
        pickup: length of the incomplete first bar, quarter lengths.
        title: printed above, or "" for one made of the key.
        composer: printed at the right.
        bars: every bar, where meters and pickup do not give them; see `Score`.
    """

    chords: tuple[PlannedChord, ...]
    meters: tuple[tuple[Fraction, Meter], ...]
    key: Key
    pickup: Fraction = Fraction(0)
    title: str = ""
    composer: str = ""
    bars: tuple[Bar, ...] = ()

    @property
    def doubtful(self) -> dict[RomanNumeral, RomanNumeral]:
        """Fully diminished sevenths in which the half-diminished one of the key was probably meant, each with that."""
        numerals = dict.fromkeys(numeral for chord in self.chords for numeral, _ in chord.alternatives)
        return {numeral: meant for numeral in numerals if (meant := numeral.half_diminished)}

    def task(self, style: Style) -> Task:
        """The progression to be voiced in a style; phrases get the cadences that their chords make.

        Raises:
            InputError: too many chords are left open at the end of a phrase.
        """
        assert style.ensemble is not None
        moments = moments_of(self.chords)
        places = places_of(moments, measures_of(self.meters, self.pickup, moments[-1].end, self.bars))
        positions = tuple(choices_of(chord, place, style.ensemble)
                          for chord, place in zip(self.chords, places, strict=True))
        problem = with_cadence_labels(Problem(positions, solved_rules(style), style.ensemble))
        return Task(style, problem, moments, self.meters, ((Fraction(0), self.key),), self.pickup, tempo_of(style),
                    self.title or f"Progression in {self.key}", self.composer, bars=self.bars)


def tempo_of(style: Style) -> Fraction:
    """A tempo in the middle of the style's, quarter notes a minute."""
    if style.tempo is None:
        return _USUAL_TEMPO
    slowest, fastest = style.tempo
    return Fraction(round((slowest + fastest) / 2))


def in_phrases(chords: list[PlannedChord]) -> tuple[PlannedChord, ...]:
    """The chords with their phrases numbered from 0, without phrases that have no chord."""
    numbers = {phrase: number for number, phrase in enumerate(dict.fromkeys(chord.phrase for chord in chords))}
    return tuple(replace(chord, phrase=numbers[chord.phrase]) for chord in chords)
