"""As version 0.1.0 made it. No step leads here: that version made its tables by itself."""

revision = "1"
down_revision = None
