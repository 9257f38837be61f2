"""Two thousand units, and names that would break a page, a table or a path."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from .conftest import Finished, adds_up_to, must_hold, order_lines

SCRIPT = '<script>alert("x")</script>'
NAMES = (SCRIPT, "🍜 面馆 'A' \"B\"", "上海/浦东\\东路", "=1+2", "$x_1$ {y} & %s", "../../etc")
MANY = 2000


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[[pd.DataFrame], Path]:
    """Write a table as Parquet; the path."""

    def write(table: pd.DataFrame) -> Path:
        path = tmp_path_factory.mktemp("shop") / "sales.parquet"
        table.to_parquet(path, index=False)
        return path

    return write


@pytest.fixture(scope="module")
def stores() -> pd.DataFrame:
    """Nine months of daily sales of two thousand stores, some of which start, stop or rest."""
    days = pd.date_range("2026-01-01", "2026-09-30")
    rng = np.random.default_rng(0)
    week = 1 + 0.3 * np.sin(np.arange(len(days)) * 2 * np.pi / 7)[:, None]
    level = rng.lognormal(6, 1, MANY)
    sales = (level * week * rng.gamma(8, 1 / 8, (len(days), MANY))).round(2)
    sales[:, 7] = 0
    sales[150:, 11] = 0
    sales[:150, 13] = 0
    names = np.array([f"店{at:04d}" for at in range(MANY)], dtype=object)
    return pd.DataFrame(
        {"date": np.repeat(days, MANY), "store": np.tile(names, len(days)), "sales": sales.ravel()}
    )


@pytest.fixture(scope="module")
def big(finish, write, stores) -> Finished:
    path = str(write(stores))
    target = {"target": 180_000_000, "rounding": 100, "allocate_by": "equal_probability"}
    return finish("20", source=path, by=["store"], period="2026Q4", n_paths=200, **target)


@pytest.fixture(scope="module")
def nasty(finish, write) -> Finished:
    path = str(write(order_lines(NAMES)))
    asked = {"target": 300_000, "locks": {SCRIPT: 50_000}, "n_paths": 200}
    return finish("20", source=path, period="2026Q4", language="zh", **asked)


def test_two_thousand_units_from_their_sales_to_their_parts(big):
    adds_up_to(big, "180000000")
    parts = big.table("allocation")
    assert len(parts) == MANY
    assert (parts["target"] % 100 == 0).all()
    assert parts.loc["店0007", "target"] == 0
    chances = parts.loc[parts["target"] > 1e5, "probability"]
    assert chances.max() - chances.min() < 0.02
    levels = big.table("proposal")
    assert levels.loc["", "commit"] < levels.loc["", "base"] < levels.loc["", "stretch"]
    assert {"panel.never_sold", "panel.stopped"} <= big.codes


def test_a_report_on_two_thousand_units_can_be_read(big):
    """Tables and figures show the largest and say how many others there are."""
    assert len(big.page.encode()) < 3_000_000
    rows = len(re.findall("<tr", big.page))
    assert rows < 400
    assert "and 1,9" in big.page
    assert all(len(notice["en"]) < 1500 for notice in big.record["notices"])


def test_names_are_only_text_wherever_they_stand(nasty):
    must_hold(nasty)
    assert SCRIPT not in nasty.page
    assert html.escape(SCRIPT, quote=False) in nasty.page.replace("&quot;", '"')
    parts = nasty.table("allocation")["target"]
    assert set(parts.index) == set(NAMES)
    assert parts[SCRIPT] == 50_000
    adds_up_to(nasty, "300000")


def test_names_stay_themselves_in_the_files_and_start_no_formula(nasty):
    folder = nasty.folder / "tables"
    assert all(path.resolve().parent == folder.resolve() for path in folder.rglob("*"))
    cells = pd.read_csv(folder / "allocation.csv", encoding="utf-8-sig", dtype=str)["unit"]
    assert not cells.str.startswith(("=", "+", "@")).any()
    assert {name for name in NAMES if name[0] != "="} <= set(cells)
    nodes = {metric["node"] for metric in nasty.record["metrics"]}
    assert nodes == {"", *NAMES}
