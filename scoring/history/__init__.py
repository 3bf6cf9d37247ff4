"""Many drills: what is kept of each, which of them may stand beside each other, and what changed between them."""
