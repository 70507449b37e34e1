"""Music21's streams as scores: notes, bars, signatures, repeats, and the Bach chorales of its corpus."""

from fractions import Fraction

import pytest
from music21 import chord, converter, corpus, harmony, note, stream

from tests.readers.musicxml_text import CHORALE, bar, layers, lines, musicxml, notes, remarks, signatures
from theorygen.readers import score_of_stream
from theorygen.score import ScoreError
from theorygen.theory import Key

CHORALES = ["bwv269", "bwv347", "bwv153.1", "bwv86.6", "bwv267", "bwv281", "bwv17.7", "bwv48.3", "bwv4.8",
            "bwv248.33-3", "bwv226.2", "bwv277", "bwv299", "bwv41.6", "bwv171.6", "bwv27.6", "bwv113.8"]
"""Pickups, split and short bars, odd numbers, grace notes, instruments, meter changes, five voices."""
_VOCAL = ("soprano", "alto", "tenor", "bass")


@pytest.fixture(scope="module", params=CHORALES)
def chorale(request):
    """(our score, music21's vocal parts)."""
    theirs = corpus.parse(f"bach/{request.param}", forceSource=True)
    parts = [part for part in theirs.parts if (part.partName or "soprano").split()[0].lower() in _VOCAL]
    return score_of_stream(theirs, request.param), parts


def their_notes(part):
    """Time, length, pitch and bar of every note; the times count bars as long as they are in this part."""
    return [
        (Fraction(one.getOffsetInHierarchy(part)), Fraction(one.quarterLength),
         one.pitch.nameWithOctave.replace("-", "b"), number)
        for number, measure in numbered(part) for one in measure.recurse().notes if one.quarterLength
    ]


def numbered(part):
    """Music21's measures with their numbers; one that is numbered 0 later on is part of the one before."""
    last = None
    for measure in part.getElementsByClass("Measure"):
        last = measure.number if measure.number or last is None else last
        yield last, measure


def test_every_note_of_a_chorale_is_music21s(chorale):
    score, parts = chorale
    assert len(score.voices) == len(parts)
    for voice, part in zip(score.voices, parts, strict=True):
        ours = [(event.onset, event.duration, str(event.pitch), score.measure_at(event.onset).number)
                for event in voice.events if event.pitches]
        assert ours == their_notes(part)


def test_ties_and_lengths_of_a_chorale_are_music21s(chorale):
    score, parts = chorale
    for voice, part in zip(score.voices, parts, strict=True):
        joined = [one for one in part.stripTies().recurse().notes if one.quarterLength]
        assert len(list(voice.notes())) == len(joined)
        assert sum(one.duration for one in voice.notes()) == sum(Fraction(one.quarterLength) for one in joined)


def test_fermatas_of_a_chorale_are_music21s(chorale):
    score, parts = chorale
    for voice, part in zip(score.voices, parts, strict=True):
        held = [one for one in part.recurse().notes if any("Fermata" in mark.classes for mark in one.expressions)]
        assert sum(event.fermata for event in voice.events) == len(held)


def test_places_in_a_chorale_are_music21s(chorale):
    score, parts = chorale
    ours = list(dict.fromkeys(measure.number for measure in score.measures()))
    assert ours == list(dict.fromkeys(number for number, _ in numbered(parts[0])))
    numbers = [measure.number for measure in score.measures()]
    for measure in score.measures():
        if numbers.count(measure.number) == 1:
            assert score.onset_of(score.location(measure.onset)) == measure.onset


def test_chorales_have_the_four_voices():
    for name in ("bwv269", "bwv281", "bwv41.6"):
        score = score_of_stream(corpus.parse(f"bach/{name}", forceSource=True), name)
        assert [voice.name for voice in score.voices] == ["soprano", "alto", "tenor", "bass"]
        assert score.ensemble.name == "satb"


def test_instruments_beside_a_choir_are_left_out_and_named():
    score = score_of_stream(corpus.parse("bach/bwv41.6", forceSource=True), "bwv41.6")
    assert "Trumpet 1, Trumpet 2, Trumpet 3, Timpani, Oboe 3" in remarks(score)


