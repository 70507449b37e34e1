"""Writing a score to a file: the suffix chooses the format, and what stood there stays until the new file is whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from theorygen.render.json_writer import score_to_json
from theorygen.render.midi import score_to_midi
from theorygen.render.musicxml import score_to_musicxml, score_to_mxl
from theorygen.render.svg import score_to_svg
from theorygen.render.terminal import score_to_text
from theorygen.score import Score, ScoreError
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.nearest import nearest

WRITERS: dict[str, Callable[[Score], bytes]] = {
    ".musicxml": score_to_musicxml,
    ".xml": score_to_musicxml,
    ".mxl": score_to_mxl,
    ".mid": score_to_midi,
    ".midi": score_to_midi,
    ".json": lambda score: score_to_json(score).encode(),
    ".txt": lambda score: score_to_text(score).encode(),
    ".svg": lambda score: score_to_svg(score).encode(),
}
"""What each suffix writes."""


def check_suffix(path: str | Path) -> str:
    """The suffix of a path, in lower case, if a score can be written to it.

    Raises:
        InputError: it cannot; no work has been done yet.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        found = f"'{suffix}' is not a kind of file a score can be" if suffix else f"'{path}' has no suffix"
        raise InputError(Diagnostic(
            "unknown-file-kind", found, expected=", ".join(WRITERS), nearest=nearest(suffix, WRITERS),
            remedy="name the file with one of these suffixes",
        ))
    return suffix


def write_score(score: Score, path: str | Path) -> None:
    """Writes a score to a file: MusicXML (.musicxml, .xml, .mxl), MIDI (.mid, .midi), .json, .txt or .svg.

    The file appears whole or not at all: a failed write leaves what was there before.

    Raises:
        InputError: the suffix is none of these, the format cannot hold the score, the folder does not take the file,
            or a package is missing.
    """
    writer = WRITERS[check_suffix(path)]
    write_file(path, lambda: writer(score))


def write_file(path: str | Path, make: Callable[[], bytes]) -> None:
    """Writes what ``make`` makes; the file appears whole or not at all.

    Raises:
        InputError: the format cannot hold the score, the folder does not take the file, or a package is missing.
    """
    try:
        content = make()
    except ModuleNotFoundError as error:
        raise InputError(Diagnostic(
            "missing-package", f"writing '{path}' needs the package {error.name}",
            remedy="pip install 'theorygen[render]'",
        )) from None
    except ScoreError as error:
        raise InputError(Diagnostic(
            "unwritable-score", f"the score cannot be written as {Path(path).suffix.lower()}: {error}",
            remedy="choose lengths that notes can have, or a format without notes such as .json or .mid",
        )) from None
    try:
        _replace(Path(path), content)
    except OSError as error:
        raise InputError(Diagnostic(
            "unwritable-file", f"'{path}' cannot be written: {error.strerror}", remedy="choose a folder that exists",
        )) from None


def _replace(path: Path, content: bytes) -> None:
    """Writes beside the file and moves the result into its place.

    Raises:
        OSError: the folder does not take the file; nothing is left behind.
    """
    path = path.resolve()          # through a link, not over it
    if path.exists() and not path.is_file():
        raise OSError(None, "it is no ordinary file")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, _mode(path))
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _mode(path: Path) -> int:
    """Permissions of the file that is there, or of a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
