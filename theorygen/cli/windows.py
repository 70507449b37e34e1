"""The vocabulary of rules for ``theorygen rules --windows``: windows, folds, their fields, and the grids."""

from __future__ import annotations

import json
from typing import Any

from theorygen.rules.chord_lines import CHORD_LINE
from theorygen.rules.folds import FOLDS, Fold
from theorygen.rules.passages import CHORD_FOLDS, PASSAGES, Passage
from theorygen.rules.reading import GRIDS
from theorygen.rules.record import Record, fields_of
from theorygen.rules.relation_kinds import RELATIONS
from theorygen.rules.relations import Relation, Total
from theorygen.rules.windows import WINDOWS

_MOMENTS = {True: "at the end of the line", False: "at every note"}


def print_windows(as_json: bool) -> None:
    """Print the whole vocabulary."""
    print(json.dumps(vocabulary(), indent=2, ensure_ascii=False) if as_json else "\n".join(_lines(vocabulary())))


def vocabulary() -> dict[str, Any]:
    """Everything rules may name, as plain data."""
    windows = [{"name": window.name, "about": window.doc, "slots": window.slots, "voices": window.voices or "all",
                "fields": _fields(window.record)} for window in WINDOWS.values()]
    passages = [{"name": one.name, "about": one.doc, "fields": _fields(one.record)} for one in PASSAGES.values()]
    folds = [*map(_fold, FOLDS.values()), *map(_chord_fold, CHORD_FOLDS.values())]
    relations = [_relation(one) for one in (*RELATIONS.values(), Total)]
    return {"windows": windows, "passages": passages, "folds": folds, "relations": relations, "grids": list(GRIDS)}


def _relation(relation: type[Relation]) -> dict[str, Any]:
    keys = [{"name": name, "expected": key.expected, "required": key.required} for name, key in relation.keys.items()]
    return {"name": relation.kind, "about": relation.about, "keys": keys, "words": list(relation.words)}


def _fold(fold: Fold) -> dict[str, Any]:
    return {"name": fold.name, "over": fold.over, "about": fold.doc, "judged": _MOMENTS[fold.at_end],
            "reset": fold.reset, "solved": fold.solved, "fields": _fields(fold.line)}


def _chord_fold(fold: Passage) -> dict[str, Any]:
    return {"name": fold.name, "over": CHORD_LINE, "about": fold.doc, "judged": "at every chord", "reset": "phrase",
            "solved": False, "fields": _fields(fold.record)}


def _fields(record: type[Record]) -> list[dict[str, Any]]:
    return [{"name": path, "kind": str(field.kind), "about": " ".join((field.__doc__ or "").split())}
            for path, field in fields_of(record).items()]


def _lines(found: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for window in [*found["windows"], *found["passages"]]:
        lines += [f"over: {window['name']}", f"  {window['about']}", *_field_lines(window["fields"]), ""]
    for fold in found["folds"]:
        lines += [f"over: {fold['over']}, fold: {fold['name']}",
                  f"  {fold['about']} Judged {fold['judged']}; begins afresh at each {fold['reset']}.",
                  *_field_lines(fold["fields"]), ""]
    for relation in found["relations"]:
        is_total = relation["name"] == Total.kind
        lines += ["over: piece, total: {...}" if is_total else f"relation: {relation['name']}",
                  f"  {relation['about']}"]
        width = max(len(key["name"]) for key in relation["keys"])
        lines += [f"    {key['name']:{width}}  {key['expected']}{'' if key['required'] else ' (may be left out)'}"
                  for key in relation["keys"]]
        lines += [f"    In messages: {', '.join('{' + word + '}' for word in relation['words'])}.", ""]
    return [*lines, f"on: {', '.join(found['grids'])}"]


def _field_lines(fields: list[dict[str, Any]]) -> list[str]:
    width = max(len(field["name"]) for field in fields)
    return [f"    {field['name']:{width}}  {field['about']} [{field['kind']}]" for field in fields]
