"""How large a file may be, so that none takes the machine with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most.

    Attributes:
        megabytes: size of the file.
        unpacked_megabytes: size of all that is in a compressed file.
        packed_files: number of files in a compressed file.
        ratio: how many times its packed size a file in it may have, where that is above a megabyte.
        notes: notes and rests in a piece.
        bars: bars of a piece.
    """

    megabytes: int = 20
    unpacked_megabytes: int = 50
    packed_files: int = 1000
    ratio: int = 200
    notes: int = 50_000
    bars: int = 20_000


LIMITS = Limits()
