"""SVG through verovio (extra ``render``): the MusicXML, engraved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from theorygen.render.annotations import Annotations
from theorygen.render.musicxml import score_to_musicxml
from theorygen.score import Score

_OPTIONS = {"adjustPageHeight": True, "footer": "none", "xmlIdSeed": 1, "lyricWordSpace": 4, "lyricSize": 4}

_PLACED_TEXT = re.compile(
    r'<text(?P<own>[^>]*)>(?P<gap>\s*)<tspan(?P<names>[^>]*?) x="(?P<x>\d+)" y="(?P<y>\d+)"'
    r' text-anchor="(?P<anchor>\w+)"(?P<rest>[^>]*)>(?!(?:(?!</text>).)*text-anchor)', re.DOTALL,
)
"""A text whose place and alignment stand on its first and only placed piece."""
_SIZE = re.compile(r'^<svg width="(?P<width>\d+)px" height="(?P<height>\d+)px"')
_INNER = re.compile(r'<svg class="definition-scale"')
_LEGEND_MARGIN, _LEGEND_LINE, _LEGEND_SIZE = 20, 16, 12
_LABEL = re.compile(r'\s*<title class="labelAttr">[^<]*</title>')


def score_to_svg(
    score: Score, *, width: int = 2100, scale: int = 40, analysis: bool = True, annotations: Annotations | None = None
) -> str:
    """The first page of the score as SVG, as high as its music.

    Args:
        score: what to engrave.
        width: page width in tenths of a millimetre before scaling.
        scale: size in percent.
        analysis: whether to print Roman numerals.
        annotations: remarks to write into it.

    Raises:
        ModuleNotFoundError: verovio is not installed.
    """
    written = annotations and replace(annotations, legend=(), comments=[          # numbered words stand in the legend
        replace(comment, text="") if comment.number else comment for comment in annotations.comments])
    page = score_to_pages(score, width=width, scale=scale, analysis=analysis, height=60000, annotations=written)[0]
    return _with_legend(page, annotations) if annotations and annotations.legend else page


def score_to_pages(
    score: Score, *, width: int = 2100, height: int = 2970, scale: int = 40, analysis: bool = True,
    annotations: Annotations | None = None,
) -> Sequence[str]:
    """All pages of the score as SVG; ``height`` is in tenths of a millimetre before scaling."""
    import verovio

    toolkit = verovio.toolkit()
    toolkit.setOptions({**_OPTIONS, "pageWidth": width, "pageHeight": height, "scale": scale})
    toolkit.loadData(score_to_musicxml(score, analysis=analysis, annotations=annotations).decode())
    return [_portable(toolkit.renderToSVG(page)) for page in range(1, toolkit.getPageCount() + 1)]


def _portable(svg: str) -> str:
    """The same picture with place and alignment on the texts themselves, where simple renderers look for them."""
    lifted = r'<text\g<own> x="\g<x>" y="\g<y>" text-anchor="\g<anchor>">\g<gap><tspan\g<names>\g<rest>>'
    return _PLACED_TEXT.sub(lifted, _LABEL.sub("", svg))


def _with_legend(svg: str, annotations: Annotations) -> str:
    """The same picture, higher by the lines of the legend below the music."""
    match = _SIZE.search(svg)
    if match is None:
        return svg
    width, height = int(match["width"]), int(match["height"])
    colours = {comment.number: comment.colour for comment in annotations.comments}
    texts = "".join(
        f'<text x="{_LEGEND_MARGIN}" y="{height + number * _LEGEND_LINE}" font-family="Times, serif" '
        f'font-size="{_LEGEND_SIZE}px" fill="{colours.get(number, "black")}">{number} '
        f'{escape(line, quote=False)}</text>\n'
        for number, line in enumerate(annotations.legend, 1))
    taller = f'<svg width="{width}px" height="{height + (len(annotations.legend) + 1) * _LEGEND_LINE}px"'
    music = _INNER.sub(rf'\g<0> width="{width}" height="{height}"', svg[match.end():], count=1)
    return taller + music.rstrip().removesuffix("</svg>") + texts + "</svg>\n"


@dataclass(frozen=True, slots=True)
class Engraving:
    """A score that shows itself in notebooks.

    Attributes:
        score: what to show.
    """

    score: Score

    def _repr_svg_(self) -> Any:
        return score_to_svg(self.score)
