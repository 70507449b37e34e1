"""Where the n-th character of a YAML scalar stands in its file: quotes, escapes and folded lines included."""

from __future__ import annotations

_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
_BLANK = " \t\n\r\x85\u2028\u2029"


def index_inside(text: str, start: int, style: str | None, value: str, offset: int) -> int:
    """Index into ``text`` of character ``offset`` of the scalar ``value`` that begins at ``start``.

    Args:
        text: the whole file.
        start: index of the first character of the scalar, its quote or block sign.
        style: YAML's style sign: "'", '"', "|", ">", or none for plain text.
        value: what the scalar says.
        offset: index into ``value``; its length stands for the end.
    """
    index = _first(text, start, style)
    done = 0
    while done < min(offset, len(value)) and index < len(text):
        if value[done] in _BLANK and text[index] in _BLANK:
            run = _run(value, done) - done
            end = _run(text, index)
            done, index = (offset, index + offset - done) if done + run > offset else (done + run, end)
        elif style == '"' and text[index] == "\\":
            index, done = _after_escape(text, index, done)
        else:
            index += 2 if style == "'" and text[index : index + 2] == "''" else 1
            done += 1
    return index


def _first(text: str, start: int, style: str | None) -> int:
    if style in ("|", ">"):
        end = next((index for index in range(start, len(text)) if text[index] in "\n\r"), len(text))
        return _run(text, end)
    return start + 1 if style in ("'", '"') else start


def _run(text: str, index: int) -> int:
    """The index after a run of blanks and line breaks."""
    while index < len(text) and text[index] in _BLANK:
        index += 1
    return index


def _after_escape(text: str, index: int, done: int) -> tuple[int, int]:
    sign = text[index + 1]
    if sign in "\n\r":
        return _run(text, index + 1), done
    return index + _ESCAPE_LENGTHS.get(sign, 2), done + 1
