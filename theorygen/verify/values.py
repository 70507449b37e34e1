"""The parameters of a style that matter for its pieces, and the values of each that are tried."""

from __future__ import annotations

from math import ceil, floor

from theorygen.grammar.grammar_facts import parameters_read
from theorygen.grammar.parameters import Parameter, ParameterValue
from theorygen.grammar.style import Style
from theorygen.rules.expression import BOOLEAN, INTEGER, Expression

_MOST_VALUES = 1000
"""Values of one parameter: those of a wider range are spread evenly over it."""


def read_by(style: Style) -> tuple[str, ...]:
    """The parameters that change which pieces there are, in the order of the style."""
    lengths = (style.length, style.phrase_length, style.pickup, style.unit)
    read = {name for value in lengths if isinstance(value, Expression) for name in value.names}
    for grammar in (style.form, style.harmony):
        read |= parameters_read(grammar) if grammar else frozenset()
    return tuple(name for name in style.parameters if name in read)


def values_of(parameter: Parameter) -> tuple[ParameterValue, ...]:
    """The values that are tried, the default first."""
    if parameter.choices:
        others: tuple[ParameterValue, ...] = parameter.choices
    elif parameter.kind == BOOLEAN:
        others = (False, True)
    elif parameter.lowest is None or parameter.highest is None:
        others = ()
    elif parameter.kind == INTEGER:
        lowest, highest = ceil(parameter.lowest), floor(parameter.highest)
        others = tuple(range(lowest, highest + 1, ceil((highest - lowest + 1) / _MOST_VALUES)))
    else:
        others = (parameter.lowest, parameter.highest)
    return tuple(dict.fromkeys((parameter.default, *others)))


def is_countable(parameter: Parameter) -> bool:
    """Whether the values that are tried are all there are."""
    if parameter.choices or parameter.kind == BOOLEAN:
        return True
    if parameter.kind != INTEGER or parameter.lowest is None or parameter.highest is None:
        return False
    return parameter.highest - parameter.lowest < _MOST_VALUES
