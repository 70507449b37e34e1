"""The pages of docs/rules: one for each file of the library, an index, and the laws that are no rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator.markdown import NOTICE, code, table
from theorygen.rules.coverage import load_elsewhere
from theorygen.rules.reading import read_rule
from theorygen.rules.rule import Exemption, Rule
from theorygen.rules.rule_set import library_documents, load_profiles
from theorygen.source.diagnostic import Diagnostics
from theorygen.source.document import Document


def pages(folder: Path, sources: str) -> dict[Path, str]:
    """All pages.

    Args:
        folder: the folder docs.
        sources: the text about sources that ends the index.
    """
    chapters = {Path(document.name).stem: _rules(document) for document in library_documents()}
    found = {folder / "rules" / f"{stem}.md": _chapter(document, chapters[Path(document.name).stem])
             for document in library_documents() for stem in [Path(document.name).stem]}
    found[folder / "rules" / "README.md"] = _index(chapters, sources)
    found[folder / "rules" / "elsewhere.md"] = _elsewhere(load_elsewhere())
    return found


def _rules(document: Document) -> list[Rule]:
    found = Diagnostics()
    rules = [read_rule(name, data, document, (name,), found) for name, data in document.data.items()]
    found.raise_errors()
    return [rule for rule in rules if rule]


def _title(stem: str) -> str:
    return stem.replace("-", " ").capitalize()


# index


def _index(chapters: dict[str, list[Rule]], sources: str) -> str:
    count = sum(map(len, chapters.values()))
    profiles = [[code(name), str(one["about"]), *map(str, _numbers(chapters, name))]
                for name, one in load_profiles().items()]
    pieces = [NOTICE, f"\n# The rules\n\n{count} rules in {len(chapters)} files. Each is written once, in YAML; ",
              "solver, checker, tests and these pages read the same lines.\n\n",
              "A rule is *hard*, or it has a weight: what breaking it once costs. A profile sets all strengths at once "
              "(`rules: {use: [bach-chorale]}` in a style); a style may change single rules.\n\n",
              table(["profile", "what it is", "hard", "weighted"], profiles)]
    for stem, rules in chapters.items():
        rows = [[f"[{rule.name}]({stem}.md#{rule.name})", rule.details.get("title", "")] for rule in rules]
        pieces.append(f"\n## [{_title(stem)}]({stem}.md)\n\n{table(['rule', ''], rows)}")
    return "".join([*pieces, "\n", sources])


def _numbers(chapters: dict[str, list[Rule]], profile: str) -> tuple[int, int]:
    strengths = [rule.strength.get(profile, "off") for rules in chapters.values() for rule in rules]
    hard = strengths.count("hard")
    return hard, sum(1 for one in strengths if one not in ("hard", "off") and one > 0)


# a file


def _chapter(document: Document, rules: list[Rule]) -> str:
    title = _title(Path(document.name).stem)
    about = Path(document.name).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ").partition(" (catalogue")[0]
    intro = f"{about.rstrip('.')}.\n\nWhat the fields mean stands in [windows](../windows.md), the sources in the "
    entries = [_rule(rule) for rule in rules]
    return f"{NOTICE}\n# {title}\n\n{intro}[index](README.md).\n\n" + "\n\n".join(entries) + "\n"


def _rule(rule: Rule) -> str:
    details = rule.details
    pieces = [f"## {rule.name}\n\n**{details.get('title', rule.name)}.** {rule.because}\n\n", _as_code(rule)]
    pieces.append(table(["in", *map(code, load_profiles())],
                        [["strength", *(str(rule.strength.get(name, "off")) for name in load_profiles())]]))
    owner = code(details["part-of"]) if "part-of" in details else ""
    facts = [("Part of", owner), ("In Bach", details.get("bach")), ("Marked", details.get("penalty")),
             ("Source", rule.source), ("Note", details.get("note"))]
    lines = [f"- {name}: {' '.join(text.split())}\n" for name, text in facts if text]
    pieces += ["\n", *lines, "\n" if lines else "", _examples(rule.good, rule.bad)]
    return "".join([*pieces, *map(_exemption, rule.unless)]).rstrip()


def _as_code(rule: Rule) -> str:
    window = f"{rule.over}\nfold: {rule.fold}" if rule.fold else rule.over
    grids = rule.grids[0] if len(rule.grids) == 1 else f"[{', '.join(rule.grids)}]"
    lines = [("over", window), ("on", grids), ("when", rule.when), ("forbid", rule.forbid),
             ("require", rule.require), ("cost", rule.cost)]
    written = "\n".join(f"{name}: {text}" for name, text in lines if text)
    exceptions = "".join(f"\n  {one.name}: {one.when}" for one in rule.unless)
    return f"```yaml\n{written}{chr(10) + 'unless:' if exceptions else ''}{exceptions}\n```\n\n"


def _exemption(one: Exemption) -> str:
    examples = _examples(one.good, one.bad)
    return f"Unless {one.name.replace('-', ' ')}:\n\n{examples}" if examples else ""


def _examples(good: tuple[str, ...], bad: tuple[str, ...]) -> str:
    lines = [f"good   {text}\n" for text in good] + [f"bad    {text}\n" for text in bad]
    return f"```text\n{''.join(lines)}```\n\n" if lines else ""


# laws that are no rules


def _elsewhere(laws: Mapping[str, Mapping[str, str]]) -> str:
    rows = [[code(name), law["where"], law["why"]] for name, law in laws.items()]
    about = ("Laws of part writing that no rule of the library states as a condition on a window, and where they hold "
             "instead.\n\n")
    return f"{NOTICE}\n# Laws that are no rules\n\n{about}{table(['law', 'where it holds', 'why it is no rule'], rows)}"
