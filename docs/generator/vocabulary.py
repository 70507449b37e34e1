"""The tables of docs/windows.md, from the vocabulary of rules itself."""

from __future__ import annotations

from collections.abc import Iterator

from generator.markdown import anchor, code, sentence, table
from theorygen.rules.chord_lines import CHORD_LINE
from theorygen.rules.embellishments import embellishment_kinds
from theorygen.rules.folds import FOLDS
from theorygen.rules.kinds import Kind
from theorygen.rules.passages import CHORD_FOLDS, PASSAGES
from theorygen.rules.record import Record, own_fields, parts_of
from theorygen.rules.relation_kinds import RELATIONS
from theorygen.rules.windows import ALL_VOICES, WINDOWS


def windows_table() -> str:
    """All windows in one table."""
    rows = [[code(window.name), sentence(window.doc), "all" if window.voices == ALL_VOICES else str(window.voices),
             str(window.slots), _record_link(window.record)] for window in WINDOWS.values()]
    return table(["over:", "what it is", "voices", "slots", "its fields"], rows)


def passages_table() -> str:
    """All windows of any length in one table."""
    rows = [[code(one.name), sentence(one.doc), _record_link(one.record)] for one in PASSAGES.values()]
    return table(["over:", "what it is", "its fields"], rows)


def chord_folds_chapters() -> str:
    """A chapter for each fold over chords."""
    return "\n".join(f"### fold: {fold.name}\n\n`over: {CHORD_LINE}`. {sentence(fold.doc)} Judged at every chord.\n\n"
                     f"{_fields(fold.record)}" for fold in CHORD_FOLDS.values())


def folds_chapters() -> str:
    """A chapter for each fold."""
    chapters = []
    for fold in FOLDS.values():
        judged = "at the end of the line" if fold.at_end else "after every note"
        kept = "The solver keeps its rules." if fold.solved else "Its rules are judged on the finished score."
        chapters.append(f"### fold: {fold.name}\n\n`over: {fold.over}`. {sentence(fold.doc)} Judged {judged}; begins "
                        f"afresh at each {fold.reset} and after each rest. {kept}\n\n{_fields(fold.line)}")
    return "\n".join(chapters)


def records_chapters() -> str:
    """A chapter for each record that some window is made of, small ones first."""
    chapters = []
    for record in _records():
        doc = sentence((record.__doc__ or "").strip())
        chapters.append(f"### {record.__name__}\n\n{doc}\n\n{_fields(record)}{_uses(record)}")
    return "\n".join(chapters)


def embellishments_table() -> str:
    """The kinds of embellishment, in their order."""
    rows = [[code(kind.name), kind.about, code(" ".join(kind.when.split())), kind.bach, code(kind.good[0])]
            for kind in embellishment_kinds()]
    return table(["kind", "what it is", "when", "in Bach", "example"], rows)


def relations_tables() -> str:
    """Every kind of relation with its keys."""
    chapters = []
    for relation in RELATIONS.values():
        rows = [[code(name), key.expected, "" if key.required else "may be missing"]
                for name, key in relation.keys.items()]
        chapters.append(f"**{code(f'relation: {relation.kind}')}** {relation.about}\n\n"
                        f"{table(['key', 'what stands there', ''], rows)}")
    return "\n".join(chapters)


def words_table() -> str:
    """The closed lists of words."""
    found: dict[tuple[str, ...], list[str]] = {}
    for record in _records():
        for name, one in own_fields(record).items():
            if one.kind.words:
                found.setdefault(one.kind.words, []).append(f"{record.__name__}.{name}")
    rows = [[", ".join(map(code, names)), ", ".join(map(code, words))] for words, names in found.items()]
    return table(["field", "words"], rows)


def _fields(record: type[Record]) -> str:
    rows = [[code(name), f"a {_record_link(one)}", sentence(getattr(record, name).__doc__ or "")]
            for name, one in parts_of(record).items()]
    rows += [[code(name), _kind(one.kind), sentence(one.__doc__ or "")] for name, one in own_fields(record).items()]
    return table(["field", "kind", "meaning"], rows)


def _kind(kind: Kind) -> str:
    return "word of a list" if kind.words else kind.name


def _uses(record: type[Record]) -> str:
    """Where a record is met, as paths from the windows."""
    windows = [window.name for window in (*WINDOWS.values(), *PASSAGES.values()) if window.record is record]
    return f"\nWindows made of it: {', '.join(map(code, windows))}.\n" if windows else ""


def _record_link(record: type[Record]) -> str:
    return f"[{record.__name__}](#{anchor(record.__name__)})"


def _records() -> list[type[Record]]:
    found: dict[type[Record], None] = {}
    for window in (*WINDOWS.values(), *PASSAGES.values()):
        found.update(dict.fromkeys(_below(window.record)))
    return list(found)


def _below(record: type[Record]) -> Iterator[type[Record]]:
    """The records inside a record, then the record."""
    for part in parts_of(record).values():
        yield from _below(part)
    yield record
