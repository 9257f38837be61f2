"""The import contracts hold, and each of them notices the import it forbids."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from project import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]
PLANTED = {
    "errors.py": ["workbench.data", "pandas"],
    "data/files.py": ["matplotlib"],
    "report/words.py": ["papermill"],
    "forecast/engine.py": ["prophet", "sklearn", "statsforecast"],
    "data/sales.py": ["pandera", "ipywidgets"],
    "run/check.py": ["typer"],
}
"""File → what it must not import; together they break every contract."""


def lint(folder: Path) -> str:
    """What import-linter says about the package in ``folder``."""
    command = "from importlinter.cli import lint_imports_command as main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The package and its contracts in another place."""
    shutil.copytree(ROOT / "workbench", tmp_path / "workbench")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copied):
    said = lint(copied)
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said, said


def test_each_contract_notices_what_it_forbids(copied):
    for name, imports in PLANTED.items():
        with (copied / "workbench" / name).open("a") as file:
            file.writelines(f"\nimport {module}  # planted\n" for module in imports)
    said = lint(copied)
    broken = re.findall(r"^(.+?) BROKEN", said, flags=re.MULTILINE)
    assert broken == [contract["name"] for contract in CONTRACTS], said


def test_a_room_that_no_contract_knows_is_noticed(copied):
    (copied / "workbench" / "attic.py").write_text('"""Nobody has said where this stands."""\n')
    assert "attic" in lint(copied)
