"""Where the n-th character of a YAML scalar stands in its file: quotes, escapes and folded lines included."""

from __future__ import annotations

_ESCAPE_LENGTHS = {"x": 2, "u": 4, "U": 8}
_BREAKS = frozenset("\n\r\x85\u2028\u2029")
_BLANK = _BREAKS | frozenset(" \t")


def index_inside(text: str, start: int, style: str | None, value: str, offset: int) -> int:
    """Index into ``text`` of character ``offset`` of the scalar ``value`` that begins at ``start``.

    Args:
        text: the whole file.
        start: index of the first character of the scalar, its quote or block sign.
        style: YAML's style sign: "'", '"', "|", ">", or none for plain text.
        value: what the scalar says.
        offset: index into ``value``; its length stands for the end.
    """
    index, done = _first(text, start, style), 0
    while done < len(value) and index < len(text):
        if _is_continued(text, index, style):
            index = _run(text, index + 1)
        elif text[index] in _BLANK and value[done] not in _BLANK:
            index = _run(text, index)
        elif done >= offset:
            break
        elif value[done] in _BLANK and text[index] in _BLANK:
            index, done = _after_blanks(text, index, value, done, offset)
        else:
            index, done = index + _width(text, index, style), done + 1
    return index


def _first(text: str, start: int, style: str | None) -> int:
    """The index where the scalar's own text begins; of a block, the end of the line with its sign."""
    if style in ("|", ">"):
        return next((index for index in range(start, len(text)) if text[index] in "\n\r"), len(text))
    return start + 1 if style in ("'", '"') else start


def _is_continued(text: str, index: int, style: str | None) -> bool:
    """Whether a backslash joins this line to the next."""
    return style == '"' and text[index] == "\\" and text[index + 1 : index + 2] in ("\n", "\r")


def _run(text: str, index: int) -> int:
    """The index after a run of blanks and line breaks."""
    while index < len(text) and text[index] in _BLANK:
        index += 1
    return index


def _after_blanks(text: str, index: int, value: str, done: int, offset: int) -> tuple[int, int]:
    """Blanks on one line match one by one; a run with line breaks matches a run as a whole."""
    end, last = _run(value, done), _run(text, index)
    if not _BREAKS & set(text[index:last]):
        step = min(end - done, last - index, offset - done)
        return index + step, done + step
    return (min(index + offset - done, last), offset) if end > offset else (last, end)


def _width(text: str, index: int, style: str | None) -> int:
    """How many characters of the file stand for the next one of the value."""
    if style == "'" and text[index : index + 2] == "''":
        return 2
    if style == '"' and text[index] == "\\":
        return 2 + _ESCAPE_LENGTHS.get(text[index + 1 : index + 2], 0)
    return 1
