"""A score to judge with its chords: those it declares, those of an analysis beside it, or those that are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from theorygen.analysis.cadences import with_cadences
from theorygen.analysis.learning import foreign_share
from theorygen.score import Score, ScoreError
from theorygen.score.roman_text import parse_roman_text
from theorygen.source.diagnostic import Diagnostic, InputError

DECLARED, GIVEN, FOUND, NONE = "score", "analysis", "found", "none"
"""Where chords come from: the score itself, an analysis beside it, our own analysis; or there are none."""

_MISFIT = 0.5
"""Where more notes than this are foreign, the analysis is of another piece; the worst exercise keeps well below."""

WITHOUT = "none"
"""Given in place of an analysis: judge without chords."""


def with_chords(score: Score, analysis: str | None) -> tuple[Score, str]:
    """The score with its chords, and where they come from.

    Args:
        score: the music.
        analysis: path of an analysis in RomanText, `WITHOUT` for no chords, or None for those of the score, else found.

    Raises:
        InputError: the analysis cannot be read, or does not fit the score.
    """
    if analysis == WITHOUT:
        return replace(score, chords=()), NONE
    if analysis is not None:
        given = replace(score, chords=parse_roman_text(_text(analysis), analysis).chords(score))
        _check_fit(given, analysis)
        return with_cadences(given), GIVEN
    if score.chords:
        return score, DECLARED
    from theorygen.analysis.analyze import analyze

    try:
        return analyze(score), FOUND
    except ScoreError:
        return score, NONE


def _check_fit(score: Score, analysis: str) -> None:
    """Refuse chords of another piece.

    Raises:
        InputError: most notes lie outside the chords given for them.
    """
    share = foreign_share(score, score.chords)
    if share > _MISFIT:
        raise InputError(Diagnostic(
            "bad-analysis", f"the analysis '{analysis}' does not fit: {share:.0%} of the notes lie outside its chords",
            None, "the analysis of this score", remedy="check that it belongs to this score and is in its key"))


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise InputError(Diagnostic("unreadable-analysis", f"the analysis '{path}' cannot be read: {reason}", None,
                                    "RomanText, such as 'm1 C: I b3 V', or none")) from None
