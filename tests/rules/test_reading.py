"""Rules as they are read from YAML."""

from theorygen.rules.reading import read_rule, read_shape
from theorygen.rules.rule_set import check_library
from theorygen.source.diagnostic import Diagnostics
from theorygen.source.document import parse_document

WRONG = """
wrong:
  over: sonority
  forbid: no_such_field
  message: "{nothing} is wrong"
"""


def test_every_expression_and_message_of_the_library_is_right():
    assert [str(one) for one in check_library()] == []


def test_the_shape_of_a_rule_can_be_read_without_its_expressions():
    document = parse_document(WRONG, "wrong.yaml")
    shape, whole = Diagnostics(), Diagnostics()
    assert read_shape("wrong", document.data["wrong"], document, ("wrong",), shape) and not shape
    assert read_rule("wrong", document.data["wrong"], document, ("wrong",), whole) is None
    assert [one.mark.line for one in whole if one.mark] == [4, 5]
