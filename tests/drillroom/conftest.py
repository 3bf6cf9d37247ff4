"""Drills that several tests look at, played once."""

import pytest

import drillroom
from drillroom import DrillLog


@pytest.fixture(scope="session")
def poor_day() -> DrillLog:
    return drillroom.run("login-outage", players="poor", seed=3)