def test_a_split_bar_is_one_bar(read):
    first = bar(notes("C5 D5 E5"), 1, signatures(), after='<barline location="right"><repeat direction="backward"/>'
                '</barline>')
    second = bar(notes("F5"), "X1", implicit=True)
    score = read([("Soprano", [first, second, bar(notes("G5*4"), 2)])])
    assert [(one.number, one.length) for one in score.measures()] == [(1, 4), (2, 4)]
    assert [(one.start, one.end, one.times) for one in score.repeats] == [(0, 3, 2)]
    assert not score.bars


def test_halves_of_a_bar_with_numbers_of_their_own_keep_them(read):
    bars = [bar(notes("C5*4"), 1, signatures()), bar(notes("D5*2"), 2), bar(notes("E5*2"), 3), bar(notes("F5*4"), 4)]
    score = read([("Soprano", bars)])
    assert [(one.number, one.onset, one.start_offset) for one in score.measures()] == [
        (1, 0, 0), (2, 4, 0), (3, 6, 2), (4, 8, 0)]
    assert str(score.location(Fraction(6))) == "measure 3, beat 3"
    assert score.weight_at(Fraction(6)) == 2
    assert score.onset_of(score.location(Fraction(7))) == 7


def test_a_short_first_bar_is_a_pickup_whatever_its_number(read):
    for number in (0, 1):
        bars = [bar(notes("G4"), number, signatures()), bar(notes("C5*4"), number + 1)]
        score = read([("Soprano", bars)])
        assert score.pickup == 1
        assert [one.number for one in score.measures()] == [number, number + 1]
        assert score.weight_at(Fraction(0)) == 1
        assert score.weight_at(Fraction(1)) == 3


def test_the_last_bar_may_be_short(read):
    score = read([("Soprano", [bar(notes("G4"), 0, signatures("3/4")), bar(notes("C5*3")), bar(notes("E5*2"), 2)])])
    assert [(one.number, one.length) for one in score.measures()] == [(0, 1), (1, 3), (2, 2)]
    assert score.pickup == 1
    assert score.measures()[-1].start_offset == 0


def test_bars_nobody_counted_are_counted():
    part = stream.Part([stream.Measure([note.Note("C5", quarterLength=2)]) for _ in range(3)])
    assert [(one.number, one.length) for one in score_of_stream(part, "bars").measures()] == [(1, 2), (2, 2), (3, 2)]


def test_a_single_bar_keeps_its_number(read):
    assert [one.number for one in read([("Soprano", [bar(notes("C5*4"), 7, signatures())])]).measures()] == [7]


def test_a_rest_as_long_as_a_full_bar_does_not_lengthen_a_short_one(read):
    upper = [bar(notes("G4"), 0, signatures("3/4")), bar(notes("C5*3"), 1)]
    lower = [bar(notes("r*3"), 0, signatures("3/4")), bar(notes("C3*3"), 1)]
    score = read([("Soprano", upper), ("Bass", lower)])
    assert lines(score) == {"soprano": "G4 C5*3", "bass": "1:C3*3"}
    assert score.end == 4


def test_meters_and_keys_change(read):
    bars = [bar(notes("C5*4"), 1, signatures("4/4", -3, "minor")), bar(notes("C5*3"), 2, signatures("3/4", 2))]
    score = read([("Soprano", bars)])
    assert [(onset, str(meter)) for onset, meter in score.meters] == [(0, "4/4"), (4, "3/4")]
    assert score.keys == ((0, Key.parse("c")), (4, Key.parse("D")))


def test_modes_of_signatures_are_read(read):
    score = read([("Soprano", [bar(notes("D5*4"), 1, signatures("4/4", 0, "dorian"))])])
    assert score.keys == ((0, Key.parse("D dorian")),)


def test_a_file_without_a_meter_gets_that_of_its_bars(read):
    bars = [bar(notes("C5*3"), 1), bar(notes("D5*3"), 2), bar(notes("E5*2"), 3)]
    assert [str(meter) for _, meter in read([("Soprano", bars)]).meters] == ["3/4"]


