"""Many drills: what is kept of each, which of them may stand beside each other, and what changed between them."""

__all__ = ["VERSION"]

VERSION = 2
"""The version of what a history keeps of a drill. Raise it with any change to that, so that it is made again."""
