"""The process that makes one report of a batch."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from workbench.errors import RunError, WorkbenchError
from workbench.params.base import language_of
from workbench.run.notebook import run_notebook
from workbench.run.result import INTERRUPTED, Outcome, exit_code

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def work(name: str, values: Mapping[str, Any], timeout: int, pipe: "Connection") -> None:
    """Run a notebook and say through ``pipe`` each stage and, at the end, the outcome.

    The batch alone hears Ctrl-C (this process leaves its terminal) and stops this process by
    hanging up, as it does when it dies: either way the run ends like an interrupted one.
    """
    if hasattr(os, "setsid"):
        os.setsid()
    started = time.monotonic()
    try:
        _mask("SIG_UNBLOCK")
        threading.Thread(target=_interrupt_when_gone, args=(pipe,), daemon=True).start()
        outcome = _run(name, values, timeout, pipe, started)
    except KeyboardInterrupt:
        outcome = Outcome(INTERRUPTED, time.monotonic() - started)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch hangs up when it has heard this
    _say(pipe, outcome)


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Within it Ctrl-C waits, also for a process started in it until that one lets it through.

    So no worker stops half-way through its start. A handler is needed beside the mask, because a
    library's thread that has no mask may be the one that gets the signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    _mask("SIG_BLOCK")
    try:
        yield
    finally:
        _mask("SIG_UNBLOCK")
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _mask(how: str) -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(getattr(signal, how), {signal.SIGINT})


def _run(
    name: str, values: Mapping[str, Any], timeout: int, pipe: "Connection", started: float
) -> Outcome:
    def say(stage: object) -> None:
        _say(pipe, stage)

    try:
        result = run_notebook(name, values, progress=say, timeout=timeout)
    except WorkbenchError as error:
        took, text = time.monotonic() - started, error.text(language_of(values))
        folder = error.folder if isinstance(error, RunError) else ""
        return Outcome(exit_code(error), took, folder, message=text)
    return Outcome(0, result.seconds, str(result.folder))


def _say(pipe: "Connection", said: object) -> None:
    with suppress(BrokenPipeError, ConnectionError):
        pipe.send(said)


def _interrupt_when_gone(pipe: "Connection") -> None:
    """Wait for the batch to hang up: it never says anything."""
    with suppress(EOFError, OSError):
        pipe.recv()
    logging.disable()  # nobody is left to read how the libraries take it that the kernel is gone
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, signal.SIGINT)
