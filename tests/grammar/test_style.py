"""Styles as values, linting, and the starter file."""

from __future__ import annotations

from pathlib import Path

import pytest

from theorygen.grammar.loading import shipped_styles
from theorygen.grammar.starter import BASE, starter_text, write_starter
from theorygen.grammar.style import Style, lint_style, load_style
from theorygen.grammar.style_reader import check_chord
from theorygen.rules.expression import Expression
from theorygen.source.diagnostic import InputError
from theorygen.source.document import parse_document
from theorygen.theory import Key, Meter, TheoryError

GOOD = (Path(__file__).parents[1] / "bad_input" / "good.yaml").read_text(encoding="utf-8")


def style_of(folder: Path, **changes: str) -> Style:
    """The good style with some top-level lines replaced or added."""
    lines = [line for line in GOOD.splitlines() if line.partition(":")[0] not in changes]
    path = folder / "mine.yaml"
    path.write_text("\n".join([*lines, *(f"{key}: {value}" for key, value in changes.items())]), encoding="utf-8")
    return load_style(path)


def test_values(tmp_path: Path) -> None:
    style = style_of(tmp_path)
    assert (style.name, style.title, style.temperature, style.is_abstract) == ("mine", "Good", 1, False)
    assert style.meters == (Meter(4, 4),)
    assert style.tempo == (66, 84)
    assert style.keys == {"major": (Key.parse("C"), Key.parse("G")), "minor": (Key.parse("a"),)}
    assert style.ensemble and style.ensemble.name == "satb"
    assert style.goal == "Chorale" and style.length is None and style.pickup == 0
    assert style.form and style.harmony and set(style.harmony.rules) == {"Phrase", "T", "Cadence"}
    assert style.parameters["level"].highest == 7


def test_title_defaults_to_the_name(tmp_path: Path) -> None:
    assert style_of(tmp_path, title="''").title == ""
    path = tmp_path / "waltz.yaml"
    path.write_text("theorygen: 1\nabstract: true")
    assert load_style(path).title == "waltz"


def test_lists_and_single_values(tmp_path: Path) -> None:
    style = style_of(tmp_path, meter="[4/4, 6/8]", tempo="72", pickup="1", goal="{symbol: Chorale, length: level * 2}")
    assert style.meters == (Meter(4, 4), Meter(6, 8))
    assert style.tempo == (72, 72)
    assert style.pickup == 1
    assert isinstance(style.length, Expression) and style.length.evaluate({"level": 3}.__getitem__) == 6


@pytest.mark.parametrize(("mode", "text", "key"), [
    ("dorian", "D", "D dorian"), ("dorian", "D dorian", "D dorian"), ("minor", "A minor", "a"), ("major", "Bb", "Bb"),
    ("harmonic minor", "a", "A harmonic minor"),
])
def test_keys_of_modes(mode: str, text: str, key: str, tmp_path: Path) -> None:
    assert style_of(tmp_path, keys=f"{{{mode}: [{text}]}}").keys == {mode: (Key.parse(key),)}


def test_ensembles_of_ones_own(tmp_path: Path) -> None:
    voices = "[{name: top, range: [C4, C6]}, {name: low, range: [C2, C4]}]"
    style = style_of(tmp_path, ensemble=f"{{name: pair, voices: {voices}}}")
    assert style.ensemble and style.ensemble.name == "pair" and style.ensemble.names == ("top", "low")


@pytest.mark.parametrize("chord", ["I", "V65/V", "viio7", "Ger65", "i", "iiø65"])
def test_chords(chord: str) -> None:
    assert check_chord(chord)


@pytest.mark.parametrize("chord", ["VX", "Q", "", "V66", "Dm7/G", "Bbmaj7"])
def test_no_chords(chord: str) -> None:
    with pytest.raises(TheoryError):
        check_chord(chord)


def test_an_abstract_style_may_leave_things_out(tmp_path: Path) -> None:
    path = tmp_path / "base.yaml"
    path.write_text("theorygen: 1\nabstract: true\nharmony: {T: I}")
    style = load_style(path)
    assert style.is_abstract and style.ensemble is None and style.meters == ()


