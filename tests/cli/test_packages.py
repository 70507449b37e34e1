"""What is built from the checkout, wheel and source, works elsewhere: the styles that ship come along."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel built from it."""
    pytest.importorskip("hatchling")
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
                   check=True, capture_output=True)
    return folder


def test_the_wheel_composes_elsewhere(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    packages = tmp_path / "packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    program = f"import sys; sys.path.insert(0, {str(packages)!r}); from theorygen.cli import main; main()"
    command = [sys.executable, "-I", "-c", program, "compose", "textbook-chorale", "--seed", "7", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    here = subprocess.run([sys.executable, "-m", "theorygen", *command[4:]], cwd=tmp_path, capture_output=True,
                          check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.stdout == here.stdout


def test_the_wheel_holds_all_data(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    files = (ROOT / "theorygen").rglob("*")
    data = {str(path.relative_to(ROOT)) for path in files if path.suffix in (".yaml", ".json")}
    shipped = {f"theorygen/shipped/{path.name}" for path in (ROOT / "grammars").glob("*.yaml")}
    assert data | shipped | {"theorygen/py.typed"} <= names


def test_the_source_distribution_is_whole(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for folder in ("theorygen", "grammars", "tests"):
        wanted = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*.yaml")}
        assert wanted <= names
    assert {"README.md", "LICENSE", "pyproject.toml"} <= names
