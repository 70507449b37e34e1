"""One engine, one question: ``python -m benchmarks.engines ENGINE QUESTION CHORDS LIMIT`` prints a line of JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from statistics import median

from benchmarks.engines import engine
from benchmarks.engines.form import Answer, Case, Engine
from benchmarks.tables import cost_of, tables_of, unfairness, variety
from benchmarks.timing import cores, peak_memory, seconds
from benchmarks.workload import SEVEN, chords, problem, rule_sets
from theorygen.solve.workshop import Workshop

SHORT = 1.0
RUNS = 5


@dataclass(frozen=True)
class Taken:
    """Seconds: for the model, and from the model to the answer."""

    model: float
    answer: float


def case_of(length: int) -> Case:
    """A progression of so many chords under the textbook profile without memory, its tables made."""
    rules = rule_sets()["none"]
    question = problem(SEVEN if length == len(SEVEN) else chords(length), rules)
    workshop = Workshop(rules, question.ensemble)
    return Case(tables_of(question, workshop), question, workshop)


def asked(one: Engine, question: str, case: Case, limit: float) -> tuple[Taken, Answer]:
    """One answer, timed."""
    making, model = seconds(lambda: one.model(case, question))
    answering, answer = seconds(lambda: getattr(one, question)(model, limit - making))
    return Taken(making, answering), answer


def measured(one: Engine, question: str, case: Case, limit: float) -> tuple[Taken, Answer]:
    """One answer; what takes less than a second is asked again, and the median of the other runs counts."""
    taken, answer = asked(one, question, case, limit)
    if taken.model + taken.answer > SHORT:
        return taken, answer
    runs = [asked(one, question, case, limit)[0] for _ in range(RUNS)]
    return Taken(median(run.model for run in runs), median(run.answer for run in runs)), answer


def checked(case: Case, question: str, answer: Answer) -> dict[str, object]:
    """What the answer is worth; every solution is looked up in the tables.

    Raises:
        ValueError: one is none, or does not cost what the engine says.
    """
    costs = [cost_of(case.tables, row) for row in answer.rows]
    if question == "optimum" and costs and costs[0] != answer.value:
        raise ValueError(f"a solution of cost {costs[0]} is said to cost {answer.value}")
    data: dict[str, object] = {"complete": answer.complete, "value": answer.value, "bound": answer.bound,
                               "solutions": len(costs)}
    if question == "several" and answer.complete:
        data |= {"varied": variety(answer.rows), "unfairness": unfairness(case.tables, answer.rows)}
    return data


def main() -> None:
    """Ask and print."""
    name, question, length, limit = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    case, one = case_of(length), engine(name)
    with cores(one.cores):
        taken, answer = measured(one, question, case, limit)
    print(json.dumps({"engine": name, "question": question, "chords": length, "model": taken.model,
                      "answer": taken.answer, "peak": peak_memory()} | checked(case, question, answer)))


if __name__ == "__main__":
    main()
