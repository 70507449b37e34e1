"""Bytes of a file, and of the score inside a compressed one, read with care."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from theorygen.readers.limits import Limits
from theorygen.readers.problems import EXPORT, bad_file

_MEGABYTE = 1 << 20
_CONTAINER = 1 << 16
"""How much of a container is searched for the name of the score."""
_ROOT_FILE = re.compile(rb"<rootfile\b[^>]*?\bfull-path\s*=\s*[\"']([^\"']+)[\"']")
_BEGINNINGS = {
    b"MThd": "a MIDI file", b"PK": "a ZIP archive", b"%PDF": "a PDF", b"<": "XML", b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture", b"{": "JSON", b"!!!": "Humdrum", b"**": "Humdrum", b"X:": "ABC", b"RIFF": "a sound file",
    b"ID3": "a sound file", b"\x1f\x8b": "a gzip archive",
}


def read_bytes(path: Path, name: str, limits: Limits) -> bytes:
    """All bytes of a file.

    Raises:
        InputError: it is missing, no ordinary file, unreadable, empty or too large.
    """
    try:
        if path.is_dir():
            raise bad_file("not-a-file", name, "this is a folder", "one file with a score", "name a file in it")
        if path.exists() and not path.is_file():
            raise bad_file("not-a-file", name, "this is not an ordinary file", "one file with a score", "name a file")
        with path.open("rb") as file:
            raw = file.read(limits.megabytes * _MEGABYTE + 1)
    except FileNotFoundError:
        raise bad_file("file-missing", name, "there is no such file", remedy="check the spelling of the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise bad_file("file-unreadable", name, f"the file cannot be read: {reason}",
                       remedy="check the path and its permissions") from None
    if not raw:
        raise bad_file("empty-file", name, "the file is empty", "a score")
    if len(raw) > limits.megabytes * _MEGABYTE:
        raise bad_file("file-too-large", name, f"the file is larger than {limits.megabytes} MB", "a single piece",
                       "is this the right file? If so, cut it into movements")
    return raw


def describe(raw: bytes) -> str:
    """What bytes seem to be, from their beginning, for messages."""
    head = raw.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    shown = head[:12].decode("latin-1").split("\n")[0].rstrip("\r")
    return f"something that begins with '{shown}'" if shown.isprintable() else "something that is no text"


def unpacked_score(raw: bytes, name: str, limits: Limits) -> bytes:
    """The score inside a compressed MusicXML file.

    Raises:
        InputError: it is damaged, encrypted, has no score in it, or is larger inside than is reasonable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_sizes(archive, name, limits)
            return _member(archive, _score_name(archive, name, limits), name, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise bad_file("damaged-archive", name, f"the compressed file is damaged: {error or 'it ends too early'}",
                       "a .mxl file") from None
    except (NotImplementedError, RuntimeError) as error:
        raise bad_file("damaged-archive", name, f"the compressed file cannot be unpacked: {error}",
                       "a .mxl file without a password") from None


def _check_sizes(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Refuse an archive that says it is huge; what it does not say, `_member` notices."""
    entries = archive.infolist()
    if len(entries) > limits.packed_files:
        raise _bomb(name, f"it holds {len(entries)} files", f"at most {limits.packed_files}")
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_megabytes * _MEGABYTE:
        raise _bomb(name, f"it unpacks to {total // _MEGABYTE} MB", f"at most {limits.unpacked_megabytes} MB")
    for entry in entries:
        if entry.file_size > max(_MEGABYTE, limits.ratio * entry.compress_size):
            raise _bomb(name, f"'{entry.filename}' unpacks to {entry.file_size // max(entry.compress_size, 1)} times "
                              "its size", f"at most {limits.ratio} times")


def _bomb(name: str, found: str, expected: str) -> Exception:
    return bad_file("archive-too-large", name, f"the compressed file is no score: {found}", expected)


def _score_name(archive: zipfile.ZipFile, name: str, limits: Limits) -> str:
    """The file the container names, else the first that looks like a score."""
    names = archive.namelist()
    if "META-INF/container.xml" in names:
        match = _ROOT_FILE.search(_member(archive, "META-INF/container.xml", name, limits)[:_CONTAINER])
        if match and match[1].decode("utf-8", "replace") in names:
            return match[1].decode("utf-8")
    likely = [one for one in names if one.lower().endswith((".musicxml", ".xml")) and not one.startswith("META-INF/")]
    if not likely:
        raise bad_file("no-score-inside", name, "there is no MusicXML file in the archive",
                       "a .mxl file", f"{EXPORT} as MusicXML")
    return likely[0]


def _member(archive: zipfile.ZipFile, member: str, name: str, limits: Limits) -> bytes:
    most = limits.unpacked_megabytes * _MEGABYTE
    with archive.open(member) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _bomb(name, f"it unpacks to more than {limits.unpacked_megabytes} MB", "a single piece")
    return content
