"""Files that are no scores, in a table: each has an error that says what was found and what to do."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.readers.musicxml_text import CHORALE, bar, lines, musicxml, notes, signatures
from theorygen.readers import read_corpus_paths, read_score
from theorygen.readers.files import SUFFIXES
from theorygen.readers.limits import Limits
from theorygen.render.json_writer import score_to_data
from theorygen.render.terminal import score_to_text
from theorygen.score import Ensemble, parse_text_score
from theorygen.source.diagnostic import InputError

GOOD = musicxml(CHORALE)
TEXT = "S: C5 B4 C5*2 | A: G4 G4 E4*2 | T: E4 D4 C4*2 | B: C3 G3 C3*2"


def archive(files, **options):
    """A ZIP file of names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", options.get("method", zipfile.ZIP_DEFLATED)) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def container(path):
    return f'<container><rootfiles><rootfile full-path="{path}"/></rootfiles></container>'


def with_doctype(doctype):
    start = GOOD.index("<!DOCTYPE")
    return GOOD[:start] + doctype + GOOD[GOOD.index(">", start) + 1:]


def encrypted():
    raw = bytearray(archive({"score.xml": GOOD}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    return bytes(raw)


def flipped():
    """An archive with a wrong byte in the packed score."""
    raw = bytearray(archive({"score.xml": GOOD}))
    raw[80] ^= 0xFF
    return bytes(raw)


def lying():
    """An archive that says its file is small and holds a large one."""
    raw = bytearray(archive({"score.xml": GOOD + " " * 3_000_000}))
    place = raw.index(b"PK\x01\x02") + 24
    raw[place:place + 4] = (2_000).to_bytes(4, "little")
    return bytes(raw)


BOMB = '<!DOCTYPE score-partwise [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE score-partwise [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
NO_NOTES = musicxml([("Soprano", ["r*4"]), ("Bass", ["r*4"])])
ONE = {"format": "theorygen-score", "version": 1}

BAD = [
    ("empty.musicxml", b"", "empty-file", "the file is empty"),
    ("empty.mid", b"", "empty-file", "the file is empty"),
    ("empty.txt", b"", "empty-file", "the file is empty"),
    ("blank.txt", b"  \n", "text-notation", "there are no notes"),
    ("rests.musicxml", NO_NOTES, "unreadable-score", "there are no notes"),
    ("no parts.musicxml", "<score-partwise><part-list/></score-partwise>", "unreadable-score", "there are no notes"),
    ("rests.txt", "S: r*4", "no-notes", "there are no notes"),
    ("cut.musicxml", GOOD[:len(GOOD) // 2], "xml-syntax", "not well-formed XML"),
    ("noise.musicxml", bytes(range(256)) * 8, "wrong-kind", "this is something"),
    ("midi.musicxml", b"MThd\0\0\0\6\0\1\0\1\0\x60", "wrong-kind", "this is a MIDI file"),
    ("picture.mxl", b"\x89PNG\r\n\x1a\n", "wrong-kind", "this is a picture"),
    ("page.xml", "<html><body/></html>", "wrong-kind", "root 'html'"),
    ("mei.xml", "<mei/>", "wrong-kind", "this is MEI"),
    ("timewise.xml", GOOD.replace("score-partwise", "score-timewise"), "timewise", "score-timewise"),
    ("only a comment.xml", "<!-- nothing -->", "wrong-kind", "no XML"),
    ("entities.musicxml", with_doctype(BOMB), "xml-entities", "declares entities"),
    ("entities in utf-16.musicxml", with_doctype(BOMB).encode("utf-16"), "xml-entities", "declares entities"),
    ("outside.musicxml", with_doctype(OUTSIDE), "xml-entities", "declares entities"),
    ("inside.mxl", archive({"score.xml": with_doctype(BOMB)}), "xml-entities", "declares entities"),
    ("strange.xml", GOOD.replace('"UTF-8"', '"cp037"'), "unknown-encoding", "encoded as 'cp037'"),
    ("broken letters.xml", GOOD.encode().replace(b"Soprano", b"Sopr\xe4n"), "not-text", "not the UTF-8 text"),
    ("beats.xml", GOOD.replace("<beats>4</beats>", "<beats>99999999</beats>", 1), "endless", "too many digits"),
    ("fifths.xml", GOOD.replace("<fifths>0", "<fifths>30", 1), "unreadable-score", "30 accidentals"),
    ("octave.xml", GOOD.replace("<octave>5", "<octave>55", 1), "unreadable-score", "the note C55 cannot be read"),
    ("endless.xml", GOOD.replace("<duration>12<", "<duration>99999999999<", 1), "unreadable-score", "20000 bars"),
    ("half.mxl", archive({"score.xml": GOOD})[:300], "damaged-archive", "damaged"),
    ("flipped.mxl", flipped(), "damaged-archive", "damaged"),
    ("locked.mxl", encrypted(), "damaged-archive", "cannot be unpacked"),
    ("empty.mxl", archive({}), "no-score-inside", "no MusicXML file in the archive"),
    ("other.mxl", archive({"readme.md": "hello"}), "no-score-inside", "no MusicXML file in the archive"),
    ("bomb.mxl", archive({"score.xml": "<a>" + " " * 9_000_000}), "archive-too-large", "times its size"),
    ("large.mxl", archive(dict.fromkeys(map(str, range(51)), bytes(1 << 20))), "archive-too-large", "unpacks to 51 MB"),
    ("many.mxl", archive({f"{place}.xml": "" for place in range(1001)}), "archive-too-large", "holds 1001 files"),
    ("lying.mxl", lying(), "damaged-archive", "damaged"),
    ("no midi.mid", b"<?xml?>", "wrong-kind", "this is no MIDI file"),
    ("cut.mid", b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk\0\0\0\x20\0\x90", "damaged-midi", "damaged"),
    ("no tracks.mid", b"MThd\0\0\0\6\0\1\0\0\0\x60", "unreadable-score", "there are no notes"),
    ("seconds.mid", b"MThd\0\0\0\6\0\0\0\1\xe7\x28MTrk\0\0\0\4\0\xff\x2f\0", "midi-in-seconds", "seconds"),
    ("patterns.mid", b"MThd\0\0\0\6\0\2\0\1\0\x60MTrk\0\0\0\4\0\xff\x2f\0", "midi-patterns", "type 2"),
    ("low.mid", b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x0c\0\x90\1\x40\x60\x90\1\0\0\xff\x2f\0", "unreadable-score",
     "key 1 lies below C0"),
    ("cut.json", json.dumps(ONE)[:-1], "json-syntax", "not JSON"),
    ("deep.json", "[" * 200_000, "json-syntax", ""),
    ("list.json", "[1, 2]", "not-a-score", "not a score"),
    ("other.json", '{"a": 1}', "not-a-score", "not a score"),
    ("no parts.json", json.dumps(ONE), "not-a-score", "no field"),
    ("no score.json", '{"format": "theorygen-composition"}', "not-a-score", "not a score"),
    ("infinite.json", json.dumps({**score_to_data(parse_text_score(TEXT)), "tempo": 1e999}), "not-a-score", ""),
    ("words.txt", "This is no music.", "text-notation", "has no label"),
    ("wrong.txt", TEXT.replace("B4", "H4"), "text-notation", "'H4' is not a pitch"),
    ("latin.txt", "title: Präludium | S: C5".encode("latin-1"), "not-text", "not UTF-8"),
    ("view.txt", score_to_text(parse_text_score(TEXT)), "printed-view", "printed for reading"),
    ("words.krn", "This is no music.", "wrong-kind", "something that begins with 'This is no m'"),
    ("broken.krn", "**kern\n4c\t4e\n*-", "unreadable-score", ""),
    ("words.abc", "no music at all", "wrong-kind", "something that begins"),
    ("long.abc", "X:1\nK:C\nC99999999|", "endless", "too many digits"),
    ("much.abc", "X:1\nL:1/4\nK:C\n" + "C" * 60_000, "too-many-notes", "about 60001 notes"),
    ("much.krn", "**kern\n" + "4c\n" * 60_000, "too-many-notes", "about 60000 notes"),
    ("book.abc", "X:1\nL:1/4\nK:C\nCDEF|\n\nX:2\nL:1/4\nK:C\nCDEF|\n", "unreadable-score", "2 pieces"),
    ("words.mei", "no music", "wrong-kind", "something that begins"),
    ("entities.mei", '<!DOCTYPE mei [<!ENTITY a "b">]><mei/>', "xml-entities", "entities"),
    ("score.pdf", b"%PDF", "unknown-file-kind", "'.pdf' is not a kind of score"),
    ("score.musicxm", GOOD, "unknown-file-kind", "did you mean '.musicxml'?"),
    ("score", GOOD, "unknown-file-kind", "no suffix"),
]


@pytest.mark.parametrize(("name", "content", "code", "message"), BAD, ids=[row[0] for row in BAD])
def test_what_is_no_score_is_refused(tmp_path, name, content, code, message):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_score(path)
    found = caught.value.diagnostics[0]
    assert found.code == code
    assert message in str(caught.value)
    assert found.remedy
    assert found.mark is not None
    assert found.mark.file == str(path)


def test_errors_name_the_line(tmp_path):
    path = tmp_path / "score.musicxml"
    path.write_text(GOOD.replace("</measure>", "</measure>\n").replace("</pitch>", "</pich>", 1))
    with pytest.raises(InputError, match=r"score\.musicxml:3:") as caught:
        read_score(path)
    assert "^" in str(caught.value)
    path = tmp_path / "score.txt"
    path.write_text("S: C5 D5 |\nB: C3 X3")
    with pytest.raises(InputError, match=r"score\.txt:2:7: .*'X3' is not a pitch"):
        read_score(path)


@pytest.mark.parametrize(("make", "code"), [
    (lambda path: None, "file-missing"), (lambda path: path.mkdir(), "not-a-file"), (os.mkfifo, "not-a-file"),
    (lambda path: path.symlink_to(path), "file-unreadable"),
])
def test_what_is_no_file_is_refused(tmp_path, make, code):
    path = tmp_path / "score.mid"
    make(path)
    with pytest.raises(InputError) as caught:
        read_score(path)
    assert caught.value.diagnostics[0].code == code


def test_odd_paths_are_refused(tmp_path):
    for path in (tmp_path, "a\0b.mid", "", "x" * 5000 + ".mid"):
        with pytest.raises(InputError):
            read_score(path)


def test_limits_are_kept_and_stated(tmp_path):
    path = tmp_path / "score.musicxml"
    path.write_text(GOOD)
    with pytest.raises(InputError, match=r"20 notes and rests(.|\n)*at most 19"):
        read_score(path, limits=Limits(notes=19))
    with pytest.raises(InputError, match="more than 1 bars"):
        read_score(path, limits=Limits(bars=1))
    with pytest.raises(InputError, match="larger than 0 MB"):
        read_score(path, limits=Limits(megabytes=0))
    assert read_score(path, limits=Limits(notes=20, bars=2)).end == 8


@pytest.mark.parametrize("suffix", [".musicxml", ".xml", ".mxl", ".MusicXML"])
@pytest.mark.parametrize("packed", [True, False])
def test_musicxml_is_read_packed_or_not(tmp_path, suffix, packed):
    path = tmp_path / f"score{suffix}"
    inside = archive({"META-INF/container.xml": container("a/b.xml"), "x.xml": "<wrong/>", "a/b.xml": GOOD})
    path.write_bytes(inside if packed else GOOD.encode())
    assert list(lines(read_score(path))) == ["soprano", "alto", "tenor", "bass"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_musicxml_in_other_encodings(tmp_path, encoding):
    path = tmp_path / "score.musicxml"
    text = musicxml([("Flöte", ["C5*4"])], "<work><work-title>Präludium</work-title></work>")
    path.write_bytes(text.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding))
    assert read_score(path).title == "Präludium"


def test_a_text_in_our_notation(tmp_path):
    path = tmp_path / "score.txt"
    path.write_text("in C: I V I*2 |\n" + TEXT.replace(" | ", "\n| "))
    score = read_score(path)
    assert lines(score) == lines(parse_text_score(TEXT))
    assert len(score.chords) == 3
    path.write_text("A: C5 | B: C3")
    assert list(lines(read_score(path, ensemble=Ensemble.named("satb")))) == ["alto", "bass"]


def test_a_composition_in_json(tmp_path):
    path = tmp_path / "piece.json"
    score = parse_text_score(TEXT)
    path.write_text(json.dumps({"format": "theorygen-composition", "version": 1, "score": score_to_data(score)}))
    assert read_score(path) == score
    with pytest.raises(InputError, match="its voices are soprano, alto, tenor, bass; 'trio' has violin"):
        read_score(path, ensemble=Ensemble.named("trio"))
    assert read_score(path, ensemble=Ensemble.named("satb-open")).ensemble.name == "satb-open"


def test_abc_and_kern(tmp_path):
    tune = tmp_path / "tune.abc"
    tune.write_text("X:1\nT:Tune\nM:3/4\nL:1/4\nK:D\nA|dfa|f2d|]\n")
    score = read_score(tune)
    assert lines(score) == {"voice": "A4 D5 F#5 A5 F#5*2 D5"}
    assert (score.pickup, str(score.keys[0][1]), str(score.meters[0][1])) == (1, "D major", "3/4")
    song = tmp_path / "song.krn"
    song.write_text("**kern\t**kern\n*I\"Bass\t*I\"Soprano\n*M4/4\t*M4/4\n=1\t=1\n2C\t4cc\n.\t4dd\n2G\t2ee\n==\t==\n*-\t*-\n")
    assert lines(read_score(song)) == {"soprano": "C5 D5 E5*2", "bass": "C3*2 G3*2"}


@pytest.mark.parametrize(("body", "held"), [
    ("!fermata!C D HE F|", "C4 E4"), ("+fermata+C H^D !fermata!(E F)|", "C4 D#4 E4"), ("H{d}C D E F|", "C4"),
    ('"H here"C D %HE\nE HF|\nw: Ha ha', "F4"), ("C D E HF2|HG>A|", "F4 G4"), ("kC D E F|", "")])
def test_fermatas_of_abc(tmp_path, body, held):
    path = tmp_path / "tune.abc"
    path.write_text(f"X:1\nT:Held\nM:4/4\nL:1/4\nK:C\n{body}\n")
    events = read_score(path).pitched_voices[0].events
    assert [str(event.pitch) for event in events if event.fermata] == held.split()


def test_old_text_files_need_not_be_utf8(tmp_path):
    path = tmp_path / "tune.abc"
    path.write_bytes("X:1\nT:Präludium\nM:4/4\nL:1/4\nK:C\nCDEF|\n".encode("latin-1"))
    assert read_score(path).title == "Präludium"


def test_music21_prints_nothing_and_leaves_warnings_alone(tmp_path, capfd, recwarn):
    path = tmp_path / "score.krn"
    path.write_text("**kern\n*clefQ9\n*M4/4\n=1\n4c\n4d\n2e!!\n==\n*-\n")
    read_score(path)
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_scores_in_a_folder(tmp_path):
    (tmp_path / "b" / ".git").mkdir(parents=True)
    wanted = ["a.mxl", "b/c.musicxml", "b/d.MID", "b/e.krn", "score.json", "score.txt", "score.xml"]
    others = ["b/.git/x.mid", ".hidden.mid", "readme.md", "data.json", "notes.txt", "page.xml"]
    contents = {"score.xml": GOOD, "score.json": json.dumps(score_to_data(parse_text_score(TEXT))), "score.txt": TEXT,
                "data.json": "{}", "notes.txt": "Read me: first | then play", "page.xml": "<page/>"}
    for name in wanted + others:
        (tmp_path / name).write_text(contents.get(name, ""))
    assert read_corpus_paths(tmp_path) == sorted(tmp_path / name for name in wanted)
    for path in (tmp_path / "nowhere", tmp_path / "a.mxl"):
        with pytest.raises(InputError, match="folder"):
            read_corpus_paths(path)


def test_every_suffix_is_read_by_some_reader(tmp_path):
    for suffix in SUFFIXES:
        path = tmp_path / f"score{suffix}"
        path.write_bytes(b"\x01")
        with pytest.raises(InputError) as caught:
            read_score(path)
        assert caught.value.diagnostics[0].code != "unknown-file-kind"


def test_reading_text_needs_no_music21(tmp_path):
    path = tmp_path / "score.txt"
    path.write_text(TEXT)
    program = ("import sys\nfrom theorygen.readers import read_score\n"
               f"read_score({str(path)!r})\nprint('music21' in sys.modules, 'mido' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2])
    assert done.stdout.split() == ["False", "False"]


def test_names_of_voices_in_lyrics_and_words_do_no_harm(read):
    word = '<direction placement="below"><direction-type><words>I</words></direction-type></direction>'
    score = read([("Soprano", [bar(notes("C5*4"), 1, signatures(), before=word)])])
    assert score.chords == ()
