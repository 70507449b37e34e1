"""The error of the theory floor."""

from __future__ import annotations

import copy
import pickle

import pytest

from theorygen.theory import Pitch, TheoryError


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_can_be_sent_to_another_process(again) -> None:
    with pytest.raises(TheoryError) as caught:
        Pitch.parse("H4")
    assert vars(again(caught.value)) == vars(caught.value)
    assert str(again(caught.value)) == str(caught.value)
