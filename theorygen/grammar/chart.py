"""Exact weights of everything a grammar derives: a memoised chart over symbol, context and duration.

The weight of a derivation is the product over its nodes of the chosen production's share among the
productions the context allows; optional parts and groups split that share evenly. A total is the sum over all
derivations of one duration, so conditioning on the duration is exact and nothing is ever rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, isfinite
from typing import Any

from theorygen.grammar.derivation import Derivation, Step
from theorygen.grammar.grammar import Grammar, Production, Rule, substitute
from theorygen.grammar.grammar_facts import (
    context_names,
    grid,
    item_ticks,
    least_ticks,
    parameters_read,
    phase_dependent,
)
from theorygen.grammar.production import Item
from theorygen.grammar.sampling import (
    Cell,
    Option,
    Place,
    Road,
    Stop,
    Walker,
    end_stop,
    every,
    random_pick,
    recorded_pick,
    uniform_pick,
    weigh,
)
from theorygen.grammar.symbols import (
    BEAT,
    DEPTH,
    DURATION,
    STRENGTH,
    Goal,
    call_text,
    from_ticks,
    set_attributes,
    to_ticks,
)
from theorygen.rules.expression import Expression
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError, nearest
from theorygen.theory import TheoryError

_MOST_CELLS = 400_000
_HIGHEST_CLIMB = 100
_SEARCHED = 200
_LEAST_TOTAL = 1e-280
_NOWHERE = Place("", (), (), (), {})

Values = Mapping[str, Any]


class NoDerivation(ValueError):
    """The grammar derives nothing of the goal's duration.

    Attributes:
        goal: what was asked.
        possible: durations near it that can be derived, quarter lengths.
    """

    def __init__(self, goal: Goal, possible: tuple[Fraction, ...]) -> None:
        near = ", ".join(map(str, possible)) or "nothing near it"
        super().__init__(f"'{call_text(goal.symbol, goal.arguments)}' cannot last {goal.duration}; possible: {near}")
        self.goal = goal
        self.possible = possible


@dataclass(frozen=True)
class Clock:
    """How a start becomes a beat and a metric strength.

    Attributes:
        bar: quarter lengths of a bar.
        beat: quarter lengths of a beat.
        strength: metric weight, 3 to 0, of an offset within the bar; None gives 3 on the bar, 1 on a beat, else 0.
    """

    bar: Fraction | int = 4
    beat: Fraction | int = 1
    strength: Callable[[Fraction], int] | None = None

    def strength_at(self, offset: Fraction) -> int:
        """Metric weight of an offset within the bar."""
        if self.strength is not None:
            return self.strength(offset)
        return 3 if offset == 0 else int(offset % self.beat == 0)


@dataclass(frozen=True, eq=False)
class _Entry:
    """An item of a sequence, prepared: what it is, how long, and whether it repeats an earlier one."""

    item: Item
    place: Place | None
    is_terminal: bool
    ticks: int | None
    repeats: bool
    bound: bool


@dataclass(frozen=True, eq=False)
class _Sequence:
    """A variant of a production, prepared; ``least`` and ``fixed`` are sums from each item to the end."""

    production: Production
    share: float
    entries: tuple[_Entry, ...]
    least: tuple[int, ...]
    fixed: tuple[int | None, ...]


class Chart:
    """Totals, counts and samples of a grammar under given parameters; what was computed is kept.

    Args:
        grammar: the grammar.
        parameters: values of the style's parameters.
        unit: quarter lengths of a terminal without a duration.
        clock: the meter, for ``beat`` and ``strength``.
    """

    def __init__(
        self,
        grammar: Grammar,
        parameters: Mapping[str, Any] | None = None,
        *,
        unit: Fraction | int = 1,
        clock: Clock | None = None,
    ) -> None:
        self.grammar = grammar
        self.parameters = dict(parameters or {})
        _check_parameters(grammar, self.parameters)
        self.unit = _whole_ticks(unit)
        self.clock = clock or Clock()
        self._bar = _whole_ticks(self.clock.bar)
        self._grid = grid(grammar, self.unit)
        self._names = context_names(grammar)
        self._in_phase = phase_dependent(grammar)
        self._least = least_ticks(grammar, self.unit)
        self._end = end_stop()
        self._cells: dict[tuple[Any, ...], Cell] = {}
        self._work: list[Cell] = []
        self._sequences: dict[int, tuple[_Sequence, ...]] = {}
        self._checked: set[str] = set()

    # questions

    def total(self, goal: Goal) -> float:
        """Summed weight of all derivations: the probability that the symbol takes exactly this duration."""
        return self._root(goal).total

    def count(self, goal: Goal) -> int:
        """How many derivations there are, exactly."""
        return self._root(goal).count

    def sample(self, goal: Goal, chance: Chance) -> Derivation:
        """One derivation, with probability proportional to its weight.

        Raises:
            NoDerivation: nothing has this duration.
        """
        return self._walk(goal, Walker(random_pick(chance)))

    def sample_uniform(self, goal: Goal, chance: Chance) -> Derivation:
        """One derivation, each equally likely.

        Raises:
            NoDerivation: nothing has this duration.
        """
        return self._walk(goal, Walker(uniform_pick(chance), by_count=True))

    def replay(self, goal: Goal, decisions: Sequence[int]) -> Derivation:
        """The derivation with these decisions.

        Raises:
            ValueError: they belong to another goal or grammar.
        """
        derivation = self._walk(goal, Walker(recorded_pick(decisions)))
        if derivation.decisions() != tuple(decisions):
            raise ValueError("these decisions do not belong to this goal")
        return derivation

    def enumerate(self, goal: Goal) -> Iterator[Derivation]:
        """All derivations; ``derivation.likelihood * total(goal)`` is the weight of each."""
        yield from every(self._root(goal), goal.environment, _whole_ticks(goal.start), _NOWHERE, {})

    def lengths(self, goal: Goal, limit: Fraction | int) -> dict[Fraction, float]:
        """The totals of all durations up to ``limit`` the goal's symbol can have; the goal's own is ignored."""
        steps = range(self._grid, _whole_ticks(limit) + 1, self._grid)
        totals = {from_ticks(ticks): self.total(replace(goal, duration=from_ticks(ticks))) for ticks in steps}
        return {duration: total for duration, total in totals.items() if total > 0}

    def durations(self, goal: Goal, limit: Fraction | int) -> tuple[Fraction, ...]:
        """Durations up to ``limit`` that the goal's symbol can have, quarter lengths."""
        return tuple(self.lengths(goal, limit))

    def expected_length(self, goal: Goal, limit: Fraction | int) -> float:
        """Mean duration of the goal's symbol among those up to ``limit``, quarter lengths; 0 if there are none."""
        totals = self.lengths(goal, limit)
        return sum(float(length) * total for length, total in totals.items()) / (sum(totals.values()) or 1.0)

    def entropy(self, goal: Goal) -> float:
        """Bits of choice among the derivations of the goal."""
        return self._root(goal).entropy

    def _walk(self, goal: Goal, walker: Walker) -> Derivation:
        cell = self._root(goal)
        if cell.count and cell.total < _LEAST_TOTAL:
            raise ArithmeticError(f"derivations that last {goal.duration} are too improbable to be told apart")
        if not cell.count:
            raise NoDerivation(goal, self._durations_near(goal))
        return walker.walk(cell, goal.environment, _whole_ticks(goal.start), _NOWHERE, {})

    def _durations_near(self, goal: Goal) -> tuple[Fraction, ...]:
        """Up to four possible durations, those nearest to the goal's, looking at twice its length at most."""
        limit = min(2 * Fraction(goal.duration) + 8 * self._grid_length, _SEARCHED * self._grid_length)
        nearest_first = sorted(self.durations(goal, limit), key=lambda one: abs(one - goal.duration))
        return tuple(sorted(nearest_first[:4]))

    @property
    def _grid_length(self) -> Fraction:
        return from_ticks(self._grid)

    # discovery

    def _root(self, goal: Goal) -> Cell:
        if goal.symbol not in self.grammar.rules:
            raise InputError(
                Diagnostic(
                    "unknown-symbol",
                    f"unknown symbol '{goal.symbol}'",
                    nearest=nearest(goal.symbol, self.grammar.rules),
                )
            )
        values = goal.environment
        ticks, start = _whole_ticks(goal.duration), _whole_ticks(goal.start)
        cell = self._cell(goal.symbol, self._goal_arguments(goal), values, ticks, start, 0)
        if self._work:
            self._fill()
        return cell

    def _goal_arguments(self, goal: Goal) -> tuple[str, ...]:
        names = self.grammar.signatures[goal.symbol]
        missing = names[len(goal.arguments) :]
        given = (*goal.arguments, *(goal.attributes[name] for name in missing if name in goal.attributes))
        if len(given) != len(names):
            wanted = str(self.grammar.rules[goal.symbol][0].head)
            raise InputError(
                Diagnostic(
                    "arguments",
                    f"'{goal.symbol}' needs {len(names)} arguments, not {len(given)}",
                    self.grammar.rules[goal.symbol][0].mark,
                    wanted,
                )
            )
        return tuple(map(str, given))

    def _cell(
        self, symbol: str, arguments: tuple[str, ...], values: Values, ticks: int, start: int, climb: int
    ) -> Cell:
        context = tuple(values.get(name) for name in self._names[symbol])
        phase = start % self._bar if symbol in self._in_phase else 0
        key = (symbol, arguments, context, ticks, phase)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = Cell(symbol, arguments, context, ticks, phase, climb)
            self._work.append(cell)
        return cell

    def _fill(self) -> None:
        """Expand all cells that are wanted, then weigh them, short ones first."""
        known = len(self._cells) - len(self._work)
        fresh: list[Cell] = []
        try:
            while self._work:
                fresh.append(self._work.pop())
                self._check_growth(fresh[-1])
                self._expand(fresh[-1])
            for cell in _in_order(fresh):
                weigh(cell)
        except BaseException:
            self._work.clear()
            self._cells = dict(list(self._cells.items())[:known])
            raise

    def _check_growth(self, cell: Cell) -> None:
        if cell.climb > _HIGHEST_CLIMB or len(self._cells) > _MOST_CELLS:
            raise endless([cell.symbol], self.grammar.rules[cell.symbol][0])

    def _expand(self, cell: Cell) -> None:
        context = dict(zip(self._names[cell.symbol], cell.context, strict=True))
        rule = self._rule(cell, context)
        if rule is None:
            return
        bound: dict[str, str] = rule.head.bind(cell.arguments)
        cell.parameters = set_attributes({}, bound.items()) if bound else {}
        values = {**context, **cell.parameters}
        weights = self._weights(rule, cell, values)
        whole = sum(weights)
        depth = f"#{cell.symbol}"
        values[depth] = int(context.get(depth) or 0) + 1
        for production, weight in zip(rule.productions, weights, strict=True):
            if weight > 0:
                self._rewrite(cell, rule, production, weight, weight / whole, values)

    def _rule(self, cell: Cell, context: Values) -> Rule | None:
        mode = str(context.get("mode") or "")
        rules = self.grammar.rules[cell.symbol]
        return next((rule for rule in rules if rule.head.matches(cell.arguments, mode)), None)

    def _rewrite(
        self, cell: Cell, rule: Rule, production: Production, weight: float, share: float, values: Values
    ) -> None:
        step = Step(production.text, production.name, weight, production.mark)
        for sequence in self._prepared(rule, production):
            if sequence.least[0] <= cell.ticks and sequence.fixed[0] in (None, cell.ticks):
                first = _Paver(self, cell, rule, sequence, values).stop(0, cell.ticks, ())
                if first is not None:
                    cell.options.append(Option(production, step, share * sequence.share, first))

    # guards and weights

    def _weights(self, rule: Rule, cell: Cell, values: Values) -> list[float]:
        lookup = self._lookup(cell, values)
        return [self._weight(production, lookup) for production in rule.productions]

    def _weight(self, production: Production, lookup: Callable[[str], Any]) -> float:
        if production.when is not None and not production.when.evaluate(lookup):
            return 0.0
        if not isinstance(production.weight, Expression):
            return production.weight
        weight = float(production.weight.evaluate(lookup))
        if not isfinite(weight) or weight < 0:
            text = production.weight.text
            raise InputError(
                Diagnostic("weight", f"the weight '{text}' becomes {weight:g}", production.mark, "a number from 0 up")
            )
        return weight

    def _lookup(self, cell: Cell, values: Values) -> Callable[[str], Any]:
        offset = from_ticks(cell.phase)
        kinds = self.grammar.attributes

        def lookup(name: str) -> Any:
            if name == DURATION:
                return from_ticks(cell.ticks)
            if name == BEAT:
                return 1 + offset / self.clock.beat
            if name == STRENGTH:
                return self.clock.strength_at(offset)
            if name == DEPTH:
                return int(values.get(f"#{cell.symbol}") or 0)
            value = values.get(name)
            if value is None:
                value = self.parameters.get(name)
            if name in kinds and kinds[name].is_number:
                return _number(name, value)
            return "" if value is None else value

        return lookup

    # preparation

    def _prepared(self, rule: Rule, production: Production) -> tuple[_Sequence, ...]:
        found = self._sequences.get(id(production))
        if found is None:
            found = tuple(self._sequence(rule, production, float(share), items) for share, items in production.variants)
            self._sequences[id(production)] = found
        return found

    def _sequence(self, rule: Rule, production: Production, share: float, items: tuple[Item, ...]) -> _Sequence:
        entries = []
        for index, item in enumerate(items):
            earlier = [other for other in items[:index] if item.name and other.name == item.name]
            repeats = not item.varied and any(not other.varied for other in earlier)
            entries.append(self._entry(rule, item, repeats, bool(earlier)))
        least: list[int] = [0]
        fixed: list[int | None] = [0]
        for entry in reversed(entries):
            least.append(least[-1] + self._least_of(entry))
            fixed.append(None if fixed[-1] is None or entry.ticks is None else fixed[-1] + entry.ticks)
        return _Sequence(production, share, tuple(entries), tuple(reversed(least)), tuple(reversed(fixed)))

    def _entry(self, rule: Rule, item: Item, repeats: bool, bound: bool) -> _Entry:
        is_terminal = item.symbol in rule.head.parameters or item.symbol not in self.grammar.rules
        ticks = item_ticks(item, is_terminal, self.unit)
        static = not rule.head.parameters and not any(
            self.grammar.is_reference(value, rule.head) for value in (*item.arguments, *dict(item.settings).values())
        )
        place = self.place(rule, item, is_terminal, {}) if static else None
        return _Entry(item, place, is_terminal, ticks, repeats, bound)

    def _least_of(self, entry: _Entry) -> int:
        if entry.ticks is not None:
            return entry.ticks
        if entry.item.length is not None or entry.is_terminal:
            return 1
        least = self._least[entry.item.symbol]
        return 1 << 62 if least is None else least

    def place(self, rule: Rule, item: Item, is_terminal: bool, values: Values) -> Place:
        """An item with parameters and attributes replaced by their values."""
        head = rule.head

        def value_of(text: str) -> str:
            if not self.grammar.is_reference(text, head):
                return text
            found = values.get(text)
            return str(self.parameters.get(text, "") if found is None else found)

        settings = tuple((name, value_of(value)) for name, value in item.settings)
        arguments = tuple(map(value_of, item.arguments))
        if is_terminal:
            return self._terminal(rule, item, arguments, settings, values)
        names = self.grammar.signatures[item.symbol][len(arguments) :]
        arguments = (*arguments, *(dict(settings)[name] for name in names))
        return Place(
            item.symbol, arguments, settings, (), _labels(item, head.parameters, values), item.name, item.varied
        )

    def _terminal(
        self, rule: Rule, item: Item, arguments: tuple[str, ...], settings: tuple[tuple[str, str], ...], values: Values
    ) -> Place:
        own = {name: str(values[name]) for name in rule.head.parameters if name in values}
        chords = item.alternatives or ((item.symbol, Fraction(1)),)
        filled = tuple((substitute(chord, own), weight) for chord, weight in chords)
        for (chord, _), (written, _) in zip(filled, chords, strict=True):
            if chord != written:
                self._check(chord, rule, item)
        symbol = "{" + "|".join(_weighted(*one) for one in filled) + "}" if item.alternatives else filled[0][0]
        names = self.grammar.terminals.get(symbol, ())
        settings = (*zip(names, arguments, strict=False), *settings)
        labels = _labels(item, rule.head.parameters, values)
        return Place(symbol, arguments, settings, filled, labels, item.name, item.varied)

    def _check(self, chord: str, rule: Rule, item: Item) -> None:
        check = self.grammar.check_terminal
        if check is None or chord in self._checked or chord in self.grammar.terminals:
            return
        try:
            check(chord)
        except TheoryError as error:
            production = next(one for one in rule.productions if item in [*one.body.items])
            mark = production.source.inside(item.position, item.width)
            raise InputError(
                Diagnostic(
                    "unknown-chord", f"'{item}' becomes '{chord}': {error.message}", mark, error.expected, error.nearest
                )
            ) from None
        self._checked.add(chord)


