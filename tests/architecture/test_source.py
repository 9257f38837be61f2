"""House style that ruff does not know: sizes, rooms without code, no clock, no machine paths."""

import ast
import re
from pathlib import Path

import pytest
from project import ROOT, modules, named, texts

MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 50
LISTS = {"china"}
"""Functions that are one long list of facts."""
CLOCK = re.compile(r"\b(now|today|utcnow|time|time_ns|localtime|gmtime)\(\)|\.now\(")
MAY_READ_THE_CLOCK = {"workbench/run/folder.py", "workbench/report/publish.py"}
"""Run stamps; nothing else may depend on the day it runs."""
MACHINE = re.compile(r"(?<![\w.~-])/(home|Users|root|work|tmp|opt|mnt|private)/\w")
PACKAGE = modules("workbench")
MOTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def in_words(path: Path) -> str:
    return named(path)


@pytest.mark.parametrize("path", modules("workbench", "tests", "benchmarks"), ids=in_words)
def test_files_and_functions_are_short(path):
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= MOST_LINES_IN_A_FILE
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, MOTION)]
    long = {f.name for f in functions if code_lines(f) > MOST_LINES_IN_A_FUNCTION}
    assert long <= LISTS


def code_lines(function: ast.FunctionDef) -> int:
    """The lines of a function without its docstring."""
    said = function.body[0] if ast.get_docstring(function) else None
    return function.end_lineno - function.lineno + 1 - (said_lines(said) if said else 0)


def said_lines(node: ast.stmt) -> int:
    return node.end_lineno - node.lineno + 1


def test_rooms_hold_one_line_of_docstring_and_no_imports():
    doors = [path for path in PACKAGE if path.name == "__init__.py"][1:]
    for path in doors:
        body = ast.parse(path.read_text("utf-8")).body
        said = ast.get_docstring(ast.Module(body, [])) or ""
        assert len(body) == 1, named(path)
        assert len(said) > 20, f"{named(path)} does not say what the room is for"
        assert "\n" not in said, named(path)


def test_nothing_reads_the_clock_but_the_run_stamp():
    reading = {named(path) for path in PACKAGE if CLOCK.search(path.read_text("utf-8"))}
    assert reading <= MAY_READ_THE_CLOCK


def test_no_path_of_one_machine_is_written_down():
    found = {
        f"{named(path)}: {hit.group()}"
        for path in texts()
        if path.suffix != ".lock"
        for hit in [MACHINE.search(path.read_text("utf-8", errors="replace"))]
        if hit and path.name != Path(__file__).name
    }
    assert not found


def test_no_randomness_but_from_a_seeded_generator():
    loose = re.compile(r"np\.random\.(?!default_rng|Generator|SeedSequence|PCG64|BitGenerator)\w+")
    prophet = "workbench/forecast/raw_prophet.py"  # Prophet itself draws from the global generator
    found = {named(path) for path in PACKAGE if loose.search(path.read_text("utf-8"))}
    assert found <= {prophet}
    assert not {named(p) for p in PACKAGE if "default_rng()" in p.read_text("utf-8")}


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "workbench" / "py.typed").is_file()
