"""Benchmarks: what the solver and the program cost, beside what others cost. Run ``python -m benchmarks``."""
