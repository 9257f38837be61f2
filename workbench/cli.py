"""The command line: ``workbench run | batch | check | list | demo-data | history``.

Thin: every command calls one verb of the package and prints what it returns.
"""

import logging
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.errors import Language, ParameterError, Problem, WorkbenchError
from workbench.params.base import language_of
from workbench.params.files import collect

EXITS = (
    "Exit codes: 0 done; 2 a parameter cannot be used; 3 the data cannot be planned on; "
    "4 the forecast or target cannot be made; 5 the run stopped or took too long; 130 interrupted. "
    "--debug with any command shows the traceback of an error."
)
PAIR_OPTIONS = ("-p", "--parameters", "-r", "--parameters-raw")
INTERRUPTED = 130
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

VersionFile = Annotated[Path, typer.Argument(help="File of versions; its name ends in .jsonl.")]
Name = Annotated[str, typer.Argument(help="20_target_setting; 20 or target_setting will do.")]
Files = Annotated[
    list[str] | None, typer.Option("-f", "--parameters-file", help="YAML file of parameters.")
]
Texts = Annotated[
    list[str] | None, typer.Option("-y", "--parameters-yaml", help="Parameters as YAML text.")
]
Encoded = Annotated[
    list[str] | None, typer.Option("-b", "--parameters-base64", help="Parameters as base64 YAML.")
]
Pairs = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameters", metavar="NAME=VALUE", help="A parameter; also NAME VALUE."),
]
Raw = Annotated[
    list[str] | None,
    typer.Option("-r", "--parameters-raw", metavar="NAME=VALUE", help="Same, as in papermill."),
]
Spoken = Annotated[str, typer.Option("--language", help="zh or en: messages and report.")]
Out = Annotated[str, typer.Option("--out", help="Folder of the runs, as seen from here.")]
Timeout = Annotated[int, typer.Option(help="Seconds that one step may take.")]
Report = Annotated[str, typer.Option("--report", help="Only the runs of this notebook.")]


@app.command(epilog=EXITS)
def run(
    name: Name,
    files: Files = None,
    pairs: Pairs = None,
    raw: Raw = None,
    texts: Texts = None,
    encoded: Encoded = None,
    language: Spoken = "",
    out: Out = "",
    timeout: Timeout = 3600,
) -> None:
    """Run a notebook: check the parameters, compute, write the report; results.json last."""
    from workbench.run.notebook import run_notebook
    from workbench.run.summary import summary

    with telling(language):
        values = _values(files, pairs, raw, texts, encoded, language, out)
    with telling(language_of(values)):
        result = run_notebook(name, values, progress=_show, timeout=timeout)
        print("\n".join(["", *summary(result)]))


@app.command(epilog=f"{EXITS} Of several reports' codes the highest counts.")
def batch(
    names: Annotated[
        list[str], typer.Argument(metavar="FILES", help="Parameter files, patterns or folders.")
    ],
    as_of: Annotated[str, typer.Option("--as-of", help="The as_of of every report.")] = "",
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="How many at a time.")] = 1,
    pairs: Pairs = None,
    raw: Raw = None,
    texts: Texts = None,
    encoded: Encoded = None,
    language: Spoken = "",
    out: Out = "",
    timeout: Timeout = 3600,
) -> None:
    """Run several reports, a process each; a file's name begins with its notebook's number.

    All files are checked before anything starts. A report that fails does not stop the others.
    """
    from workbench.run.batch import plan_batch
    from workbench.run.conduct import run_batch, worst
    from workbench.run.overview import overview, teller

    with telling(language):
        given = {**_values(None, pairs, raw, texts, encoded, language, out)}
        planned = plan_batch(names, given | ({"as_of": as_of} if as_of else {}))
    tell = teller(sys.stdout, sys.stderr)
    outcomes = run_batch(planned, at_once=jobs, timeout=timeout, progress=tell)
    print("\n".join(["", *overview(planned, outcomes)]))
    raise typer.Exit(worst(outcomes))


