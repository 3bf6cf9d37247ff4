"""Calibrating scenarios: what is played, by which processes or machines, and where the results are kept."""
