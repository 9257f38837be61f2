"""The command line: ``workbench run | batch | check | list | demo-data | history``.

Thin: every command calls one verb of the package and prints what it returns.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from workbench.cli.options import (
    Name,
    Out,
    Report,
    Spoken,
    Timeout,
    VersionFile,
    here,
    join_pairs,
    takes_parameters,
)
from workbench.cli.telling import INTERRUPTED, Debug, hushed_by_interrupt, language_named, telling
from workbench.errors import Language
from workbench.params.base import language_of

EXITS = (
    "Exit codes: 0 done; 2 a parameter cannot be used; 3 the data cannot be planned on; "
    "4 the forecast or target cannot be made; 5 the run stopped or took too long; 130 interrupted. "
    "--debug with any command shows the traceback of an error."
)
Given: TypeAlias = Callable[[], Mapping[str, Any]]
READY: Mapping[Language, str] = {"en": "Ready to run.", "zh": "参数无误，可以运行。"}

app = typer.Typer(
    help="Which sales target is achievable, how likely it is, and who carries which part of it.",
    epilog=EXITS,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

targets = typer.Typer(
    help="Targets with their versions: who set what, when, and what replaced it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(targets, name="targets")


@app.command(epilog=EXITS)
@takes_parameters()
def run(name: Name, timeout: Timeout = 3600, *, given: Given, language: str) -> None:
    """Run a notebook: check the parameters, compute, write the report; results.json last."""
    from workbench.run.notebook import run_notebook
    from workbench.run.summary import summary

    with telling(language):
        values = given()
    with telling(language_of(values)):
        result = run_notebook(name, values, progress=show_stage, timeout=timeout)
        print("\n".join(["", *summary(result)]))


@app.command(epilog=f"{EXITS} Of several reports' codes the highest counts.")
@takes_parameters(without=["files"])
def batch(
    names: Annotated[
        list[str], typer.Argument(metavar="FILES", help="Parameter files, patterns or folders.")
    ],
    as_of: Annotated[str, typer.Option("--as-of", help="The as_of of every report.")] = "",
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="How many at a time.")] = 1,
    timeout: Timeout = 3600,
    *,
    given: Given,
    language: str,
) -> None:
    """Run several reports, a process each; a file's name begins with its notebook's number.

    All files are checked before anything starts. A report that fails does not stop the others.
    """
    from workbench.run.batch import plan_batch
    from workbench.run.conduct import run_batch, worst
    from workbench.run.overview import overview, teller

    with telling(language):
        planned = plan_batch(names, {**given(), **({"as_of": as_of} if as_of else {})})
    tell = teller(sys.stdout, sys.stderr)
    outcomes = run_batch(planned, at_once=jobs, timeout=timeout, progress=tell)
    print("\n".join(["", *overview(planned, outcomes)]))
    raise typer.Exit(worst(outcomes))


@app.command(epilog=EXITS)
@takes_parameters(without=["out"])
def check(name: Name, *, given: Given, language: str) -> None:
    """Check the parameters of a run, without starting it."""
    from workbench.params.table import ParamTable
    from workbench.run import check as checking

    with telling(language):
        values = given()
    with telling(language_of(values)):
        print(ParamTable(checking.check(name, values)), READY[language_of(values)], sep="\n")


@app.command("list")
def list_notebooks(language: Spoken = "en", out: Out = "") -> None:
    """The notebooks: who reads them, what they answer, when they last ran."""
    from workbench.run.listing import listing

    with telling(language):
        print("\n\n".join(listing(language_named(language), out=here(out) or "runs")))


@app.command("demo-data")
def demo_data(
    directory: Annotated[Path, typer.Argument(help="Where to write; created when absent.")],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 0,
    language: Spoken = "en",
) -> None:
    """Write the demo shop: three years and a running quarter of orders, with known truth."""
    from workbench.data.demo.write import write_demo

    with telling(language):
        shop = write_demo(directory, seed=seed)
        print("\n".join(f"{rows:>9,}  {directory / name}" for name, rows in shop.rows.items()))
        files = (
            "source=orders.csv",
            "mapping=mapping.yaml",
            "known=known.csv",
            "targets=targets.csv",
        )
        given = " ".join(f"-p {file.replace('=', f'={directory}/')}" for file in files)
        print(f"\nworkbench run 20_target_setting {given} -p period=2026Q4 -p target=6000000")


@app.command()
def history(
    report: Report = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, one list of runs.")] = False,
    out: Out = "",
    language: Spoken = "en",
) -> None:
    """The finished runs, oldest first."""
    from workbench.run.listing import past_runs

    with telling(language):
        folder, spoken = here(out) or "runs", language_named(language)
        print(past_runs(spoken, out=folder, report=report, as_json=as_json))


@targets.command("set")
def set_targets(
    file: VersionFile,
    period: Annotated[str, typer.Argument(help="2026Q4 or 2026-11.")],
    amounts: Annotated[
        list[str], typer.Argument(metavar="UNIT=AMOUNT", help="=6000000 is that of all units.")
    ],
    set_by: Annotated[str, typer.Option("--set-by", help="Who sets the targets.")] = "",
    at: Annotated[str, typer.Option(help="When they were set; empty: now.")] = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
    revise: Annotated[bool, typer.Option(help="Other units keep what they have.")] = False,
    language: Spoken = "",
) -> None:
    """Set the targets of a period: a new version; the one before is kept."""
    from workbench.run.target_files import record_targets, version_lines

    with telling(language):
        new = record_targets(file, period, amounts, by_whom=set_by, at=at, note=note, revise=revise)
        print("\n".join(version_lines([new], language_named(language))))


@targets.command("list")
def list_targets(
    file: VersionFile,
    period: Annotated[str, typer.Option(help="Only the versions of this period.")] = "",
    language: Spoken = "",
) -> None:
    """Who set which targets when, and what replaced them; oldest first."""
    from workbench.run.target_files import version_lines
    from workbench.target.versions import target_versions

    with telling(language):
        found = target_versions(file, period=period or None)
        print("\n".join(version_lines(found, language_named(language))))


def main(argv: Sequence[str] | None = None) -> None:
    """The ``workbench`` command; ends the process with the documented exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    Debug.on = "--debug" in given
    words = [word for word in given if word != "--debug"]
    try:
        with hushed_by_interrupt():
            app(args=join_pairs(words), prog_name="workbench")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def show_stage(stage: Any) -> None:
    """One line per stage; its time is added when it is done."""
    if stage.seconds is None:
        print(f"{stage.number}/{stage.of}  {stage.name} … ", end="", flush=True)
    else:
        print(f"{stage.seconds:.1f} s", flush=True)
