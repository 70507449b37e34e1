"""``theorygen lint``: everything wrong or doubtful with style files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli.options import JsonOption

if TYPE_CHECKING:
    from theorygen.source.diagnostic import Diagnostic


def lint(
    styles: Annotated[list[str], typer.Argument(metavar="STYLE...", help="Style files, or styles that ship.")],
    as_json: JsonOption = False,
) -> None:
    """Find mistakes in style files, each with its place and a remedy.

    Leaves with 2 when there are errors, with 0 when there are only warnings.

    Example: theorygen lint my-style.yaml
    """
    from theorygen.grammar.style import lint_style

    findings = list(dict.fromkeys(finding for style in styles for finding in lint_style(style)))
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        _print_json(findings, errors)
    elif findings:
        print("\n\n".join(finding.render() for finding in findings))
    print(_summary(errors, len(findings) - errors), file=sys.stderr)
    if errors:
        raise typer.Exit(2)


def _print_json(findings: list[Diagnostic], errors: int) -> None:
    import json

    data = {"errors": errors, "warnings": len(findings) - errors, "findings": [one.as_dict() for one in findings]}
    print(json.dumps(data, indent=2, ensure_ascii=False))


def _summary(errors: int, warnings: int) -> str:
    counts = {"error": errors, "warning": warnings}
    told = [f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items() if count]
    return " and ".join(told) or "no mistakes found"
