"""Drills by the clock on the wall, and those who are connected to them."""
