"""What loads what: importing the package or asking the command line is light."""

import subprocess
import sys

import pytest

MODEL = {"prophet", "cmdstanpy", "sklearn", "scipy", "pandera"}
DRAWING = {"matplotlib", "great_tables", "ipywidgets", "nbconvert", "papermill", "nbclient"}
TABLES = {"pandas", "numpy", "pyarrow", "duckdb", "openpyxl", "holidays"}


def loaded_by(code: str) -> set[str]:
    """Top-level modules present after ``code`` ran in a fresh interpreter."""
    tell = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", f"{code}\n{tell}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import workbench", set()),
        ("import workbench as wb; dir(wb); wb.DataError; wb.Period", set()),
        ("import workbench.params.models", set()),
        ("import workbench.cli.commands", set()),
        ("import workbench.schema.tables, workbench.schema.validate", set()),
        ("import workbench as wb; wb.build_panel, wb.outlook, wb.allocate", TABLES),
        ("import workbench as wb; wb.load_sales", TABLES),
        ("import workbench as wb; wb.forecast", TABLES | {"scipy"}),
    ],
)
def test_only_what_is_needed_is_loaded(code, allowed):
    assert "workbench" in (loaded := loaded_by(code))
    assert not loaded & (MODEL | DRAWING | TABLES) - allowed
