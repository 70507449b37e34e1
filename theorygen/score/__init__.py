"""Music as frozen values: events, voices, parts, ensembles, chords over time, scores and places in them."""

from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.score.errors import ScoreError
from theorygen.score.event import Event, Note, Voice
from theorygen.score.harmony import ChordEvent
from theorygen.score.location import Location
from theorygen.score.part import Part, arrange
from theorygen.score.score import Repeat, Score
from theorygen.score.slots import SlotArrays
from theorygen.score.text_notation import parse_text_score
from theorygen.score.text_printer import format_text_score
from theorygen.score.timeline import Bar, Measure

__all__ = [
    "Bar", "ChordEvent", "Ensemble", "Event", "Location", "Measure", "Note", "Part", "Repeat", "Score", "ScoreError",
    "SlotArrays", "Voice", "VoiceSpec", "arrange", "format_text_score", "parse_text_score",
]
