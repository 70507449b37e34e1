"""Labels of chords in productions: what ``[top=1, pivot=vi]`` may say, and which voice a name means."""

from __future__ import annotations

from collections.abc import Iterator

from theorygen.grammar.grammar import Grammar
from theorygen.rules.world import CADENCES
from theorygen.score.ensemble import Ensemble
from theorygen.source.diagnostic import Diagnostic, nearest

PIVOT, REGION, LENGTH = "pivot", "region", "length"
CADENCE = "cadence"
TOP, BOTTOM = "top", "bottom"

OWN_LABELS = {
    PIVOT: "the same chord in the key being left",
    REGION: "a name; rules may have other strengths in regions of that name",
    LENGTH: "quarter lengths of a phrase, on a leaf of the form",
}
"""Labels with a meaning of their own. Every other label names a voice, and its value the degrees it may take."""

FORM_LABELS = (LENGTH,)
"""Those of them that belong to the form, where no others mean anything."""


def voice_numbers(ensemble: Ensemble) -> dict[str, int]:
    """Names a label may use for a voice, and the voice's number from the top."""
    names = {name: number for number, name in enumerate(ensemble.names)}
    return {TOP: 0, BOTTOM: len(ensemble) - 1, **names}


def read_degrees(value: str | frozenset[str]) -> frozenset[int]:
    """The scale degrees a label asks for.

    Raises:
        ValueError: one of them is no degree.
    """
    texts = [value] if isinstance(value, str) else sorted(value)
    degrees = frozenset(int(text) for text in texts if text.isdigit())
    if len(degrees) < len(texts) or not all(1 <= degree <= 7 for degree in degrees):
        raise ValueError(f"'{', '.join(texts)}' are not scale degrees")
    return degrees


def wrong_labels(grammar: Grammar, ensemble: Ensemble) -> Iterator[Diagnostic]:
    """Labels that name neither a voice nor anything else, and values that are no scale degrees."""
    known = [*voice_numbers(ensemble), *(label for label in OWN_LABELS if label not in FORM_LABELS)]
    for rule, production in grammar.productions():
        for item in production.body.items:
            for name, value in item.labels.items():
                if name not in known:
                    yield Diagnostic("unknown-label", f"'{name}' is neither a voice nor a label",
                                     production.mark_of(item), ", ".join(known),
                                     nearest(name, known), "name a voice of the ensemble, or top or bottom")
                elif name not in OWN_LABELS and value not in rule.head.parameters and not _is_degrees(value):
                    yield Diagnostic("bad-degree", f"'{value}' is not a scale degree",
                                     production.mark_of(item), "1 to 7, or {1,3,5}")


def regions_of(grammar: Grammar) -> set[str]:
    """The regions that labels name where they are written out."""
    said = {item.labels[REGION] for _, production in grammar.productions()
            for item in production.body.items if REGION in item.labels}
    return {word for one in said for word in ([one] if isinstance(one, str) else one)}


def wrong_form_labels(form: Grammar) -> Iterator[Diagnostic]:
    """Labels that mean nothing in a form."""
    for _, production in form.productions():
        for item in production.body.items:
            for name in item.labels:
                if name not in FORM_LABELS:
                    near = nearest(name, FORM_LABELS)
                    yield Diagnostic("unknown-label", f"'{name}' is not a label of a form", production.mark_of(item),
                                     ", ".join(FORM_LABELS), near, "" if near else "put it into the harmony")


def unknown_cadences(form: Grammar) -> Iterator[Diagnostic]:
    """Cadences of phrases that no rule would know."""
    for rule, production in form.productions():
        for item in production.body.items:
            names = form.signatures.get(item.symbol) or form.terminals.get(item.symbol, ())
            given = [*zip(names, item.arguments, strict=False), *item.settings]
            for name, value in given:
                if name == CADENCE and value not in CADENCES and not form.is_reference(value, rule.head):
                    yield Diagnostic("unknown-cadence", f"'{value}' is not a cadence", production.mark_of(item),
                                     ", ".join(CADENCES), nearest(value, CADENCES))


def _is_degrees(value: str | frozenset[str]) -> bool:
    try:
        return bool(read_degrees(value))
    except ValueError:
        return False
