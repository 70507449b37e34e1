"""Musical material for property tests: strategies for Hypothesis and a plugin for pytest."""
