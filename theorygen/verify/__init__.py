"""Proofs about a style: what its grammar and its rules can and cannot do, found without luck."""
