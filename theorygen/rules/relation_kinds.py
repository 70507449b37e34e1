"""All kinds of relations: the vocabulary of rules over notes that stand apart."""

from __future__ import annotations

from theorygen.rules.relation_inversion import Invertible
from theorygen.rules.relations import Canon, Relation, Row, SameMotif

RELATIONS: dict[str, type[Relation]] = {relation.kind: relation for relation in (Canon, SameMotif, Row, Invertible)}
"""What may stand after ``relation:``; a total is written ``over: piece`` with ``total:``."""
