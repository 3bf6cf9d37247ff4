"""An author at work beside a drill: how soon the page follows the file, and what a headless play costs those who act.

Acts are asked for through HTTP at a steady rate, in turns alone and beside headless plays that follow one another; each
is counted from the moment it was meant for. The page is asked for from the server that `drillroom serve` starts.
"""

import os
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from drills.live.headless_player import HeadlessPlayer
from drills.planning.crew import gather_with_crew
from drills.planning.materials import plan_drill
from scenarios.template import new_workspace
from tests.benchmarks.room import Row
from tests.drills.processes import entered, greeting, program
from tests.support.browsers import Loop, percentile
from tests.support.load import act_at
from tests.support.serving import a_room

RATE, SECONDS, ROUNDS = 100, 5.0, 4
SAVES = 15
INJECT = "  - {{id: more-{number}, at: {number}s, to: everyone, text: The queue grows}}\n"


def run() -> list[Row]:
    """(label, figure, limit, detail)."""
    return [*_beside(), *_followed()]


def _beside() -> list[Row]:
    plan = plan_drill(gather_with_crew("login-outage"), 0)
    alone: list[float] = []
    beside: list[float] = []
    plays = 0
    with a_room(people=50) as served:
        loop = Loop()
        act_at(served, loop, RATE, 1)
        for _ in range(ROUNDS):
            alone.append(percentile(act_at(served, loop, RATE, SECONDS).late, 0.99))
            done = threading.Event()
            with closing(HeadlessPlayer()) as player:

                def keep_playing(player: HeadlessPlayer = player, done: threading.Event = done) -> None:
                    nonlocal plays
                    while not done.is_set():
                        play = player.ask("login-outage", plan.model_copy(update={"seed": plays}))
                        while not play.over and not done.is_set():
                            time.sleep(0.05)
                        plays += play.findings is not None

                thread = threading.Thread(target=keep_playing)
                thread.start()
                beside.append(percentile(act_at(served, loop, RATE, SECONDS).late, 0.99))
                done.set()
                thread.join()
        loop.close()
    ratios = sorted(one / other for one, other in zip(beside, alone, strict=True))
    return [
        (
            f"an act at {RATE}/s beside headless plays / alone, p99",
            median(beside) / median(alone),
            1.25,
            f"{median(beside):.1f} against {median(alone):.1f} ms; rounds {', '.join(f'{one:.2f}' for one in ratios)}; "
            f"{plays} plays ended meanwhile",
        )
    ]


def _followed() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="drillroom-") as name:
        folder = Path(name)
        for file, text in new_workspace().items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        story = folder / "scenarios" / "first-drill.yaml"
        text = story.read_text(encoding="utf-8")
        more = "".join(INJECT.format(number=number) for number in range(1, 401 - text.count("\n")))
        text = text.replace("injects:\n", "injects:\n" + more, 1)
        taken, worked = _saves(folder, story, text)
    return [
        (
            "an author's page after saving 400 lines, p99 ms",
            percentile(taken, 0.99),
            300.0,
            f"median {median(taken):.0f} ms, of {len(taken)} saves of {text.count(chr(10))} lines; "
            f"the server worked {worked / len(taken):.0f} ms for each",
        )
    ]


def _saves(folder: Path, story: Path, text: str) -> tuple[list[float], float]:
    """Milliseconds from each save to the new page, and those of the processor that the server used for all of them."""
    taken: list[float] = []
    with program(folder, "serve", "--port", "0") as process, closing(entered(greeting(process)[0])) as owner:
        told = owner.get("/author/first-drill/news").json()
        before = _worked(process.pid)

        def follow(title: str) -> None:
            """Ask for news until the page has a title."""
            nonlocal told
            while not str(told.get("title", "")).startswith(title):
                told = owner.get("/author/first-drill/news", params={"seen": told["seen"]}, timeout=60).json()
            taken.append(time.perf_counter())

        for number in range(SAVES):
            asked = threading.Thread(target=follow, args=(f"{number} ",))
            asked.start()
            time.sleep(0.3)  # it asks and waits by then
            saved = time.perf_counter()
            story.write_text(text.replace("\ntitle: ", f"\ntitle: {number} ", 1), encoding="utf-8")
            asked.join()
            taken[-1] = (taken[-1] - saved) * 1000
        return taken, (_worked(process.pid) - before) * 1000


def _worked(process: int) -> float:
    """Seconds of the processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    for row in run():
        print(*row)
