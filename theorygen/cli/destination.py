"""Where pieces go: a file, a folder of files, or the terminal; checked before any work is done."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError
from theorygen.source.nearest import nearest

FORMATS = {"musicxml": ".musicxml", "xml": ".xml", "mxl": ".mxl", "midi": ".mid", "mid": ".mid", "json": ".json",
           "txt": ".txt", "svg": ".svg"}
"""What ``--format`` may say, and the suffix of the files."""

DEFAULT_FORMAT = "musicxml"
_KNOWN = tuple(dict.fromkeys((*FORMATS.values(), ".midi")))
_SEED_DIGITS = 4
_PACKAGES = {".svg": "verovio"}
"""What must be installed to write a kind of file; known before any work is done."""


@dataclass(frozen=True)
class Destination:
    """Where pieces are written.

    Attributes:
        path: a file, or a folder.
        suffix: of the files in a folder; "" when ``path`` is a file.
    """

    path: Path
    suffix: str = ""

    def file(self, name: str, number: int) -> Path:
        """The file of one piece: in a folder ``textbook-chorale-0007.musicxml``."""
        return self.path / f"{name}-{number:0{_SEED_DIGITS}d}{self.suffix}" if self.suffix else self.path

    def prepare(self) -> None:
        """Makes the folder if it is not there yet; the folder around it must exist.

        Raises:
            InputError: it cannot be made.
        """
        try:
            if self.suffix:
                self.path.mkdir(exist_ok=True)
        except OSError as error:
            message = f"the folder '{self.path}' cannot be made: {error.strerror}"
            raise InputError(_complaint("unwritable-folder", message,
                                        remedy="name a folder whose parent exists and may be written")) from None


def read_destination(output: str | None, kind: str | None, several: bool, found: Diagnostics,
                     numbering: str = "--count 1") -> Destination | None:
    """Where ``-o`` and ``--format`` send pieces; None for the terminal, or with reasons in ``found``.

    Args:
        output: what was given to ``-o``.
        kind: what was given to ``--format``.
        several: whether a number of pieces was asked for.
        found: takes whatever is wrong.
        numbering: the option with which one piece goes into a folder, too.
    """
    if kind is not None and kind.lower() not in FORMATS:
        found.add(_complaint("unknown-format", f"'{kind}' is not a format", ", ".join(FORMATS), nearest(kind, FORMATS),
                             "choose one of the formats"))
        return None
    if output is None:
        if kind is not None:
            found.add(_complaint("no-output", f"--format {kind} needs a file or folder to write to",
                                 "-o FILE or -o FOLDER/", remedy="name it with -o"))
        return None
    return _folder(output, kind, found) if several else _file(output, kind, found, numbering)


def _folder(output: str, kind: str | None, found: Diagnostics) -> Destination | None:
    path = Path(output)
    if path.suffix.lower() in _KNOWN and not output.endswith("/") and not path.is_dir():
        found.add(_complaint("single-file", f"several pieces do not fit into one file '{output}'",
                             "a folder, such as out/", remedy="name a folder, and the kind of file with --format"))
        return None
    if path.exists() and not path.is_dir():
        found.add(_complaint("not-a-folder", f"'{output}' is a file, not a folder", remedy="name another folder"))
        return None
    suffix = FORMATS[(kind or DEFAULT_FORMAT).lower()]
    return None if _lacks_package(output, suffix, found) else Destination(path, suffix)


def _file(output: str, kind: str | None, found: Diagnostics, numbering: str) -> Destination | None:
    path = Path(output)
    if output.endswith("/") or path.is_dir():
        found.add(_complaint("is-a-folder", f"'{output}' is a folder", "a file, such as chorale.musicxml",
                             remedy=f"name a file, or add {numbering} to have it named"))
    elif path.suffix.lower() not in _KNOWN:
        said = f"'{path.suffix}' is not a kind of file a score can be" if path.suffix else f"'{output}' has no suffix"
        found.add(_complaint("unknown-file-kind", said, ", ".join(_KNOWN), nearest(path.suffix, _KNOWN),
                             "name the file with one of these suffixes"))
    elif kind and FORMATS[kind.lower()] != path.suffix.lower():
        found.add(_complaint("format-clash", f"--format {kind} does not fit the file '{output}'",
                             remedy="leave out --format: the suffix decides"))
    elif not path.parent.is_dir():
        found.add(_complaint("no-folder", f"there is no folder '{path.parent}' for '{path.name}'",
                             remedy=f"make it first: mkdir -p '{path.parent}'"))
    elif not _lacks_package(output, path.suffix.lower(), found):
        return Destination(path)
    return None


def _lacks_package(output: str, suffix: str, found: Diagnostics) -> bool:
    """Whether a package is missing without which such files cannot be written; that is told, then."""
    package = _PACKAGES.get(suffix)
    if package is None or find_spec(package) is not None:
        return False
    found.add(_complaint("missing-package", f"writing '{output}' needs the package {package}",
                         remedy="pip install 'theorygen[render]'"))
    return True


def _complaint(code: str, message: str, expected: str = "", near: str | None = None, remedy: str = "") -> Diagnostic:
    return Diagnostic(code, message, None, expected, near, remedy)
