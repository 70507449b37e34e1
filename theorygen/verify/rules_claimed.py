"""Whether claims hold: by what the solver keeps, by every voicing of few chords, and by pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from theorygen.rules.check import Violation, checkers
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.verify.finding import Finding, Subject
from theorygen.verify.rules_lone import LoneFault, LoneFaults
from theorygen.verify.rules_music import excerpt
from theorygen.verify.rules_pieces import Piece, Pieces, pieces_of
from theorygen.verify.rules_places import Place, distinct, hard_and, places_of, single, stretches_of
from theorygen.verify.rules_windows import Windows, is_enumerable

if TYPE_CHECKING:
    from theorygen.verify.claims import Claim

_MOST_PIECES = 12
"""Pieces of which every voicing is looked at, to make a whole piece of two chords that break a claim."""


@dataclass(frozen=True)
class Verdict:
    """What is known of a claim.

    Attributes:
        finding: an error where it is broken, a warning where it may be, a note where it holds.
        is_proven: whether it holds of all pieces.
    """

    finding: Finding
    is_proven: bool = False


class Claimed:
    """Judges the claims of one style."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.style = subject.style

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces that are judged."""
        return pieces_of(self.subject)

    def verdict(self, claim: Claim) -> Verdict:
        """One claim: broken by a piece, or by a voicing of its chords; else as far proven as it can be."""
        if any(rule.name == claim.rule.name and not rule.where for rule in hard_and(self.style).rules):
            return self._holds(claim, "it is a hard rule, which is kept in composing", True)
        shortest = min(self._broken(claim.rule), key=lambda one: (one.length, one.piece.chords), default=None)
        if shortest:
            return Verdict(self._error(claim, shortest))
        if not claim.rule.rule.solved:
            return self._holds(claim, self.pieces.told, False)
        return self._voicings(claim)

    # pieces

    def _broken(self, rule: ActiveRule) -> Iterator[_Fault]:
        """For each piece that breaks a rule the fault over the fewest chords."""
        for piece in self.pieces.pieces:
            faults = [_Fault(piece, one) for one in _violations(piece, rule)]
            if faults:
                yield min(faults, key=lambda one: one.length)

    def _error(self, claim: Claim, fault: _Fault) -> Finding:
        """A claim that a piece breaks."""
        broken = sum(1 for _ in self._broken(claim.rule))
        return Finding(
            "broken-claim", "error", f"the claim '{claim.text}' does not hold: {fault.violation.message}",
            claim.text, claim.mark, (), f"{broken:,} of {self.pieces.told} break it", fault.text,
            "weaken the claim, or make its rule hard", {"broken": broken, "pieces": len(self.pieces.pieces),
                                                        "command": fault.piece.command,
                                                        "where": str(fault.violation.location)})

    # all voicings

    def _voicings(self, claim: Claim) -> Verdict:
        """A claim that the solver could keep, asked of every voicing of few chords."""
        search = LoneFaults(self.style, [claim.rule], hard_and(self.style).rules)
        short = is_enumerable(claim.rule.rule)
        pairs = places_of(self.subject)
        tried = self._pairs(claim.rule) if short else stretches_of(self.subject)
        told = pairs.told if short else f"{len(tried):,} stretches of chords"
        fault = search.first(tried)
        if fault is None:
            return self._holds(claim, f"all voicings of {told}; {self.pieces.told}", short and pairs.is_complete)
        return Verdict(self._possible(claim, search, fault))

    def _pairs(self, rule: ActiveRule) -> list[Place]:
        """The pairs of chords that this rule and the hard ones tell apart, where it may be broken."""
        names = hard_and(self.style).names | rule.names
        pairs = distinct(self.style, places_of(self.subject).pairs, names)
        return Windows(self.style).possible(rule, pairs, breaking=True)

    def _possible(self, claim: Claim, search: LoneFaults, fault: LoneFault) -> Finding:
        """A claim that voicings of few chords break: of a whole piece if one is found soon."""
        for piece in sorted(self.pieces.pieces, key=lambda one: one.chords)[:_MOST_PIECES]:
            whole = search.first([Place(tuple(map(single, piece.task.problem.positions)))])
            if whole:
                return Finding(
                    "broken-claim", "error", f"the claim '{claim.text}' does not hold: a voicing breaks it",
                    claim.text, claim.mark, (), f"every voicing of the chords of '{piece.command}'",
                    fault.text(self.style), "weaken the claim, or make its rule hard", {"command": piece.command})
        return Finding(
            "doubtful-claim", "warning", f"the claim '{claim.text}' may not hold: chords can be voiced against it",
            claim.text, claim.mark, (), f"no piece was found that breaks it, in {self.pieces.told}",
            fault.text(self.style), "make its rule hard, if it is to hold")

    def _holds(self, claim: Claim, proof: str, is_proven: bool) -> Verdict:
        word = "holds" if is_proven else "was not broken"
        return Verdict(Finding("claim-holds", "note", f"the claim '{claim.text}' {word}", claim.text, claim.mark, (),
                               proof, data={"proven": is_proven}), is_proven)


@dataclass(frozen=True, eq=False)
class _Fault:
    """A place of a piece that breaks a claim."""

    piece: Piece
    violation: Violation

    @property
    def _chords(self) -> tuple[int, int]:
        """The chords it lies in: the first, and the one after the last."""
        starts = [chord.onset for chord in self.piece.composition.plan.chords]
        at = [max(index for index, start in enumerate(starts) if start <= onset) for onset in self.violation.onsets]
        return min(at), max(at) + 1

    @property
    def length(self) -> int:
        """How many chords it lies in."""
        start, stop = self._chords
        return stop - start

    @property
    def text(self) -> str:
        """The chords as a text score."""
        composition = self.piece.composition
        return excerpt(self.piece.task, composition.solution, *self._chords)


def _violations(piece: Piece, rule: ActiveRule) -> list[Violation]:
    """Where a rule is broken in a piece."""
    score, rules = piece.composition.score, RuleSet((replace(rule, hard=True, weight=0),))
    return [one for grid, checker in checkers(score, rules) if grid in rule.rule.grids for one in checker.judge(rule)]

