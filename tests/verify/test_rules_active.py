"""Rules that never fire: planted ones are found at their lines, for what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.ruled import line_of, ruled, text_of
from theorygen.verify.rules_active import firings, study

IDLE = {
    "no-such-region": ("over: melodic-step\n  when: after.place.region == 'desert'\n  forbid: moves", "never-applies"),
    "no-such-chord": ("over: note\n  when: chord.kind == ninth\n  forbid: is_top", "never-applies"),
    "no-such-cadence": ("over: chord-change\n  when: after.place.cadence == DC\n  forbid: top.moves", "never-applies"),
    "out-of-range": ("over: note\n  when: is_bass\n  forbid: pitch > C4\n  strength: 3", "never-binds"),
    "shut-out": ("over: note\n  when: is_bass\n  forbid: member == fifth\n  strength: 3", "never-binds"),
}


@pytest.mark.parametrize("name", IDLE)
def test_a_planted_rule_is_found(name: str, tmp_path: Path) -> None:
    body, kind = IDLE[name]
    rules = f"{name}:\n  {body}"
    found = [one for one in study(ruled(tmp_path, rules)).findings if one.about == name]
    assert [one.kind for one in found] == [f"rule-{kind}"]
    assert found[0].severity == "warning"
    assert found[0].mark is not None
    assert found[0].mark.line == line_of(name, text_of(rules))


def test_rules_that_music_breaks_are_not_among_them(tmp_path: Path) -> None:
    rules = "steps:\n  over: melodic-step\n  when: is_top\n  forbid: moves\n  strength: 1"
    one = next(one for one in firings(ruled(tmp_path, rules)) if one.rule == "steps")
    assert one.applies
    assert one.binds


def test_what_pieces_do_not_show_may_still_apply(tmp_path: Path) -> None:
    """A rule over windows is judged by all there can be: no piece need have been drawn that comes under it."""
    subject = ruled(tmp_path, "rare:\n  over: note\n  when: voice == soprano and pitch == A4\n  forbid: place.final\n"
                              "  strength: 1")
    one = next(one for one in firings(subject) if one.rule == "rare")
    assert one.applies


def test_rules_of_profiles_are_told_together(tmp_path: Path) -> None:
    from theorygen.grammar.style import load_style
    from theorygen.verify.finding import Bounds, Subject

    path = tmp_path / "ruled.yaml"
    path.write_text(text_of("use: [strict-textbook]"), encoding="utf-8")
    notes = [one for one in study(Subject(load_style(path), Bounds(pieces=2))).findings if one.severity == "note"]
    assert len(notes) <= 2
    assert "n6-resolution" in notes[0].data["rules"]
