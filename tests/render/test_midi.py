"""MIDI read back by mido."""

import subprocess
import sys
from io import BytesIO

import pytest
from mido import MidiFile

from tests.score.fixtures import SCORES
from theorygen.render import score_to_midi
from theorygen.render.midi import TICKS_PER_QUARTER
from theorygen.score.instruments import DRUM_HITS


def read(score):
    return MidiFile(file=BytesIO(score_to_midi(score)))


def sounding(track):
    """(onset tick, end tick, number) of each note of a track."""
    now, started, notes = 0, {}, []
    for message in track:
        now += message.time
        if message.type == "note_on":
            started[message.note] = now
        elif message.type == "note_off":
            notes.append((started.pop(message.note), now, message.note))
    assert not started
    return sorted(notes)


@pytest.mark.parametrize("name", sorted(set(SCORES) - {"repeat"}))
def test_every_voice_sounds_on_its_own_named_track(name):
    score = SCORES[name]
    file = read(score)
    assert file.type == 1 and file.ticks_per_beat == TICKS_PER_QUARTER
    for voice, track in zip(score.voices, file.tracks[1:], strict=True):
        assert track.name.lower().replace(" ", "-") == voice.name
        expected = {
            (round(note.onset * 480), round((note.onset + note.duration) * 480),
             DRUM_HITS[note.unpitched] if note.pitch is None else note.pitch.midi) for note in voice.notes()
        }
        assert sounding(track) == sorted(expected)


@pytest.mark.parametrize("name", SCORES)
def test_bytes_are_the_same_twice(name):
    assert score_to_midi(SCORES[name]) == score_to_midi(SCORES[name])


def test_repeats_are_unfolded():
    starts = [start // 480 for start, _, _ in sounding(read(SCORES["repeat"]).tracks[1])]
    assert starts == [0, 4, 8, 12, 16, 20]


def test_the_first_track_has_tempo_meters_and_keys():
    track = read(SCORES["meter change with triplets"]).tracks[0]
    told = [(message.type, message.time) for message in track]
    assert told == [("set_tempo", 0), ("time_signature", 0), ("key_signature", 0), ("time_signature", 3 * 480),
                    ("end_of_track", 0)]
    assert track[2].key == "Eb"


def test_a_pickup_has_a_bar_of_its_own():
    meters = [m for m in read(SCORES["pickup"]).tracks[0] if m.type == "time_signature"]
    assert [(m.numerator, m.denominator, m.time) for m in meters] == [(1, 4, 0), (4, 4, 480)]


def test_drums_are_on_channel_ten():
    channels = [{message.channel for message in track if not message.is_meta} for track in read(SCORES["drums"]).tracks]
    assert channels[1:] == [{9}, {0}]


def test_writing_midi_does_not_load_music21():
    code = ("import sys; from theorygen.render import score_to_midi; from theorygen.score import parse_text_score;"
            "score_to_midi(parse_text_score('S: C5')); sys.exit('music21' in sys.modules or 'rich' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
