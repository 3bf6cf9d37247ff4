"""Drillroom: what a drill was worth: pure functions of its log and a rubric."""
