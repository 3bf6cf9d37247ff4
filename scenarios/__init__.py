"""Drillroom: what people author (protocols, scenarios, teams, rubrics and so on), and the loader that reads it."""
