"""The score a command is given, with its chords: those in the file, or those of an analysis beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from theorygen.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from theorygen.rules.rule_set import RuleSet
    from theorygen.score import Score

_MOST_NAMES = 4


def load_score(path: str) -> Score:
    """The score in a file.

    Raises:
        InputError: there is no such file, it cannot be read, or there is no note in it.
    """
    from theorygen.score import ScoreError
    from theorygen.score.text_notation import parse_text_score

    if Path(path).suffix == ".txt":
        return parse_text_score(Path(path).read_text())
    from theorygen.readers import read_score

    try:
        score = read_score(path)
    except ScoreError as error:
        raise InputError(Diagnostic("unreadable-score", f"'{path}' cannot be read: {error}")) from None
    if not any(event.pitches for voice in score.pitched_voices for event in voice.events):
        raise InputError(Diagnostic("no-notes", f"'{path}' has no notes", None, "notes in two voices or more",
                                    remedy="check that this is the file you mean"))
    return score


def with_analysis(score: Score, path: str) -> Score:
    """The score with the chords of an analysis in RomanText; those it had are forgotten.

    Raises:
        InputError: the file cannot be read, or its chords do not fit the score.
    """
    from theorygen.score.roman_text import parse_roman_text

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise InputError(Diagnostic("unreadable-analysis", f"the analysis '{path}' cannot be read: {reason}", None,
                                    "RomanText, such as 'm1 C: I b3 V'")) from None
    return replace(score, chords=parse_roman_text(text, path).chords(score))


def check_voices(score: Score, name: str, rules: RuleSet) -> None:
    """Refuse a single voice where the rules chosen look at several.

    Raises:
        InputError: it has one voice.
    """
    if len(score.pitched_voices) > 1:
        return
    alone = [rule for rule in rules.rules if rule.rule.window is None or rule.rule.window.voices == 1]
    if len(alone) == len(rules.rules):
        return
    names = [rule.name for rule in alone if not any("chord." in field for field in rule.names)]
    shown = ", ".join(names[:_MOST_NAMES]) + (f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else "")
    voices = ", ".join(voice.name for voice in score.pitched_voices) or "none"
    raise InputError(Diagnostic(
        "one-voice", f"'{name}' has one voice ({voices}), and part writing takes two", None, "two voices or more",
        remedy=f"to judge a melody alone, name rules of one voice: --only {names[0]}. Such are {shown}"
        if names else "choose a profile or style with rules of one voice"))
