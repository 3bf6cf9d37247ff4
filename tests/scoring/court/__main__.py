"""Prints what every case comes to; with `--write`, puts the table of cases into the page about the score."""

import sys

from tests.scoring.court.cases import CASES
from tests.scoring.court.figures import holds, said
from tests.scoring.court.table import PAGE, put


def main() -> None:
    """A line for each case and size."""
    if "--write" in sys.argv:
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        return
    for case in CASES:
        for size in case.sizes:
            word = "holds" if holds(case, size) else "FAILS"
            sys.stdout.write(f"{word}  {case.name:40} {size:3}  {said(case, size)}\n")


if __name__ == "__main__":
    main()
