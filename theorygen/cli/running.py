"""Runs a command and turns whatever goes wrong into a message and an exit code, never into a traceback."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from theorygen.cli.app import app
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark

if TYPE_CHECKING:
    from theorygen.theory import TheoryError

DONE, BROKEN, WRONG_INPUT, OUR_MISTAKE, INTERRUPTED = 0, 1, 2, 70, 130
DEBUG = "THEORYGEN_DEBUG"

_GARBAGE_THRESHOLD = 50_000

_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]
"""What the parser raises for arguments it cannot place."""

_HELP = "NoArgsIsHelpError"
"""What it raises when there are no arguments at all; its message is the help."""


_NO_CHORDS = "NoChords"
"""What harmonising raises where no chords go with what is given: no solution, though the input is right."""


def prepare_process() -> None:
    """Makes this process behave as other tools: quiet when its reader has gone, never stopped by a narrow encoding.

    Reading a style makes many objects that all stay; looking for garbage among them rarely saves a tenth of the time.
    """
    gc.set_threshold(_GARBAGE_THRESHOLD, 20, 20)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - lives as long as we do
        getattr(sys, name).reconfigure(errors="replace")


def run(arguments: Sequence[str]) -> int:
    """Runs one command.

    Args:
        arguments: what stands after the name of the program.

    Returns:
        The exit code.
    """
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        return _refuse(f"error: the output cannot be written: {error.strerror or error}")
    except Exception as error:
        return _our_mistake(error)


def _invoke(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(app)
    try:
        code: int = command.main(list(arguments), prog_name="theorygen", standalone_mode=False) or DONE
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _USAGE_ERROR as error:
        shown = error.format_message() if type(error).__name__ == _HELP else usage_diagnostic(error, arguments).render()
        return _refuse(shown)
    except InputError as error:
        _refuse(str(error))
        return BROKEN if type(error).__name__ == _NO_CHORDS else WRONG_INPUT
    except Exception as error:
        if type(error).__name__ not in _MUSICAL:
            raise
        return _MUSICAL[type(error).__name__](error)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return WRONG_INPUT


def _no_solution(error: Exception) -> int:
    print(f"error: {error}", file=sys.stderr)
    print("remedy: try another seed, or weaken one of these rules in the style", file=sys.stderr)
    return BROKEN


def _no_derivation(error: Exception) -> int:
    return _refuse(Diagnostic(
        "no-derivation", f"the style has no such piece: {error}",
        remedy="change the lengths or parameters; 'theorygen lint' checks the style").render())


def _too_large(error: Any) -> int:
    print(f"error: there is too much to choose from: what was kept ends before chord {error.position + 1}\n"
          "remedy: give more notes or chords, or lower the style's level with --set", file=sys.stderr)
    return BROKEN


def _unreadable(error: Any) -> int:
    return _refuse(theory_diagnostic(error, "the text").render())


_MUSICAL = {"NoSolution": _no_solution, "NoDerivation": _no_derivation, "TheoryError": _unreadable,
            "TooLarge": _too_large}
"""Errors of floors that are only loaded when a command needs them, by name."""


def theory_diagnostic(error: TheoryError, name: str) -> Diagnostic:
    """A text given on the command line that names no musical thing, with a caret into it.

    Args:
        error: what is wrong.
        name: the option it was given to.
    """
    length = max(len(error.text) - error.position, 1)
    mark = Mark(name, 1, error.position + 1, length, error.text)
    return Diagnostic("bad-value", error.message, mark, error.expected, error.nearest, "correct the text and try again")


def usage_diagnostic(error: Any, arguments: Sequence[str]) -> Diagnostic:
    """A command line whose parts do not fit together."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "theorygen"
    message = " ".join(error.format_message().split()).rstrip(".")
    message = message[:1].lower() + message[1:] if message else f"'{path}' needs more words"
    return Diagnostic("usage", message, _argument_mark(getattr(error, "option_name", None), arguments),
                      remedy=f"'{path} --help' shows how it is used")


def _argument_mark(word: str | None, arguments: Sequence[str]) -> Mark | None:
    """The place of one of the arguments on the line they make."""
    line = " ".join(["theorygen", *arguments])
    if not word or word not in line:
        return None
    return Mark("command line", 1, line.index(word) + 1, len(word), line)


def _our_mistake(error: Exception) -> int:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    print(f"internal error: {type(error).__name__}: {error}\nThis is a mistake in theorygen, not in your input. "
          f"Please report it with the command you used; {DEBUG}=1 shows where it happened.", file=sys.stderr)
    return OUR_MISTAKE
