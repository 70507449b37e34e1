"""The command line: one module for each command, each a thin face over the floors below.

Exit codes: 0 done; 1 the music breaks the rules, or no voicing keeps them; 2 the input is wrong; 70 a mistake of ours.
"""

from __future__ import annotations


def main() -> None:
    """Runs the command in ``sys.argv`` and leaves with its exit code."""
    import sys

    from theorygen.cli.running import prepare_process, run

    prepare_process()
    sys.exit(run(sys.argv[1:]))
