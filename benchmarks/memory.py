"""Seconds and peak memory of one stage of work."""

import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STATM = Path("/proc/self/statm")
EVERY = 0.005
"""Seconds between two looks at the memory."""


@contextmanager
def stage(name: str, into: dict[str, dict[str, float | None]]) -> Iterator[None]:
    """Add what the block took: ``seconds`` and, in MB, ``peak_mb`` of this process.

    ``peak_mb`` is sampled while the stage runs; where the system tells no current size, it is the
    highest of all stages so far.
    """
    print(f"  {name} …", file=sys.stderr, flush=True)
    peak = [_now()]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(EVERY):
            peak[0] = max(peak[0], _now())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    begun = time.perf_counter()
    try:
        yield
    finally:
        seconds = time.perf_counter() - begun
        done.set()
        watcher.join()
        into[name] = {"seconds": round(seconds, 3), "peak_mb": round(max(peak[0], _now()), 1)}


def highest() -> dict[str, float]:
    """The highest memory of this process so far and, summed apart, of any process it started."""
    scale = 1e6 if sys.platform == "darwin" else 1e3
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"own_mb": round(own / scale, 1), "largest_child_mb": round(children / scale, 1)}


def _now() -> float:
    """Resident memory in MB."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * resource.getpagesize() / 1e6
    return highest()["own_mb"]


def clock(work: Callable[[], object]) -> float:
    """Processor seconds that a call takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
