"""Rule sets: which rules a style follows, and how strongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from theorygen.rules.expression import BOOLEAN, Expression, parse_expression
from theorygen.rules.reading import Marked, Path, check_meaning, compile_at, is_strength, read_rule, read_shape
from theorygen.rules.relation_inversion import TWO_VOICES, Invertible, with_inversions
from theorygen.rules.relation_reading import is_relation, read_relation
from theorygen.rules.rule import THOUSAND, ActiveRule, Rule
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.document import Document, load_document

PATCH_KEYS = ("strength", "weight", "across-phrases", "when", "regions")
PROFILES = "profiles.yaml"
REGIONS = "regions.yaml"
ALWAYS = "always"
NO_RULES = (PROFILES, REGIONS, "cadence-kinds.yaml", "catalogue.yaml", "elsewhere.yaml", "embellishment-kinds.yaml")
"""Files of the library that hold other things than rules."""

_DEFINING = frozenset(("over", "forbid", "require", "cost", "relation", "total"))


@dataclass(frozen=True)
class RuleSet:
    """The rules a style follows.

    Attributes:
        rules: in the order of the library, the style's own last.
    """

    rules: tuple[ActiveRule, ...]

    def over(self, window: str) -> tuple[ActiveRule, ...]:
        """The rules of one kind of window."""
        return self._by_window.get(window, ())

    @cached_property
    def _by_window(self) -> dict[str, tuple[ActiveRule, ...]]:
        found: dict[str, list[ActiveRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.rule.over, []).append(rule)
        return {window: tuple(rules) for window, rules in found.items()}

    @cached_property
    def codes(self) -> dict[str, int]:
        """Codes of the open words the rules mention, for arrays."""
        mentioned = sorted(frozenset().union(*(rule.open_words for rule in self.rules)))
        return {word: code for code, word in enumerate(mentioned)}

    @cached_property
    def names(self) -> frozenset[str]:
        """All fields any rule reads, and ``place.mark`` where some rule judges only some places."""
        marks = {"place.mark"} if any(rule.is_placed for rule in self.rules) else set()
        return frozenset().union(marks, *(rule.names for rule in self.rules))

    def on(self, grids: Iterable[str]) -> RuleSet:
        """Only the rules judged on one of these grids, and only there."""
        wanted = frozenset(grids)
        if wanted not in self._parts:
            self._parts[wanted] = RuleSet(tuple(_narrowed(rule, wanted) for rule in self.rules
                                                if wanted & frozenset(rule.rule.grids)))
        return self._parts[wanted]

    @property
    def relations(self) -> tuple[ActiveRule, ...]:
        """The rules over notes that stand apart."""
        return tuple(rule for rule in self.rules if rule.rule.relation is not None)

    @cached_property
    def solved(self) -> RuleSet:
        """Only the rules the solver keeps; the others are judged on the finished score."""
        return RuleSet(tuple(rule for rule in self.rules if rule.rule.solved))

    @cached_property
    def _parts(self) -> dict[frozenset[str], RuleSet]:
        return {}

    def without(self, names: Iterable[str]) -> RuleSet:
        """The same set without some rules."""
        dropped = frozenset(names)
        return RuleSet(tuple(rule for rule in self.rules if rule.name not in dropped))

    def only(self, names: Iterable[str]) -> RuleSet:
        """Only some of the rules."""
        kept = frozenset(names)
        return RuleSet(tuple(rule for rule in self.rules if rule.name in kept))

    @property
    def hard(self) -> tuple[ActiveRule, ...]:
        """The rules that may not be broken."""
        return tuple(rule for rule in self.rules if rule.hard)

    @property
    def weighted(self) -> tuple[ActiveRule, ...]:
        """The rules that cost."""
        return tuple(rule for rule in self.rules if not rule.hard)


def _narrowed(rule: ActiveRule, grids: frozenset[str]) -> ActiveRule:
    """A rule judged on some of its grids only."""
    kept = tuple(grid for grid in rule.rule.grids if grid in grids)
    return rule if kept == rule.rule.grids else replace(rule, rule=replace(rule.rule, grids=kept))


@cache
def library_documents() -> tuple[Document, ...]:
    """The YAML files of the library, in the order of their names."""
    folder = files("theorygen.rules") / "library"
    paths = sorted(str(path) for path in folder.iterdir() if path.name.endswith(".yaml") and path.name not in NO_RULES)
    return tuple(load_document(path) for path in paths)


@cache
def load_library() -> Mapping[str, Rule]:
    """All rules of the library by id.

    The library ships: its expressions are compiled when they are first used, and `check_library` is run by the tests.

    Raises:
        InputError: a file of the library is wrong.
    """
    found = Diagnostics()
    read = [(read_relation if is_relation(data) else read_shape)(name, data, document, (name,), found)
            for document in library_documents() for name, data in document.data.items()]
    found.raise_errors()
    return {rule.name: rule for rule in read if rule}


def check_library() -> list[Diagnostic]:
    """Everything wrong with the expressions and messages of the library."""
    found = Diagnostics()
    library = load_library()
    for document in library_documents():
        for name, data in document.data.items():
            if not is_relation(data):
                check_meaning(library[name], data, document, (name,), found)
    return list(found)


@cache
def load_profiles() -> Mapping[str, Mapping[str, str]]:
    """The profiles by name, each with `title`, `about` and, where ranges differ from the singers' own, `ensemble`."""
    folder = files("theorygen.rules") / "library"
    profiles: Mapping[str, Mapping[str, str]] = load_document(str(folder / PROFILES)).data
    return profiles