def test_tuplets_are_exact(read):
    score = read([("Soprano", ["C5*1/3 D5*1/3 E5*1/3 F5*2/3 G5*1/3 A5*2"])])
    assert lines(score) == {"soprano": "C5*1/3 D5*1/3 E5*1/3 F5*2/3 G5*1/3 A5*2"}


def test_ties_join_over_the_bar(read):
    score = read([("Soprano", ["C5*3 D5~", "D5*2 E5*2"])])
    assert lines(score) == {"soprano": "C5*3 D5*3 E5*2"}


def test_a_tie_that_leads_nowhere_is_no_tie(read):
    score = read([("Soprano", ["C5*3 D5~", "E5*4"])])
    assert not any(event.tied_to_next for event in score.voices[0].events)


def test_grace_notes_are_left_out_and_counted(read):
    score = read([("Soprano", ["gD5 C5*2 gE5 D5*2"])])
    assert lines(score) == {"soprano": "C5*2 D5*2"}
    assert "grace notes (2)" in remarks(score)


def test_cue_notes_are_rests_and_counted(read):
    cue = notes("G5 +E5").replace("<note>", "<note><cue/>")
    score = read([("Soprano", [bar(cue + notes("C5*3"), 1, signatures())])])
    assert lines(score) == {"soprano": "1:C5*3"}
    assert "cue notes (2)" in remarks(score)


def test_chord_symbols_are_left_out_and_counted():
    part = stream.Part([harmony.ChordSymbol("C"), note.Note("C5", quarterLength=4)])
    score = score_of_stream(part, "lead sheet")
    assert lines(score) == {"voice": "C5*4"}
    assert "chord symbols (1)" in remarks(score)


def test_transposing_instruments_sound(read):
    horn = ("<transpose><diatonic>-4</diatonic><chromatic>-7</chromatic></transpose>")
    score = read([("Horn", [bar(notes("C5 D5 E5 F#5"), 1, signatures("4/4", 1) + horn)])])
    assert lines(score) == {"horn": "F4 G4 A4 B4"}
    assert score.keys == ((0, Key.parse("C")),)


def test_octave_clefs_do_not_move_notes(read):
    clef = "<clef><sign>G</sign><line>2</line><clef-octave-change>-1</clef-octave-change></clef>"
    score = read([("Tenor", [bar(notes("C4*4"), 1, signatures(clef=clef))])])
    assert lines(score) == {"tenor": "C4*4"}


def repeat(direction, side, ending=""):
    return f'<barline location="{side}">{ending}<repeat direction="{direction}"/></barline>'


def test_repeats_are_passages(read):
    bars = [bar(notes("C5*4"), 1, signatures(), after=repeat("backward", "right")), bar(notes("D5*4"), 2),
            bar(notes("E5*4"), 3, before=repeat("forward", "left"),
                after=repeat("backward", "right").replace("/>", ' times="3"/>')), bar(notes("F5*4"), 4)]
    score = read([("Soprano", bars)])
    assert [(one.start, one.end, one.times) for one in score.repeats] == [(0, 4, 2), (8, 12, 3)]


def test_endings_are_read_once_and_noted(read):
    def ending(number, kind):
        return f'<ending number="{number}" type="{kind}"/>'

    bars = [bar(notes("C5*4"), 1, signatures()),
            bar(notes("D5*4"), 2, before=f'<barline location="left">{ending(1, "start")}</barline>',
                after=repeat("backward", "right", ending(1, "stop"))),
            bar(notes("E5*4"), 3, before=f'<barline location="left">{ending(2, "start")}</barline>',
                after=f'<barline location="right">{ending(2, "stop")}</barline>')]
    score = read([("Soprano", bars)])
    assert score.repeats == ()
    assert lines(score) == {"soprano": "C5*4 D5*4 E5*4"}
    assert "measures 2, 3" in remarks(score)


def test_jumps_are_noted(read):
    words = '<direction><direction-type><words>D.C. al Fine</words></direction-type><sound dacapo="yes"/></direction>'
    score = read([("Soprano", ["C5*4", bar(notes("D5*4"), 2, before=words)])])
    assert "D.C. al Fine" in remarks(score)


