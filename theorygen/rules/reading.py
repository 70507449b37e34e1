"""Reading rules from YAML: their shape, their expressions, and located errors for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theorygen.rules.chord_lines import CHORD_LINE
from theorygen.rules.expression import BOOLEAN, NUMBER, Expression, ExpressionError, Scope, parse_expression
from theorygen.rules.folds import FOLDS, LINE, PAIR_LINE
from theorygen.rules.messages import PLACEHOLDER
from theorygen.rules.passages import CHORD_FOLDS, PASSAGES
from theorygen.rules.pointing import NOTE, condition_scope, named_notes, named_pitches, smaller_windows
from theorygen.rules.rule import Exemption, Rule
from theorygen.rules.windows import WINDOWS
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.marks import Marked

Path = tuple[str | int, ...]

GRIDS = ("skeleton", "attacks", "chords", "beats", "strong-beats")
TEXTS = ("title", "category", "part-of", "penalty", "bach", "note")
KEYS = ("over", "fold", "on", "when", "forbid", "require", "cost", "unless", "strength", "message", "because",
        "source", "points-at", "out-of", "good", "bad", *TEXTS)
_VERDICTS = ("forbid", "require", "cost")


def read_rule(name: str, data: Any, document: Marked, path: Path, found: Diagnostics) -> Rule | None:
    """A rule from its YAML mapping, or None with the reasons added to ``found``."""
    rule = read_shape(name, data, document, path, found)
    if rule is None:
        return None
    before = len(found)
    check_meaning(rule, data, document, path, found)
    return rule if len(found) == before else None


def read_shape(name: str, data: Any, document: Marked, path: Path, found: Diagnostics) -> Rule | None:
    """Like `read_rule`, but expressions and messages are taken as they are: they are compiled when first used."""
    return _RuleReader(name, data, document, path, found).read()


def check_meaning(rule: Rule, data: Any, document: Marked, path: Path, found: Diagnostics) -> None:
    """Add to ``found`` what is wrong with the expressions and the message of a rule."""
    reader = _RuleReader(rule.name, data, document, path, found)
    reader.check_expressions(rule)
    reader.check_message(rule)
    reader.check_pointers(rule)


def compile_at(text: Any, scope: Scope, wanted: Any, document: Marked, path: Path,
               found: Diagnostics) -> Expression | None:
    """Compile the expression at ``path``, or add to ``found`` what is wrong with it and where."""
    try:
        return parse_expression(str(text), scope, wanted)
    except ExpressionError as error:
        mark = document.mark_inside(path, error.position, error.length)
        found.add(Diagnostic("bad-expression", error.message, mark, error.expected, error.nearest,
                             remedy="'theorygen rules --windows' lists the fields of every window"))
        return None


class _RuleReader:
    def __init__(self, name: str, data: Any, document: Marked, path: Path, found: Diagnostics) -> None:
        self.name = name
        self.data = data
        self.document = document
        self.path = path
        self.found = found

    def read(self) -> Rule | None:
        """The rule, or None."""
        if not isinstance(self.data, Mapping):
            self.complain("wrong-type", f"rule '{self.name}' must be a mapping", (), "over, forbid or require, message")
            return None
        before = len(self.found)
        self.check_keys()
        rule = self.build()
        return rule if len(self.found) == before else None

    def complain(self, code: str, message: str, path: Path, expected: str = "", near: str | None = None,
                 key: bool = False, remedy: str = "") -> None:
        """Report something wrong at a path below the rule."""
        mark = self.document.mark((*self.path, *path), key)
        self.found.add(Diagnostic(code, message, mark, expected, near, remedy))

    def check_keys(self) -> None:
        """Unknown keys, verdicts and grids."""
        for key in self.data:
            if key not in KEYS:
                self.complain("unknown-key", f"unknown key '{key}' in rule '{self.name}'", (key,), ", ".join(KEYS),
                              nearest(str(key), KEYS), key=True)
        self.check_window()
        verdicts = [key for key in _VERDICTS if key in self.data]
        if len(verdicts) != 1:
            self.complain("rule-verdict", f"rule '{self.name}' has {' and '.join(verdicts) or 'no verdict'}",
                          tuple(verdicts[1:2]), "one of forbid, require, cost", key=True)
        for grid in _listed(self.data.get("on", "skeleton")):
            if grid not in GRIDS:
                self.complain("unknown-grid", f"unknown grid '{grid}'", ("on",), ", ".join(GRIDS), nearest(grid, GRIDS))

    def check_window(self) -> None:
        """The window, and the fold that belongs to it."""
        over = self.data.get("over")
        known = (*WINDOWS, LINE, PAIR_LINE, *PASSAGES, CHORD_LINE)
        if over not in known:
            said = f"unknown window '{over}'" if over else f"rule '{self.name}' does not say what it looks at"
            self.complain("unknown-window", said, ("over",), ", ".join(known), nearest(str(over), known))
        fold = self.data.get("fold")
        folds = _folds_over(over)
        if (folds or fold) and fold not in (folds or FOLDS):
            known = tuple(folds or FOLDS)
            self.complain("unknown-fold", f"a rule over a {over if folds else LINE} needs a fold, not '{fold}'",
                          ("fold",), ", ".join(known), nearest(str(fold), known))
        if fold and not folds:
            self.complain("unknown-fold", f"only rules over a {LINE}, {PAIR_LINE} or {CHORD_LINE} have a fold",
                          ("fold",), f"over: {LINE}", key=True)

    def build(self) -> Rule:
        """The rule as written, before its expressions are read."""
        text = {key: str(self.data.get(key, "")) for key in KEYS}
        return Rule(
            self.name, text["over"], text["when"], text["forbid"], text["require"], text["cost"], text["fold"],
            tuple(_listed(self.data.get("on", default_grid(text["over"])))), self.exemptions(), self.strength(),
            text["message"], text["because"], text["source"], {key: text[key] for key in TEXTS if text[key]},
            _pointers(self.data.get("points-at") or {}), text["out-of"], tuple(_listed(self.data.get("good", ()))),
            tuple(_listed(self.data.get("bad", ()))), (self.document, self.path))

    def exemptions(self) -> tuple[Exemption, ...]:
        """Its exceptions."""
        entries = self.data.get("unless", {})
        if isinstance(entries, str):
            return (Exemption("exception", entries),)
        if not isinstance(entries, Mapping):
            self.complain("wrong-type", "exceptions are a mapping of names to conditions", ("unless",),
                          "name: condition")
            return ()
        return tuple(self.exemption(name, entry) for name, entry in entries.items())

    def exemption(self, name: str, entry: Any) -> Exemption:
        """One exception."""
        if not isinstance(entry, Mapping):
            return Exemption(name, str(entry))
        for key in entry:
            if key not in ("when", "good", "bad"):
                self.complain("unknown-key", f"unknown key '{key}' in an exception", ("unless", name, key),
                              "when, good, bad", nearest(str(key), ("when", "good", "bad")), key=True)
        return Exemption(name, str(entry.get("when", "")), tuple(_listed(entry.get("good", ()))),
                         tuple(_listed(entry.get("bad", ()))))

    def strength(self) -> dict[str, Any]:
        """Its strengths by profile."""
        entries = self.data.get("strength", {})
        if isinstance(entries, Mapping):
            for profile, strength in entries.items():
                if not is_strength(strength):
                    self.complain("bad-strength", f"'{strength}' is no strength", ("strength", profile),
                                  "hard, off, or a weight such as 20")
            return dict(entries)
        if not is_strength(entries):
            self.complain("bad-strength", f"'{entries}' is no strength", ("strength",), "hard, off, or a weight")
        return {"default": entries}

    def check_expressions(self, rule: Rule) -> None:
        """Compile all its expressions."""
        texts: list[tuple[Path, str, Any]] = [
            ((key,), text, BOOLEAN) for key, text in (("when", rule.when), ("out-of", rule.out_of)) if text]
        texts += [((key,), getattr(rule, key), NUMBER if key == "cost" else BOOLEAN)
                  for key in _VERDICTS if getattr(rule, key)]
        texts += [(self.exemption_path(one.name), one.when, BOOLEAN) for one in rule.unless]
        for path, text, wanted in texts:
            compile_at(text, rule.scope, wanted, self.document, (*self.path, *path), self.found)

    def exemption_path(self, name: str) -> Path:
        """Where the condition of an exception stands."""
        entries = self.data["unless"]
        if not isinstance(entries, Mapping):
            return ("unless",)
        return ("unless", name, "when") if isinstance(entries[name], Mapping) else ("unless", name)

    def check_message(self, rule: Rule) -> None:
        """Placeholders of the message must name fields or smaller records of the window."""
        fields = rule.scope.fields
        for match in PLACEHOLDER.finditer(rule.message):
            name = match[1]
            if name not in fields and not any(path.startswith(name + ".") for path in fields):
                mark = self.document.mark_inside((*self.path, "message"), match.start(), len(match[0]))
                self.found.add(Diagnostic("unknown-field", f"unknown field '{name}' in the message", mark, "",
                                          nearest(name, fields)))


    def check_pointers(self, rule: Rule) -> None:
        """What ``points-at`` names must be notes of the window, or smaller windows with a condition."""
        places = smaller_windows(rule.window) if rule.window else []
        looked_at = rule.window or rule.passage
        notes = named_notes(looked_at.record) if looked_at else named_pitches(rule.fold)
        written = self.data.get("points-at")
        for index, (name, text) in enumerate(rule.points_at.items()):
            known = places if text else notes
            inner: Path = (name,) if isinstance(written, Mapping) else (index,) if isinstance(written, list) else ()
            if name not in known:
                self.complain("unknown-note", f"rule '{self.name}' cannot point at '{name}'", ("points-at", *inner),
                              ", ".join(known), nearest(name, known), key=isinstance(written, Mapping))
            elif text:
                place = (*self.path, "points-at", *inner)
                compile_at(text, condition_scope(name), BOOLEAN, self.document, place, self.found)


def _folds_over(window: Any) -> tuple[str, ...]:
    """The folds a rule over this window may name."""
    if window == CHORD_LINE:
        return tuple(CHORD_FOLDS)
    return tuple(name for name, fold in FOLDS.items() if fold.over == window)


def is_strength(value: Any) -> bool:
    """Whether a value says how strong a rule is: hard, off, or a weight of at least 0."""
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1_000_000
    return value in ("hard", "off") if isinstance(value, str) else number


def default_grid(over: str) -> str:
    """The grid of a rule that names none: passages are made of chords, all other windows of the skeleton's slots."""
    return "chords" if over in PASSAGES or over == CHORD_LINE else "skeleton"


def _pointers(value: Any) -> dict[str, str]:
    """``points-at`` as written: a condition on each note, a list of notes, or smaller windows with conditions."""
    if isinstance(value, Mapping):
        return {str(place): str(text) for place, text in value.items()}
    return {str(name): "" for name in value} if isinstance(value, list | tuple) else {NOTE: str(value)}


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
