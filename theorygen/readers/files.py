"""Reading a score from a file: the suffix chooses the reader."""

from __future__ import annotations

import re
from pathlib import Path

from theorygen.readers.assemble import score_of_written
from theorygen.readers.contents import read_bytes
from theorygen.readers.limits import LIMITS, Limits
from theorygen.readers.problems import bad_file
from theorygen.readers.written import Written
from theorygen.score import Ensemble, Score, ScoreError
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark
from theorygen.source.nearest import nearest

MUSICXML = (".musicxml", ".xml", ".mxl")
MIDI = (".mid", ".midi")
OTHERS = (".krn", ".abc", ".mei")
OWN = (".json", ".txt")
SUFFIXES = (*MUSICXML, *MIDI, *OTHERS, *OWN)
"""What can be read."""

_LOOKS = {
    ".xml": re.compile(rb"<score-partwise"), ".json": re.compile(rb'"format": ?"theorygen-(score|composition)"'),
    ".txt": re.compile(rb"\s*(in [A-Ga-g][^|:]*|[SATB][12]?|[a-z]+(-[0-9])?):[^\n]*\|"),
}
"""How files begin whose suffix alone does not make them scores."""
_HEAD = 4096


def read_score(path: str | Path, *, ensemble: Ensemble | None = None, limits: Limits = LIMITS) -> Score:
    """The score in a file: MusicXML, MIDI, Humdrum, ABC, MEI, our text notation or our JSON.

    What was left out or understood in one of several ways stands in ``metadata["notes"]``, a list of sentences.

    Args:
        path: the file.
        ensemble: whose voices they are, by name, else one after the other, a single one the highest; without it they
            are found from the names of parts, then from ranges.
        limits: how large the file and the piece may be.

    Raises:
        InputError: there is no such file, it is no score that can be read, it is damaged, unsafe or too large, it has
            no notes, or its voices do not fit the ensemble.
    """
    name, suffix = str(path), _suffix(path)
    raw = read_bytes(Path(path), name, limits)
    try:
        score = _read(raw, name, suffix, ensemble, limits)
    except ScoreError as error:
        raise bad_file("unreadable-score", name, f"this cannot be read as a score: {error}",
                       remedy="correct the file, or check that it is the one you mean") from None
    if not any(event.pitches or event.unpitched for voice in score.voices for event in voice.events):
        raise bad_file("no-notes", name, "there are no notes", "at least one", "check that this is the file you mean")
    return score


def read_corpus_paths(directory: str | Path) -> list[Path]:
    """The files in a folder and the folders below it that look like scores, sorted; hidden ones are passed over.

    Raises:
        InputError: there is no such folder.
    """
    folder = Path(directory)
    if not folder.is_dir():
        found = "this is a file" if folder.exists() else "there is no such folder"
        raise bad_file("not-a-folder", str(directory), found, "a folder with scores", "check the spelling of the path")
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(path for path in paths if not _is_hidden(path.relative_to(folder)) and _looks_like_score(path))


def _suffix(path: str | Path) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES and not Path(path).is_dir():
        found = f"'{suffix}' is not a kind of score that can be read" if suffix else "the file name has no suffix"
        raise InputError(Diagnostic(
            "unknown-file-kind", found, Mark(str(path)), ", ".join(SUFFIXES), nearest(suffix, SUFFIXES),
            "export the score as MusicXML"))
    return suffix


def _read(raw: bytes, name: str, suffix: str, ensemble: Ensemble | None, limits: Limits) -> Score:
    if suffix in OWN:
        from theorygen.readers.own_files import read_json, read_text

        return (read_text if suffix == ".txt" else read_json)(raw, name, ensemble)
    return score_of_written(_written(raw, name, suffix, limits), ensemble, limits)


def _written(raw: bytes, name: str, suffix: str, limits: Limits) -> Written:
    if suffix in MIDI:
        from theorygen.readers.midi import read_midi

        return read_midi(raw, name, limits)
    from theorygen.readers.music21_files import read_musicxml, read_other

    return read_musicxml(raw, name, limits) if suffix in MUSICXML else read_other(raw, name, limits, suffix)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _looks_like_score(path: Path) -> bool:
    look = _LOOKS.get(path.suffix.lower())
    if look is None:
        return True
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return True             # reading it will say why it cannot be read
    return bool(look.search(head) if path.suffix.lower() != ".txt" else look.match(head))