def profile(name: str) -> RuleSet:
    """The rules of a profile, with its strengths.

    Raises:
        KeyError: there is no such profile.
    """
    if name not in load_profiles():
        raise KeyError(name)
    return _join([_in_profile(rule, name) for rule in load_library().values() if name in rule.strength])


@cache
def load_regions() -> Mapping[str, Mapping[str, Any]]:
    """The regions that rules know, by name, each with `title`, `about`, `source` and the rules it is `free-from`."""
    folder = files("theorygen.rules") / "library"
    regions: Mapping[str, Mapping[str, Any]] = load_document(str(folder / REGIONS)).data
    return regions


def region_condition(rule: Rule, region: str) -> str:
    """The condition that a window of a rule lies in a region; "" where the rule looks at a whole line."""
    found = [path for path in rule.scope.fields if path.endswith("place.region")]
    outermost = min((path.count(".") for path in found), default=0)
    return " and ".join(f"{path} == {region!r}" for path in found if path.count(".") == outermost)


def _in_profile(rule: Rule, profile: str) -> _Setting:
    """A rule as a profile has it: off in the regions that are free from it."""
    free = {region: entry["free-from"][rule.name] for region, entry in load_regions().items()
            if rule.name in entry["free-from"]}
    conditions = [region_condition(rule, region) + ("" if where == ALWAYS else f" and ({where})")
                  for region, where in free.items()]
    return _Setting(rule, rule.strength[profile], tuple((condition, "off") for condition in conditions))


@dataclass(frozen=True)
class _Setting:
    """How strongly one rule holds, and where it holds otherwise."""

    rule: Rule
    strength: Any
    variants: tuple[tuple[str, Any], ...] = ()
    narrowed: tuple[Expression, ...] = ()

    def active(self) -> list[ActiveRule]:
        """The rule split into one entry for each strength it has somewhere."""
        elsewhere: tuple[Expression, ...] = self.narrowed
        rules = []
        for condition, strength in self.variants:
            rules += _with_strength(self.rule, strength, (*elsewhere, _compiled(self.rule, condition)))
            elsewhere = (*elsewhere, _compiled(self.rule, f"not ({condition})"))
        return rules + _with_strength(self.rule, self.strength, elsewhere)


@cache
def _compiled(rule: Rule, condition: str) -> Expression:
    """A condition over the window of a rule; the same one for every rule set."""
    return parse_expression(condition, rule.scope, BOOLEAN)


