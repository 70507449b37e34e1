"""Our own text notation and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from theorygen.readers.contents import describe
from theorygen.readers.problems import bad_file, bad_place
from theorygen.score import Ensemble, Score, ScoreError, parse_text_score
from theorygen.source.reading import decode
from theorygen.theory import TheoryError

_BAR_OF_THE_VIEW = "│"


def read_text(raw: bytes, name: str, ensemble: Ensemble | None) -> Score:
    """The score in a file with text notation.

    Raises:
        InputError: it is no such text, with the place.
    """
    text = decode(raw, name)
    if _BAR_OF_THE_VIEW in text:
        raise bad_file("printed-view", name, "this is a score printed for reading", "text notation: 'S: C5 | B: C3'",
                       "write the score as .musicxml or .json instead of .txt")
    try:
        return parse_text_score(text, ensemble)
    except TheoryError as error:
        raise bad_place("text-notation", name, text, error, "correct the text and try again") from None


def read_json(raw: bytes, name: str, ensemble: Ensemble | None) -> Score:
    """The score in a file with our JSON: a score, or a composition with a score in it.

    Raises:
        InputError: it is no JSON, or not ours.
        ScoreError: its parts contradict each other, or its voices are not those of the ensemble.
    """
    text = decode(raw, name)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        wrong = TheoryError(f"this is not JSON: {error.msg}", text, error.pos, "a score in JSON")
        raise bad_place("json-syntax", name, text, wrong, "the file may have been cut off: write it again") from None
    except RecursionError:
        raise bad_file("json-syntax", name, "the JSON is nested too deeply", "a score in JSON") from None
    return _with_ensemble(_score(data, raw, name), ensemble)


def _score(data: Any, raw: bytes, name: str) -> Score:
    from theorygen.render.json_writer import score_from_data

    if isinstance(data, dict) and data.get("format") == "theorygen-composition":
        data = data.get("score")
    try:
        return score_from_data(data)
    except TheoryError as error:
        raise bad_file("not-a-score", name, f"this is {describe(raw)}, but no score: {error.message}", error.expected,
                       "write the score again as .json") from None
    except (ValueError, OverflowError, LookupError, RecursionError) as error:
        if isinstance(error, ScoreError):
            raise
        raise bad_file("not-a-score", name, f"a value in it cannot be read: {error}", "a score in JSON",
                       "write the score again as .json") from None


def _with_ensemble(score: Score, ensemble: Ensemble | None) -> Score:
    names = [voice.name for voice in score.voices]
    if ensemble is None:
        return score
    if len(names) == 1 and names[0] not in ensemble.names:
        names = [ensemble.names[0]]
        score = replace(score, parts=tuple(replace(part, voices=tuple(replace(voice, name=names[0])
                        for voice in part.voices)) for part in score.parts))
    if not set(names) <= set(ensemble.names):
        raise ScoreError(f"its voices are {', '.join(names)}; '{ensemble.name}' has {', '.join(ensemble.names)}")
    return replace(score, ensemble=ensemble.only(names))
