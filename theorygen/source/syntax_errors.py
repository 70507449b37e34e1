"""YAML's own complaints, said in plain words: a table from the parser's phrases to ours."""

from __future__ import annotations

from typing import NamedTuple

import yaml


class Wording(NamedTuple):
    """How to say one complaint of the parser.

    Attributes:
        phrase: part of the parser's problem, or of its context and problem joined by ": ".
        code: kind of mistake.
        message: what is wrong.
        expected: what could stand there.
        remedy: what to do.
        at_start: whether the place to show is where the construct began.
    """

    phrase: str
    code: str
    message: str
    expected: str = ""
    remedy: str = ""
    at_start: bool = False


_QUOTE_REMEDY = "put the whole text in quotes"

TAB = Wording("", "tab", "a tab indents this line", "spaces", "replace the tab by spaces")
UNCLOSED_QUOTE = Wording(
    "quoted scalar: found unexpected end of stream", "unclosed-quote", "this quote is not closed",
    "a closing quote", "close the quote on the same line", at_start=True)
RESERVED = Wording("", "yaml-syntax", "a text cannot begin with this sign", "", _QUOTE_REMEDY)

_TABLE = (
    UNCLOSED_QUOTE,
    Wording("quoted scalar: found unexpected document indicator", "unclosed-quote",
            "this quote is not closed", "a closing quote", "close the quote on the same line", at_start=True),
    Wording("found unknown escape character", "yaml-syntax", "this escape sequence is unknown",
            "\\n, \\t, \\\", \\\\ or \\u with four digits", "use single quotes, in which \\ means itself"),
    Wording("tab character", "tab", "a tab indents this line", "spaces", "replace the tab by spaces"),
    Wording("mapping values are not allowed", "yaml-syntax", "a second ':' on the line, or wrong indentation",
            "one 'key: value' on each line", "put text that contains ': ' in quotes, or align the lines"),
    Wording("block sequence entries are not allowed", "yaml-syntax", "a list begins in the middle of a line",
            "'- ' at the start of a line", "begin a new line, or write the list as [a, b]"),
    Wording("mapping keys are not allowed", "yaml-syntax", "'? ' begins a key in the middle of a line",
            "'key: value'", _QUOTE_REMEDY),
    Wording("did not find expected ',' or ']'", "unclosed-bracket", "this list lacks a comma or its end",
            "',' or ']'", "close the list with ']'", at_start=True),
    Wording("did not find expected ',' or '}'", "unclosed-bracket", "this mapping lacks a comma or its end",
            "',' or '}'", "close the mapping with '}'", at_start=True),
    Wording("flow node: did not find expected node content", "yaml-syntax", "a value is missing here",
            "a value, or a closing bracket", "complete the list or mapping"),
    Wording("did not find expected '-' indicator", "indentation", "this does not continue the list above",
            "'- ', or the indentation of the line it belongs to", "align the line with its neighbours"),
    Wording("did not find expected key", "indentation", "this does not continue the mapping above",
            "'key: value', aligned with its neighbours",
            "align the line; after a closing quote or bracket nothing may follow"),
    Wording("could not find expected ':'", "yaml-syntax", "this key has no ':'", "'key: value'",
            "add ': ' and a value", at_start=True),
    Wording("did not find expected alphabetic or numeric character", "yaml-syntax",
            "& and * begin a name for reuse, and the name is missing", "", _QUOTE_REMEDY),
    Wording("found undefined tag handle", "unknown-tag", "'!' begins a tag, and tags are not used here", "",
            _QUOTE_REMEDY),
    Wording("scanning a tag", "unknown-tag", "'!' begins a tag, and tags are not used here", "",
            _QUOTE_REMEDY),
    Wording("did not find expected <document start>", "several-documents", "a second document begins here",
            "one document", "keep one style in each file"),
    Wording("incompatible YAML document", "yaml-syntax", "this YAML version is not known", "%YAML 1.2",
            "remove the line"),
    Wording("block scalar", "yaml-syntax", "'|' and '>' begin a text of several lines",
            "a line break after '|'",
            "begin the text on the next line"),
    Wording("did not find expected node content", "yaml-syntax", "a value is missing here", "a value"),
)


def wording(error: yaml.YAMLError, sign: str) -> Wording:
    """Our words for the parser's complaint.

    Args:
        error: as raised by PyYAML.
        sign: the character at the place of the problem.
    """
    problem = getattr(error, "problem", None) or str(error)
    said = f"{getattr(error, 'context', None) or ''}: {problem}"
    if "cannot start any token" in said:
        return TAB if sign == "\t" else RESERVED
    known = next((row for row in _TABLE if row.phrase in said), None)
    return known or Wording("", "yaml-syntax", f"this is not YAML: {problem}",
                            remedy="check quotes, brackets and indentation")
