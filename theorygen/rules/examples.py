"""The examples of a rule, run: what is good must keep it, what is bad must break it, exceptions must matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from theorygen.rules.check import Violation, check
from theorygen.rules.relation_inversion import with_inversions
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.score.errors import ScoreError
from theorygen.score.text_notation import parse_text_score
from theorygen.theory import TheoryError

GOOD, BAD = "good", "bad"


@dataclass(frozen=True)
class WrongExample:
    """An example that does not show what it should.

    Attributes:
        path: keys and indexes from the rule to the example.
        text: the example.
        message: what is wrong with it.
        position: where in the text, when it cannot be read; else None.
    """

    path: tuple[str | int, ...]
    text: str
    message: str
    position: int | None = None


def verdicts(rule: Rule, text: str) -> list[Violation]:
    """Where a rule alone finds fault with an example.

    Raises:
        TheoryError: the example cannot be read.
        ScoreError: its parts do not fit together.
    """
    strongest = ActiveRule(rule, False, 1000) if rule.cost else ActiveRule(rule, True)
    return check(parse_text_score(text), RuleSet(with_inversions((strongest,), load_library())))


@dataclass(frozen=True)
class Example:
    """An example with what it must show.

    Attributes:
        path: keys and indexes from the rule to the example.
        text: the example.
        breaks: whether it must break the rule.
        exemption: name of the exception it belongs to, or "".
    """

    path: tuple[str | int, ...]
    text: str
    breaks: bool
    exemption: str = ""


def examples(rule: Rule) -> Iterator[Example]:
    """The examples of a rule and of its exceptions."""
    for kind in (GOOD, BAD):
        for index, text in enumerate(getattr(rule, kind)):
            yield Example((kind, index), text, kind == BAD)
        for exemption in rule.unless:
            for index, text in enumerate(getattr(exemption, kind)):
                yield Example(("unless", exemption.name, kind, index), text, kind == BAD, exemption.name)


def wrong_examples(rule: Rule) -> Iterator[WrongExample]:
    """The examples of a rule and of its exceptions that do not show what they should."""
    for example in examples(rule):
        yield from faults_of_example(rule, example)


def faults_of_example(rule: Rule, example: Example) -> Iterator[WrongExample]:
    """What an example does not show; nothing when it is right."""
    yield from _judged(rule, example.path, example.text, example.breaks, f"rule '{rule.name}'")
    if example.exemption and not example.breaks:
        bare = replace(rule, unless=tuple(one for one in rule.unless if one.name != example.exemption))
        yield from _judged(bare, example.path, example.text, True, f"rule '{rule.name}' without its exception")


def _judged(rule: Rule, path: tuple[str | int, ...], text: str, breaks: bool, who: str) -> Iterator[WrongExample]:
    try:
        found = verdicts(rule, text)
    except TheoryError as error:
        yield WrongExample(path, text, error.message, error.position if error.text == text else 0)
        return
    except ScoreError as error:
        yield WrongExample(path, text, str(error), 0)
        return
    if breaks and not found:
        yield WrongExample(path, text, f"{who} finds nothing wrong with this example")
    if found and not breaks:
        yield WrongExample(path, text, f"{who} is broken in this good example: {found[0]}")