@app.command(epilog=EXITS)
def check(
    name: Name,
    files: Files = None,
    pairs: Pairs = None,
    raw: Raw = None,
    texts: Texts = None,
    encoded: Encoded = None,
    language: Spoken = "",
) -> None:
    """Check the parameters of a run, without starting it."""
    from workbench.params.table import ParamTable
    from workbench.run import check as checking

    with telling(language):
        values = _values(files, pairs, raw, texts, encoded, language, "")
    with telling(language_of(values)):
        print(ParamTable(checking.check(name, values)), READY[language_of(values)], sep="\n")


@app.command("list")
def list_notebooks(language: Spoken = "en", out: Out = "") -> None:
    """The notebooks: who reads them, what they answer, when they last ran."""
    from workbench.run.listing import listing

    with telling(language):
        print("\n\n".join(listing(_language(language), out=_here(out) or "runs")))


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
        print(
            past_runs(_language(language), out=_here(out) or "runs", report=report, as_json=as_json)
        )


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
        print("\n".join(version_lines([new], _language(language))))


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
        print("\n".join(version_lines(found, _language(language))))


def main(argv: Sequence[str] | None = None) -> None:
    """The ``workbench`` command; ends the process with the documented exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    _Debug.on = "--debug" in given
    words = [word for word in given if word != "--debug"]
    try:
        with _hushed_by_interrupt():
            app(args=join_pairs(words), prog_name="workbench")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@contextmanager
def _hushed_by_interrupt() -> Iterator[None]:
    """Ctrl-C also ends logging: how libraries take it that their kernel is gone is no message."""
    if threading.current_thread() is not threading.main_thread() or _Debug.on:
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


def join_pairs(argv: Sequence[str]) -> list[str]:
    """Rewrite papermill's ``-p name value`` as ``-p name=value``; the latter stays as it is.

    >>> join_pairs(["run", "20", "-p", "period", "2026Q4", "-p", "where=channel=线上商城"])
    ['run', '20', '-p', 'period=2026Q4', '-p', 'where=channel=线上商城']
    """
    words, joined = list(argv), []
    while words:
        word = words.pop(0)
        joined.append(word)
        if word in PAIR_OPTIONS and words:
            name = words.pop(0)
            whole = "=" in name or not words or _is_option(words[0])
            joined.append(name if whole else f"{name}={words.pop(0)}")
    return joined


def _is_option(word: str) -> bool:
    return word.startswith("-") and not word[1:2].isdigit() and len(word) > 1


class _Debug:
    """Whether errors are shown with their traceback; set once, by ``main``."""

    on = False


@contextmanager
def telling(language: str) -> Iterator[None]:
    """Turn our errors into their message on stderr and the exit code that belongs to them."""
    from workbench.run.result import exit_code

    try:
        yield
    except WorkbenchError as error:
        if _Debug.on:
            raise
        print(f"\n{error.text(_language(language))}", file=sys.stderr)
        raise typer.Exit(exit_code(error)) from None
    except KeyboardInterrupt:
        print(f"\n{Problem('run.interrupted').text(_language(language))}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


def _language(text: str) -> Language:
    return language_of({"language": text})


def _values(
    files: list[str] | None,
    pairs: list[str] | None,
    raw: list[str] | None,
    texts: list[str] | None,
    encoded: list[str] | None,
    language: str,
    out: str,
) -> Mapping[str, Any]:
    values = collect(
        encoded=encoded or (),
        files=files or (),
        texts=texts or (),
        pairs=[_pair("-p", text) for text in pairs or ()],
        raw=[_pair("-r", text) for text in raw or ()],
    )
    asked = {name: v for name, v in (("language", language), ("out", _here(out))) if v}
    return {**values, **asked}


def _here(out: str) -> str:
    """The folder ``--out`` means, seen from here; the parameter is seen from the root."""
    return str(Path(out).absolute()) if out else ""


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParameterError(Problem("run.bad_pair", {"option": option, "text": text}))
    return name.strip(), value


def _show(stage: Any) -> None:
    """One line per stage; its time is added when it is done."""
    if stage.seconds is None:
        print(f"{stage.number}/{stage.of}  {stage.name} … ", end="", flush=True)
    else:
        print(f"{stage.seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
