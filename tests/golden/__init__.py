"""Golden logs: drills whose bytes and exact scorecards are kept. A change in one is a decision."""
