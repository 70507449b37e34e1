"""Nonsense as Roman numerals: where it goes wrong and what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.theory import Key, RomanNumeral, TheoryError

NONSENSE = {
    "": (0, None), "H7": (0, None), "b": (1, None), "#7": (1, None), "VX7": (1, "V7"), "IIX": (2, "II"),
    "V7/": (3, None), "ii65/": (5, None), "Vo+": (2, None), "Vo": (1, "vo"), "iii+": (3, "III+"), "IIII": (3, "III"),
    "Vi": (1, "V"), "V74": (1, "V7642"), "V8": (1, None), "V7/H": (3, None), "V7/viio": (6, "V7/vii"),
    "V7/V7": (4, "V7/V"), "V7/V/x": (5, None), "viiø": (3, None), "IM6": (1, None), "vd7": (1, None),
    "It7": (2, "It6"), "Cad6": (3, "Cad64"), "Ger65x": (5, "Ger65"), "Frsus4": (2, "Fr43"), "V[no3": (1, "Vno3"),
    "V[no2]": (1, "V"), "Iadd3": (1, "I"), "V7 ": (2, "V7"), " V7": (0, None), "V65[no3]": (4, None),
    "VIo6": (2, "vio6"),
    "bVI+o": (4, "bVI+"), "NX": (1, "N"),
}


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_located(text: str) -> None:
    with pytest.raises(TheoryError) as caught:
        RomanNumeral.parse(text, Key.parse("C"))
    error = caught.value
    position, nearest = NONSENSE[text]
    assert error.position == position
    assert error.text == text and error.expected
    assert nearest is None or error.nearest == nearest


@given(st.text("IViv7654329bo+#ø/sud[]N ", max_size=8))
def test_any_text_is_read_or_refused_inside_itself(text: str) -> None:
    try:
        numeral = RomanNumeral.parse(text, Key.parse("C"))
    except TheoryError as error:
        assert 0 <= error.position <= len(text)
    else:
        assert RomanNumeral.parse(numeral.text, numeral.key).members == numeral.members


@given(st.text("IViv7654329bo+#ø/sud[]N ", max_size=8))
def test_what_is_suggested_can_be_read(text: str) -> None:
    key = Key.parse("C")
    try:
        RomanNumeral.parse(text, key)
    except TheoryError as error:
        if error.nearest is not None:
            assert error.nearest != text


def test_too_many_accidentals_are_refused() -> None:
    with pytest.raises(TheoryError):
        RomanNumeral.parse("V7/#vii/#vii", Key.parse("C#"))
