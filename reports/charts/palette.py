"""Colours of the charts. Each is a tint of its own, so that a page can replace it with its theme's colour.

Ink, lines, grounds and the colour that says "this is a drill" are the drill room's; a test compares them with its style
sheet. The hues are Okabe and Ito's, which colour-blind readers tell apart; their lightness differs too, so that they
survive a copier, and nothing is said by colour alone: every bar, mark and gap also has a name, a shape or a hatch.
"""

import re

__all__ = ["GROUND", "MARKS", "ROLES", "SHARED", "TONES", "themed"]

PAPER = "#ffffff"
INK = "#15191c"
SOFT = "#545c63"
FAINT = "#dfe2df"
SHADE = "#f4f6f9"
DEEP = "#e8ecf1"
TRACK = "#dfe4ea"
ON_DARK = "#fdfdfe"
ON_LIGHT = "#15191f"
BLUE = "#0067a3"
ORANGE = "#e69f01"
PINK = "#dfa8c7"
GREEN = "#00855f"
RED = "#c8500a"
SKY = "#7cc0ea"
OLIVE = "#8a8420"
DRILL = "#2448c8"
PALE_RED = "#fbe3d4"
PALE_GREEN = "#d3ece2"
PALE_BLUE = "#dcebf5"
PALE_AMBER = "#fbeecd"

TONES: dict[str, tuple[str, str]] = {
    PAPER: ("paper", "#15191c"),
    INK: ("ink", "#e8ebec"),
    SOFT: ("soft", "#9ba5ab"),
    FAINT: ("faint", "#272d31"),
    SHADE: ("shade", "#1d232b"),
    DEEP: ("deep", "#262e37"),
    TRACK: ("track", "#303944"),
    ON_DARK: ("on-dark", "#0d1116"),
    ON_LIGHT: ("on-light", "#101419"),
    BLUE: ("blue", "#58b0ec"),
    ORANGE: ("orange", "#f2b53a"),
    PINK: ("pink", "#dc97bd"),
    GREEN: ("green", "#3cc79b"),
    RED: ("red", "#ff8d4f"),
    DRILL: ("drill", "#9bb1ff"),
    SKY: ("sky", "#8fcdf2"),
    OLIVE: ("olive", "#c9c25a"),
    PALE_RED: ("pale-red", "#4a2b19"),
    PALE_GREEN: ("pale-green", "#153a2f"),
    PALE_BLUE: ("pale-blue", "#17354a"),
    PALE_AMBER: ("pale-amber", "#43361a"),
}
"""Each tint's name for style sheets and its colour on a dark ground."""

GROUND = ("#f4f5f3", "#0e1113")
"""What pages lie on, in the light and in the dark."""
SHARED = {
    "paper": GROUND,
    "panel": (PAPER, TONES[PAPER][1]),
    "ink": (INK, TONES[INK][1]),
    "soft": (SOFT, TONES[SOFT][1]),
    "line": (FAINT, TONES[FAINT][1]),
}
"""The drill room's names of what both have, with the colours in the light and in the dark."""

ROLES = [(BLUE, ON_DARK), (ORANGE, ON_LIGHT), (PINK, ON_LIGHT), (SKY, ON_LIGHT), (OLIVE, ON_DARK), (GREEN, ON_DARK)]
"""The protocol's roles in its order: the bar and the writing on it. A seventh role has the first one's again."""

MARKS = {"decided": ("D", BLUE), "came": ("o", SOFT), "wrote": ("s", GREEN), "told": ("*", RED), "papers": ("p", OLIVE)}
"""Shape and colour of what people did, by its kind."""

_TINT = re.compile("#[0-9a-f]{6}")


def themed(svg: str) -> str:
    """The same picture with style-sheet names instead of its tints, each with the tint as fallback."""
    return _TINT.sub(lambda tint: f"var(--{TONES[tint[0]][0]}, {tint[0]})" if tint[0] in TONES else tint[0], svg)
