"""Reads the merged data of a style into values, and says where each unreadable text stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from theorygen.grammar.calls import unanswered_calls
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.labels import unknown_cadences, wrong_form_labels, wrong_labels
from theorygen.grammar.lengths import wrong_lengths
from theorygen.grammar.pivots import unreadable_pivots, wrong_pivots
from theorygen.grammar.section_reader import SectionReader, texts_of
from theorygen.grammar.style import DEFAULT_TEMPERATURE, Style
from theorygen.grammar.symbols import BAR, UNIT, GrammarTextError, Head, parse_head, signature
from theorygen.rules.expression import NUMBER, WORD, Expression, Kind, Scope
from theorygen.rules.rule_set import RuleSet, load_library, resolve_rules
from theorygen.score import Ensemble, ScoreError, VoiceSpec
from theorygen.source.diagnostic import Diagnostic, InputError, nearest
from theorygen.source.document import DocumentPath
from theorygen.theory import ChordSymbol, Key, Meter, RomanNumeral, TheoryError
from theorygen.theory.lexicon import modes

_NEEDED = ("ensemble", "meter", "tempo", "keys")
_MAJOR, _MINOR = Key.parse("C"), Key.parse("a")


class StyleReader(SectionReader):
    """Reads one style."""

    def read(self) -> Style:
        """The style; of no use when ``found`` has errors."""
        data = self.data
        self.check_needed()
        self.check_title()
        form = self.form()
        harmony = self.harmony(form)
        goal, length = self.goal
        ensemble = self.ensemble()
        keys = self.keys()
        self.check_labels(form, harmony, ensemble, keys)
        path = Path(self.document.name)
        style = Style(
            name=path.stem, title=data.get("title", path.stem), description=data.get("description", ""), file=path,
            is_abstract=data.get("abstract", False), parameters=self.parameters, ensemble=ensemble,
            meters=self.meters(), pickup=self.pickup(), tempo=self.tempo(), keys=keys, goal=goal,
            length=length, form=form, harmony=harmony, rules=self.rules(), document=self.document,
            lexicon=data.get("lexicon", {}), surface=data.get("surface", {}), claims=self.claims(),
            temperature=data.get("sampling", {}).get("temperature", DEFAULT_TEMPERATURE),
            phrase_length=self.phrase_length(), unit=self.length_of("unit"),
        )
        if not self.found.has_errors:
            self.found.extend(wrong_lengths(style))
        return replace(style, warnings=tuple(one for one in self.found if one.severity == "warning"))

    def check_labels(self, form: Grammar | None, harmony: Grammar | None, ensemble: Ensemble | None,
                     keys: Mapping[str, tuple[Key, ...]]) -> None:
        """What labels and cadences say."""
        if form:
            self.found.extend(wrong_form_labels(form))
            self.found.extend(unknown_cadences(form))
        if harmony and ensemble:
            self.found.extend(wrong_labels(harmony, ensemble))
        if harmony:
            self.found.extend(unreadable_pivots(harmony))
        if form and harmony and not self.found.has_errors:
            self.found.extend(wrong_pivots(form, harmony, keys))

    # simple sections

    def check_title(self) -> None:
        """Titles are printed, so they hold no control characters."""
        if not str(self.data.get("title", "")).isprintable():
            self.fail("control-character", "the title holds a character that cannot be printed", ("title",),
                      remedy="write plain text")

    def check_needed(self) -> None:
        """A style that is not abstract must say what a piece needs."""
        whole = not self.found.has_errors          # else a section may only look as if it were missing
        needed = _NEEDED if whole and not self.data.get("abstract") else ()
        for key in needed:
            if key not in self.data:
                self.fail("missing-key", f"the style says nothing of '{key}'", (), key,
                          remedy=f"add '{key}: ...', extend a style that has it, or say 'abstract: true'")

    def meters(self) -> tuple[Meter, ...]:
        """The meters."""
        return tuple(meter for path, text in self.listed("meter")
                     for meter in self.theory(Meter.parse, text, path, "bad-meter"))

    def pickup(self) -> float | Expression:
        """The pickup, quarter lengths."""
        return self.length_of("pickup") or 0.0

    def phrase_length(self) -> float | Expression:
        """Quarter lengths of a phrase; eight where the style does not say."""
        value = self.length_of("phrase-length")
        return 8.0 if value is None else value

    def length_of(self, key: str) -> float | Expression | None:
        """Quarter lengths that may depend on parameters, on the length of a bar and on that of a plain chord."""
        value = self.data.get(key)
        meter = {BAR: NUMBER} if key == UNIT else {BAR: NUMBER, UNIT: NUMBER}
        scope = Scope({**self.scope.fields, **meter})
        return None if value is None else self.number(value, (key,), scope)

    def tempo(self) -> tuple[float, float] | None:
        """Slowest and fastest tempo."""
        tempo = self.data.get("tempo")
        slowest, fastest = tempo if isinstance(tempo, list) else (tempo, tempo)
        if tempo is not None and slowest > fastest:
            self.fail("reversed-range", "the fastest tempo is below the slowest", ("tempo",),
                      f"[{fastest:g}, {slowest:g}]", remedy="write the lower number first")
        return None if tempo is None else (slowest, fastest)

    def keys(self) -> dict[str, tuple[Key, ...]]:
        """The keys of each mode."""
        keys = {}
        for mode, texts in self.data.get("keys", {}).items():
            if mode not in modes():
                self.fail("unknown-mode", f"'{mode}' is not a mode", ("keys", mode), ", ".join(modes()),
                          nearest(mode, modes()), "use one of the modes expected", key=True)
                continue
            keys[mode] = tuple(key for index, text in enumerate(texts)
                               for key in self.key(mode, text, ("keys", mode, index)))
        return keys

    def key(self, mode: str, text: str, path: DocumentPath) -> Iterator[Key]:
        """A key of a mode: ``a`` under minor, ``D`` under dorian."""
        for key in self.theory(Key.parse, text, path, "bad-key"):
            named = Key(key.tonic, mode) if " " not in text and mode not in ("major", "minor") else key
            if named.mode != mode:
                self.fail("key-of-other-mode", f"{text} is {key}", path, f"a {mode} key", Key(key.tonic, mode).short,
                          "upper-case letters are major keys, lower-case ones minor")
            yield named

    @cached_property
    def goal(self) -> tuple[str, float | Expression | None]:
        """The head the form begins with, and its length."""
        entry = self.data.get("goal", next(iter(self.data.get("form", {})), ""))
        if isinstance(entry, str):
            return self.symbol(entry), None
        length = self.number(entry["length"], ("goal", "length")) if "length" in entry else None
        return self.symbol(entry["symbol"]), length

    @staticmethod
    def symbol(text: str) -> str:
        """The symbol of a head."""
        return text.partition("(")[0].partition("@")[0].strip()

    # ensemble

    def ensemble(self) -> Ensemble | None:
        """The voices."""
        entry = self.data.get("ensemble")
        if entry is None:
            return None
        if isinstance(entry, str):
            return next(self.theory(Ensemble.named, entry, ("ensemble",), "unknown-ensemble"), None)
        path: DocumentPath = ("ensemble", "voices") if isinstance(entry, Mapping) else ("ensemble",)
        voices = entry["voices"] if isinstance(entry, Mapping) else entry
        name = entry.get("name", "ensemble") if isinstance(entry, Mapping) else "ensemble"
        read = [self.voice(voice, (*path, index)) for index, voice in enumerate(voices)]
        try:
            return Ensemble(name, tuple(voice for voice in read if voice))
        except ScoreError as error:
            self.fail("voice-twice", str(error), path, "a different name for every voice", remedy="rename one")
            return None

    def voice(self, data: Mapping[str, Any], path: DocumentPath) -> VoiceSpec | None:
        """One voice."""
        try:
            return VoiceSpec.from_data(data, int(path[-1]) + 1)
        except TheoryError as error:
            place = next((place for place, text in texts_of(data, path) if text == error.text), path)
            code = "reversed-range" if "range" in error.message else "bad-voice"
            self.fail(code, error.message, place, error.expected, error.nearest, "correct this entry of the voice")
            return None

    # grammars

    @property
    def attributes(self) -> dict[str, Kind]:
        """Attributes that are set from outside."""
        return dict.fromkeys(self.data.get("attributes", ()), WORD)

    def form(self) -> Grammar | None:
        """The grammar of the form; its leaves are heads of the harmony."""
        if "form" not in self.data:
            return None
        goal, _ = self.goal
        if goal not in (heads := _signatures(self.data["form"])):
            self.fail("unknown-symbol", f"the form has no head '{goal}'", ("goal",), ", ".join(heads),
                      nearest(goal, heads), "begin with a head of the form")
            goal = ""
        leaves = _signatures(self.data["harmony"]) if "harmony" in self.data else None
        return self.grammar("form", terminals=leaves, start=(goal,) if goal else (), attributes=self.attributes)

    def harmony(self, form: Grammar | None) -> Grammar | None:
        """The grammar of the harmony; its leaves are chords."""
        if "harmony" not in self.data:
            return None
        heads = _signatures(self.data["harmony"])
        used = _leaves_of(form) if form else ()
        start = tuple(head for head in heads if head in used) or tuple(heads)
        attributes = {**self.attributes, **(form.attributes if form else {})}
        harmony = self.grammar("harmony", check_terminal=check_chord, start=start, attributes=attributes)
        if form and harmony:
            self.found.extend(unanswered_calls(form, harmony))
        return harmony

    def grammar(self, key: str, **settings: Any) -> Grammar | None:
        """One of the grammars."""
        try:
            grammar = Grammar.build(self.data[key], document=self.document, path=(key,),
                                    parameters=self.scope.fields, **settings)
        except InputError as error:
            self._tell(error.diagnostics)
            return None
        self._tell(grammar.warnings)
        return grammar

    def _tell(self, found: Iterable[Diagnostic]) -> None:
        self.found.extend(one for one in found if not self._inherited_spare(one))

    def _inherited_spare(self, warning: Diagnostic) -> bool:
        """Whether this only says that a style does not use all that the styles it extends offer."""
        return warning.code == "unreachable" and warning.mark is not None and warning.mark.file != self.document.name

    # rules

    def rules(self) -> RuleSet:
        """The rules with their strengths: the one place that knows how rules are resolved."""
        section = dict(self.data.get("rules", {}))
        if isinstance(section.get("use"), str):
            section["use"] = [section["use"]]
        try:
            return resolve_rules(section, self.document, ("rules",))
        except InputError as error:
            self.found.extend(error.diagnostics)
            return RuleSet(())

    def claims(self) -> tuple[Mapping[str, Any], ...]:
        """The claims, each naming a known rule or a window of its own."""
        claims = tuple(self.data.get("claims", ()))
        known = [*load_library(), *(name for name in self.data.get("rules", {}) if name != "use")] if claims else []
        for index, claim in enumerate(claims):
            if ("rule" in claim) == ("over" in claim):
                self.fail("claim-form", "a claim names a rule or has a window of its own", ("claims", index),
                          "rule: id, or over: window with forbid or require", remedy="keep one of rule and over")
            elif "rule" in claim and claim["rule"] not in known:
                self.fail("unknown-rule", f"unknown rule '{claim['rule']}'", ("claims", index, "rule"), "a rule's id",
                          nearest(claim["rule"], known), "'theorygen rules' lists the library")
        return claims


def check_chord(text: str) -> object:
    """Read a chord: a Roman numeral of major or minor.

    Raises:
        TheoryError: the text is none; absolute chord symbols cannot be voiced yet.
    """
    for key in (_MAJOR, _MINOR):
        with suppress(TheoryError):
            return RomanNumeral.parse(text, key)
    if _is_symbol(text):
        message = f"chord symbols such as '{text}' cannot be voiced yet"
        raise TheoryError(message, text, 0, "a Roman numeral, such as ii7")
    return RomanNumeral.parse(text, _MAJOR)


def _is_symbol(text: str) -> bool:
    with suppress(TheoryError):
        return bool(ChordSymbol.parse(text))
    return False


def _signatures(section: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Symbols of a grammar's heads with the names of their arguments; unreadable heads are left out."""
    heads: dict[str, list[Head]] = {}
    for text in section:
        try:
            head = parse_head(text)
        except GrammarTextError:
            continue
        heads.setdefault(head.symbol, []).append(head)
    return {symbol: signature(same) for symbol, same in heads.items()}


def _leaves_of(grammar: Grammar) -> set[str]:
    return {item.symbol for _, production in grammar.productions() for item in production.body.items}
