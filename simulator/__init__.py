"""Drillroom: what happens in a drill: a pure engine that turns acts and passing time into events."""
