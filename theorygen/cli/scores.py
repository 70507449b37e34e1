"""The score a command is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from theorygen.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from theorygen.rules.rule import Rule
    from theorygen.rules.rule_set import RuleSet
    from theorygen.score import Score

_MOST_NAMES = 4


def load_score(path: str) -> Score:
    """The score in a file.

    Raises:
        InputError: there is no such file, it cannot be read, or there is no pitched note in it.
    """
    from theorygen.readers import read_score

    score = read_score(path)
    if not any(event.pitches for voice in score.pitched_voices for event in voice.events):
        raise InputError(Diagnostic("no-notes", f"'{path}' has no notes but drum hits", None,
                                    "notes in two voices or more", remedy="check that this is the file you mean"))
    return score


def check_voices(score: Score, name: str, rules: RuleSet) -> None:
    """Refuse a single voice where the rules chosen look at several.

    Raises:
        InputError: it has one voice.
    """
    if len(score.pitched_voices) > 1:
        return
    alone = [rule for rule in rules.rules if _sees_one_voice(rule.rule)]
    if len(alone) == len(rules.rules):
        return
    names = [rule.name for rule in alone if not any("chord." in field for field in rule.names)]
    shown = ", ".join(names[:_MOST_NAMES]) + (f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else "")
    voices = ", ".join(voice.name for voice in score.pitched_voices) or "none"
    raise InputError(Diagnostic(
        "one-voice", f"'{name}' has one voice ({voices}), and part writing takes two", None, "two voices or more",
        remedy=f"to judge a melody alone, name rules of one voice: --only {names[0]}. Such are {shown}"
        if names else "choose a profile or style with rules of one voice"))


def _sees_one_voice(rule: Rule) -> bool:
    return rule.memory is not None or (rule.window is not None and rule.window.voices == 1)
