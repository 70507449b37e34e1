"""Small grammars: made from sections, and drawn at random."""

from hypothesis import strategies as st

from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Grammar


def chart_of(section, parameters=None, kinds=None, **options):
    """A chart of a grammar without terminals to check."""
    building = {name: options.pop(name) for name in ("start", "attributes") if name in options}
    return Chart(Grammar.build(section, parameters=kinds, **building), parameters, **options)


SYMBOLS = ("A", "B", "C")
PARTS = st.sampled_from(["A", "B", "C", "a", "b", "c:2", "{a|b}", "B?", "(A | b)", "a@1/2", "C@1/2", "D(V)", "D(W)"])


@st.composite
def sections(draw):
    """Small grammars: three symbols that call each other, and one with an argument, always with a way out."""
    section = {}
    for symbol in SYMBOLS:
        texts = draw(st.lists(st.lists(PARTS, min_size=1, max_size=3).map(" ".join), min_size=0, max_size=2))
        if draw(st.booleans()):
            texts.append(f"let X = {draw(st.sampled_from(SYMBOLS))} in X a X")
        section[symbol] = {text: draw(st.integers(1, 4)) for text in [*texts, symbol.lower()]}
    section["D(V)"] = ["a C"]
    section["D(x)"] = {"x": draw(st.integers(1, 3)), "x b": {"weight": 2, "when": "duration > 1 and mode == major"}}
    return section