def test_what_the_form_asks_of_the_harmony_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        path = tmp_path / "mine.yaml"
        path.write_text(GOOD.replace("Phrase(PAC)", "Phrase(cadence=DC)"), encoding="utf-8")
        load_style(path)
    (found,) = refused.value.diagnostics
    assert found.code == "unknown-argument" and "Cadence(DC)" in found.message


def test_attributes_for_the_forms_of_others_are_declared(tmp_path: Path) -> None:
    path = tmp_path / "base.yaml"
    text = "theorygen: 1\nabstract: true\nharmony: {T: {I: {when: final == yes}, V: 1}}\n"
    path.write_text(text)
    assert [one.code for one in lint_style(path)] == ["expression"]
    path.write_text(text + "attributes: [final]")
    assert lint_style(path) == []


def test_warnings_do_not_stop(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace("rules:", "  Lost: I V\nrules:"), encoding="utf-8")
    warnings = [one for one in lint_style(path) if one.severity == "warning"]
    assert warnings and load_style(path).warnings == tuple(warnings)


@pytest.mark.parametrize(("rule", "near"), [
    ("own: {over: note, forbid: voice == sopranno}", "soprano"),
    ("own: {over: note, forbid: voice == celllo}", "cello"),
    ("own: {over: note, forbid: voice == cello}", None), ("parallel-fifths: {regions: {sequense: off}}", "sequence"),
    ("parallel-fifths: {regions: {sequence: off}}", None),
])
def test_a_misspelt_voice_or_region_is_a_warning(rule: str, near: str | None, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("theorygen: 1\nextends: common-practice\nensemble: satb\n"
                    f"form:\n  Piece: Phrase(cadence=PAC)\nrules:\n  {rule}\n")
    found = [(one.code, one.severity, one.mark.line, one.nearest) for one in lint_style(path)]
    assert found == ([("unknown-word", "warning", 7, near)] if near else [])


@pytest.mark.parametrize("name", shipped_styles())
def test_shipped_styles_are_clean(name: str) -> None:
    assert [str(one) for one in lint_style(name)] == []


def test_the_starter_is_clean(tmp_path: Path) -> None:
    base = next((name for name in (BASE, *shipped_styles()) if name in shipped_styles()), None)
    if base is None:
        pytest.skip("no style ships yet")
    path = write_starter(tmp_path / "my-style.yaml", base)
    assert [str(one) for one in lint_style(path)] == []
    assert load_style(path).title == "My style"


@pytest.mark.parametrize("title", ["'No'", "'012'", "'It''s: \"mine\"'"])
def test_any_title(title: str) -> None:
    assert isinstance(parse_document(starter_text(title=title), "a.yaml").data["title"], str)


def test_the_starter_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "my-style.yaml"
    path.write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        write_starter(path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(("name", "code"), [("style.txt", "not-yaml"), ("missing/style.yaml", "file-unwritable")])
def test_the_starter_refuses(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_starter(tmp_path / name)
    assert refused.value.diagnostics[0].code == code


def test_heads_of_a_base_that_are_not_used_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    path.write_text("theorygen: 1\nextends: common-practice\nensemble: satb\n"
                    "form:\n  Piece: Phrase(cadence=PAC)\nharmony:\n  Spare: I V\n")
    assert [(one.code, one.mark.line) for one in lint_style(path)] == [("unreachable", 7)]


def test_wrong_shapes_do_not_hide_wrong_words(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("theorygen: 1\nextends: textbook-chorale\nharmny: {}\nmeter: 4/5\ntempo: fast\n"
                    "rules: {parallel-fifth: 3}\nform: 5\n", encoding="utf-8")
    assert [(one.code, one.mark.line) for one in lint_style(path)] == [
        ("unknown-key", 3), ("bad-meter", 4), ("wrong-type", 5), ("unknown-rule", 6), ("wrong-type", 7)]


def test_a_mistake_is_told_without_what_inherited_styles_have_to_spare(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text('theorygen: 1\nextends: textbook-chorale\nharmony:\n  PD+: {IX: 1}\n', encoding="utf-8")
    assert [(one.severity, one.mark.file) for one in lint_style(path) if one.mark] == [("error", str(path))]
