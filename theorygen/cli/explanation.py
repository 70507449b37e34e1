"""An explanation as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from theorygen.compose.explain import Choice, ChordReason, Explanation, NoteReason, OtherNote
from theorygen.grammar.derivation import Derivation
from theorygen.rules.rule import THOUSAND

_MOST_PLACES = 4
_LEAST_PERCENT, _CERTAIN = 0.005, "100%"


def tree_lines(explanation: Explanation) -> Iterator[str]:
    """The derivations of the form and of each phrase."""
    plan = explanation.composition.plan
    yield f"{explanation.composition.style.title} in {plan.key}, seed {explanation.composition.seed}"
    yield "\nForm (weight and share of a production; lengths of its parts and their chance)"
    yield from _tree(plan.form, 1)
    for number, phrase in enumerate(plan.phrases, 1):
        again = ", the same harmony as before" if phrase.repeated else ""
        yield f"\nPhrase {number}{again}"
        yield from () if phrase.repeated else _tree(phrase.harmony, 1)


def _tree(node: Derivation, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{node.text}{_how(node)}"
    for child in node.children:
        yield from _tree(child, depth + 1)


def _how(node: Derivation) -> str:
    """The production of a node, with what was left to chance there."""
    step = node.production
    if step is None:
        return ""
    chances = []
    if _percent(step.share) != _CERTAIN:
        chances.append(f"weight {step.weight:.3g}, {_percent(step.share)}")
    if _percent(node.split) != _CERTAIN:
        chances.append(f"lengths {'+'.join(str(child.duration) for child in node.children)}, {_percent(node.split)}")
    return f" -> {step.name or step.text}" + (f"  ({'; '.join(chances)})" if chances else "")


def _percent(probability: float) -> str:
    return f"{probability:.0%}" if probability >= _LEAST_PERCENT else "<1%"


def chord_lines(chord: ChordReason) -> Iterator[str]:
    """One chord: where it comes from, and a line for each note."""
    cadence = f", {chord.cadence}" if chord.cadence else ""
    yield f"\n{chord.location}: {chord.numeral.text} in {chord.numeral.key}, phrase {chord.phrase}{cadence}"
    path = " > ".join(map(_step, chord.choices))
    yield f"  from      {path} > {chord.numeral.text}"
    if len(chord.alternatives) > 1:
        weights = ", ".join(f"{name} {weight:g}" for name, weight in chord.alternatives)
        yield f"  open      {weights}; the voices decided"
    if chord.costs:
        yield f"  costs     {_joined(f'{one.rule} {one.cost / THOUSAND:g}' for one in chord.costs)}"
    for note in chord.notes:
        role = f"{note.member} {note.degree}"
        yield f"  {note.voice:9} {note.pitch!s:4} {role:11} {note.motion:14} {_others(note)}"


def _step(choice: Choice) -> str:
    """A symbol on the way to a chord, with the share of the production chosen for it."""
    share = _percent(choice.share)
    return choice.symbol if share == _CERTAIN else f"{choice.symbol} ({share})"


def _others(note: NoteReason) -> str:
    """Why not the other notes, those with one reason together."""
    groups: dict[str, list[str]] = {}
    for other in note.others:
        groups.setdefault(_reason(other, note.voice), []).append(str(other.pitch))
    told = [f"{' '.join(pitches)} {reason}" for reason, pitches in groups.items()]
    return f"not {'; '.join(told)}" if told else "no other note in reach"


def _reason(other: OtherNote, voice: str) -> str:
    """The first reason against a note of a voice, or its price."""
    if other.asked:
        return f"(asked: {other.asked})"
    if other.breaks:
        rule, voices = other.breaks[0]
        partners = " and ".join(one for one in voices if one != voice)
        more = f" and {len(other.breaks) - 1} more" if len(other.breaks) > 1 else ""
        return f"({rule}{' with ' + partners if partners else ''}{more})"
    dearest = next(iter(other.reasons), "")
    return f"({_signed(other.change)}{', ' + dearest if dearest else ''})"


def _signed(change: Fraction) -> str:
    if not change:
        return "costs the same"
    return f"costs {float(abs(change)):.3g} {'more' if change > 0 else 'less'}"


def cost_lines(explanation: Explanation) -> Iterator[str]:
    """What each rule charges the piece, and where."""
    composition = explanation.composition
    yield f"\nCost {float(composition.cost):g}"
    for rule, cost in composition.costs.items():
        places = [str(one.location) for chord in explanation.chords for one in chord.costs if one.rule == rule]
        more = f"; and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
        yield f"  {float(cost):>7.4g}  {rule}: {'; '.join(places[:_MOST_PLACES])}{more}"


def _joined(words: Iterable[str]) -> str:
    """Words in a row, equal ones counted."""
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{word} ({count} times)" if count > 1 else word for word, count in counts.items())
