"""Calibration: what thousands of drills of simulated teams say of a scenario, and to which scenario that belongs."""

__all__ = ["VERSION"]

VERSION = 1
"""The version of what is played and counted. Raise it with any change to that, or to how simulated players behave
beyond their figures: every calibration is then another, and has to be made again."""
