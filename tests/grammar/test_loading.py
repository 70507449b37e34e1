"""Finding styles, extending them, and remembering where each merged value was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from theorygen.grammar.loading import find_style, load_merged, shipped_styles
from theorygen.grammar.merge import MergedDocument
from theorygen.source.diagnostic import InputError


def write(folder: Path, **texts: str) -> None:
    """Write style files by name; what stands before ``|`` is the name."""
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(f"theorygen: 1\n{text}\n", encoding="utf-8")


def merged(folder: Path, base: str, over: str) -> MergedDocument:
    write(folder, base=base, over=f"extends: base.yaml\n{over}")
    return load_merged(folder / "over.yaml")


MERGES: list[tuple[str, str, str, str, Any]] = [
    # what, base, over, section, merged section
    ("a scalar is replaced", "meter: 3/4", "meter: 4/4", "meter", "4/4"),
    ("a missing one is inherited", "meter: 3/4", "tempo: 80", "meter", "3/4"),
    ("keys are replaced whole", "keys: {major: [C], minor: [a]}", "keys: {minor: [d]}", "keys", {"minor": ["d"]}),
    ("a parameter is patched", "parameters: {n: {default: 1, range: [1, 9]}}", "parameters: {n: {default: 2}}",
     "parameters", {"n": {"default": 2, "range": [1, 9]}}),
    ("choices replace a range", "parameters: {n: {default: 1, range: [1, 9]}}", "parameters: {n: {choices: [1]}}",
     "parameters", {"n": {"default": 1, "choices": [1]}}),
    ("a parameter is added", "parameters: {n: {default: 1}}", "parameters: {m: {default: 2}}", "parameters",
     {"n": {"default": 1}, "m": {"default": 2}}),
    ("a head is replaced", "harmony: {T: {I: 1, V: 2}, D: V}", "harmony: {T: {I: 3}}", "harmony",
     {"T": {"I": 3}, "D": "V"}),
    ("spaces in a head do not count", "harmony: {'C(a, b)': I}", "harmony: {'C( a,b )': V}", "harmony",
     {"C(a, b)": "V"}),
    ("a head is removed", "harmony: {T: I, D: V}", "harmony: {T: }", "harmony", {"D": "V"}),
    ("a head is added", "harmony: {T: I}", "harmony: {D: V}", "harmony", {"T": "I", "D": "V"}),
    ("alternatives are added", "harmony: {T: {I: 1, V: 2}}", "harmony: {T+: {vi: 3, V: 4}}", "harmony",
     {"T": {"I": 1, "V": 4, "vi": 3}}),
    ("a text is added to a mapping", "harmony: {T: {I: 1, V: {when: x}}}", "harmony: {T+: vi}", "harmony",
     {"T": [{"to": "I", "weight": 1}, {"to": "V", "when": "x"}, "vi"]}),
    ("a list is added to a text", "harmony: {T: I}", "harmony: {T+: [V, {to: vi, weight: 2}]}", "harmony",
     {"T": ["I", "V", {"to": "vi", "weight": 2}]}),
    ("a strength is replaced", "rules: {r: 3}", "rules: {r: hard}", "rules", {"r": "hard"}),
    ("a strength is patched", "rules: {r: 3}", "rules: {r: {across-phrases: 1}}", "rules",
     {"r": {"strength": 3, "across-phrases": 1}}),
    ("a patch gets a strength", "rules: {r: {weight: 2, across-phrases: 1}}", "rules: {r: off}", "rules",
     {"r": {"strength": "off", "across-phrases": 1}}),
    ("a rule of one's own is weakened", "rules: {r: {over: w, forbid: x}}", "rules: {r: 5}", "rules",
     {"r": {"over": "w", "forbid": "x", "strength": 5}}),
    ("a rule is defined anew", "rules: {r: {over: w, forbid: x}}", "rules: {r: {over: v, require: y}}", "rules",
     {"r": {"over": "v", "require": "y"}}),
    ("profiles are replaced", "rules: {use: [p], r: 1}", "rules: {use: [q]}", "rules", {"use": ["q"], "r": 1}),
    ("the lexicon merges deeply", "lexicon: {a: {b: 1, c: 2}}", "lexicon: {a: {b: 3}}", "lexicon",
     {"a": {"b": 3, "c": 2}}),
    ("attributes add up", "attributes: [a]", "attributes: [b]", "attributes", ["a", "b"]),
    ("claims add up", "claims: [{rule: a}]", "claims: [{rule: b}]", "claims", [{"rule": "a"}, {"rule": "b"}]),
]


@pytest.mark.parametrize(("what", "base", "over", "section", "wanted"), MERGES, ids=[row[0] for row in MERGES])
def test_merging(what: str, base: str, over: str, section: str, wanted: Any, tmp_path: Path) -> None:
    assert merged(tmp_path, base, over).data[section] == wanted


@pytest.mark.parametrize("key", ["title", "description", "abstract"])
def test_some_keys_are_not_inherited(key: str, tmp_path: Path) -> None:
    value = "true" if key == "abstract" else "text"
    assert key not in merged(tmp_path, f"{key}: {value}", "meter: 4/4").data


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """All scalars with their paths."""
    if isinstance(value, dict):
        return [one for key, item in value.items() for one in places(item, (*path, key))]
    if isinstance(value, list):
        return [one for index, item in enumerate(value) for one in places(item, (*path, index))]
    return [(path, value)]


@pytest.mark.parametrize(("what", "base", "over", "section", "wanted"), MERGES, ids=[row[0] for row in MERGES])
def test_every_merged_scalar_is_where_its_mark_says(what: str, base: str, over: str, section: str, wanted: Any,
                                                   tmp_path: Path) -> None:
    document = merged(tmp_path, base, over)
    for path, value in places(document.data):
        mark = document.mark(path)
        written = mark.text[mark.column - 1 : mark.column - 1 + mark.length]
        assert written.strip("'\"") == str(value), (path, mark.caret())
        assert Path(mark.file).read_text(encoding="utf-8").splitlines()[mark.line - 1] == mark.text


def test_marks_inside_merged_texts(tmp_path: Path) -> None:
    document = merged(tmp_path, "harmony: {T: {I IV: 1}}", "harmony:\n  T+: [V vi]")
    written_out = document.mark_inside(("harmony", "T", 0, "to"), 2, 2)
    assert written_out.text[written_out.column - 1 :].startswith("IV")
    added = document.mark_inside(("harmony", "T", 1), 2, 2)
    assert (Path(added.file).stem, added.line, added.column) == ("over", 4, 10)


def test_a_mark_inside_a_key(tmp_path: Path) -> None:
    document = merged(tmp_path, "harmony: {T: {I IV: 1}}", "meter: 4/4")
    mark = document.mark_inside_key(("harmony", "T", "I IV"), 2, 2)
    assert mark.text[mark.column - 1 :].startswith("IV") and Path(mark.file).stem == "base"


def test_a_diamond_applies_each_file_once(tmp_path: Path) -> None:
    write(tmp_path, root="meter: 2/4\nharmony: {T: I}", left="extends: root.yaml\nmeter: 3/4\nharmony: {T+: V}",
          right="extends: root.yaml\ntempo: 80", tip="extends: [left.yaml, right.yaml]")
    data = load_merged(tmp_path / "tip.yaml").data
    assert data["meter"] == "3/4"
    assert data["harmony"] == {"T": ["I", "V"]}


def test_extends_is_relative_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "bases").mkdir()
    write(tmp_path / "bases", root="meter: 2/4", middle="extends: root.yaml")
    write(tmp_path, tip="extends: bases/middle.yaml")
    assert load_merged(tmp_path / "tip.yaml").data["meter"] == "2/4"


def test_a_cycle_shows_its_chain(tmp_path: Path) -> None:
    write(tmp_path, a="extends: b.yaml", b="extends: c.yaml", c="extends: a.yaml")
    with pytest.raises(InputError) as refused:
        load_merged(tmp_path / "a.yaml")
    (found,) = refused.value.diagnostics
    assert found.code == "extends-cycle"
    assert [Path(name).stem for name in found.message.split(": ")[1].split(" -> ")] == ["a", "b", "c", "a"]
    assert found.mark and Path(found.mark.file).stem == "c"


def test_a_long_chain_is_refused(tmp_path: Path) -> None:
    write(tmp_path, **{f"s{n}": f"extends: s{n + 1}.yaml" for n in range(40)})
    with pytest.raises(InputError, match="extend each other"):
        load_merged(tmp_path / "s0.yaml")


def test_a_missing_file_names_a_near_one(tmp_path: Path) -> None:
    write(tmp_path, textbook="meter: 4/4", tip="extends: textbok.yaml")
    with pytest.raises(InputError) as refused:
        load_merged(tmp_path / "tip.yaml")
    assert refused.value.diagnostics[0].nearest == "textbook.yaml"


def test_errors_of_all_files_come_together(tmp_path: Path) -> None:
    write(tmp_path, base="meter: 5", tip="extends: base.yaml\nmetre: 4/4")
    with pytest.raises(InputError) as refused:
        load_merged(tmp_path / "tip.yaml")
    assert {one.code for one in refused.value.diagnostics} == {"wrong-type", "unknown-key"}


def test_shipped_styles_are_found_by_name() -> None:
    for name, path in shipped_styles().items():
        assert path.is_file() and path.stem == name
        assert find_style(name) == path


@pytest.mark.parametrize("path", ["mine.yaml", "./mine.yml", "folder/mine.yaml", "folder/mine"])
def test_paths_are_paths(path: str) -> None:
    assert find_style(path) == Path(path)


def test_shipped_styles_are_found_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theorygen" / "shipped").mkdir(parents=True)
    write(tmp_path / "theorygen" / "shipped", waltz="meter: 3/4")
    monkeypatch.setattr("theorygen.grammar.loading.files", lambda name: tmp_path / name)
    assert list(shipped_styles()) == ["waltz"]
    assert load_merged("waltz").data["meter"] == "3/4"
