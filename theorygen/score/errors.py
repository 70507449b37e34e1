"""The error the score floor raises when parts of a score contradict each other."""

from __future__ import annotations


class ScoreError(ValueError):
    """A score, voice or ensemble that cannot be: voices with gaps, measures out of order, unknown names."""
