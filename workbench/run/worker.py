"""The process that makes one report of a batch."""

import os
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
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
        let_interrupts(through=True)
        threading.Thread(target=_interrupt_when_gone, args=(pipe,), daemon=True).start()
        outcome = _run(name, values, timeout, pipe, started)
    except KeyboardInterrupt:
        outcome = Outcome(INTERRUPTED, time.monotonic() - started)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch hangs up when it has heard this
    _say(pipe, outcome)


def let_interrupts(*, through: bool) -> None:
    """Let Ctrl-C through, or keep it waiting; a process inherits this from the one that starts it.

    A worker is started with it kept waiting, so that it never stops half-way through its imports.
    """
    if hasattr(signal, "pthread_sigmask"):
        how = signal.SIG_UNBLOCK if through else signal.SIG_BLOCK
        signal.pthread_sigmask(how, {signal.SIGINT})


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
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, signal.SIGINT)
