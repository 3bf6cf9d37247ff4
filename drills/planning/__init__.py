"""From authored files to a drill that can begin; and drills that need no wall clock."""