def _with_strength(rule: Rule, strength: Any, where: tuple[Expression, ...]) -> list[ActiveRule]:
    if strength == "off":
        return []
    if strength == "hard":
        return [ActiveRule(rule, True, 0, where)]
    return [ActiveRule(rule, False, round(strength * THOUSAND), where)] if strength else []


def _join(settings: Iterable[_Setting]) -> RuleSet:
    return RuleSet(with_inversions(tuple(rule for setting in settings for rule in setting.active()), load_library()))


def resolve_rules(section: Mapping[str, Any], document: Marked, path: Path = ("rules",)) -> RuleSet:
    """The rule set of a style's ``rules:`` section.

    Raises:
        InputError: everything wrong with the section, located.
    """
    found = Diagnostics()
    resolver = _Resolver(document, path, found)
    rules = resolver.resolve(section)
    found.raise_errors()
    return rules


class _Resolver:
    def __init__(self, document: Marked, path: Path, found: Diagnostics) -> None:
        self.document = document
        self.path = path
        self.found = found
        self.settings: dict[str, _Setting] = {}

    def resolve(self, section: Mapping[str, Any]) -> RuleSet:
        """The whole section."""
        if not isinstance(section, Mapping):
            self.complain("wrong-type", "rules are a mapping", (), "use: [profile] and rule ids with their strengths")
            return RuleSet(())
        used = section.get("use", [])
        for index, name in enumerate(used if isinstance(used, list | tuple) else [used]):
            self.use(name, index)
        for name, entry in section.items():
            if name != "use":
                self.take(name, entry)
        for name, setting in self.settings.items():
            if isinstance(setting.rule.relation, Invertible):
                self.check_kept(name, setting.rule.relation)
        if len(self.found):
            return RuleSet(())
        return _join(self.settings.values())

    def complain(self, code: str, message: str, path: Path, expected: str = "", near: str | None = None,
                 key: bool = False, remedy: str = "") -> None:
        """Report something wrong at a path below the section."""
        self.found.add(Diagnostic(code, message, self.document.mark((*self.path, *path), key), expected, near, remedy))

    def use(self, name: Any, index: int) -> None:
        """Take the rules of a profile."""
        profiles = load_profiles()
        if not isinstance(name, str) or name not in profiles:
            self.complain("unknown-profile", f"unknown profile '{name}'", ("use", index), ", ".join(profiles),
                          nearest(str(name), profiles))
            return
        for rule in load_library().values():
            if name in rule.strength:
                self.settings[rule.name] = _in_profile(rule, name)

    def take(self, name: str, entry: Any) -> None:
        """Take one entry: a new rule, or a patch of a known one."""
        if isinstance(entry, Mapping) and not _DEFINING.isdisjoint(entry):
            self.define(name, entry)
        elif name in load_library() or name in self.settings:
            self.patch(name, entry)
        else:
            self.complain("unknown-rule", f"unknown rule '{name}'", (name,),
                          "a rule of the library, or a new rule with over:",
                          nearest(name, [*load_library(), *self.settings]), key=True,
                          remedy="'theorygen rules' lists the library")

    def check_kept(self, name: str, relation: Invertible) -> None:
        """What is kept in inversion must be rules over two voices."""
        rules = {**load_library(), **{one: setting.rule for one, setting in self.settings.items()}}
        known = [one for one, rule in rules.items() if rule.over in TWO_VOICES]
        for one in relation.keep:
            if one not in known:
                self.complain("unknown-rule", f"'{one}' is no rule over two voices", (name, "keep"),
                              "the id of a rule over two voices", nearest(one, known))

    def define(self, name: str, entry: Mapping[str, Any]) -> None:
        """Take a new rule."""
        if isinstance(entry.get("strength"), Mapping):
            self.complain("bad-strength", f"rule '{name}' belongs to this style and has one strength",
                          (name, "strength"), "hard, off, or a weight such as 20")
        read = read_relation if is_relation(entry) else read_rule
        rule = read(name, entry, self.document, (*self.path, name), self.found)
        if rule:
            strength = rule.strength.get("default", "hard" if not rule.cost else 1)
            self.settings[name] = _Setting(rule, self.strength(strength, (name, "strength"), 1, rule))

    def patch(self, name: str, entry: Any) -> None:
        """Change how strongly a known rule holds, or where."""
        old = self.settings.get(name) or self.from_library(name)
        if is_strength(entry):
            strength = self.strength(entry, (name,), old.strength, old.rule)
            self.settings[name] = _Setting(old.rule, strength, old.variants, old.narrowed)
        elif isinstance(entry, Mapping):
            if name not in self.settings and set(entry) <= {"when"}:
                self.complain("inactive-rule", f"rule '{name}' is in no profile used here and gets no strength",
                              (name,), "a strength", key=True, remedy="add 'strength: hard', or a weight such as 20")
            self.settings[name] = self.patched(name, old, entry)
        else:
            self.complain("bad-strength", f"'{entry}' is no strength for a rule", (name,),
                          f"hard, off, a weight such as 20, or a mapping of {', '.join(PATCH_KEYS)}")

    def from_library(self, name: str) -> _Setting:
        """A rule that no profile used here has: off, until the patch gives it a strength."""
        return _Setting(load_library()[name], "off")

    def patched(self, name: str, old: _Setting, entry: Mapping[str, Any]) -> _Setting:
        """A setting with the changes of a patch."""
        strength, variants, narrowed = old.strength, list[tuple[str, Any]](), list(old.narrowed)
        for key, value in entry.items():
            if key not in PATCH_KEYS:
                self.complain("unknown-key", f"unknown key '{key}'", (name, key), ", ".join(PATCH_KEYS),
                              nearest(str(key), PATCH_KEYS), key=True)
            elif key in ("strength", "weight"):
                strength = self.strength(value, (name, key), strength, old.rule)
            elif key == "across-phrases":
                variants.append((self.boundary(old.rule, (name, key)), self.strength(value, (name, key), 0, old.rule)))
            elif key == "when":
                place = (*self.path, name, key)
                compiled = compile_at(value, old.rule.scope, BOOLEAN, self.document, place, self.found)
                narrowed += [compiled] if compiled else []
            elif isinstance(value, Mapping):
                variants += [(self.region(old.rule, region, (name, key)),
                              self.strength(one, (name, key, region), 0, old.rule)) for region, one in value.items()]
            else:
                self.complain("wrong-type", "regions are a mapping of names to strengths", (name, key), "sequence: off")
        kept = (pair for pair in (*variants, *old.variants) if pair[0])
        return _Setting(old.rule, strength, tuple(kept), tuple(narrowed))

    def strength(self, value: Any, path: Path, otherwise: Any, rule: Rule) -> Any:
        """A strength as written, or ``otherwise`` after a complaint."""
        if is_strength(value) and not (rule.cost and value == "hard"):
            if rule.relation is not None and value not in ("hard", "off"):
                self.complain("bad-strength", f"rule '{rule.name}' holds over the whole piece and cannot have a weight",
                              path, "hard or off")
                return otherwise
            return value
        if rule.cost and value == "hard":
            message = f"rule '{rule.name}' says how much and cannot be hard"
            self.complain("bad-strength", message, path, "off, or a weight")
            return otherwise
        self.complain("bad-strength", f"'{value}' is no strength", path, "hard, off, or a weight such as 20")
        return otherwise

    def boundary(self, rule: Rule, path: Path) -> str:
        """The condition that a window crosses into a new phrase, or ""."""
        for field in ("chords.crosses_phrase", "second.chords.crosses_phrase"):
            if field in rule.scope.fields:
                return field
        self.complain("patch-misfit", f"rule '{rule.name}' looks at one slot and cannot cross phrases", path, key=True)
        return ""

    def region(self, rule: Rule, region: str, place: Path) -> str:
        """The condition that a window lies in a region."""
        condition = region_condition(rule, region)
        if not condition:
            message = f"rule '{rule.name}' looks at a whole line and knows no regions"
            self.complain("patch-misfit", message, place, key=True)
        return condition


__all__ = ["RuleSet", "library_documents", "load_library", "load_profiles", "profile", "resolve_rules"]
