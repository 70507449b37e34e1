"""The plugin for pytest: tests of theories, and the promises and examples of style files as tests.

Loaded by pytest in every project where theorygen is installed, so it imports nothing until a test asks for it.

Source of the hooks: https://docs.pytest.org/en/stable/reference/reference.html#hooks
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from theorygen.grammar.style import Style
    from theorygen.rules.rule_set import RuleSet

OPTION = "--theorygen-style"
DEFAULT_STYLE = "textbook-chorale"
DEFAULT_PIECES = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("theorygen", "testing music theory")
    group.addoption(OPTION, action="append", default=[], metavar="STYLE", dest="theorygen_styles",
                    help="collect the claims of a style and the examples of its rules as tests; a style file or the "
                         "name of one that ships; also the style of tests that name none; may be repeated")
    group.addoption("--theorygen-pieces", type=int, default=DEFAULT_PIECES, metavar="N", dest="theorygen_pieces",
                    help=f"pieces that each claim is tried on (default {DEFAULT_PIECES})")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and style files part of what is collected."""
    config.addinivalue_line("markers", "theory(style=NAME, profile=NAME): a test of a theory; says which style and "
                                       "rules the fixtures theory_style and theory_rules hold")
    styles = config.getoption("theorygen_styles")
    if config.getoption("theorygen_pieces") < 1:
        raise pytest.UsageError("--theorygen-pieces: at least 1 piece")
    for path in [] if hasattr(config, "workerinput") else map(_path_of, styles):
        if path not in config.args:
            config.args.append(path)


def _path_of(name: str) -> str:
    """The path of a style file.

    Raises:
        UsageError: there is no such style.
    """
    from theorygen.grammar.loading import find_style
    from theorygen.source.diagnostic import InputError

    try:
        return str(find_style(name).resolve())
    except InputError as error:
        raise pytest.UsageError(f"{OPTION}: {error}") from None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Style files that were named by the option."""
    styles = parent.config.getoption("theorygen_styles")
    if file_path.suffix not in (".yaml", ".yml") or str(file_path.resolve()) not in map(_path_of, styles):
        return None
    from theorygen.testing.style_tests import StyleFile

    collector: pytest.Collector = StyleFile.from_parent(parent, path=file_path)
    return collector


@pytest.fixture
def theory_style(request: pytest.FixtureRequest) -> Style:
    """The style that the mark ``theory`` names, else the first of ``--theorygen-style``, else the textbook chorale."""
    from theorygen.grammar.style import load_style

    named = _of_mark(request, "style") or next(iter(request.config.getoption("theorygen_styles")), DEFAULT_STYLE)
    return load_style(named)


@pytest.fixture
def theory_rules(request: pytest.FixtureRequest) -> RuleSet:
    """The rules of the profile that the mark ``theory`` names, else those of its style."""
    profile = _of_mark(request, "profile")
    if profile:
        from theorygen.review.judging import Choice

        return Choice(profile=profile).judge().rules
    style: Style = request.getfixturevalue("theory_style")
    return style.rules


@pytest.fixture
def assert_follows() -> Callable[..., None]:
    """`theorygen.testing.assert_follows`, without an import."""
    from theorygen.testing.following import assert_follows

    return assert_follows


def _of_mark(request: pytest.FixtureRequest, name: str) -> Any:
    """What the nearest mark ``theory`` says of something."""
    for mark in request.node.iter_markers("theory"):
        if name in mark.kwargs:
            return mark.kwargs[name]
    return None
