"""What the shell completes."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from theorygen.cli import completion
from theorygen.cli.app import app
from theorygen.grammar.loading import shipped_styles
from theorygen.rules.rule_set import load_library, load_profiles

OPTIONS = [("--profile ", "str", "strict-textbook"), ("--style ", "text", "textbook-chorale"),
           ("--only ", "parallel-f", "parallel-fifths"), ("--without ", "voice-o", "voice-overlap")]


@pytest.mark.parametrize(("complete", "names"), [
    (completion.profiles, load_profiles()), (completion.styles, shipped_styles()), (completion.rules, load_library())])
def test_names_are_completed_by_their_beginning(complete: object, names: object) -> None:
    everything = complete("")  # type: ignore[operator]
    assert everything == sorted(names)  # type: ignore[call-overload]
    assert all(name in complete(name[:3]) for name in everything)  # type: ignore[operator]
    assert complete("no such name") == []  # type: ignore[operator]


@pytest.mark.parametrize(("option", "start", "name"), OPTIONS)
def test_the_shell_is_told(option: str, start: str, name: str) -> None:
    line = f"theorygen check a.mid {option}{start}"
    words = {"_THEORYGEN_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": "4"}
    assert name in CliRunner().invoke(app, prog_name="theorygen", env=words).output.split()
