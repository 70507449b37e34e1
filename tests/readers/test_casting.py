"""Which voice is which: names first, then ranges, then the names of parts."""

import pytest

from tests.readers.musicxml_text import CHORALE, lines, remarks
from theorygen.score import Ensemble
from theorygen.source.diagnostic import InputError

SATB = ["soprano", "alto", "tenor", "bass"]


def renamed(*names):
    """The chorale with other part names."""
    return [(name, bars) for name, (_, bars) in zip(names, CHORALE, strict=True)]


@pytest.mark.parametrize("names", [
    ("Soprano", "Alto", "Tenor", "Bass"), ("Canto", "Alto", "Tenore", "Basso"), ("S.", "A.", "T.", "B."),
    ("", "", "", ""), ("Part 1", "Part 2", "Part 3", "Part 4"), ("Organ", "Organ", "Organ", "Organ"),
])
def test_four_voices_are_a_choir(read, names):
    score = read(renamed(*names))
    assert list(lines(score)) == SATB
    assert score.ensemble == Ensemble.named("satb")
    assert lines(score)["bass"] == "C3 B2 C3 G2 C3*4"


def test_names_count_and_not_the_order(read):
    score = read(CHORALE[::-1])
    assert list(lines(score)) == SATB
    assert lines(score) == lines(read(CHORALE))


def test_voices_without_names_are_sorted_by_height(read):
    score = read([("", bars) for _, bars in CHORALE[::-1]])
    assert lines(score) == lines(read(CHORALE))


def test_instruments_of_one_voice_are_no_choir(read):
    score = read(renamed("Violin I", "Violin II", "Viola", "Violoncello"))
    assert score.ensemble == Ensemble.named("string-quartet")
    score = read(renamed("Flute", "Oboe", "Horn", "Bassoon"))
    assert list(lines(score)) == ["flute", "oboe", "horn", "bassoon"]
    assert [spec.instrument for spec in score.ensemble.voices] == ["flute", "oboe", "horn", "bassoon"]
    assert all(spec.contains(event.pitch) for spec, voice in zip(score.ensemble.voices, score.voices, strict=True)
               for event in voice.events if event.pitch)


def test_instruments_beside_a_choir_are_left_out(read):
    score = read([("Horn 1", ["C5*4", "E5*4"]), *CHORALE, ("Continuo", ["C3 B2 C2 G2", "C2*4"])])
    assert list(lines(score)) == SATB
    assert "beside the choir: Horn 1" in remarks(score)
    assert "doubles a voice: Continuo" in remarks(score)


def test_a_doubling_bass_is_left_out_and_another_bass_is_not(read):
    doubling = read([*CHORALE, ("Basso", CHORALE[3][1])])
    assert list(lines(doubling)) == SATB
    assert "doubles a voice: Basso" in remarks(doubling)
    other = read([*CHORALE, ("Basso", ["E2 F2 A2 D2", "F2*4"])])
    assert list(lines(other)) == ["soprano", "alto", "tenor", "bass-1", "bass-2"]


def test_a_fifth_singer_keeps_its_place(read):
    score = read([CHORALE[0], ("Quinto", ["A4*4", "F4*4"]), *CHORALE[1:]])
    assert list(lines(score)) == ["soprano", "quinto", "alto", "tenor", "bass"]


def test_two_voices_without_names_are_a_duet(read):
    assert list(lines(read([("", ["C5*4"]), ("", ["C3*4"])]))) == ["upper", "lower"]


def test_voices_out_of_every_range_are_called_after_their_parts(read):
    score = read([("Piano", ["C2*4 +E2*4 +G2*4 +C3*4"])])
    assert list(lines(score)) == ["piano-1", "piano-2", "piano-3", "piano-4"]


def test_silent_parts_are_left_out(read):
    score = read([*CHORALE, ("Timpani", ["r*4", "r*4"])])
    assert list(lines(score)) == SATB
    assert "without notes: Timpani" in remarks(score)


def test_an_ensemble_asked_for_names_the_voices_in_order(read):
    score = read(renamed("Flute", "Oboe", "Horn", "Bassoon"), ensemble=Ensemble.named("string-quartet"))
    assert list(lines(score)) == ["violin-1", "violin-2", "viola", "cello"]


def test_an_ensemble_asked_for_takes_its_own_names(read):
    extra = [("Horn", ["G4*4", "G4*4"]), *CHORALE[::-1]]
    score = read(extra, ensemble=Ensemble.named("satb-open"))
    assert lines(score) == lines(read(CHORALE))
    assert "beside satb-open: Horn" in remarks(score)


def test_an_ensemble_of_another_size_is_refused(read):
    with pytest.raises(InputError, match=r"4 voices with notes; the ensemble 'trio' has 3"):
        read(CHORALE, ensemble=Ensemble.named("trio"))


@pytest.mark.parametrize(("part", "voice"), [("Tune", "soprano"), ("Voice", "soprano"), ("Tenor", "tenor")])
def test_a_melody_alone_is_the_highest_voice_if_it_is_no_other(read, part, voice):
    score = read([(part, CHORALE[0][1])], ensemble=Ensemble.named("satb"))
    assert lines(score) == {voice: lines(read(CHORALE))["soprano"]}


def test_some_voices_of_an_ensemble_asked_for_keep_their_names(read):
    score = read([CHORALE[3], CHORALE[0]], ensemble=Ensemble.named("satb"))
    assert list(lines(score)) == ["soprano", "bass"]
    assert lines(score).items() <= lines(read(CHORALE)).items()


def test_no_two_voices_have_one_name(read):
    score = read([("Flute", ["C5*4"]), ("Flute 1", ["A4*4"]), ("Flute", ["F4*4"])])
    assert list(lines(score)) == ["flute-1-1", "flute-1-2", "flute-2"]
