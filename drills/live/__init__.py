"""Drills in real time, and the people who are connected to them."""
