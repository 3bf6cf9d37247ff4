"""Drillroom: what people read after a drill: charts, the situation report, the post-mortem."""
