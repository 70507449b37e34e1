"""Scores from files: MusicXML, MIDI, Humdrum, ABC and whatever else music21 parses, our own text and JSON."""

from theorygen.readers.files import read_corpus_paths, read_score
from theorygen.readers.streams import score_of_stream

__all__ = ["read_corpus_paths", "read_score", "score_of_stream"]
