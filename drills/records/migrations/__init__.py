"""From one schema to the next, step by step."""
