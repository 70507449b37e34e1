"""MIDI: tracks, channels, grids, releases, signatures that are missing."""

import io
import random

import mido
import pytest

from tests.readers.musicxml_text import lines, remarks
from theorygen.readers import read_score
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key, Meter, Pitch

TICKS = 480
CHORALE = {"Soprano": "C5 B4 C5*2", "Alto": "G4 G4 E4*2", "Tenor": "E4 D4 C4*2", "Bass": "C3 G3 C3*2"}


def played(text, channel=0, program=None, length=1, late=lambda: 0):
    """Messages of notes one after the other, with their ticks; ``length`` is the part of a note that is held."""
    timed, now = [], 0
    if program is not None:
        timed.append((0, mido.Message("program_change", channel=channel, program=program)))
    for word in text.split():
        names, _, beats = word.partition("*")
        ticks = round(float(beats or 1) * TICKS)
        for name in [] if names == "r" else names.split("+"):
            number = int(name) if name.isdigit() else Pitch.parse(name).midi
            start = max(now + late(), 0)
            timed.append((start, mido.Message("note_on", channel=channel, note=number, velocity=64)))
            end = max(now + round(ticks * length) + late(), start + 1)
            timed.append((end, mido.Message("note_on", channel=channel, note=number, velocity=0)))
        now += ticks
    return timed


def meta(kind, at=0, **values):
    return round(at * TICKS), mido.MetaMessage(kind, **values)


TEMPO = meta("set_tempo", tempo=750_000)
SIGNS = [TEMPO, meta("time_signature", numerator=4, denominator=4),
         meta("key_signature", key="C")]


def track(*timed, name=""):
    """A track of (tick, message) pairs."""
    result, now = mido.MidiTrack(), 0
    if name:
        result.append(mido.MetaMessage("track_name", name=name))
    order = {"note_on": 1, "note_off": 0}
    pairs = sorted(timed, key=lambda pair: (pair[0], order.get(pair[1].type, -1), getattr(pair[1], "velocity", 0)))
    for tick, message in pairs:
        result.append(message.copy(time=tick - now))
        now = tick
    return result


@pytest.fixture
def read(tmp_path):
    def read_tracks(*tracks, kind=1):
        file = mido.MidiFile(type=kind, ticks_per_beat=TICKS)
        file.tracks.extend(tracks)
        buffer = io.BytesIO()
        file.save(file=buffer)
        path = tmp_path / "score.mid"
        path.write_bytes(buffer.getvalue())
        return read_score(path)
    return read_tracks


def test_tracks_with_names(read):
    score = read(track(*SIGNS, name="Hymn"), *(track(*played(text), name=name) for name, text in CHORALE.items()))
    assert lines(score) == {name.lower(): text for name, text in CHORALE.items()}
    assert (score.tempo, score.title, score.keys[0][1], score.metadata) == (80, "Hymn", Key.parse("C"), {})


def test_one_track_with_a_channel_for_each_voice(read):
    timed = [pair for channel, text in enumerate(CHORALE.values()) for pair in played(text, channel)]
    assert lines(read(track(*SIGNS, *timed), kind=0)) == {name.lower(): text for name, text in CHORALE.items()}


def test_one_channel_with_all_voices(read):
    timed = [pair for text in CHORALE.values() for pair in played(text)]
    assert lines(read(track(*SIGNS, *timed), kind=0)) == {name.lower(): text for name, text in CHORALE.items()}


def test_tracks_from_the_bass_up(read):
    score = read(*(track(*SIGNS, *played(text)) for text in reversed(CHORALE.values())))
    assert lines(score) == {name.lower(): text for name, text in CHORALE.items()}


def test_instruments_are_named_by_their_programs(read):
    score = read(track(*SIGNS), track(*played("A4*4", 0, 73)), track(*played("C4*4", 1, 70)))
    assert lines(score) == {"flute": "A4*4", "bassoon": "C4*4"}


@pytest.mark.parametrize("length", [1, 0.95, 0.8, 1.05])
def test_notes_let_go_early_or_late_last_to_the_next(read, length):
    score = read(track(*SIGNS, *played("C5 D5*0.5 E5*0.5 F5*2", length=length)))
    assert lines(score) == {"voice": "C5 D5*1/2 E5*1/2 F5*2"}


