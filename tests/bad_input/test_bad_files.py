"""Files that are no style at all, or only look small: refused quickly, in little memory, without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from theorygen.grammar.style import lint_style, load_style
from theorygen.source.diagnostic import InputError

HEAD = "theorygen: 1\n"
MEGABYTE = 1 << 20


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 * MEGABYTE)


def folder(path: Path) -> None:
    path.mkdir()


def nothing(path: Path) -> None:
    pass


def pipe(path: Path) -> None:
    os.mkfifo(path)


def raw(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def text(content: str) -> Callable[[Path], None]:
    return raw((HEAD + content).encode())


def billion_laughs() -> str:
    lines = ["lexicon:", "  a: &a [x, x, x, x, x, x, x, x, x, x]"]
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    lines += [f"  {new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in pairs]
    return "\n".join(lines)


def alias_tower() -> str:
    lines = ["lexicon:", "  n0: &n0 [x]"]
    return "\n".join(lines + [f"  n{level}: &n{level} [[*n{level - 1}]]" for level in range(1, 60)])


def nested_blocks(depth: int) -> str:
    return "lexicon:\n" + "".join(f"{' ' * level}a{level}:\n" for level in range(1, depth))


FILES = [
    # name, what writes it, code, line:column (or "" for the whole file), words
    ("missing", nothing, "file-missing", "", "no such file"),
    ("a folder", folder, "not-a-file", "", "folder"),
    ("a pipe", pipe, "not-a-file", "", "not an ordinary file"),
    ("50 MB", sparse, "file-too-large", "", "50.0 MiB"),
    ("50 MB of text", lambda path: path.write_bytes(b"a: b\n" * (10 * MEGABYTE)) and None, "file-too-large", "", "MiB"),
    ("NUL", raw(b"theorygen: 1\ntitle: a\x00b\n"), "not-text", "2:9", "U+0000"),
    ("an image", raw(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "not-text", "1:1", "UTF-8"),
    ("Latin-1", raw("theorygen: 1\ntitle: Präludium\n".encode("latin-1")), "not-text", "2:10", "UTF-8"),
    ("UTF-16", raw("theorygen: 1\n".encode("utf-16")), "not-text", "1:1", "UTF-16"),
    ("a control character", raw(b"theorygen: 1\ntitle: \x1b[31m\n"), "not-text", "2:8", "U+001B"),
    ("a compiled file", raw(bytes(range(256)) * 16), "not-text", "1:1", "U+0000"),
    ("spaces alone", raw(b"   \n  \n"), "empty-file", "1:1", "no data"),
    ("alias bomb", text(billion_laughs()), "too-many-values", "7:10", "aliases"),
    ("tower of aliases", text(alias_tower()), "too-deep", "32:15", "nested"),
    ("deep brackets", text("lexicon: " + "[" * 20_000), "too-deep", "2:69", "nested"),
    ("deep braces", text("lexicon: " + "{a: " * 20_000), "too-deep", "2:246", "nested"),
    ("deep blocks", text(nested_blocks(1_000)), "too-deep", "62:61", "nested"),
    ("deep dashes", text("claims:\n" + "- " * 100_000), "too-deep", "3:119", "nested"),
    ("many values", text("claims:\n" + "- a\n" * 200_000), "too-many-values", "20002:3", "20000"),
    ("many duplicates", text("a: 1\n" * 50_000), "duplicate-key", "3:1", "2:1"),
    ("one long line", text("title: " + "x" * 900_000 + ": y"), "yaml-syntax", "2:900008", "..."),
    ("many wrong keys", text("".join(f"k{n}: 1\n" for n in range(9_000))), "unknown-key", "2:1", "k0"),
    ("deep groups", text("harmony:\n  T: '" + "(" * 10_000 + "'"), "production-syntax", "", "deep"),
    ("deep expression", text("pickup: '" + "(" * 1_000 + "1'\nabstract: true"), "bad-expression", "2:210", "complete"),
    ("long expression", text("pickup: '" + "1+" * 9_000 + "1'\nabstract: true"), "bad-expression", "2:10", "longer"),
    ("many alternatives", text("harmony:\n  T: '" + "(I|V) " * 40 + "'"), "production-syntax", "", ""),
    ("huge number", text("tempo: 1e999"), "out-of-range", "2:8", ""),
]


@pytest.mark.parametrize(("name", "write", "code", "place", "words"), FILES, ids=[row[0] for row in FILES])
def test_is_refused(name: str, write: Callable[[Path], None], code: str, place: str, words: str,
                    tmp_path: Path) -> None:
    path = tmp_path / "style.yaml"
    write(path)
    found = [one for one in lint_style(path) if one.code == code]
    assert found, "\n".join(str(one)[:500] for one in lint_style(path)[:9]) or "nothing was found"
    shown = found[0].render()
    assert shown.startswith(f"{path}:{place}: error:" if place else str(path)), shown[:500]
    assert words in shown
    assert len(shown) < 2_000
    with pytest.raises(InputError):
        load_style(path)


HEAVY = ["50 MB", "50 MB of text", "alias bomb", "deep brackets", "deep blocks", "deep dashes", "many values",
         "many duplicates", "one long line", "many wrong keys", "deep groups", "long expression", "many alternatives"]
PROBE = """
import sys, time
from theorygen.grammar.style import lint_style
started = time.process_time()
assert lint_style(sys.argv[1])
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(time.process_time() - started, int(peak.split()[1]) / 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its own peak memory from the kernel")
@pytest.mark.parametrize("name", HEAVY)
def test_takes_little_time_and_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "style.yaml"
    next(row for row in FILES if row[0] == name)[1](path)
    done = subprocess.run([sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 2
    assert megabytes < 500


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "style.yaml"
    path.write_text(HEAD)
    path.chmod(0)
    assert [one.code for one in lint_style(path)] == ["file-unreadable"]


@pytest.mark.parametrize("name", ["no-such-style", "", "a\x00b", "x" * 5_000, "a b", ".."])
def test_unknown_name(name: str) -> None:
    found = lint_style(name)
    assert [one.code for one in found] == ["unknown-style"]
    assert found[0].remedy


@pytest.mark.parametrize("path", ["missing/style.yaml", "a\x00b.yaml", "x" * 5_000 + ".yaml", "/dev/null/x.yaml"])
def test_unusable_path(path: str) -> None:
    found = lint_style(path)
    assert [one.code for one in found] == [found[0].code]
    assert found[0].code in ("file-missing", "file-unreadable")
    assert found[0].remedy


def test_a_file_here_is_mentioned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.yaml").write_text(HEAD)
    monkeypatch.chdir(tmp_path)
    assert "'mine.yaml'" in lint_style("mine")[0].render()
