"""What the tests of windows and of passages share."""

from __future__ import annotations

import numpy as np

from theorygen.rules.kinds import BOOLEAN, NUMBER, Kind


def fits(values: object, kind: Kind, length: int) -> bool:
    """Whether a field's values are one number of its kind for each window."""
    if not isinstance(values, np.ndarray) or values.shape != (length,):
        return False
    if kind.words and not np.isin(values, range(len(kind.words))).all():
        return False
    wanted = np.bool_ if kind == BOOLEAN else np.number if kind == NUMBER else np.integer
    return np.issubdtype(values.dtype, wanted)
