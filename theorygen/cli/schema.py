"""``theorygen schema``: JSON Schemas, for editors and for programs that read our output."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    composition: Annotated[bool, typer.Option("--composition", help="The schema of 'compose --json' instead.")] = False,
    review: Annotated[bool, typer.Option("--review", help="The schema of 'check --json' instead.")] = False,
) -> None:
    """Print the JSON Schema of style files.

    Example: theorygen schema > style.schema.json
    """
    import json

    if composition:
        from theorygen.compose.json_schema import composition_schema

        found = composition_schema()
    elif review:
        from theorygen.review.json_report import review_schema

        found = review_schema()
    else:
        from theorygen.grammar.json_schema import json_schema

        found = json_schema()
    print(json.dumps(found, indent=2, ensure_ascii=False))
