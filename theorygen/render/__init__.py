"""Scores as files and on the screen: MusicXML, MIDI, JSON, text, SVG. Edge libraries are imported where used."""

from theorygen.render.files import write_score
from theorygen.render.json_writer import score_from_json, score_to_json
from theorygen.render.midi import score_to_midi
from theorygen.render.musicxml import score_to_musicxml, score_to_mxl
from theorygen.render.svg import Engraving, score_to_svg
from theorygen.render.terminal import print_score, score_to_text

__all__ = [
    "Engraving", "print_score", "score_from_json", "score_to_json", "score_to_midi", "score_to_musicxml",
    "score_to_mxl", "score_to_svg", "score_to_text", "write_score",
]
