"""Running a batch: one process per report, and what is heard of each."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import Problem
from workbench.run.batch import Job
from workbench.run.result import EXIT_CODES, INTERRUPTED, Outcome
from workbench.run.stages import Stage

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Step:
    """What happens in a batch: a stage of one report, or how the report ended."""

    number: int
    of: int
    job: Job
    stage: Stage | None = None
    outcome: Outcome | None = None


def run_batch(
    jobs: Sequence[Job],
    *,
    at_once: int = 1,
    timeout: int = 3600,
    progress: Callable[[Step], object] = print,
) -> tuple[Outcome, ...]:
    """Run every report in a process of its own; one that fails does not stop the others.

    Interrupted (Ctrl-C), it stops the running ones, which leave nothing that looks finished, and
    returns what was done until then.

    Args:
        jobs: the reports, from :func:`plan_batch`.
        at_once: how many run at the same time.
        timeout: seconds that one cell of a notebook may take.
        progress: called with each :class:`Step`.

    Returns:
        How each ended, in the order of ``jobs``.
    """
    batch = _Batch(jobs, timeout, progress)
    try:
        batch.run(at_once)
    except KeyboardInterrupt:
        batch.stop()
    stopped = Outcome(INTERRUPTED)
    return tuple(batch.outcomes.get(at, stopped) for at in range(len(jobs)))


def worst(outcomes: Iterable[Outcome]) -> int:
    """The exit code of a batch: the highest of its reports', 0 where all are done.

    >>> worst([Outcome(0), Outcome(4), Outcome(3)])
    4
    """
    return max((outcome.code for outcome in outcomes), default=0)


@dataclass(eq=False)
class _Running:
    """A report that is being made, and the process that makes it."""

    at: int
    process: Any
    since: float


@dataclass(eq=False)
class _Batch:
    """The reports under way, by the pipe that each speaks through, and those that have ended."""

    jobs: Sequence[Job]
    timeout: int
    progress: Callable[[Step], object]
    running: dict["Connection", _Running] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def run(self, at_once: int) -> None:
        """Start the reports in turn, never more than ``at_once``, and hear how each goes."""
        from multiprocessing.connection import wait

        waiting = list(range(len(self.jobs)))
        while waiting or self.running:
            while waiting and len(self.running) < max(at_once, 1):
                self.start(waiting.pop(0))
            for pipe in wait(list(self.running)):
                self.hear(pipe)  # type: ignore[arg-type]

    def start(self, at: int) -> None:
        """Start one report."""
        from multiprocessing import get_context, resource_tracker

        from workbench.run.worker import interrupts_wait, work

        fresh = get_context("spawn")
        here, there = fresh.Pipe()
        job = self.jobs[at]
        words = (job.notebook, dict(job.values), self.timeout, there)
        process = fresh.Process(target=work, args=words, name=job.label)
        resource_tracker.ensure_running()  # its start would let Ctrl-C through
        with interrupts_wait():
            process.start()
            self.running[here] = _Running(at, process, time.monotonic())
            there.close()

    def hear(self, pipe: "Connection") -> None:
        """Take what a report says; one that fell silent without an outcome has died."""
        report = self.running[pipe]
        try:
            said = pipe.recv()
        except (EOFError, OSError):
            report.process.join()
            facts = {"file": self.jobs[report.at].file, "code": report.process.exitcode}
            text = Problem("run.batch_died", facts).text(self.jobs[report.at].language)
            said = Outcome(EXIT_CODES["RunError"], time.monotonic() - report.since, message=text)
        if isinstance(said, Outcome):
            self.outcomes[report.at] = said
            del self.running[pipe]
            pipe.close()
            report.process.join()
            self.tell(report.at, outcome=said)
        else:
            self.tell(report.at, stage=said)

    def tell(self, at: int, *, stage: Stage | None = None, outcome: Outcome | None = None) -> None:
        """Tell one step of one report."""
        self.progress(Step(at + 1, len(self.jobs), self.jobs[at], stage, outcome))

    def stop(self) -> None:
        """Hang up on every running report, at which it clears its desk and ends."""
        for pipe in self.running:
            pipe.close()
        for report in self.running.values():
            report.process.join()
            self.outcomes[report.at] = Outcome(INTERRUPTED, time.monotonic() - report.since)
