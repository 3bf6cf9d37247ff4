"""Makes scenarios/made_up.json again: `python -m tests.support.made_up`.

With another version of Faker the values, and so the drills of every scenario that varies some, may become others: look
at the golden logs before you keep them.
"""

import json
from pathlib import Path
from typing import get_args

from faker import VERSION, Faker

from scenarios.made_up import FakeValue

MANY = 256
"""How many values of a kind there are to choose from."""
FILE = Path(__file__).parents[2] / "scenarios" / "made_up.json"


def made() -> str:
    """The file's content."""
    values: dict[str, list[str]] = {}
    for kind in get_args(FakeValue):
        fake = Faker("en_US")
        fake.seed_instance(0)
        values[kind] = [str(getattr(fake, kind)()) for _ in range(MANY)]
    content = {"made_by": "python -m tests.support.made_up", "faker": VERSION, "values": values}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(made(), encoding="utf-8")
