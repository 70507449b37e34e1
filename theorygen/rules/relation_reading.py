"""Reading relations from YAML: their keys, and located errors for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theorygen.rules.expression import BOOLEAN, INTEGER, Scope
from theorygen.rules.messages import PLACEHOLDER
from theorygen.rules.reading import TEXTS, Path, compile_at
from theorygen.rules.relation_demands import Count
from theorygen.rules.relation_kinds import RELATIONS
from theorygen.rules.relations import Relation, Row, Total
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.windows import WINDOWS
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.marks import Marked

PIECE = "piece"
COUNTED = tuple(name for name, window in WINDOWS.items() if window.slots <= 2)
"""Windows that a total may count."""

_COMMON = ("strength", "message", "because", "source", "good", "bad", *TEXTS)
_TOTAL = ("over", "total", "require")


def is_relation(data: Any) -> bool:
    """Whether an entry of rules is a relation, or tries to be one."""
    return isinstance(data, Mapping) and ("relation" in data or "total" in data)


def read_relation(name: str, data: Mapping[str, Any], document: Marked, path: Path, found: Diagnostics) -> Rule | None:
    """A rule with a relation from its YAML mapping, or None with the reasons added to ``found``."""
    before = len(found)
    reader = _Reader(name, data, document, path, found)
    relation = reader.relation() if "relation" in data else reader.total()
    if relation is None or len(found) > before:
        return None
    text = {key: str(data.get(key, "")) for key in (*_COMMON, "require")}
    over, grid = (PIECE, "skeleton") if isinstance(relation, Total) else (relation.kind, "attacks")
    return Rule(name, over, require=text["require"], grids=(grid,), strength=reader.strength(),
                message=text["message"], because=text["because"], source=text["source"],
                details={key: text[key] for key in TEXTS if text[key]}, good=_listed(data.get("good", ())),
                bad=_listed(data.get("bad", ())), origin=(document, path), relation=relation)


class _Reader:
    def __init__(self, name: str, data: Mapping[str, Any], document: Marked, path: Path, found: Diagnostics) -> None:
        self.name = name
        self.data = data
        self.document = document
        self.path = path
        self.found = found

    def complain(self, code: str, message: str, path: Path = (), expected: str = "", near: str | None = None,
                 key: bool = False, remedy: str = "") -> None:
        """Report something wrong at a path below the rule."""
        self.found.add(Diagnostic(code, message, self.document.mark((*self.path, *path), key), expected, near, remedy))

    def relation(self) -> Relation | None:
        """The relation named, with its keys."""
        kind = self.data["relation"]
        if kind not in RELATIONS:
            self.complain("unknown-relation", f"unknown relation '{kind}'", ("relation",), ", ".join(RELATIONS),
                          nearest(str(kind), RELATIONS))
            return None
        made, before = RELATIONS[kind], len(self.found)
        self.check_keys(("relation", *made.keys))
        self.check_message(made)
        values: dict[str, Any] = {}
        for key, what in made.keys.items():
            if key not in self.data:
                if what.required:
                    self.complain("missing-key", f"rule '{self.name}' does not say '{key}'", (), what.expected,
                                  key=True)
                continue
            try:
                values[key] = what.read(self.data[key])
            except ValueError:
                self.complain("bad-value", f"'{_shown(self.data[key])}' cannot stand here", (key,), what.expected)
        if len(self.found) > before or not self.is_complete(made, values):
            return None
        return made(**values)

    def is_complete(self, made: type[Relation], values: Mapping[str, Any]) -> bool:
        """Whether values that depend on each other fit together."""
        if "at" in values and "voice" not in values and not all(entry.voice for entry in values["at"]):
            self.complain("missing-key", f"rule '{self.name}' does not say in which voice", ("at",),
                          "voice: soprano, or places such as soprano m5", key=True)
            return False
        pair = (values.get("leader"), values.get("follower")) if "leader" in values else values.get("voices", ())
        if made is not Row and len(pair) == 2 and pair[0] == pair[1]:
            self.complain("bad-value", f"rule '{self.name}' needs two voices, not {pair[0]} twice", (), "two voices",
                          key=True)
            return False
        return True

    def total(self) -> Relation | None:
        """A total: what is counted, and how often it may be there."""
        self.check_keys(_TOTAL)
        self.check_message(Total)
        counted, total = self.counted(), "require"
        if self.data.get("over") != PIECE:
            self.complain("unknown-window", "a total counts over the whole piece", ("over",), f"over: {PIECE}")
        if total not in self.data:
            self.complain("rule-verdict", f"rule '{self.name}' does not say how many there may be", (),
                          "require: total == 3", key=True)
            return None
        verdict = compile_at(self.data[total], Scope({"total": INTEGER}), BOOLEAN, self.document,
                             (*self.path, total), self.found)
        return Total(Count(ActiveRule(counted, True), verdict)) if counted and verdict else None

    def counted(self) -> Rule | None:
        """The windows that are counted, as a rule they all break."""
        data = self.data["total"]
        if not isinstance(data, Mapping) or "over" not in data:
            self.complain("wrong-type", "a total says what it counts", ("total",), "{over: melodic-step, when: ...}")
            return None
        for key in data:
            if key not in ("over", "when"):
                self.complain("unknown-key", f"unknown key '{key}' in a total", ("total", key), "over, when",
                              nearest(str(key), ("over", "when")), key=True)
        if data["over"] not in COUNTED:
            self.complain("unknown-window", f"windows '{data['over']}' cannot be counted", ("total", "over"),
                          ", ".join(COUNTED), nearest(str(data["over"]), COUNTED))
            return None
        rule = Rule(self.name, data["over"], forbid=str(data.get("when", "true")))
        path = (*self.path, "total", "when")
        return rule if compile_at(rule.forbid, rule.scope, BOOLEAN, self.document, path, self.found) else None

    def check_keys(self, own: tuple[str, ...]) -> None:
        """Unknown keys."""
        known = (*own, *_COMMON)
        for key in self.data:
            if key not in known:
                self.complain("unknown-key", f"unknown key '{key}' in rule '{self.name}'", (key,), ", ".join(known),
                              nearest(str(key), known), key=True)

    def check_message(self, made: type[Relation]) -> None:
        """Placeholders of the message must be words the relation has."""
        for match in PLACEHOLDER.finditer(str(self.data.get("message", ""))):
            if match[1] not in made.words:
                mark = self.document.mark_inside((*self.path, "message"), match.start(), len(match[0]))
                self.found.add(Diagnostic("unknown-field", f"unknown field '{match[1]}' in the message", mark,
                                          ", ".join(made.words), nearest(match[1], made.words)))

    def strength(self) -> dict[str, Any]:
        """Its strengths by profile."""
        entries = self.data.get("strength", "hard")
        return dict(entries) if isinstance(entries, Mapping) else {"default": entries}


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
