"""What each chart of a team's page shows, as values: `reports.team` draws them and puts them into words."""
