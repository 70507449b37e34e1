"""``theorygen schema``: JSON Schemas, for editors and for programs that read our output."""

from __future__ import annotations

from typing import Annotated

import typer

SCHEMAS: dict[str, tuple[str, str]] = {
    "composition": ("theorygen.compose.json_schema", "composition_schema"),
    "review": ("theorygen.review.json_report", "review_schema"),
    "answers": ("theorygen.compose.answers_schema", "answers_schema"),
    "count": ("theorygen.compose.answers_schema", "count_schema"),
    "marginals": ("theorygen.compose.answers_schema", "marginals_schema"),
    "verify": ("theorygen.verify.report_schema", "verify_schema"),
    "style": ("theorygen.grammar.json_schema", "json_schema"),
}
"""Where the schemas are; that of styles is taken when no other is asked for."""


def schema(
    composition: Annotated[bool, typer.Option("--composition", help="The schema of 'compose --json' instead.")] = False,
    review: Annotated[bool, typer.Option("--review", help="The schema of 'check --json' instead.")] = False,
    answers: Annotated[bool, typer.Option(
        "--answers", help="The schema of 'realize --json' and 'harmonize --json' instead.")] = False,
    count: Annotated[bool, typer.Option("--count", help="The schema of 'count --json' instead.")] = False,
    marginals: Annotated[bool, typer.Option("--marginals", help="The schema of --marginals instead.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="The schema of 'verify --json' instead.")] = False,
) -> None:
    """Print the JSON Schema of style files.

    Example: theorygen schema > style.schema.json
    """
    import json
    from importlib import import_module

    asked = {"composition": composition, "review": review, "answers": answers, "count": count, "marginals": marginals,
             "verify": verify}
    module, function = SCHEMAS[next((name for name, is_asked in asked.items() if is_asked), "style")]
    print(json.dumps(getattr(import_module(module), function)(), indent=2, ensure_ascii=False))
