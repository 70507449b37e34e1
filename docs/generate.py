"""Writes the generated pages of the manual and the outputs that examples show, in README.md and docs/*.md.

    python docs/generate.py            rewrite whatever is stale; also the picture, if verovio is installed
    python docs/generate.py --check    change nothing; leave with 1 if something is stale

Pages in docs/templates are filled in (``<<<windows_table>>>`` and so on) and written to docs; every other page keeps
its own text. In all of them the outputs of examples are put in afresh: see docs/generator/blocks.py.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path.insert(0, str(DOCS))

from generator import picture, rule_pages, schemas, vocabulary  # noqa: E402
from generator.blocks import BlockError, refreshed  # noqa: E402
from generator.markdown import NOTICE  # noqa: E402

_SLOT = re.compile(r"^<<<(\w+)(?: (\S+))?>>>$", re.MULTILINE)


def _style_keys(name: str) -> str:
    from theorygen.grammar.json_schema import json_schema

    schema = json_schema()
    return schemas.keys_table(schema["$defs"][name] if name else schema)


def _composition() -> str:
    from theorygen.compose.json_schema import composition_schema

    return schemas.chapters(composition_schema())


def _review() -> str:
    from theorygen.review.json_report import review_schema

    return schemas.chapters(review_schema())


def _answers() -> str:
    from theorygen.compose.answers_schema import answers_schema

    return schemas.chapters(answers_schema(), composition_schema_names())


def _count() -> str:
    from theorygen.compose.answers_schema import count_schema

    return schemas.chapters(count_schema())


def _marginals() -> str:
    from theorygen.compose.answers_schema import marginals_schema

    return schemas.chapters(marginals_schema())


def composition_schema_names() -> frozenset[str]:
    """Objects that stand under compositions already."""
    from theorygen.compose.json_schema import composition_schema

    return frozenset(composition_schema()["$defs"])


def _causes() -> str:
    from generator.markdown import code, table

    from theorygen.review.attribution import load_causes

    rows = [[", ".join(map(code, link.causes)), ", ".join(map(code, link.effects)), link.sharing, link.because]
            for link in load_causes()]
    return table(["cause", "leads to", "sharing", "why"], rows)


def _ensembles() -> str:
    from generator.markdown import code, table

    from theorygen.score.ensemble import built_in_ensembles

    rows = [[code(name), ", ".join(f"{voice.name} {voice.lowest}-{voice.highest}" for voice in one.voices)]
            for name, one in built_in_ensembles().items()]
    return table(["ensemble", "voices and their ranges"], rows)


FILLERS: dict[str, Callable[..., str]] = {
    "windows_table": vocabulary.windows_table, "folds": vocabulary.folds_chapters,
    "embellishments": vocabulary.embellishments_table,
    "passages_table": vocabulary.passages_table, "chord_folds": vocabulary.chord_folds_chapters,
    "records": vocabulary.records_chapters, "words": vocabulary.words_table, "style_keys": _style_keys,
    "composition": _composition, "ensembles": _ensembles, "review": _review, "causes": _causes,
    "relations": vocabulary.relations_tables, "answers": _answers, "count": _count, "marginals": _marginals,
}
"""What templates may ask for."""


def filled(template: str) -> str:
    """A template with the tables it asks for."""
    def fill(found: re.Match[str]) -> str:
        return FILLERS[found[1]](*([found[2]] if found[2] else [""] if found[1] == "style_keys" else [])).rstrip()

    return NOTICE + "\n" + _SLOT.sub(fill, template)


def sources() -> dict[Path, str]:
    """Every page with examples, before its outputs are put in."""
    found = {ROOT / "README.md": (ROOT / "README.md").read_text(encoding="utf-8")}
    templates = [path for path in sorted((DOCS / "templates").glob("*.md")) if path.name != "sources.md"]
    written = {DOCS / path.name: filled(path.read_text(encoding="utf-8")) for path in templates}
    own = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md")) if path not in written}
    return {**found, **own, **written}


def with_outputs(path: Path, text: str) -> str:
    """A page with the outputs its examples have today.

    Raises:
        BlockError: an example fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        return refreshed(text, str(path.relative_to(ROOT)), Path(folder))


def rules() -> dict[Path, str]:
    """The pages about rules."""
    return rule_pages.pages(DOCS, (DOCS / "templates" / "sources.md").read_text(encoding="utf-8"))


def is_stale(path: Path, text: str) -> bool:
    """Whether a file differs from what it should be."""
    return not path.exists() or path.read_text(encoding="utf-8") != text


def leftovers(pages: dict[Path, str]) -> list[Path]:
    """Pages about files of the library that are gone."""
    return [path for path in sorted((DOCS / "rules").glob("*.md")) if path not in pages]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="only say what is stale")
    mode.add_argument("--update", action="store_true", help="rewrite what is stale; this is also done without options")
    check = parser.parse_args().check
    try:
        pages = {**{path: with_outputs(path, text) for path, text in sources().items()}, **rules()}
    except BlockError as error:
        print(error, file=sys.stderr)
        return 1
    stale = [path for path, text in pages.items() if is_stale(path, text)]
    gone = leftovers(pages)
    if not check:
        (DOCS / "rules").mkdir(exist_ok=True)
        for path in stale:
            path.write_text(pages[path], encoding="utf-8")
        for path in gone:
            path.unlink()
    drawing = not picture.is_current(ROOT / picture.PATH)
    if drawing and not check:
        picture.draw(ROOT / picture.PATH)
    changed = [*stale, *gone, *([ROOT / picture.PATH] if drawing else [])]
    for path in changed:
        print(f"{path.relative_to(ROOT)}: {'stale' if check else 'written'}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
