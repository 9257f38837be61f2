"""What becomes of an error and of Ctrl-C: a message in the reader's language, and an exit code."""

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from workbench.errors import Language, Problem, WorkbenchError
from workbench.params.base import language_of

INTERRUPTED = 130


class Debug:
    """Whether errors are shown with their traceback; set once, by ``main``."""

    on = False


@contextmanager
def telling(language: str) -> Iterator[None]:
    """Turn our errors into their message on stderr and the exit code that belongs to them."""
    from workbench.run.result import exit_code

    try:
        yield
    except WorkbenchError as error:
        if Debug.on:
            raise
        print(f"\n{error.text(language_named(language))}", file=sys.stderr)
        raise typer.Exit(exit_code(error)) from None
    except KeyboardInterrupt:
        print(f"\n{Problem('run.interrupted').text(language_named(language))}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def hushed_by_interrupt() -> Iterator[None]:
    """Ctrl-C also ends logging: how libraries take it that their kernel is gone is no message."""
    if threading.current_thread() is not threading.main_thread() or Debug.on:
        yield
        return

    def stop(*_: object) -> None:
        logging.disable()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def language_named(text: str) -> Language:
    """The language of a word: zh, or else English."""
    return language_of({"language": text})
