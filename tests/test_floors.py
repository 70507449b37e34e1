"""The floors of the house: imports go downwards only, and edge libraries stay at the edge."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "theorygen"
EDGE = {"music21", "mido", "rich", "typer", "hypothesis"}
MAY_IMPORT = {"render": {"music21", "mido", "rich"}, "readers": {"music21", "mido"}, "cli": {"rich", "typer"},
              "testing": {"hypothesis"}}
HEAVY = {"numpy", "yaml", "pydantic", "music21", "mido", "rich", "typer", "hypothesis", "multiprocessing"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def documented_floors() -> list[str]:
    """The folders of the package as the architecture draws them, from the roof down."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawing = text.split("## Floors")[1].split("```")[1]
    folders = [match[1] for line in drawing.splitlines() if (match := re.match(r"([a-z]+)/ ", line))]
    return [folder for folder in folders if folder != "grammars"]


FLOORS = documented_floors()
HEIGHT = {name: height for height, name in enumerate(reversed(FLOORS))}


def floor_of(path: Path) -> str | None:
    """The floor a module stands on; None for the entrance."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else None


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            yield node.module or "", node.lineno
            if node.module == "theorygen":
                yield from ((f"theorygen.{alias.name}", node.lineno) for alias in node.names)


def at_import(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported, less those for type checkers."""
    for statement in tree.body:
        if not (isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test)):
            yield statement


def test_every_folder_is_a_documented_floor() -> None:
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in PACKAGE.glob("*/*.py")}
    assert folders <= set(FLOORS), f"not in docs/architecture.md: {folders - set(FLOORS)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path: Path) -> None:
    floor = floor_of(path)
    if floor is None:
        return
    for name, line in imports(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] == "theorygen" and len(parts) > 1 and parts[1] in HEIGHT:
            assert HEIGHT[parts[1]] <= HEIGHT[floor], f"{path}:{line}: {floor} imports {name}, which stands above it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_edge_libraries_stay_at_the_edge(path: Path) -> None:
    floor = floor_of(path)
    allowed = MAY_IMPORT.get(floor or "", set())
    for name, line in imports(ast.parse(path.read_text(encoding="utf-8"))):
        library = name.split(".")[0]
        assert library not in EDGE - allowed, f"{path}:{line}: {floor} imports {library}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_slow_libraries_are_imported_where_used(path: Path) -> None:
    for statement in at_import(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for name, line in imports(statement):
                assert name.split(".")[0] not in {"music21", "mido", "rich"}, f"{path}:{line}: import it where used"


def modules_after(statement: str) -> set[str]:
    """The top-level modules a fresh interpreter has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_is_light() -> None:
    assert not HEAVY & modules_after("import theorygen")


def test_importing_the_commands_is_light() -> None:
    assert HEAVY & modules_after("import theorygen.cli.running") == {"typer"}


def test_a_midi_file_needs_no_music21() -> None:
    loaded = modules_after("import theorygen.compose.composition, theorygen.render.files")
    assert not {"music21", "rich", "typer"} & loaded
