"""The picture in the README: one piece, engraved. It is drawn anew only when its music has changed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from theorygen.score import Score

STYLE, SEED = "textbook-chorale", 7
PATH = Path("docs") / "images" / f"{STYLE}-{SEED}.svg"

_FONT = re.compile(r'<style type="text/css">\s*@font-face.*?</style>', re.DOTALL)
_MUSIC_LETTER = re.compile(r'<tspan font-family="Leipzig"[^>]*>.</tspan>')
_QUARTER = '<tspan font-size="500px">\u2669</tspan>'
_PAPER = '</desc>\n   <rect width="100%" height="100%" fill="white" style="stroke:none"/>'


def is_current(path: Path) -> bool:
    """Whether the picture shows the piece as it is composed today."""
    return path.exists() and _stamp(_piece()) in path.read_text(encoding="utf-8")


def draw(path: Path) -> None:
    """Draw the picture.

    Raises:
        ModuleNotFoundError: verovio is not installed.
    """
    from theorygen.render.svg import score_to_svg

    score = _piece()
    svg = _portable(score_to_svg(score, width=1850, scale=45))
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{svg.rstrip()}\n{_stamp(score)}\n", encoding="utf-8")


def _piece() -> Score:
    from theorygen import Composer, load_style

    return Composer(load_style(STYLE)).compose(SEED).score


def _stamp(score: Score) -> str:
    """A comment that is equal for equal music."""
    voices = [(voice.name, [(event.onset, event.duration, event.pitches) for event in voice.events])
              for voice in score.voices]
    chords = [(chord.onset, chord.numeral_text, str(chord.numeral.key)) for chord in score.chords]
    music = repr((voices, chords, score.tempo, score.title))
    return f"<!-- music {hashlib.sha256(music.encode()).hexdigest()[:16]} -->"


def _portable(svg: str) -> str:
    """The picture on white, without the font inside it, which only the note of the tempo mark needs."""
    return _MUSIC_LETTER.sub(_QUARTER, _FONT.sub("", svg)).replace("</desc>", _PAPER, 1)
