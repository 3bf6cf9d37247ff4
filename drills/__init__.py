"""Drillroom: where it meets the world: everything with a clock, a disk or a screen."""
