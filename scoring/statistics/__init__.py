"""Figures over many drills that do not lie: shares over time, intervals, limits, and two periods beside each other."""
