"""What is slow to import, imported before anybody waits for it: in a thread, once, as soon as it will be asked for."""

import asyncio
import importlib

from starlette.concurrency import run_in_threadpool

__all__ = ["CHARTS", "PDF", "ready"]

CHARTS, PDF = "reports.charts.gallery", "weasyprint"
"""What draws a report's charts, and what prints a run sheet: one to two seconds of processor time each."""

_begun: dict[str, asyncio.Task[None]] = {}


def ready(module: str) -> asyncio.Task[None]:
    """Begin to import a module, if nobody has; what is not installed is said to whoever asks for it."""
    if module not in _begun or _begun[module].get_loop().is_closed():
        _begun[module] = asyncio.get_running_loop().create_task(run_in_threadpool(_imported, module))
    return _begun[module]


def _imported(module: str) -> None:
    try:
        importlib.import_module(module)
    except (ImportError, OSError):  # the second where a library of the system is missing
        return