def test_titles_and_tempo(read):
    extra = "<work><work-title>A Hymn</work-title></work>" \
            '<identification><creator type="composer">N. N.</creator></identification>'
    mark = "<direction><direction-type><metronome><beat-unit>half</beat-unit><per-minute>40</per-minute></metronome>" \
           "</direction-type></direction>"
    score = read([("Soprano", [bar(notes("C5*4"), 1, signatures(), before=mark)])], extra)
    assert (score.title, score.composer, score.tempo) == ("A Hymn", "N. N.", 80)


def test_percussion_is_a_part_of_its_own(read):
    clef = "<clef><sign>percussion</sign></clef>"
    hit = "<note><unpitched><display-step>F</display-step><display-octave>4</display-octave></unpitched>" \
          "<duration>24</duration></note>"
    drums = ("Drums", [bar(hit + hit, 1, signatures(clef=clef)), bar(notes("r*4"), 2)])
    score = read([drums, ("Violin 1", ["C5*4", "D5*4"]), ("Cello", ["C3*4", "D3*4"])])
    assert [voice.name for voice in score.pitched_voices] == ["violin-1", "cello"]
    assert lines(score)["drums"] == "hit*2 hit*2"
    assert [part.percussion for part in score.parts] == [False, False, True]


def test_percussion_beside_a_choir_is_left_out(read):
    hit = "<note><unpitched/><duration>48</duration></note>"
    score = read([*CHORALE, ("Drums", [bar(hit, 1, signatures()), bar(hit, 2)])])
    assert list(lines(score)) == ["soprano", "alto", "tenor", "bass"]
    assert "beside the choir: Drums" in remarks(score)


def test_lyrics_that_are_no_analysis_are_no_chords(read):
    first = notes("C5*4").replace("</note>", "<lyric><syllabic>single</syllabic><text>I</text></lyric></note>")
    assert read([("Soprano", [bar(first, 1, signatures())])]).chords == ()


def test_a_stream_without_measures_or_parts():
    score = score_of_stream(converter.parse("tinynotation: 3/4 c4 d e f2."), "tiny")
    assert list(lines(score).values()) == ["C4 D4 E4 F4*3"]
    assert [str(meter) for _, meter in score.meters] == ["3/4"]
    assert [measure.number for measure in score.measures()] == [1, 2]


def test_chords_of_music21_are_split():
    part = stream.Part([chord.Chord(["C3", "G3", "E4", "C5"], quarterLength=2) for _ in range(2)])
    assert lines(score_of_stream(part, "chords")) == {
        "soprano": "C5*2 C5*2", "alto": "E4*2 E4*2", "tenor": "G3*2 G3*2", "bass": "C3*2 C3*2"}


def test_several_pieces_are_refused():
    pieces = stream.Opus([stream.Score(), stream.Score()])
    with pytest.raises(ScoreError, match="2 pieces"):
        score_of_stream(pieces, "book")


@pytest.mark.parametrize("empty", [stream.Score(), stream.Part(), stream.Measure([note.Rest()]),
                                   stream.Opus([stream.Score()])])
def test_streams_without_notes_are_refused(empty):
    with pytest.raises(ScoreError, match="no notes"):
        score_of_stream(empty, "empty")


def test_notes_between_the_keys_are_refused():
    tone = note.Note("C5")
    tone.pitch.accidental = "half-sharp"
    with pytest.raises(ScoreError, match="cannot be read"):
        score_of_stream(stream.Part([tone]), "microtones")


def test_the_stream_is_left_alone():
    theirs = converter.parseData(musicxml(CHORALE), format="musicxml")
    before = [(one.offset, str(one)) for one in theirs.recurse()]
    score_of_stream(theirs, "chorale")
    assert [(one.offset, str(one)) for one in theirs.recurse()] == before


def test_voices_of_one_staff_may_cross(read):
    score = read([("Soprano\nAlto", [bar(layers("C5 E4*3", "G4 A4*3"), 1, signatures())])])
    assert lines(score) == {"soprano": "C5 E4*3", "alto": "G4 A4*3"}
