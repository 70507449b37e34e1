"""Pivot chords: whether ``ii[pivot=vi]`` names the same notes in the key it leaves and in the key it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from theorygen.grammar.calls import Values, argument_words, may_match, surely_matches
from theorygen.grammar.grammar import Grammar, Production, Rule, substitute
from theorygen.grammar.labels import PIVOT
from theorygen.grammar.production import Item
from theorygen.grammar.symbols import home_key, is_literal
from theorygen.source.diagnostic import Diagnostic
from theorygen.theory import Key, RomanNumeral, TheoryError

_EITHER = (Key.parse("C"), Key.parse("a"))


def sounds(chord: RomanNumeral) -> frozenset[int]:
    """The notes of a chord whatever their spelling."""
    return frozenset(note.semitone % 12 for note in chord.pitch_classes)


def local_key(numeral: str, home: Key) -> Key:
    """The key of a numeral: I or i is the home key itself, in whatever mode it is.

    Raises:
        TheoryError: no key stands on it.
    """
    own = home_key("minor" if home.is_minor else "major")
    return home if numeral == own else home.at(numeral)


def unreadable_pivots(harmony: Grammar) -> Iterator[Diagnostic]:
    """Pivots that are no numerals."""
    for rule, production in harmony.productions():
        for item in production.body.items:
            said = item.labels.get(PIVOT)
            if said is not None and said not in rule.head.parameters and not _is_numeral(said):
                shown = said if isinstance(said, str) else ", ".join(sorted(said))
                yield Diagnostic("bad-pivot", f"'{shown}' is not a Roman numeral", production.mark_of(item),
                                 "the numeral of the same chord in the key being left, such as vi")


def _is_numeral(text: str | frozenset[str]) -> bool:
    return isinstance(text, str) and any(_numeral(text, key) for key in _EITHER)


def _numeral(text: str, key: Key) -> RomanNumeral | None:
    try:
        return RomanNumeral.parse(text, key)
    except TheoryError:
        return None


def wrong_pivots(form: Grammar, harmony: Grammar, keys: Mapping[str, Sequence[Key]]) -> Iterator[Diagnostic]:
    """Pivots with other notes than their chord, in whatever keys of the style the form leads to them.

    What cannot be known before a piece is made counts as right; planning looks again.
    """
    verdicts: dict[tuple[Production, int], list[str]] = {}
    for homes in keys.values():
        if homes:
            for production, item, verdict in _Walk(form, harmony, homes[0]).pivots():
                verdicts.setdefault((production, item.position), []).append(verdict)
    for (production, position), found in verdicts.items():
        if all(found):
            item = next(one for one in production.body.items if one.position == position)
            yield Diagnostic("wrong-pivot", found[0], production.mark_of(item),
                             "the numeral of the same chord in the key being left")


@dataclass(frozen=True)
class _Call:
    """A symbol with its arguments, its key, and the keys that may stand before it; None where not known."""

    in_form: bool
    symbol: str
    values: Values
    key: Key | None
    left: frozenset[Key]


class _Walk:
    """Follows calls from the form's goal down to the chords, each call once."""

    def __init__(self, form: Grammar, harmony: Grammar, home: Key) -> None:
        self.form = form
        self.harmony = harmony
        self.home = home

    def pivots(self) -> Iterator[tuple[Production, Item, str]]:
        """Every pivot reached in known keys, and what is wrong with it there or ""."""
        waiting = [_Call(True, symbol, (None,) * len(self.form.signatures[symbol]), self.home, frozenset())
                   for symbol in self.form.start if symbol in self.form.rules]
        seen = set(waiting)
        while waiting:
            call = waiting.pop()
            for rule, production, items in self.sequences(call):
                keys = [self.key(item, call, rule) for item in items]
                left = call.left.union(key for key in (call.key, *keys) if key)
                for item, key in zip(items, keys, strict=True):
                    said = item.labels.get(PIVOT)
                    if isinstance(said, str) and not call.in_form and self.harmony.is_terminal(item, rule.head):
                        yield from self.verdict(call, rule, production, item, said)
                    below = self.below(item, call, rule, key, left)
                    if below and below not in seen:
                        seen.add(below)
                        waiting.append(below)

    def sequences(self, call: _Call) -> Iterator[tuple[Rule, Production, tuple[Item, ...]]]:
        """What a call can be rewritten as."""
        rules = (self.form if call.in_form else self.harmony).rules[call.symbol]
        mode = call.key and ("minor" if call.key.is_minor else "major")
        for rule in rules:
            if may_match(rule.head, call.values) and (not mode or rule.head.mode in ("", mode)):
                for production in rule.productions:
                    for _, items in production.variants:
                        yield rule, production, items
                if surely_matches(rule.head, call.values) and (mode or not rule.head.mode):
                    return

    def key(self, item: Item, call: _Call, rule: Rule) -> Key | None:
        """The key of an item, None when it is not known."""
        word = dict(item.settings).get("key")
        if word is None:
            return call.key
        word = dict(zip(rule.head.patterns, call.values, strict=False)).get(word, word)
        try:
            return local_key(word, self.home) if word and is_literal(word) else None
        except TheoryError:
            return None

    def below(self, item: Item, call: _Call, rule: Rule, key: Key | None, left: frozenset[Key]) -> _Call | None:
        """The call that an item is, if it is one."""
        is_form = call.in_form and item.symbol in self.form.rules
        grammar = self.form if is_form else self.harmony
        if item.symbol not in grammar.rules or item.symbol in rule.head.parameters:
            return None
        return _Call(is_form, item.symbol, argument_words(grammar, item, rule.head, call.values), key, left)

    def verdict(self, call: _Call, rule: Rule, production: Production, item: Item,
                said: str) -> Iterator[tuple[Production, Item, str]]:
        """What is wrong with a pivot here, "" when nothing is; none when the keys or the chords are not known."""
        bound = dict(zip(rule.head.patterns, call.values, strict=False))
        left = [_numeral(bound.get(said) or said, key) for key in sorted(call.left - {call.key}, key=str)]
        chords = [_numeral(substitute(text, {name: value or "" for name, value in bound.items()}), call.key)
                  for text, _ in item.chords] if call.key else []
        before, here = [one for one in left if one], [one for one in chords if one]
        if before and here and len(here) == len(chords):
            fits = any({sounds(one)} == set(map(sounds, here)) for one in before)
            wrong = f"{here[0]} in {here[0].key} has other notes than {before[0]} in {before[0].key}"
            yield production, item, "" if fits else wrong
