"""A rule: one law or fault of part writing, written once in YAML, judged wherever windows are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from theorygen.rules.chord_lines import CHORD_LINE
from theorygen.rules.expression import BOOLEAN, NUMBER, Expression, Node, Scope, Table, parse_expression, subtrees
from theorygen.rules.folds import FOLDS, Fold
from theorygen.rules.kinds import Kind
from theorygen.rules.passages import CHORD_FOLDS, PASSAGES, Passage
from theorygen.rules.pointing import condition
from theorygen.rules.windows import FIGURE, WINDOWS, Window
from theorygen.rules.world import Array
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark, Marked

THOUSAND = 1000

MOST = 1_000_000_000
"""A rule charges no more than this for one window, so that no sum of charges overflows."""

FEW = 4
"""Less than one window in so many is taken out before it is looked at further; else all are, as fields are shared."""

Row = TypeVar("Row", bound=Table)


@dataclass(frozen=True)
class Exemption:
    """One exception of a rule.

    Attributes:
        name: short name of the exception.
        when: condition over the rule's window under which the rule is silent.
        good: examples the exception saves.
        bad: look-alikes it does not save.
    """

    name: str
    when: str
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule as written.

    Attributes:
        name: its id, kebab-case.
        over: name of the window.
        fold: for rules over a voice line, the name of the fold that carries its memory.
        grids: the grids it is judged on.
        when: condition for the rule to apply, or "".
        forbid: what must not be, or "".
        require: what must be, or "".
        cost: amount charged, for graded preferences, or "".
        unless: exceptions.
        strength: profile to "hard", "off" or a weight.
        message: sentence for a violation; may name fields in braces.
        because: the reason.
        source: where the theory comes from.
        details: title, category, penalty, bach rate and other texts for the manual.
        points_at: which notes a violation is about: the name of a note, or a smaller window with a condition on it.
        out_of: condition of the windows a rate is out of, where it is not ``when``, or "".
        good: examples that keep the rule.
        bad: examples that break it.
        origin: the text it was read from, and the path of its name there.
        relation: what it demands of notes that stand apart (`theorygen.rules.relations`), or None for windows.
    """

    name: str
    over: str
    when: str = ""
    forbid: str = ""
    require: str = ""
    cost: str = ""
    fold: str = ""
    grids: tuple[str, ...] = ("skeleton",)
    unless: tuple[Exemption, ...] = ()
    strength: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    because: str = ""
    source: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    points_at: Mapping[str, str] = field(default_factory=dict)
    out_of: str = ""
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    origin: tuple[Marked, tuple[str | int, ...]] | None = field(default=None, compare=False, repr=False)
    relation: Any = None

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def mark(self) -> Mark | None:
        """Where it is written, if it was read from a text; found when first asked for."""
        return self.origin[0].mark(self.origin[1], key=True) if self.origin else None

    @property
    def window(self) -> Window | None:
        """The window, or None for a rule over a line or a passage."""
        return WINDOWS.get(self.over)

    @property
    def passage(self) -> Passage | None:
        """The window of any length, or None."""
        if self.relation is not None:
            return None
        return CHORD_FOLDS.get(self.fold) if self.over == CHORD_LINE else PASSAGES.get(self.over)

    @property
    def solved(self) -> bool:
        """Whether the solver keeps it; rules over passages, figures and richer folds are judged on finished scores."""
        if self.relation is not None or self.passage is not None or self.over == FIGURE.name:
            return False
        return self.memory is None or self.memory.solved

    @property
    def memory(self) -> Fold | None:
        """The fold of a rule over a line."""
        return FOLDS.get(self.fold)

    @cached_property
    def scope(self) -> Scope:
        """The names its expressions may use."""
        if self.relation is not None:
            return Scope({})
        looked_at = self.window or self.passage or FOLDS[self.fold]
        fields: Mapping[str, Kind] = looked_at.fields
        return Scope(fields)

    @cached_property
    def guards(self) -> tuple[Expression, ...]:
        """The conditions under which it applies."""
        return (parse_expression(self.when, self.scope, BOOLEAN),) if self.when else ()

    @cached_property
    def chances(self) -> tuple[Expression, ...]:
        """The conditions of the windows a rate of the rule is out of."""
        return (parse_expression(self.out_of, self.scope, BOOLEAN),) if self.out_of else self.guards

    @cached_property
    def exemptions(self) -> tuple[Expression, ...]:
        """The conditions of its exceptions."""
        return tuple(parse_expression(one.when, self.scope, BOOLEAN) for one in self.unless)

    @cached_property
    def verdict(self) -> Expression:
        """What is forbidden or required, or the amount of the cost."""
        if self.cost:
            return parse_expression(self.cost, self.scope, NUMBER)
        return parse_expression(self.forbid or self.require, self.scope, BOOLEAN)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All its expressions over windows."""
        if self.relation is not None:
            return ()
        return (*self.guards, *self.exemptions, self.verdict)

    @cached_property
    def pointed_names(self) -> tuple[str, ...]:
        """The single notes its violations are about, by their names in the window."""
        return tuple(name for name, text in self.points_at.items() if not text)

    @cached_property
    def pointed_conditions(self) -> tuple[tuple[str, Expression], ...]:
        """The smaller windows whose notes its violations are about, each with its condition."""
        return tuple((place, condition(place, text)) for place, text in self.points_at.items() if text)

    @cached_property
    def open_words(self) -> frozenset[str]:
        """The words without a closed list (voices, numerals) that it mentions."""
        if self.relation is not None:
            return words_in(self.relation.expressions)
        pointed = (expression for _, expression in self.pointed_conditions)
        return words_in((*self.expressions, *self.chances, *pointed))

    @cached_property
    def names(self) -> frozenset[str]:
        """All fields it reads."""
        return frozenset().union(*(expression.names for expression in self.expressions))

    def rewritten(self, change: Callable[[Node], Node]) -> Rule:
        """The same rule with its compiled expressions changed; its texts stay as they are."""
        changed = replace(self)
        changed.__dict__["guards"] = tuple(one.rewritten(change) for one in self.guards)
        changed.__dict__["exemptions"] = tuple(one.rewritten(change) for one in self.exemptions)
        changed.__dict__["verdict"] = self.verdict.rewritten(change)
        return changed


def words_in(expressions: tuple[Expression, ...]) -> frozenset[str]:
    """The words without a closed list that these expressions mention."""
    nodes = [node for expression in expressions for node in subtrees(expression.root)]
    return frozenset(node.value for node in nodes if node.operation == "word" and not node.kind.words)


@dataclass(frozen=True)
class ActiveRule:
    """A rule with the strength a style gives it.

    Attributes:
        rule: the rule.
        hard: whether breaking it is forbidden; otherwise it costs.
        weight: cost of breaking it once, in thousandths.
        where: further conditions under which this strength holds.
        marks: it judges only windows whose focus lies in a slot with such a mark; None: it judges all windows.
        except_marks: it passes over windows whose focus lies in a slot with such a mark.

    Rules over lines and passages have no one slot: they are judged whole, whatever the marks.
    """

    rule: Rule
    hard: bool
    weight: int = 0
    where: tuple[Expression, ...] = ()
    marks: frozenset[int] | None = None
    except_marks: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Id of the rule."""
        return self.rule.name

    @cached_property
    def names(self) -> frozenset[str]:
        """All fields it reads."""
        return self.rule.names.union(*(expression.names for expression in self.where))

    @property
    def is_placed(self) -> bool:
        """Whether it judges only some places."""
        return self.marks is not None or bool(self.except_marks)

    @cached_property
    def open_words(self) -> frozenset[str]:
        """The words without a closed list that it mentions."""
        return self.rule.open_words | words_in(self.where)

    def rewritten(self, change: Callable[[Node], Node]) -> ActiveRule:
        """The same rule with its compiled expressions changed."""
        return replace(self, rule=self.rule.rewritten(change), where=tuple(one.rewritten(change) for one in self.where))

    def charge(self, rows: Table) -> tuple[Array, Array]:
        """The windows, or states of a line, that break the rule and what each costs.

        Returns:
            Indexes of the broken windows, and the amounts: thousandths for a weighted rule, 1 for a hard one.

        Raises:
            InputError: a graded rule charges a negative, infinite or absurdly large amount.
        """
        rows, kept, holds = self._applicable(rows)
        if not len(rows):
            return kept, np.zeros(0, dtype=np.int64)
        amount = self._amounts(rows)
        hit = (amount if holds is None else np.where(holds, amount, 0)).nonzero()[0]
        if self.rule.exemptions and len(hit):
            hit = hit[~self._exempt(rows.take(hit))]
        return kept[hit], self._whole(amount[hit]) if self.rule.cost else amount[hit]

    def opportunities(self, rows: Table) -> Array:
        """Indexes of the windows a rate is out of: needed voices sound, and what ``out-of`` says holds, or all guards.

        A rule on parallel fifths applies to parallel fifths alone, but they are rare out of all pairs that move.
        """
        _, kept, holds = self._applicable(rows, self.rule.chances)
        return kept if holds is None else kept[holds]

    def amounts(self, rows: Table) -> Array:
        """What each window costs, 0 for those that keep the rule; see `charge`."""
        broken, charged = self.charge(rows)
        amounts = np.zeros(len(rows), dtype=np.int64)
        amounts[broken] = charged
        return amounts

    def _amounts(self, rows: Table) -> Array:
        """What each window costs before exceptions; for graded rules whole numbers as floats."""
        if self.rule.cost:
            with np.errstate(divide="ignore", invalid="ignore"):
                cost = _spread(self.rule.verdict.run(rows), len(rows))
                return np.rint(cost.astype(np.float64) * self.weight)
        verdict = _spread(self.rule.verdict.run(rows), len(rows))
        return (verdict ^ (not self.rule.forbid)) * np.int64(1 if self.hard else self.weight)

    def _whole(self, amounts: Array) -> Array:
        """Amounts as whole numbers, once none of them is absurd."""
        wrong = amounts[~((amounts >= 0) & (amounts <= MOST * THOUSAND))]
        if len(wrong):
            raise InputError(Diagnostic(
                "bad-amount", f"rule '{self.name}' charges {_amount_text(float(wrong[0]) / THOUSAND)} for one window",
                expected=f"0 to {MOST}", remedy="see to it that its cost never divides by zero nor falls below zero"))
        return amounts.astype(np.int64)

    def _exempt(self, rows: Table) -> Array:
        """The windows some exception saves."""
        saved = np.zeros(len(rows), dtype=bool)
        for exemption in self.rule.exemptions:
            saved |= _spread(exemption.run(rows), len(rows))
        return saved

    def _applicable(self, rows: Row,
                    guards: tuple[Expression, ...] | None = None) -> tuple[Row, Array, Array | None]:
        """The windows here where all needed voices sound and all guards hold.

        Returns:
            Some of the windows, their indexes among ``rows``, and which of them are meant, None for all.
        """
        kept = np.arange(len(rows))
        marks = getattr(rows, "marks", None) if self.is_placed else None
        if marks is not None:
            kept = self._here(marks).nonzero()[0]
            rows = rows.take(kept)
        sounding = rows.sounding(self.names)
        if sounding is not None:
            heard = sounding.nonzero()[0]
            rows, kept = rows.take(heard), kept[heard]
        holds = None
        for guard in (*self.where, *(self.rule.guards if guards is None else guards)):
            value = _spread(guard.run(rows), len(rows))
            holds = value if holds is None else holds & value
            number = np.count_nonzero(holds)
            if number == len(rows):
                holds = None
            elif number * FEW < len(rows):
                chosen = holds.nonzero()[0]
                rows, kept, holds = rows.take(chosen), kept[chosen], None
        return rows, kept, holds


    def _here(self, marks: Array) -> Array:
        """Whether it judges windows that lie in slots with these marks."""
        here = np.isin(marks, sorted(self.except_marks), invert=True)
        return here if self.marks is None else here & np.isin(marks, sorted(self.marks))


def _spread(value: Any, count: int) -> Array:
    """An array of one value for each row, also where an expression reads no field and has one value for all."""
    return value if isinstance(value, np.ndarray) and value.ndim else np.full(count, value)


def _amount_text(amount: float) -> str:
    if np.isfinite(amount):
        return f"{amount:g}"
    return "no number" if np.isnan(amount) else "infinity" if amount > 0 else "minus infinity"
