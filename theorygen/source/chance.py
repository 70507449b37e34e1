"""Randomness that is the same on every machine: raw PCG64 output and nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MANTISSA_BITS = 53


class Chance:
    """A stream of random numbers fixed by a seed and a path of names.

    Streams with different paths are independent, so drawing once more in one place changes nothing elsewhere.
    """

    def __init__(self, seed: int, *path: str | int) -> None:
        self._seed = seed
        self._path = path
        name = repr((int(seed), *(part if isinstance(part, str) else int(part) for part in path)))
        self._bits = np.random.PCG64(np.random.SeedSequence(int.from_bytes(sha256(name.encode()).digest(), "big")))

    def child(self, *path: str | int) -> Chance:
        """An independent stream named by ``path`` below this one."""
        return Chance(self._seed, *self._path, *path)

    def uniform(self) -> float:
        """A number in [0, 1), of 53 random bits."""
        return (int(self._bits.random_raw()) >> (64 - _MANTISSA_BITS)) * 2.0**-_MANTISSA_BITS

    def uniforms(self, count: int) -> NDArray[Any]:
        """The next ``count`` numbers that `uniform` would give."""
        numbers: NDArray[Any] = (self._bits.random_raw(count) >> (64 - _MANTISSA_BITS)) * 2.0**-_MANTISSA_BITS
        return numbers

    def below(self, bound: int) -> int:
        """An integer in [0, bound), exactly uniform for bounds of any size."""
        words = (bound.bit_length() + 63) // 64
        while True:
            drawn = 0
            for _ in range(words):
                drawn = drawn << 64 | int(self._bits.random_raw())
            drawn >>= 64 * words - bound.bit_length()
            if drawn < bound:
                return drawn

    def among(self, sums: Sequence[float]) -> int:
        """An index, with probability in proportion to weights.

        Args:
            sums: their running sums; whole numbers are exact, others are as fine as `uniform`.
        """
        if isinstance(sums[-1], int):
            return bisect_right(sums, self.below(sums[-1]))
        return min(bisect_right(sums, self.uniform() * sums[-1]), len(sums) - 1)
