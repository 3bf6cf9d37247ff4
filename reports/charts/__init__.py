"""The charts of a drill. Only what is in here imports matplotlib, which is why it is imported where it is used."""
