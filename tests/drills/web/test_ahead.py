"""What is slow to import is imported before somebody waits for it: beside the event loop, and once."""

import asyncio
import sys
from pathlib import Path

import pytest

from drills.web import ahead
from tests.drills.server import serving


def test_a_module_is_imported_once_in_a_thread_and_a_missing_one_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made_ahead.py").write_text("import threading\nwhere = threading.current_thread()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    async def twice() -> bool:
        first = ahead.ready("made_ahead")
        await first
        await ahead.ready("missing_ahead")
        return ahead.ready("made_ahead") is first

    assert asyncio.run(twice())
    assert "AnyIO" in sys.modules.pop("made_ahead").where.name


def test_charts_come_with_the_talk_and_the_printer_with_the_run_sheet(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(ahead, "ready", asked.append)
    with serving(here) as place:
        owner = place.owner()
        drill = place.make(owner)
        ana = place.player(owner, drill, "ana")
        assert ana.get(f"/d/{drill}/run-sheet").status_code == 403
        assert asked == [], "nothing for those who may not have it"
        assert owner.get(f"/d/{drill}/run-sheet").status_code == 200
        assert asked == [ahead.PDF]
        owner.start(drill)
        owner.does(drill, "/end", "/end")
        assert ana.get(f"/api/drills/{drill}/wash").status_code == 200
        assert asked[-1] == ahead.CHARTS
