"""The names that code outside the package uses, and how lightly they come."""

import importlib
import subprocess
import sys

import pytest

import workbench as wb

HEAVY = ("pandas", "numpy", "prophet", "sklearn", "matplotlib", "scipy", "papermill", "duckdb")


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.strip()


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = f"import sys, workbench; print([m for m in {HEAVY} if m in sys.modules])"
    assert run(code) == "[]"


@pytest.mark.parametrize("name", wb.__all__)
def test_every_public_name_resolves(name: str) -> None:
    found = getattr(wb, name)
    assert callable(found)
    assert found.__doc__


def test_dir_lists_the_public_names() -> None:
    assert set(dir(wb)) == set(wb.__all__)
    assert "outlook" in dir(wb)


def test_the_fixed_names_are_public() -> None:
    fixed = {"build_panel", "forecast", "SamplePaths", "outlook", "allocate"}
    assert fixed <= set(wb.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forcast'"):
        _ = wb.forcast


def test_the_room_forecast_does_not_hide_the_verb() -> None:
    """Python binds an imported subpackage to its name, over the verb of that name."""
    importlib.import_module("workbench.forecast.paths")
    assert callable(wb.forecast)
    assert wb.forecast.paths.SamplePaths is wb.SamplePaths


def test_the_verb_forecast_shows_its_options() -> None:
    code = (
        "import inspect, workbench as wb, workbench.forecast.paths;"
        "print(list(inspect.signature(wb.forecast).parameters)[:2])"
    )
    assert run(code) == "['panel', 'horizon']"
