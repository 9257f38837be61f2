"""The answer of a finished run in a few lines, for the terminal."""

from workbench.run.result import RunResult


def summary(result: RunResult) -> list[str]:
    """The lines to print."""
    return [str(result.report), str(result.results)]
