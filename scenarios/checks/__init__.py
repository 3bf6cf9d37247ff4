"""What a model alone cannot see: references, times, texts, and whether a scenario can be played at all."""
