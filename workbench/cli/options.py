"""Options that several commands share, each said once, and what is read from them."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.errors import ParameterError, Problem
from workbench.params.files import collect

PAIR_OPTIONS = ("-p", "--parameters", "-r", "--parameters-raw")

VersionFile = Annotated[Path, typer.Argument(help="File of versions; its name ends in .jsonl.")]
Name = Annotated[str, typer.Argument(help="20_target_setting; 20 or target_setting will do.")]
Spoken = Annotated[str, typer.Option("--language", help="zh or en: messages and report.")]
Out = Annotated[str, typer.Option("--out", help="Folder of the runs, as seen from here.")]
Timeout = Annotated[int, typer.Option(help="Seconds that one step may take.")]
Report = Annotated[str, typer.Option("--report", help="Only the runs of this notebook.")]
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


def _given(
    files: Files = None,
    pairs: Pairs = None,
    raw: Raw = None,
    texts: Texts = None,
    encoded: Encoded = None,
    language: Spoken = "",
    out: Out = "",
) -> Mapping[str, Any]:
    """The parameters that the options of a command give, in papermill's order of precedence."""
    values = collect(
        encoded=encoded or (),
        files=files or (),
        texts=texts or (),
        pairs=[_pair("-p", text) for text in pairs or ()],
        raw=[_pair("-r", text) for text in raw or ()],
    )
    asked = {name: v for name, v in (("language", language), ("out", here(out))) if v}
    return {**values, **asked}


def takes_parameters(
    *, without: Sequence[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that name parameters, save those in ``without``.

    The command gets ``given``, a function that reads them, and ``language``, as it was typed.
    """

    def wrap(command: Callable[..., None]) -> Callable[..., None]:
        shared = inspect.signature(_given).parameters
        more = {name: option for name, option in shared.items() if name not in without}
        own = list(inspect.signature(command).parameters.values())
        mine = [option for option in own if option.name not in ("given", "language")]
        first = [option for option in mine if option.default is inspect.Parameter.empty]
        last = [option for option in mine if option.default is not inspect.Parameter.empty]

        @functools.wraps(command)
        def called(**typed: Any) -> None:
            options = {name: typed.pop(name) for name in more}
            language = options.get("language", "")
            command(**typed, given=functools.partial(_given, **options), language=language)

        signature = inspect.Signature([*first, *more.values(), *last])
        called.__signature__ = signature  # type: ignore[attr-defined]
        return called

    return wrap


def here(out: str) -> str:
    """The folder ``--out`` means, seen from here; the parameter is seen from the root."""
    return str(Path(out).absolute()) if out else ""


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParameterError(Problem("run.bad_pair", {"option": option, "text": text}))
    return name.strip(), value


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
