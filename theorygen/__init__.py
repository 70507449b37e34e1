"""theorygen: style grammars in YAML, expanded by an exact solver into fully voiced scores."""

__version__ = "0.1.0"
