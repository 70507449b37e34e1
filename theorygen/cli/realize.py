"""``theorygen realize``: given chords become music in a style."""

from __future__ import annotations

from typing import Annotated

import typer

from theorygen.cli.answers import Wish, answer, check_marginals, read_outputs
from theorygen.cli.inputs import (
    DEFAULT_STYLE,
    BassOption,
    FiguresOption,
    GivenOption,
    HoldOption,
    Inputs,
    MeterOption,
    RomanFileOption,
    RomanOption,
    StyleOption,
)
from theorygen.cli.options import JsonOption, KeyOption, SetOption
from theorygen.cli.questions import (
    BestOption,
    CountOption,
    DistinctOption,
    EngineOption,
    LeastBadOption,
    MarginalsOption,
    OnlyOption,
    RequireOption,
    SampleOption,
    SeedOption,
    TemperatureOption,
    UniformOption,
    check_faults,
    read_question,
)
from theorygen.source.diagnostic import Diagnostics

OutputOption = Annotated[str | None, typer.Option(
    "-o", "--output", metavar="PATH",
    help="A file, whose suffix chooses the format. With --k a folder, or a file whose name gets the rank: a-1.mid.")]
FormatOption = Annotated[str | None, typer.Option(
    "--format", metavar="NAME", help="Kind of the files in a folder: musicxml, mxl, midi, json, txt or svg.")]


def realize(
    style: StyleOption = DEFAULT_STYLE,
    roman: RomanOption = None,
    roman_file: RomanFileOption = None,
    given: GivenOption = None,
    hold: HoldOption = None,
    meter: MeterOption = None,
    bass: BassOption = None,
    figures: FiguresOption = None,
    key: KeyOption = None,
    settings: SetOption = None,
    best: BestOption = False,
    seed: SeedOption = None,
    sample: SampleOption = False,
    temperature: TemperatureOption = None,
    uniform: UniformOption = False,
    k: CountOption = None,
    distinct: DistinctOption = None,
    require: RequireOption = None,
    only: OnlyOption = False,
    least_bad: LeastBadOption = False,
    marginals: MarginalsOption = False,
    engine: EngineOption = None,
    output: OutputOption = None,
    kind: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Realise chords or a bass in a style: choose the notes of all voices.

    Without further options the answer is the best one there is, which is proven. What is found keeps every hard rule of
    the style; 'theorygen check' says the same. What given chords break whatever the notes is told as a remark. Leaves
    with 1 when nothing keeps the other rules; then nothing is written without --least-bad.

    Example: theorygen realize --roman "C: I V6 I IV ii6 V7 I" -o progression.musicxml

    Example: theorygen realize --bass bass.musicxml --figures "_ 6 65 64-53 _" -o realised.musicxml
    """
    found = Diagnostics()
    inputs = Inputs(style, settings or (), roman, roman_file, meter, given, hold, key=key, bass=bass, figures=figures)
    inputs.check(found)
    question = read_question(best, sample, uniform, seed, temperature, k, distinct, found, engine=engine)
    check_faults(require or (), only, found)
    outputs = read_outputs(output, kind, k is not None, found, inputs.stem)
    check_marginals(marginals, outputs, found)
    found.raise_errors()
    answer(inputs.task(), Wish(question, require or (), only, least_bad, marginals, as_json), outputs)
