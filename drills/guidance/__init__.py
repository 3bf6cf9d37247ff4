"""What a drill shows to whom, and what helps people play it: pure functions of events."""
