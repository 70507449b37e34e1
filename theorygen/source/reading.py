"""Reads a text file, or says plainly why it cannot be read."""

from __future__ import annotations

import re
from pathlib import Path

from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark

MAX_BYTES = 1 << 20

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def read_text(path: Path | str, name: str | None = None) -> str:
    """The text of a UTF-8 file of at most 1 MiB, without byte order mark.

    Raises:
        InputError: the file is missing, too large, no file, or no text.
    """
    name = str(path) if name is None else name
    try:
        raw = _read_bytes(Path(path), name)
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(error, name)) from None
    return decode(raw, name)


def _read_bytes(path: Path, name: str) -> bytes:
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "not an ordinary file"
        raise _whole_file("not-a-file", name, f"this is {kind}", "name a YAML file")
    if path.stat().st_size > MAX_BYTES:
        raise _too_large(name, path.stat().st_size)
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _too_large(name, len(raw))
    return raw


def _too_large(name: str, size: int) -> InputError:
    return _whole_file("file-too-large", name, f"the file has {size / 2**20:.1f} MiB; at most 1 MiB is read",
                       "a style is a few hundred lines of text: is this the right file?")


def _unreadable(error: OSError | ValueError, name: str) -> Diagnostic:
    if isinstance(error, FileNotFoundError):
        code, message, remedy = "file-missing", "there is no such file", "check the spelling of the path"
    elif isinstance(error, PermissionError):
        code, message, remedy = "file-unreadable", "the file may not be read", "check its permissions"
    else:
        reason = getattr(error, "strerror", None) or str(error)
        code, message, remedy = "file-unreadable", f"the file cannot be read: {reason}", "check the path"
    return Diagnostic(code, message, Mark(_printable(name)), remedy=remedy)


def _whole_file(code: str, name: str, message: str, remedy: str) -> InputError:
    return InputError(Diagnostic(code, message, Mark(name), remedy=remedy))


def _printable(name: str) -> str:
    return name if name.isprintable() else repr(name)


def decode(raw: bytes, name: str) -> str:
    """The text of these UTF-8 bytes.

    Raises:
        InputError: they are no text, with the place of the first byte that is not.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", "replace")
        check_characters(before, name)
        found = _BYTE_ORDER_MARKS.get(raw[:2], "not UTF-8 text")
        raise InputError(_binary(f"this file is {found}", before, name)) from None
    check_characters(text, name)
    return text


def check_characters(text: str, name: str) -> None:
    """Raise an InputError at the first character that no text file holds."""
    found = _NOT_TEXT.search(text)
    if found:
        message = f"the character U+{ord(found[0]):04X} does not belong in a text file"
        raise InputError(_binary(message, text[: found.start()], name))


def _binary(message: str, before: str, name: str) -> Diagnostic:
    lines = split_lines(before)
    clean = _NOT_TEXT.sub("?", lines[-1])
    mark = Mark(name, len(lines), len(lines[-1]) + 1, 1, clean + "?")
    return Diagnostic("not-text", message, mark, "plain text in UTF-8", remedy="save the file as UTF-8 text")


def split_lines(text: str) -> list[str]:
    """Lines as YAML counts them."""
    return _BREAK.split(text)
