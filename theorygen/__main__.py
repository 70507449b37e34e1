"""``python -m theorygen``: the command line."""

from theorygen.cli import main

if __name__ == "__main__":
    main()