def test_short_notes_leave_rests(read):
    assert lines(read(track(*SIGNS, *played("C5*2 D5*2", length=0.5)))) == {"voice": "C5 2:D5"}


def test_rests_after_notes_that_end_on_the_grid_stay(read):
    score = read(track(*SIGNS, *played("C5*1.5 r*0.5 D5*0.25 E5*0.25 F5*1.5")))
    assert lines(score) == {"voice": "C5*3/2 2:D5*1/4 E5*1/4 F5*3/2"}


def test_triplets_beside_sixteenths(read):
    third, quarter = 1 / 3, 0.25
    text = f"C5*{third} D5*{third} E5*{third} F5*{quarter} E5*{quarter} D5*{quarter} C5*{quarter} B4*2"
    assert lines(read(track(*SIGNS, *played(text)))) == {
        "voice": "C5*1/3 D5*1/3 E5*1/3 F5*1/4 E5*1/4 D5*1/4 C5*1/4 B4*2"}


def test_a_performance_is_put_on_twelfths_and_noted(read):
    chance = random.Random(5)
    score = read(track(*SIGNS, *played("C5 D5*0.5 E5*0.5 F5 G5", late=lambda: chance.randint(-18, 18))))
    assert lines(score) == {"voice": "C5 D5*1/2 E5*1/2 F5 G5"}
    assert "moved to twelfths of a quarter, by up to 0.0" in remarks(score)


def test_without_signatures(read):
    score = read(track(TEMPO, *played("F4 Bb4 A4 G4 F4*4")))
    assert (score.tempo, score.meters, score.keys) == (80, ((0, Meter(4, 4)),), ((0, Key.parse("F")),))
    assert lines(score) == {"voice": "F4 Bb4 A4 G4 F4*4"}
    assert "no key signature: read with that of F major" in remarks(score)


def test_without_a_tempo_it_is_refused(read):
    with pytest.raises(InputError, match="no tempo"):
        read(track(*played("F4 Bb4 A4 G4 F4*4")))


def test_a_pickup_is_a_bar_of_a_short_meter(read):
    signs = [TEMPO, meta("time_signature", numerator=1, denominator=4),
             meta("time_signature", 1, numerator=4, denominator=4)]
    score = read(track(*signs, *played("G4 C5*4 D5*4")))
    assert (score.pickup, score.meters) == (1, ((0, Meter(4, 4)),))
    assert [measure.number for measure in score.measures()] == [0, 1, 2]


def test_meters_and_keys_change(read):
    signs = [TEMPO, meta("time_signature", numerator=3, denominator=4),
             meta("time_signature", 3, numerator=4, denominator=4), meta("key_signature", key="Em"),
             meta("key_signature", 3, key="D")]
    score = read(track(*signs, *played("E4*3 D4*4")))
    assert score.meters == ((0, Meter(3, 4)), (3, Meter(4, 4)))
    assert score.keys == ((0, Key.parse("e")), (3, Key.parse("D")))


def test_drums_are_percussion(read):
    score = read(track(*SIGNS, *played("C5*4")), track(*played("36 38 36 42", 9)))
    assert list(lines(score).values()) == ["C5*4", "kick snare kick closed-hat"]
    assert [part.percussion for part in score.parts] == [False, True]


def test_notes_that_are_never_let_go_end_with_the_track(read):
    timed = [(0, mido.Message("note_on", note=60, velocity=64)), (960, mido.MetaMessage("text", text="end"))]
    assert lines(read(track(*SIGNS, *timed))) == {"voice": "C4*2"}


def test_a_note_struck_again_ends_the_one_before(read):
    timed = [(0, mido.Message("note_on", note=60, velocity=64)), (480, mido.Message("note_on", note=60, velocity=64)),
             (960, mido.Message("note_off", note=60)), (960, mido.Message("note_off", note=60))]
    assert lines(read(track(*SIGNS, *timed))) == {"voice": "C4 C4"}
