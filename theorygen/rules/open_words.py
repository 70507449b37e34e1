"""Words that rules compare with voices and regions, held against those there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from theorygen.rules.expression import subtrees
from theorygen.rules.kinds import REGION, VOICE, Kind
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.source.nearest import nearest

NO_REGION = "none"


def unknown_words(rules: RuleSet, voices: Iterable[str],
                  regions: Iterable[str]) -> Iterator[tuple[ActiveRule, str, str | None]]:
    """Names in rules that name nothing, so that the rule, or its other strength, never applies.

    Args:
        rules: the rules.
        voices: names of voices that may be meant, also of ensembles that are not here.
        regions: names of regions that may be meant.

    Yields:
        The rule, the unknown word and the nearest known one; each word of a rule once.
    """
    known = {VOICE: list(dict.fromkeys(voices)), REGION: [*dict.fromkeys(regions), NO_REGION]}
    told: set[tuple[str, str]] = set()
    for rule in rules.rules:
        for kind, word in _words(rule):
            if kind in known and word not in known[kind] and (rule.name, word) not in told:
                told.add((rule.name, word))
                yield rule, word, nearest(word, known[kind])


def _words(rule: ActiveRule) -> Iterator[tuple[Kind, str]]:
    """The words a rule mentions, with their kinds."""
    relation = rule.rule.relation
    yield from ((VOICE, voice) for voice in (relation.voices_meant if relation else ()))
    counted = relation.expressions if relation else ()
    for expression in (*rule.where, *rule.rule.expressions, *counted):
        yield from ((node.kind, node.value) for node in subtrees(expression.root) if node.operation == "word")
