"""SVG: that the engraver draws what was written."""

import pytest

from tests.score.fixtures import SCORES
from theorygen.render import Engraving, score_to_svg

pytest.importorskip("verovio")


def test_notes_and_numerals_are_drawn():
    drawn = score_to_svg(SCORES["fermata"])
    assert drawn.count('class="note"') == 16
    for text in ("C: I", "HC"):
        assert text in drawn.replace("&#160;", " ").replace("\xa0", " ")


@pytest.mark.parametrize("name", ["keyboard", "drums", "pickup"])
def test_pictures_are_the_same_twice(name):
    assert score_to_svg(SCORES[name]) == score_to_svg(SCORES[name])
    assert Engraving(SCORES[name])._repr_svg_().startswith("<svg")
