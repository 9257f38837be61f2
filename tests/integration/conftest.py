"""A planner's way in, the command line, and what a finished run must hold."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.run.notebook import run_notebook

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "tests" / "data" / "mappings"
LOADS = re.compile(
    r"""(?:src|href|data|action)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?\s*http|@import"""
)
FILES = {"report.ipynb", "report.html", "params.yaml", "tables", "results.json"}


class Finished:
    """A run that is done: its record, tables and page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def record(self) -> dict[str, Any]:
        return json.loads((self.folder / "results.json").read_text("utf-8"))

    @cached_property
    def numbers(self) -> dict[tuple[str, str], float]:
        return {(one["node"], one["metric"]): one["value"] for one in self.record["metrics"]}

    @cached_property
    def page(self) -> str:
        return (self.folder / "report.html").read_text("utf-8")

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "tables" / f"{name}.parquet").set_index("unit")

    @property
    def codes(self) -> set[str]:
        return {notice["code"] for notice in self.record["notices"]}


def must_hold(run: Finished) -> None:
    """What is true of every finished 20_target_setting."""
    assert {path.name for path in run.folder.iterdir()} == FILES
    assert not LOADS.search(run.page)
    assert "Traceback" not in run.page
    wants = ("schema_version", "report", "run_id", "as_of", "period", "data", "versions", "params")
    assert set(wants) <= set(run.record)
    for one in run.record["metrics"]:
        assert set(one) == {"node", "metric", "value", "unit"}
        assert one["value"] is None or isinstance(one["value"], int | float)
    for notice in run.record["notices"]:
        assert all("{" not in notice[language] for language in ("en", "zh"))
    same_numbers(run)
    levels = run.table("proposal")
    assert (levels["commit"] < levels["base"]).all()
    assert (levels["base"] < levels["stretch"]).all()
    chances = [value for (_, name), value in run.numbers.items() if name.endswith("probability")]
    assert all(0 < value < 1 for value in chances if value is not None)
    assert run.table("allocation")["probability"].between(0, 1, inclusive="neither").all()
    assert run.table("targets")["probability"].between(0, 1, inclusive="neither").all()


def same_numbers(run: Finished) -> None:
    """results.json, the tables as Parquet and as CSV hold the same numbers."""
    assert set(run.record["tables"]) == {p.stem for p in (run.folder / "tables").glob("*.parquet")}
    for name in ("commit", "base", "stretch", "actual"):
        column = run.table("proposal")[name]
        published = pd.Series({unit: run.numbers[unit, name] for unit in column.index})
        pd.testing.assert_series_equal(
            published, column.round(2), check_names=False, check_index_type=False
        )
    for name in ("target", "probability"):
        column = run.table("allocation")[name]
        assert [run.numbers[u, name] for u in column.index] == pytest.approx(column, abs=1e-6)


def adds_up_to(run: Finished, target: str) -> None:
    """The parts, as they are printed in the table that Excel opens, add up to the last cent."""
    path = run.folder / "tables" / "allocation.csv"
    parts = pd.read_csv(path, encoding="utf-8-sig", dtype=str)["target"]
    assert sum(map(Decimal, parts), Decimal()) == Decimal(target)


@pytest.fixture(scope="session")
def finish(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Finished]:
    """Run a notebook in its own kernel, into a folder of its own."""

    def finish(name: str, **parameters: object) -> Finished:
        out = tmp_path_factory.mktemp("runs")
        result = run_notebook(name, {"out": str(out), **parameters}, progress=lambda _: None)
        assert [path.name for path in (out / result.name).iterdir()] == [result.folder.name]
        return Finished(result.folder)

    return finish


class Shell:
    """The command line in a folder of its own: what it says, and what it leaves behind."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "runs"

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        """``workbench …`` as a person would type it; nothing of it is a traceback."""
        environment = {**os.environ, "PYTHONUTF8": "1"}
        environment.pop("WORKBENCH_RUN_DIR", None)
        done = subprocess.run(
            [sys.executable, "-m", "workbench.cli", *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    def run(self, name: str, **parameters: object) -> subprocess.CompletedProcess[str]:
        """``workbench run``, into a folder beside the input."""
        pairs = [word for key, value in parameters.items() for word in ("-p", f"{key}={value}")]
        return self("run", name, *pairs, "--out", str(self.out))

    def left(self) -> Iterator[Path]:
        """Every file below the folder of runs."""
        return (path for path in self.out.rglob("*") if path.is_file())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def three_parts(text: str, language: str = "en") -> None:
    """What is wrong, what was found, what to do, and no placeholder left open."""
    marks = {
        "en": ("What is wrong: ", "Found: ", "What to do: "),
        "zh": ("问题：", "发现：", "处理："),
    }
    for mark in marks[language]:
        assert re.search(rf"^{mark}\S", text, re.M), text
    assert not re.search(r"\{\w+\}", text), text


def says(text: str, words: Iterable[str]) -> None:
    """Every one of the words is in the text."""
    missing = [word for word in words if word not in text]
    assert not missing, f"{missing} not in:\n{text}"


def order_lines(
    channels: Iterable[str] = ("线上商城", "线下门店"), *, days: int = 420, last: str = "2026-09-30"
) -> pd.DataFrame:
    """One order a day and channel under the headers of a usual export; deterministic."""
    dates = pd.date_range(end=last, periods=days)
    parts = []
    for at, channel in enumerate(channels):
        waves = 1 + 0.3 * np.sin(np.arange(days) * 2 * np.pi / 7 + at)
        noise = np.random.default_rng(at).gamma(9, 50, days)
        part = {
            "订单号": [f"{at}-{day:05d}" for day in range(days)],
            "付款时间": dates.strftime("%Y-%m-%d 10:00:00"),
            "订单状态": "交易成功",
            "渠道": channel,
            "数量": 1,
            "实付金额": (noise * waves).round(2),
            "退款金额": 0.0,
        }
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)
