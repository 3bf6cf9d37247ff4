"""A team's page: its drills together, as charts with a sentence each, for the room and as a file to print."""
