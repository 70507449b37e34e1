"""A conflict in a teacher's words: the chords, the places, the titles of rules, the names of notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from theorygen.rules.rule import Rule
from theorygen.solve.basics import is_basic
from theorygen.solve.elements import Element, asking
from theorygen.solve.headlines import headline, told_first
from theorygen.solve.problem import Problem
from theorygen.source.marks import Mark
from theorygen.theory import Pitch, RomanNumeral
from theorygen.theory.interval import OCTAVE

if TYPE_CHECKING:
    from theorygen.solve.conflict import NoSolution, Reason

_FEW, _SEVERAL = 4, 8
"""So many notes, or chords by their names alone, are named; of more, the number is told."""


class Texts:
    """Words for the parts of one conflict.

    Args:
        problem: the problem.
        where: says where the positions from one up to another are in the score; None when nobody knows.
    """

    def __init__(self, problem: Problem, where: Callable[[int, int], str] | None = None) -> None:
        self.problem = problem
        self.where = where

    def whole(self, conflict: NoSolution) -> str:
        """What cannot all be, one reason a line."""
        if conflict.reasons and all(one.element.voice is not None for one in conflict.reasons):
            all_of_them = (conflict.reasons, *conflict.more)
            return self.far_off(all_of_them) or "; ".join(map(self.unsingable, all_of_them))
        first = told_first(self, conflict.reasons)
        asked = [one for one in conflict.reasons if one.element.kind != "rule"]
        granted = [one for one in conflict.reasons if one not in first and one not in asked]
        lines = [headline(self, conflict), *map(self.reason, [*asked, *first]), *self.granted(granted),
                 _MINIMAL[conflict.smallest]]
        return "\n  ".join(lines)

    def granted(self, reasons: Sequence[Reason]) -> Iterator[str]:
        """What is taken for granted, in one line: each rule with the chords where it is needed."""
        places: dict[str, list[str]] = {}
        for one in reasons:
            chords = [] if one.element.position is None else [self.chord(one.element.position)]
            places.setdefault(one.element.rule, []).extend(chords)
        named = [f"{self.titled(name)}{chords and ' in '}{', '.join(chords)}" for name, chords in places.items()]
        if named:
            yield f"taken for granted: {'; '.join(named)}"

    def unsingable(self, reasons: Sequence[Reason]) -> str:
        """What one voice can sing none of, in one sentence."""
        first = reasons[0].element
        assert first.position is not None
        sayings = {one.element.kind: one.element for one in reasons}
        if len({one.element.voice for one in reasons}) > 1 or len(sayings) < len(reasons):
            return f"{self.place(first.position)}: no note meets all of this: " + "; ".join(
                self.demand(one.element, "") for one in reasons)
        if list(sayings) == ["given"]:
            voice, notes = self.problem.ensemble.names[first.voice or 0], _names(self.codes(first))
            return f"{self.place(first.position)}: the {voice} is given {' and '.join(notes)} at once"
        parts = [self.demand(sayings[kind], "") for kind in ("given", "degree") if kind in sayings]
        parts += [self.bound(sayings[kind], reasons, first=not parts) for kind in ("chord", "range") if kind in sayings]
        return f"{self.place(first.position)}: {', '.join(parts)}"

    def far_off(self, groups: Sequence[Sequence[Reason]]) -> str:
        """One sentence for many notes of one voice that lie beyond its range, and what octave they fit in; "" else."""
        elements = [one.element for reasons in groups for one in reasons]
        kinds = {frozenset(one.element.kind for one in reasons) for reasons in groups}
        if len(groups) <= _FEW or len({one.voice for one in elements}) > 1 or kinds != {frozenset({"given", "range"})}:
            return ""
        sides = {self._side(elements[0], reasons) for reasons in groups}
        if len(sides) > 1:
            return ""
        (side,) = sides
        return f"{self.unsingable(groups[0])}, and {len(groups) - 1} more of its notes lie {side} it" + self._octaves(
            elements[0].voice or 0, side)

    def _octaves(self, voice: int, side: str) -> str:
        """How far up or down all given notes of a voice fit its range; "" where they do not."""
        codes = [code for position in self.problem.positions for one in asking(position)
                 for code in one.given.get(voice, ())]
        spec, down = self.problem.ensemble.voices[voice], side == "above"
        for count, name in enumerate(("an octave", "two octaves", "three octaves"), 1):
            shift = count * OCTAVE.code * (-1 if down else 1)
            if spec.lowest.code <= min(codes) + shift and max(codes) + shift <= spec.highest.code:
                return f"; {name} {'lower' if down else 'higher'} it fits"
        return ""

    def bound(self, element: Element, reasons: Sequence[Reason], first: bool) -> str:
        """What the chord or a range rules out, after what was asked."""
        if first:
            return self.demand(element, "")
        if element.kind == "chord":
            return f"which is no note of {self.notes_of(element)}"
        return f"{self._side(element, reasons)} its range, {self.range(element)}"

    def _side(self, element: Element, reasons: Sequence[Reason]) -> str:
        """Whether what was given lies above or below a range."""
        codes = [code for one in reasons for code in self.codes(one.element)]
        voice = self.problem.ensemble.voices[element.voice or 0]
        if codes and max(codes) < voice.lowest.code:
            return "below"
        return "above" if codes and min(codes) > voice.highest.code else "outside"

    def reason(self, reason: Reason) -> str:
        """One line of a conflict."""
        element = reason.element
        if element.kind != "rule":
            return self.demand(element)
        rule = self.rule(element.rule)
        text = f"{self.titled(rule.name)}{self._of_rule(element, rule)}{self._line(rule)}"
        return f"{text}; otherwise: {reason.example.message}" if reason.example else text

    def _of_rule(self, element: Element, rule: Rule) -> str:
        if element.position is None or rule.window is None:
            return ""
        before = rule.window.focus % rule.window.slots
        chords = [self.chord(place) for place in range(element.position - before, element.position + 1)]
        return f", {' to '.join(chords)} ({self.place(element.position)})"

    def _line(self, rule: Rule) -> str:
        """Where a rule is written."""
        return f" [{_file(rule.mark)}:{rule.mark.line}]" if rule.mark else ""

    def title(self, name: str) -> str:
        """The title of a rule, or its id."""
        return self.rule(name).details.get("title", name)

    def titled(self, name: str) -> str:
        """A rule by its id and title."""
        title = self.rule(name).details.get("title", "")
        return f"{name}{title and f' ({title})'}"

    def demand(self, element: Element, over: str | None = None) -> str:
        """What was asked of one place, as a sentence that ends with the place unless told otherwise."""
        if element.kind == "harmony":
            return "the harmony of the style: which chord may follow which"
        if element.kind == "fault":
            return f"the fault required: {self.faults()}"
        voice = self.problem.ensemble.names[element.voice or 0]
        over = self._over(element) if over is None else over
        if element.kind == "given":
            return f"the {voice} is given {_any(_names(self.codes(element)))}{over}"
        if element.kind == "degree":
            return f"the {voice} is asked for degree {_any(list(map(str, self.degrees(element))))}{over}"
        if element.kind == "chord":
            return f"the {voice} sings a note of {self.notes_of(element)}"
        return f"the {voice} keeps to its range, {self.range(element)}"

    def _over(self, element: Element) -> str:
        assert element.position is not None
        return f" over {self.chord(element.position)} ({self.place(element.position)})"

    def faults(self) -> str:
        """What there must be, and how often."""
        tally = self.problem.tally
        assert tally is not None
        return " and ".join(f"{rules[0].name}{'' if number == 1 else f' {number} times'}"
                            for rules, number in zip(tally.rules, tally.wanted, strict=True))

    def asked_note(self, element: Element) -> str:
        """Notes given or degrees asked at one place, in a few words."""
        if element.kind == "degree":
            return f"degree {_any(list(map(str, self.degrees(element))))}"
        return _any(_names(self.codes(element)))

    def codes(self, element: Element) -> list[int]:
        """Pitch codes given, ascending; none of anything else."""
        return self._asked(element, "given") if element.kind == "given" else []

    def degrees(self, element: Element) -> list[int]:
        """Degrees asked for, ascending."""
        return self._asked(element, "degrees")

    def _asked(self, element: Element, name: str) -> list[int]:
        """What is asked of a voice at a position, and along with some of the choices there."""
        position = self.problem.positions[element.position or 0]
        asked = (getattr(one, name) for one in asking(position))
        return sorted({value for one in asked for value in one.get(element.voice or 0, ())})

    def range(self, element: Element) -> str:
        """Lowest and highest note of a voice."""
        voice = self.problem.ensemble.voices[element.voice or 0]
        return f"{voice.lowest} to {voice.highest}"

    def notes_of(self, element: Element) -> str:
        """The chords of a position with their notes."""
        choices = self.problem.positions[element.position or 0].choices
        return _any([_with_notes(choice.slot.chord) for choice in choices if choice.slot.chord], "chords")

    def chord(self, position: int) -> str:
        """The chord of a position, or its alternatives."""
        choices = self.problem.positions[position].choices
        return _any(list(dict.fromkeys(str(one.slot.chord) for one in choices)), "chords", "|", _SEVERAL)

    def chords(self, start: int, stop: int) -> str:
        """Some successive chords."""
        return " ".join(self.chord(position) for position in range(start, stop))

    def place(self, position: int) -> str:
        """Where a position is."""
        return self.where(position, position + 1) if self.where else f"chord {position + 1}"

    def rule(self, name: str) -> Rule:
        """A rule by its id."""
        return next(one.rule for one in self.problem.rules.rules if one.name == name)

    def data(self, reason: Reason) -> dict[str, Any]:
        """One reason as plain data."""
        element, example = reason.element, reason.example
        data: dict[str, Any] = {"kind": element.kind, "text": self.reason(reason)}
        if element.position is not None:
            data |= {"chord": element.position + 1, "where": self.place(element.position)}
        names = self.problem.ensemble.names
        voices = example.voices if example else () if element.voice is None else (element.voice,)
        if voices:
            data["voices"] = [names[voice] for voice in voices]
        if element.kind == "rule":
            mark = self.rule(element.rule).mark
            data |= {"granted": is_basic(self.rule(element.rule))}
            data |= {"rule": element.rule, "place": {**mark.as_dict(), "file": _file(mark)} if mark else None}
        if element.kind == "given":
            data["notes"] = _names(self.codes(element))
        if element.kind == "degree":
            data["degrees"] = self.degrees(element)
        return data


_MINIMAL = {False: "without any one of them there is a voicing; that no fewer rule it out is not proven",
            True: "without any one of them there is a voicing, and no fewer of the rules and notes rule it out"}


def _with_notes(chord: RomanNumeral) -> str:
    """A chord and its notes from the bass up: "V6 (B D G)"."""
    notes, low = chord.pitch_classes, chord.pitch_classes.index(chord.bass)
    return f"{chord} ({' '.join(map(str, notes[low:] + notes[:low]))})"


def _names(codes: Sequence[int]) -> list[str]:
    return [str(Pitch.from_code(code)) for code in codes]


def _any(names: Sequence[str], many: str = "notes", sign: str = " or ", most: int = _FEW) -> str:
    return sign.join(names) if 0 < len(names) <= most else f"any of {len(names)} {many}"


def _file(mark: Mark) -> str:
    """Where a rule is written: the file as it was given, or in the library, whose place on a machine means nothing."""
    path = PurePath(mark.file)
    return path.name if path.is_absolute() else mark.file
