"""Files that music21 parses. It gets their text, never a path or an address, and is kept quiet."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from theorygen.readers.abc_text import put_fermatas, with_carriers
from theorygen.readers.contents import describe, unpacked_score
from theorygen.readers.figured_bass import figures_of_xml
from theorygen.readers.limits import Limits
from theorygen.readers.problems import bad_file
from theorygen.readers.streams import written_of_stream
from theorygen.readers.written import Written
from theorygen.readers.xml_text import safe_xml, without_cues
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark

FORMATS = {".krn": "humdrum", ".abc": "abc", ".mei": "mei"}
"""Names music21 has for formats that are plain text."""

_BEGINNINGS = {".krn": re.compile(r"\s*(!|\*\*)"), ".abc": re.compile(r"\s*(%|[A-Z]:)"), ".mei": re.compile(r"\s*<")}

_NOTES = {
    ".krn": re.compile(r"\d[A-Ga-gr]|[A-Ga-gr][.\d%]*\d"), ".abc": re.compile(r"[A-Ga-gz]"),
    ".mei": re.compile(r"<note\b"),
}
"""What there is one of for each note, roughly."""

_ENDLESS = {
    "musicxml": re.compile(r"<beats>[^<]*\d{3}"),
    "humdrum": re.compile(r"\*M\d{3}"),
    "abc": re.compile(r"(?m)^[LM]:.*\d{4}|\[[LM]:[^\]\n]{0,20}\d{4}|^(?![A-Za-z]:|%).*\d{4}"),
    "mei": re.compile(r"(?:meter\.count|count)\s*=\s*[\"']\d{3}"),
}
"""Meters and lengths of so many digits that music21 would never come to the end of them."""


def read_musicxml(raw: bytes, name: str, limits: Limits) -> Written:
    """What a MusicXML file says, compressed or not.

    Raises:
        InputError: it is damaged, unsafe, too large, or no MusicXML.
        ScoreError: it holds something a score cannot hold.
    """
    if raw.startswith(b"PK"):
        raw = unpacked_score(raw, name, limits)
    elif not describe(raw).startswith("XML"):
        raise bad_file("wrong-kind", name, f"this is {describe(raw)}", "MusicXML, compressed or not",
                       "give the file the suffix of what it is, or export it as MusicXML")
    text, cues = without_cues(safe_xml(raw, name, limits))
    written = _parsed(text, "musicxml", name)
    written.left_out.update({"cue notes": cues})
    written.figures = figures_of_xml(text, written.bars) or written.figures
    return written


def read_other(raw: bytes, name: str, limits: Limits, suffix: str) -> Written:
    """What a Humdrum, ABC or MEI file says.

    Raises:
        InputError: it is too large, no text, or music21 cannot parse it.
        ScoreError: it holds something a score cannot hold.
    """
    text = _plain_text(raw)
    if not _BEGINNINGS[suffix].match(text) or "\0" in text:
        raise bad_file("wrong-kind", name, f"this is {describe(raw)}", f"{FORMATS[suffix]} text",
                       "give the file the suffix of what it is")
    count = len(_NOTES[suffix].findall(text))
    if count > limits.notes:
        raise bad_file("too-many-notes", name, f"there are about {count} notes", f"at most {limits.notes}",
                       "cut the piece into movements")
    if suffix == ".mei" and "<!ENTITY" in text:
        raise bad_file("xml-entities", name, "the file declares entities of its own", "MEI without them")
    return _parsed(text, FORMATS[suffix], name)


def _plain_text(raw: bytes) -> str:
    """Text in UTF-8 or UTF-16, or else in Latin-1, which old files are in."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _parsed(text: str, kind: str, name: str) -> Written:
    """What music21 makes of a text.

    Raises:
        InputError: it cannot parse it.
        ScoreError: it holds something a score cannot hold.
    """
    from music21.exceptions21 import Music21Exception

    found = _ENDLESS[kind].search(re.sub('"[^"\n]*"', "", text) if kind == "abc" else text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise bad_file("endless", name, f"a meter or a length has too many digits near line {line}", "notes of music",
                       "correct that number")
    text = with_carriers(text) if kind == "abc" else text
    with _quiet():
        stream = _stream(text, kind, name)
        lost = put_fermatas(stream, text) if kind == "abc" else ""
        try:
            written = written_of_stream(stream, name)
        except Music21Exception as error:
            raise _unparsed(error, kind, name) from None
    written.notes.extend([lost] if lost else [])
    return written


def _stream(text: str, kind: str, name: str) -> Any:
    from music21 import converter

    try:
        return converter.parseData(text, format=kind)
    except ParseError as error:
        raise InputError(_syntax_error(error, text, name)) from None
    except Exception as error:          # music21 raises whatever a strange file makes it stumble over
        raise _unparsed(error, kind, name) from None


def _unparsed(error: Exception, kind: str, name: str) -> InputError:
    reason = " ".join(str(error).split())[:200] or "no reason given"
    return bad_file("unreadable-score", name, f"music21 cannot parse this {kind} file: {reason} "
                    f"({type(error).__name__})", "a complete score")


def _syntax_error(error: ParseError, text: str, name: str) -> Diagnostic:
    line, column = error.position
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    message = f"this is not well-formed XML: {str(error).split(':')[0]}"
    return Diagnostic("xml-syntax", message, Mark(name, line, column + 1, 1, shown), "a complete MusicXML file",
                      remedy="the file may have been cut off: export it again")


@contextlib.contextmanager
def _quiet() -> Iterator[Any]:
    """Without what music21 prints."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), \
            contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
