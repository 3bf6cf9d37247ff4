"""What people author: protocols, scenarios, teams, runbooks, rubrics and scripts, and the loader that reads them."""
