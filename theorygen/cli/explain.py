"""``theorygen explain``: why each chord and each note of a piece is there."""


def explain() -> None:
    """Explain."""
