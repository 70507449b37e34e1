"""The tree that was derived: leaves, sharing, printing, data."""

import json
from fractions import Fraction

from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.symbols import Goal
from theorygen.source.chance import Chance


def derive(section, duration, seed=1, **goal):
    chart = Chart(Grammar.build(section))
    return chart.sample(Goal(next(iter(section)).split("(")[0], duration, **goal), Chance(seed))


CADENCE = {
    "Phrase(cadence)": ["T(key=V) Cadence(cadence)"],
    "T": ["I"],
    "Cadence(PAC)": [{"to": "{ii6:3|IV} V:2 I[soprano={1,3}]", "name": "close"}],
}


def test_leaves_carry_chords_places_attributes_and_path():
    first, second, third, fourth = derive(CADENCE, 5, arguments=("PAC",)).leaves()
    assert second.alternatives == (("ii6", 3), ("IV", 1))
    assert third.alternatives == (("V", 1),)
    assert [(leaf.start, leaf.duration) for leaf in (first, second, third, fourth)] == [(0, 1), (1, 1), (2, 2), (4, 1)]
    assert first.attributes == {"key": "V", "mode": "major", "cadence": "PAC"}
    assert second.attributes["key"] == "I"
    assert fourth.constraints == {"soprano": frozenset("13")}
    assert fourth.path == ("Phrase(PAC)", "Cadence(PAC)", "I")
    assert fourth.symbol == "I" and fourth.derivation.is_terminal


def test_labels_reach_every_leaf_below_and_nearer_ones_win():
    leaves = derive({"S": ["X[region=sequence, hold]"], "X": ["a b[region=end]"]}, 2).leaves()
    assert [leaf.constraints for leaf in leaves] == [
        {"region": "sequence", "hold": "true"},
        {"region": "end", "hold": "true"},
    ]


def test_labels_may_name_a_parameter_of_their_head():
    (leaf,) = derive({"S": ["P(vi)"], "P(x)": ["I[pivot=x, cadence=PAC]"]}, 1).leaves()
    assert leaf.constraints == {"pivot": "vi", "cadence": "PAC"}


def test_minor_goals_have_the_minor_home_key():
    (leaf,) = derive({"S": ["i"]}, 1, attributes={"mode": "minor"}).leaves()
    assert leaf.attributes == {"key": "i", "mode": "minor"}


SHARING = {"S": ["let A = X in A B A[hold] A'"], "X": {"a Y": 1, "c d": 1, "e": 1}, "Y": {"f": 1, "g g": 1}, "B": ["b"]}


def plain(node):
    return node.symbol, node.duration, tuple(map(plain, node.children))


def test_shared_parts_are_the_same_and_variations_may_differ():
    differ = False
    for seed in range(30):
        derivation = derive(SHARING, 10, seed)
        first, _, again, varied = derivation.children
        assert plain(first) == plain(again)
        assert (first.shared, first.repeated, again.repeated) == ("A", False, True)
        assert again.start == first.end + 1
        assert (varied.shared, varied.variation, varied.duration) == ("A", True, first.duration)
        assert {leaf.constraints.get("hold") for leaf in again_leaves(derivation, again)} == {"true"}
        assert first.labels == {}
    for seed in range(30):
        first, _, _, varied = derive(SHARING, 7, seed).children
        differ = differ or plain(first) != plain(varied)
    assert differ


def again_leaves(derivation, node):
    return [leaf for leaf in derivation.leaves() if node.start <= leaf.start < node.end]


def test_what_is_shared_counts_once():
    derivation = derive(SHARING, 4, 0)
    assert derivation.words() == "e b e e"
    assert derivation.likelihood == 1.0
    chart = Chart(Grammar.build(SHARING))
    assert chart.total(Goal("S", 4)) == (1 / 3) ** 2


def test_shared_open_chords_keep_their_name():
    leaves = derive({"S": ["let C = {ii6|IV} in C V C"]}, 3).leaves()
    assert [leaf.derivation.shared for leaf in leaves] == ["C", "", "C"]
    assert leaves[2].derivation.repeated


def test_a_variation_in_another_key():
    derivation = derive({"S": ["let A = X in A A(key=V)'"], "X": ["I"]}, 2)
    assert [leaf.attributes["key"] for leaf in derivation.leaves()] == ["I", "V"]


def test_it_prints_as_a_tree():
    text = str(derive(CADENCE, 5, arguments=("PAC",)))
    assert text == "\n".join(
        [
            "Phrase(PAC) 0+5 -> T(key=V) Cadence(cadence)",
            "  T 0+1 -> I",
            "    I 0+1",
            "  Cadence(PAC) 1+4 -> close",
            "    {ii6:3|IV} 1+1",
            "    V 2+2",
            "    I [soprano=['1', '3']] 4+1",
        ]
    )


def test_data_is_json():
    data = json.loads(json.dumps(derive(SHARING, 7).to_data()))
    assert data["symbol"] == "S" and data["duration"] == "7"
    assert data["children"][2]["repeated"] is True
    assert Fraction(data["children"][1]["start"]) == Fraction(data["children"][0]["duration"])


def test_productions_know_their_place():
    node = derive(CADENCE, 5, arguments=("PAC",)).children[1]
    assert node.production.mark.text == "{ii6:3|IV} V:2 I[soprano={1,3}]"
    assert (node.production.name, node.production.weight) == ("close", 1.0)
