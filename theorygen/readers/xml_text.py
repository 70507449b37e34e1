"""MusicXML as text that is safe to parse: its encoding read, no entities, the right root."""

from __future__ import annotations

import codecs
import re

from theorygen.readers.limits import Limits
from theorygen.readers.problems import EXPORT, bad_file

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_KNOWN = re.compile(r"utf-?8|utf-?16|us-ascii|ascii|iso-?8859-\d+|latin-?1|windows-125\d|cp125\d|macintosh|mac-?roman")
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|\s+)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_IN_NOTE = r"(?:(?!<note\b).)*?"
_CUE = re.compile(rf"(<note\b[^<>]*>\s*<cue\s*/>)\s*<(pitch|unpitched)\b{_IN_NOTE}</\2>", re.DOTALL)
_CUE_IN_CHORD = re.compile(rf"<note\b[^<>]*>\s*<cue\s*/>\s*<chord\s*/>{_IN_NOTE}</note>", re.DOTALL)


def without_cues(text: str) -> tuple[str, int]:
    """The text with rests for cue notes, which nobody plays and music21 cannot tell from others; and their number."""
    text, chords = _CUE_IN_CHORD.subn("", text)
    text, notes = _CUE.subn(r"\1<rest/>", text)
    return text, chords + notes


def safe_xml(raw: bytes, name: str, limits: Limits) -> str:
    """The text of a MusicXML file without its declaration and document type.

    Raises:
        InputError: it is no text in a known encoding, declares entities, has another root than ``score-partwise``,
            or holds more notes than the limit.
    """
    text = _decoded(raw, name)
    if "<!ENTITY" in text or text.count("<!DOCTYPE") > 1 or re.search(r"<!DOCTYPE[^>]*\[", text):
        raise bad_file("xml-entities", name, "the file declares entities of its own, which MusicXML does not need",
                       "MusicXML with the usual document type")
    text = _DOCTYPE.sub("", text, count=1)
    body = text[_prolog_end(text):]
    match = _ROOT.match(body)
    _check_root(match[1] if match else "", name)
    count = body.count("<note")
    if count > limits.notes:
        raise bad_file("too-many-notes", name, f"there are {count} notes and rests", f"at most {limits.notes}",
                       "cut the piece into movements")
    # line breaks stand for the prolog, so that errors name the right line
    return "\n" * text.count("\n", 0, len(text) - len(body)) + body


def _prolog_end(text: str) -> int:
    match = _PROLOG.match(text)
    return match.end() if match else 0


def _check_root(root: str, name: str) -> None:
    if root == "score-partwise":
        return
    if root == "score-timewise":
        raise bad_file("timewise", name, "this is MusicXML by measures (score-timewise)", "score-partwise",
                       "export it again as score-partwise, which nearly all programs write")
    if root == "mei":
        raise bad_file("wrong-kind", name, "this is MEI", "MusicXML", "name the file with .mei")
    found = f"an XML file with the root '{root}'" if root else "no XML"
    raise bad_file("wrong-kind", name, f"this is {found}", "MusicXML, which begins with <score-partwise>",
                   f"{EXPORT} as MusicXML")


def _decoded(raw: bytes, name: str) -> str:
    """The text, by byte order mark, else by its declaration, else UTF-8."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return _text(raw[len(mark):], encoding, name)
    declared = _DECLARED.match(raw.lstrip())
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if not _KNOWN.fullmatch(encoding):
        raise bad_file("unknown-encoding", name, f"the file says its letters are encoded as '{encoding}'",
                       "UTF-8", f"{EXPORT} in UTF-8")
    return _text(raw, encoding, name)


def _text(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise bad_file("not-text", name, f"the file is not the {encoding.upper()} text it says it is",
                       "text in UTF-8") from None