def _labels(item: Item, parameters: tuple[str, ...], values: Values) -> Mapping[str, str | frozenset[str]]:
    return {
        name: str(values[value]) if isinstance(value, str) and value in parameters and value in values else value
        for name, value in item.labels.items()
    }


def _weighted(chord: str, weight: Fraction) -> str:
    return chord if weight == 1 else f"{chord}:{weight}"


class _Paver:
    """Lays the stops and roads of one sequence in one cell."""

    def __init__(self, chart: Chart, cell: Cell, rule: Rule, sequence: _Sequence, values: Values) -> None:
        self.chart = chart
        self.cell = cell
        self.sequence = sequence
        self.values = values
        self.rule = rule
        self.step = gcd(chart._grid, cell.ticks)
        self.stops: dict[tuple[Any, ...], Stop | None] = {}
        self.places: dict[int, tuple[Place, Values]] = {}

    def stop(self, index: int, left: int, bound: tuple[tuple[str, int], ...]) -> Stop | None:
        """The stop before item ``index`` with ``left`` ticks to fill, or None when they cannot be filled."""
        if index == len(self.sequence.entries):
            return self.chart._end if left == 0 else None
        key = (index, left, bound)
        if key not in self.stops:
            roads = [road for ticks in self.ticks(index, left, bound) if (road := self.road(index, left, ticks, bound))]
            self.stops[key] = Stop(roads) if roads else None
        return self.stops[key]

    def ticks(self, index: int, left: int, bound: tuple[tuple[str, int], ...]) -> Sequence[int]:
        """Durations item ``index`` may have."""
        entry, rest = self.sequence.entries[index], self.sequence.fixed[index + 1]
        if entry.bound:
            return (dict(bound)[entry.item.name],)
        if entry.ticks is not None:
            return (entry.ticks,)
        if entry.item.length is not None:
            share = self.cell.ticks * entry.item.length.value
            return (int(share),) if share.denominator == 1 else ()
        if rest is not None:
            return (left - rest,)
        least = self.sequence.least[index] - self.sequence.least[index + 1]
        first = -(-least // self.step) * self.step
        return range(first, left - self.sequence.least[index + 1] + 1, self.step)

    def road(self, index: int, left: int, ticks: int, bound: tuple[tuple[str, int], ...]) -> Road | None:
        """The road on which item ``index`` lasts ``ticks``."""
        if not 0 < ticks <= left - self.sequence.least[index + 1]:
            return None
        entry = self.sequence.entries[index]
        name = entry.item.name
        following = (*bound, (name, ticks)) if name and not entry.bound else bound
        onward = self.stop(index + 1, left - ticks, following)
        if onward is None:
            return None
        place, inner = self.placed(index)
        if entry.is_terminal or entry.repeats:
            return Road(place, ticks, None, entry.repeats, onward)
        climb = self.cell.climb + 1 if ticks == self.cell.ticks else 0
        start = self.cell.phase + self.cell.ticks - left
        child = self.chart._cell(place.symbol, place.arguments, inner, ticks, start, climb)
        return Road(place, ticks, child, False, onward)

    def placed(self, index: int) -> tuple[Place, Values]:
        """Item ``index`` with its arguments filled in, and the values its subtree sees."""
        if index not in self.places:
            entry = self.sequence.entries[index]
            place = entry.place or self.chart.place(self.rule, entry.item, entry.is_terminal, self.values)
            inner = set_attributes(self.values, place.settings) if place.settings else self.values
            self.places[index] = (place, inner)
        return self.places[index]


def _check_parameters(grammar: Grammar, parameters: Values) -> None:
    """Every parameter that productions read must have a value."""
    missing = sorted(parameters_read(grammar) - set(parameters))
    if missing:
        found = [Diagnostic("parameter", f"the parameter '{name}' has no value") for name in missing]
        raise InputError(found)


def _number(name: str, value: Any) -> Fraction:
    try:
        return Fraction(value or 0)
    except (ValueError, TypeError, ZeroDivisionError):
        message = f"the attribute '{name}' is '{value}'"
        raise InputError(Diagnostic("attribute", message, expected="a number")) from None


def _whole_ticks(duration: Fraction | int) -> int:
    ticks = to_ticks(Fraction(duration))
    if ticks is None:
        raise ValueError(f"{duration} quarter lengths are not a multiple of 1/40320")
    return ticks


def _in_order(cells: list[Cell]) -> Iterator[Cell]:
    """Cells such that those a cell is made of come before it.

    Raises:
        InputError: a cell is made of itself.
    """
    done: dict[int, bool] = {}
    for cell in sorted(cells, key=lambda one: one.ticks):
        trail = [(cell, iter(_same_length(cell)))] if id(cell) not in done else []
        while trail:
            done.setdefault(id(trail[-1][0]), False)
            child = next((one for one in trail[-1][1] if not done.get(id(one), False)), None)
            if child is None:
                finished = trail.pop()[0]
                done[id(finished)] = True
                yield finished
            elif id(child) in done:
                raise endless([one.symbol for one, _ in trail], None)
            else:
                trail.append((child, iter(_same_length(child))))


def _same_length(cell: Cell) -> list[Cell]:
    children = {
        id(road.cell): road.cell
        for option in cell.options
        for road in option.first.roads
        if road.cell is not None and road.cell.ticks == cell.ticks and not road.cell.count
    }
    return list(children.values())


def endless(symbols: list[str], rule: Rule | None) -> InputError:
    """The error for a symbol that is rewritten forever without becoming shorter."""
    chain = " -> ".join([*symbols, symbols[0]])
    return InputError(
        Diagnostic(
            "endless-recursion",
            f"endless recursion: {chain} without becoming shorter",
            rule.mark if rule else None,
            remedy="add another symbol or a guard",
        )
    )
