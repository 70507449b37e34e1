"""``theorygen harmonize``: a melody gets chords and voices, chosen together."""

from __future__ import annotations

from theorygen.cli.answers import Wish, answer, check_marginals, read_outputs
from theorygen.cli.inputs import DEFAULT_STYLE, Inputs, MelodyArgument, StyleOption
from theorygen.cli.options import JsonOption, KeyOption, SetOption
from theorygen.cli.questions import (
    BestOption,
    CountOption,
    DistinctOption,
    EngineOption,
    LeastBadOption,
    MarginalsOption,
    SampleOption,
    SeedOption,
    TemperatureOption,
    UniformOption,
    read_question,
)
from theorygen.cli.realize import FormatOption, OutputOption
from theorygen.source.diagnostic import Diagnostics


def harmonize(
    melody: MelodyArgument,
    style: StyleOption = DEFAULT_STYLE,
    key: KeyOption = None,
    settings: SetOption = None,
    best: BestOption = False,
    seed: SeedOption = None,
    sample: SampleOption = False,
    temperature: TemperatureOption = None,
    uniform: UniformOption = False,
    k: CountOption = None,
    distinct: DistinctOption = None,
    least_bad: LeastBadOption = False,
    marginals: MarginalsOption = False,
    engine: EngineOption = None,
    output: OutputOption = None,
    kind: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Harmonise a melody: choose chords and voices together, after the form and harmony of a style.

    The answer is the likeliest one there is: what the style says of its chords and what its rules charge count
    together. Where there is too much to choose from, a remark tells how far from it the answer may be. Passing notes
    and other embellishments of the melody are recognised. Phrases end under fermatas and before rests, or else where
    the style's would. With --k the answers differ in their chords.

    Example: theorygen harmonize melody.musicxml --style textbook-chorale --set level=5 --k 3 -o harmonised/
    """
    found = Diagnostics()
    inputs = Inputs(style, settings or (), melody=melody, key=key)
    question = read_question(best, sample, uniform, seed, temperature, k, distinct, found, usual="chords",
                             engine=engine)
    outputs = read_outputs(output, kind, k is not None, found, inputs.stem)
    check_marginals(marginals, outputs, found)
    found.raise_errors()
    answer(inputs.task(), Wish(question, (), False, least_bad, marginals, as_json), outputs)
