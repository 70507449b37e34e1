"""The file that ``theorygen new`` writes: a small style with comments, to be changed."""

from __future__ import annotations

from pathlib import Path

from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark

BASE = "textbook-chorale"

_TEXT = """\
# yaml-language-server: $schema=style.schema.json
# A style of your own. Whatever is not said here is taken from the style it extends.
#   theorygen lint {file}       finds mistakes
#   theorygen compose {file}    writes a piece
theorygen: 1
title: {title}
extends: {base}

ensemble: satb                 # or a list of voices: [{{name: alto, range: [G3, D5]}}, ...]
meter: 4/4                     # or a list to choose from: [4/4, 3/4]
tempo: [72, 84]                # slowest and fastest, beats a minute
keys:
  major: [C, G, F]
  minor: [a, d]                # lower case is minor

# harmony:                     # a head replaces the inherited one, 'T+' adds to it, 'T:' alone removes it
#   T+: {{I IV I: 2, "I {{V6|V65}} I": 1}}      # {{a|b}} leaves the choice to the voices

# rules:                       # hard, off, or what breaking the rule once costs
#   parallel-fifths: hard
#   melodic-no-large-leap: 20

sampling:
  temperature: 1               # lower keeps closer to the smoothest voicings
"""


def starter_text(file: str = "my-style.yaml", title: str = "My style", base: str = BASE) -> str:
    """The text of a starter style.

    Args:
        file: name of the file, for the comments.
        title: title of the style.
        base: name of the style it extends.
    """
    return _TEXT.format(file=file, title=title, base=base)


def write_starter(path: str | Path, base: str = BASE) -> Path:
    """Write a starter style where no file is yet.

    Raises:
        InputError: the name is no YAML file, something is there already, or the folder cannot be written.
    """
    path = Path(path)
    if path.suffix not in (".yaml", ".yml"):
        raise _refused("not-yaml", f"'{path}' does not end in .yaml", path, f"write '{path.name}.yaml'")
    title = path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(starter_text(path.name, _quoted(title), base))
    except FileExistsError:
        raise _refused("file-exists", f"'{path}' exists already", path, "choose another name") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused("file-unwritable", f"the file cannot be written: {reason}", path,
                       "choose a folder that exists and may be written") from None
    return path


def _quoted(title: str) -> str:
    """A title as a YAML text that is never taken for a number or a word of YAML."""
    return "'" + title.replace("'", "''") + "'"


def _refused(code: str, message: str, path: Path, remedy: str) -> InputError:
    return InputError(Diagnostic(code, message, Mark(str(path)), remedy=remedy))
