"""A batch on the terminal: a line per report as it goes, and a table at the end."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from workbench.errors import HEADINGS
from workbench.report.safe import columns, shorten
from workbench.report.words import Words
from workbench.run.batch import Job
from workbench.run.conduct import Step
from workbench.run.result import INTERRUPTED, Outcome
from workbench.run.summary import headline, shown_path

HEADS = ("report", "as_of", "result", "seconds", "headline", "folder")
ERASE = "\r\x1b[K"
WIDEST_HEADLINE = 60


def teller(out: TextIO, err: TextIO) -> Callable[[Step], None]:
    """Tells a batch as it goes: a line on ``out`` per finished report, its error on ``err``.

    On a terminal the last line shows which stage each running report has reached.
    """
    now: dict[str, str] = {}
    live = out.isatty()

    def tell(step: Step) -> None:
        now.pop(step.job.label, None)
        if step.outcome is not None:
            out.write((ERASE if live else "") + line(step, step.outcome) + "\n")
            out.flush()
            if step.outcome.message:
                err.write(f"\n{step.outcome.message}\n\n")
                err.flush()
        elif step.stage is not None:
            now[step.job.label] = f"{step.job.label}  {step.stage}"
        if live:
            room = shutil.get_terminal_size().columns - 1
            out.write(ERASE + shorten("  |  ".join(now.values()), room))
            out.flush()

    return tell


def line(step: Step, outcome: Outcome) -> str:
    """How one report ended: ``2/3  20_target_setting.north  done  28.4 s``."""
    words = Words(step.job.language)
    ended = f"{_result(outcome, words)}  {outcome.seconds:.1f} s"
    return f"{step.number}/{step.of}  {step.job.label}  {ended}"


def overview(jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> list[str]:
    """The table that ends a batch: a row per report; in the language of the first report."""
    words = Words(jobs[0].language)
    rows = [[words(f"batch.{head}") for head in HEADS]]
    rows += [_row(job, outcome) for job, outcome in zip(jobs, outcomes, strict=True)]
    widths = [max(columns(row[at]) for row in rows) for at in range(len(HEADS))]
    return ["  ".join(map(_padded, row, widths, HEADS)).rstrip() for row in rows]


def _padded(text: str, width: int, head: str) -> str:
    gap = " " * (width - columns(text))
    return gap + text if head == "seconds" else text + gap


def _row(job: Job, outcome: Outcome) -> list[str]:
    words = Words(job.language)
    as_of, said = str(job.values.get("as_of") or ""), _first(outcome.message, words)
    if outcome.code == 0:
        record = json.loads((Path(outcome.folder) / "results.json").read_text("utf-8"))
        as_of = record["as_of"]
        said = headline(record, Words(job.language, record["currency"]))
    seconds = f"{outcome.seconds:.1f}" if outcome.seconds else ""
    where = shown_path(Path(outcome.folder)) if outcome.folder else ""
    shown = shorten(said, WIDEST_HEADLINE)
    return [job.label, as_of, _result(outcome, words), seconds, shown, where]


def _result(outcome: Outcome, words: Words) -> str:
    if outcome.code == INTERRUPTED:
        return words("batch.interrupted" if outcome.seconds else "batch.not_begun")
    return words("batch.failed", code=outcome.code) if outcome.code else words("batch.done")


def _first(message: str, words: Words) -> str:
    """What is wrong, without its heading."""
    heading = HEADINGS[words.language]["what"]
    return message.strip().split("\n")[0].removeprefix(heading).lstrip(":： ")
