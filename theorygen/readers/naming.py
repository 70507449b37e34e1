"""What part names mean: voices, instruments, numbers, in the languages of ``voice_names.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|[0-9]+")
_LONGEST = 40
_ORDINALS = ("st", "nd", "rd", "th")


def voice_names(text: str, count: int) -> list[str]:
    """Names of the voices on a staff from the text before it; "" where it names none.

    "Soprano" names one, "Soprano\\nAlto", "S/A" and "SA" two; "Violin I" and "1st Violin" are "violin-1". Of several
    words the first counts ("Soprano Oboe 1"), but "Alto Saxophone" is no alto. Several voices on a staff with the name
    of one all get it.

    Args:
        text: the name of the part as printed.
        count: how many voices are on the staff.
    """
    if count > 1:
        several = _listed(_words(text))
        if len(several) == count:
            return several
    first_line = re.split(r"[\r\n]", text.strip(), maxsplit=1)[0]
    return [_first_name(_words(first_line))] * count


def instrument_name(text: str) -> str:
    """The instrument a part's name says ("flute" for "Flauto II"), or ""."""
    for word in _words(text):
        if word in _table("instruments"):
            return _table("instruments")[word]
    return ""


def plain_name(text: str) -> str:
    """A part's name as one word of plain letters: "Ob. d'amore" is "ob-d-amore"; "" for no letters or "Part 1"."""
    name = "-".join(re.findall(r"[a-z0-9]+", _folded(text)))[:_LONGEST].strip("-")
    return "" if re.sub(r"-?[0-9]+$", "", name) in _data()["no-names"] else name


def is_vocal(name: str) -> bool:
    """Whether a name, with or without a number, is that of a singer."""
    return _without_number(name) in _data()["voices"]


def is_one_voice(name: str) -> bool:
    """Whether a name is that of a singer or of an instrument that plays one voice; "" is not."""
    return bool(name) and _without_number(name) not in _data()["of-many-voices"]


def _without_number(name: str) -> str:
    return re.sub(r"-[0-9]+$", "", name)


def _listed(words: Sequence[str]) -> list[str]:
    """The voices a list of words names, [] if there is any other word: s a, soprano 1 soprano 2, satb."""
    if len(words) == 1 and len(words[0]) > 1 and set(words[0]) <= set("satb"):
        words = list(words[0])
    names: list[str] = []
    for word in words:
        if word in _data()["numbers"] and names:
            names[-1] += f"-{_data()['numbers'][word]}"
        elif word in _table("voices"):
            names.append(_table("voices")[word])
        else:
            return []
    return names


def _first_name(words: Sequence[str]) -> str:
    """The voice or instrument of the first word, with its number, which may stand before it."""
    words = [word for word in words if word not in _ORDINALS]
    if len(words) > 1 and words[0] in _data()["numbers"]:
        words = [words[1], words[0], *words[2:]]
    if not words:
        return ""
    voice, second = _table("voices").get(words[0], ""), words[1] if len(words) > 1 else ""
    number = _data()["numbers"].get(second)
    if voice and (second in _data()["instruments-of-a-size"] or (len(words[0]) == 1 and second and not number)):
        return ""
    name = voice or _table("instruments").get(words[0], "")
    return f"{name}-{number}" if name and number else name


def _words(text: str) -> list[str]:
    """Words and numbers in plain lower-case letters."""
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    """Lower case without accents; ß is ss."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


@cache
def _data() -> dict[str, Any]:
    text = files("theorygen.readers").joinpath("voice_names.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


@cache
def _table(kind: str) -> dict[str, str]:
    """Every word of a kind with the name it stands for."""
    return {word: name for name, words in _data()[kind].items() for word in words}
