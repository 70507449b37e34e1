"""An unfigured bass: chords follow the style's form and harmony, chosen together with the voices above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from theorygen.compose.bass_line import BassLine, relatives
from theorygen.compose.harmonize import Given, Harmonizer
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark


def unfigured_task(line: BassLine, style: Style, parameters: Mapping[str, Any]) -> Task:
    """A bass without figures as something to be harmonised; its notes stand as they are.

    The home key is that of the line; where none was given and the style has no chords for it there, its relative.

    Args:
        line: the bass.
        style: whose harmony, rules and voices are meant; its lowest voice takes the bass.
        parameters: values of some of the style's parameters, as texts or values.

    Raises:
        InputError: the meter changes, or no chords of the style go with the bass.
    """
    assert style.ensemble is not None
    score = line.score
    if len(score.meters) > 1:
        raise InputError(Diagnostic("meter-changes", "the meter changes within the bass", Mark(line.name), "one meter",
                                    remedy="figure the bass, or harmonise the parts with different meters one by one"))
    keys = (line.key,) if line.is_key_given else tuple(dict.fromkeys((line.key, *relatives(line.key.signature))))
    given = Given({style.ensemble.names[-1]: line.events}, score.meters[0][1], keys, score.pickup, score.title,
                  score.composer, score.tempo)
    return replace(Harmonizer(style, parameters).task(given), bars=score.bars)
