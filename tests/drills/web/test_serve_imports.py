"""What the server imports, and when: what a report needs comes with the first report, and beside the event loop."""

import subprocess
import sys

from tests.drills.command_line import ROOT
from tests.support.browsers import Caller, Loop, get, post
from tests.support.serving import a_room

HEAVY = ("matplotlib", "numpy", "pandas", "scipy", "weasyprint")


def test_the_server_starts_without_what_only_reports_need() -> None:
    code = f"import sys, drills.web.process; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    assert said.stdout.strip() == "[]"


def test_nothing_heavy_comes_before_a_report_is_asked_for_and_then_beside_the_event_loop() -> None:
    with a_room(people=4) as served, Loop() as loop:
        caller = Caller(served.port)
        loop.add(caller)
        drill = f"/api/drills/{served.drill}"
        page = f"/d/{served.drill}"
        for who in ("p1", "facilitator", "observer"):
            for path in (page, drill, f"{drill}/events", f"{drill}/lobby"):
                assert caller.asked_for(loop, get(path, served.header(who)))[0] == 200, (who, path)
        for path in (f"{drill}/duties", "/", "/library", "/library/login-outage", "/new", "/practise"):
            assert caller.asked_for(loop, get(path, served.header("owner")))[0] == 200, path
        end = post(f"{drill}/acts", served.header("facilitator"), {"id": "end", "say": "/end enough"})
        assert caller.asked_for(loop, end)[0] == 200
        assert caller.asked_for(loop, get(page, served.header("p1")))[0] == 200
        before = served.ask("imported")
        assert not {"matplotlib", "pandas", "scipy"} & set(before), before
        assert caller.asked_for(loop, get(f"{page}/report", served.header("facilitator")))[0] == 200
        after = served.ask("imported")
        assert "matplotlib" in after, "else this test says nothing"
        assert "MainThread" not in set(after.values()), after
