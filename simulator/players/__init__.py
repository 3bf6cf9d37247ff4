"""Who takes part without being there: simulated players in their profiles, and scripted teams."""
