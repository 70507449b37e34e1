"""Which keys given music may be in: by its key signature, its first and last note, and the notes it has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from theorygen.score.event import Event
from theorygen.score.score import Score
from theorygen.source.document import load_document
from theorygen.theory import Key, PitchClass

_FAR = 6
"""Fifths between a tonic and the raised fourth degree: too far for a key of the same notes."""


@cache
def prices() -> dict[str, int]:
    """What speaks for a key, by name: the table that ships."""
    return dict(load_document(str(files("theorygen.compose") / "likely-keys.yaml")).data)


def likely_keys(score: Score, events: Sequence[Event]) -> tuple[Key, ...]:
    """The keys that music may be in, the likeliest first; of keys only those that something in the music speaks for.

    Besides the major and minor key of the signature that is a key on the last note, as for tunes in church modes; the
    mode itself comes first where the file names one.

    Args:
        score: its first key is what the file declares.
        events: the line that tells most.
    """
    said = score.keys[0][1]
    notes = [event.pitch.pitch_class for event in events if event.pitch]
    found = list(_of_signature(said.signature))
    if notes and (on_last := _on(notes[-1], said.signature)) not in found and on_last is not None:
        found.append(on_last)
    if (plain := Key(said.tonic, "minor" if said.is_minor else "major")) not in found:
        found.append(plain)
    found.sort(key=lambda key: -_for(key, said, notes))
    return (said, *found) if said.mode not in ("major", *_MINORS) else tuple(found)


_MINORS = ("minor", "harmonic minor", "melodic minor")


def _of_signature(signature: int) -> tuple[Key, Key]:
    """The major and the minor key of a signature."""
    return Key(PitchClass.from_fifths(signature)), Key(PitchClass.from_fifths(signature + 3), "minor")


def _on(tonic: PitchClass, signature: int) -> Key | None:
    """The key on a note with the third that a signature gives it; None where the signature has not its fifth."""
    place = tonic.fifths - signature
    if not -1 <= place < _FAR - 1:
        return None
    return Key(tonic, "major" if place <= 1 else "minor")


def _for(key: Key, said: Key, notes: Sequence[PitchClass]) -> int:
    """What speaks for a key."""
    ends = notes[-1:] == [key.tonic]
    reasons = {
        "signature": key.signature == said.signature,
        "declared": said.mode != "major" and key.tonic == said.tonic,
        "final": ends,
        "framed": ends and notes[0] in (key.tonic, key.degree(5)),
        "leading-tone": key.is_minor and key.leading_tone in notes,
        "foreign": not set(notes) <= {*key.scale, *_raised(key)},
    }
    return sum(prices()[reason] for reason, holds in reasons.items() if holds)


def _raised(key: Key) -> tuple[PitchClass, ...]:
    """The sixth and seventh degree as they rise in minor."""
    return (key.degree(6, 1), key.leading_tone) if key.is_minor else ()
