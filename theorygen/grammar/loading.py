"""Finds style files, follows what they extend, and merges them into one document."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from theorygen.grammar.merge import MergedDocument, merge_documents
from theorygen.grammar.schema_errors import sections_to_read, shape_diagnostics
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError, nearest
from theorygen.source.document import Document, DocumentPath, load_document
from theorygen.source.marks import Mark

_SUFFIXES = (".yaml", ".yml")
_MAX_CHAIN = 20


def shipped_styles() -> dict[str, Path]:
    """The styles that ship, by name."""
    package = Path(str(files("theorygen")))
    folders = (package / "shipped", package.parent / "grammars")
    folder = next((folder for folder in folders if folder.is_dir()), None)
    found = sorted(folder.glob("*.yaml")) if folder else []
    return {path.stem: path for path in found}


def find_style(name_or_path: str | Path) -> Path:
    """The file of a style: a path if it ends in .yaml or .yml or has a slash, else the name of a shipped style.

    Raises:
        InputError: no style has this name. That a path leads to a file is found out when it is read.
    """
    name = str(name_or_path)
    if is_path(name):
        return Path(name)
    styles = shipped_styles()
    if name not in styles:
        raise InputError(unknown_style(name, styles, Path()))
    return styles[name]


def is_path(name: str) -> bool:
    """Whether a text names a file and not a shipped style."""
    return name.endswith(_SUFFIXES) or "/" in name or "\\" in name


def unknown_style(name: str, styles: dict[str, Path], folder: Path, mark: Mark | None = None) -> Diagnostic:
    """Says that no shipped style has this name, and which file in ``folder`` may be meant."""
    here = next((name + suffix for suffix in _SUFFIXES if _is_file(folder / (name + suffix))), "")
    remedy = f"for the file here write '{here}'" if here else "name a style of your own by its path: my-style.yaml"
    return Diagnostic("unknown-style", f"no shipped style is named '{name}'", mark,
                      ", ".join(styles) or "a path", nearest(name, styles), remedy)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def load_merged(name_or_path: str | Path, found: Diagnostics | None = None) -> MergedDocument:
    """A style file merged over everything it extends.

    Args:
        name_or_path: the style.
        found: takes what is wrong with shapes; then the sections of the right shape are merged all the same.

    Raises:
        InputError: everything wrong with the files; without ``found`` with their shapes, too.
    """
    path = find_style(name_or_path)
    loader = _Loader()
    loader.load(path, str(path))
    loader.found.raise_errors()
    if found is None:
        loader.shapes.raise_errors()
    else:
        found.extend(loader.shapes)
    merged = merge_documents(loader.documents.values(), loader.found)
    loader.found.raise_errors()
    return merged


@dataclass
class _Loader:
    """Reads files and what they extend, each once; ``documents`` ends up with the most general first."""

    found: Diagnostics = field(default_factory=Diagnostics)
    shapes: Diagnostics = field(default_factory=Diagnostics)
    documents: dict[Path, Document] = field(default_factory=dict)
    chain: list[tuple[Path, str]] = field(default_factory=list)

    def load(self, path: Path, name: str) -> None:
        """Read a file after the files it extends."""
        try:
            document = load_document(path, name)
        except InputError as error:
            self.found.extend(error.diagnostics)
            return
        identity = path.resolve()
        shape = shape_diagnostics(document)
        self.shapes.extend(shape)
        if shape:
            document = document.with_data(sections_to_read(document))
        self.chain.append((identity, name))
        for place, text in _extended(document.data):
            self.follow(document, place, text)
        self.chain.pop()
        self.documents[identity] = document

    def follow(self, document: Document, place: DocumentPath, text: str) -> None:
        """Load what the text at a place extends, unless it is loaded already."""
        path = self.target(document, place, text)
        if path is None or path.resolve() in self.documents:
            return
        identities = [identity for identity, _ in self.chain]
        if path.resolve() in identities:
            names = [name for _, name in self.chain[identities.index(path.resolve()):]]
            chain = " -> ".join([*names, names[0]])
            self.refuse(document, place, "extends-cycle", f"the style extends itself: {chain}",
                        "remove one of these lines")
        elif len(self.chain) >= _MAX_CHAIN:
            self.refuse(document, place, "extends-too-deep", f"more than {_MAX_CHAIN} styles extend each other",
                        "join some of them")
        else:
            self.load(path, str(path))

    def target(self, document: Document, place: DocumentPath, text: str) -> Path | None:
        """The file a style extends, or None after saying what is wrong."""
        folder = self.chain[-1][0].parent
        if not is_path(text):
            styles = shipped_styles()
            if text not in styles:
                self.found.add(unknown_style(text, styles, folder, document.mark(place)))
            return styles.get(text)
        path = Path(document.name).parent / text
        if not _is_file(path):
            near = nearest(text, [file.name for file in folder.glob("*") if file.name.endswith(_SUFFIXES)])
            self.refuse(document, place, "extends-missing", f"there is no file '{text}' to extend",
                        "give the path from this file's folder, or the name of a shipped style", near)
            return None
        return path

    def refuse(self, document: Document, place: DocumentPath, code: str, message: str, remedy: str,
               near: str | None = None) -> None:
        """Report something wrong with an ``extends`` entry."""
        self.found.add(Diagnostic(code, message, document.mark(place), nearest=near, remedy=remedy))


def _extended(data: Any) -> list[tuple[DocumentPath, str]]:
    """What a file extends, each with its place; nothing when its shape is wrong."""
    entry = data.get("extends", []) if isinstance(data, dict) else []
    if isinstance(entry, str):
        return [(("extends",), entry)]
    items = entry if isinstance(entry, list) else []
    return [(("extends", index), text) for index, text in enumerate(items) if isinstance(text, str)]
