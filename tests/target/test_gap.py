"""The gap of a shop whose forecast is made by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel, future_dates
from workbench.target import replays
from workbench.target.crossed import cross
from workbench.target.gap import Detail, explain_gap
from workbench.target.pace import due_today, pace
from workbench.target.tracking import track

DAYS = pd.date_range("2025-01-01", "2026-08-20")
CHANNELS, LINES = ("线上", "门店", "社群"), ("茶", "坚果")


def last_months(panel: Panel, *, horizon: int, n_paths: int, seed: int) -> SamplePaths:
    """Every unit goes on as in its last 28 days, give or take a fifth."""
    del seed
    level = np.linspace(0.8, 1.2, n_paths)[:, None, None]
    values = level * np.nanmean(panel.sales[-28:], axis=0) * np.ones((1, horizon, 1))
    return SamplePaths.from_values(values, future_dates(panel, horizon), panel.units)


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    monkeypatch.setattr(replays, "forecast", last_months)


def lines(change: float = 1.0) -> pd.DataFrame:
    """Pieces and sales by channel, line and day; ``change`` is what 线上 sells from July 2026."""
    parts = []
    for at, channel in enumerate(CHANNELS):
        for price, line in zip((30.0, 50.0), LINES, strict=True):
            pieces = np.full(len(DAYS), 10.0 + at)
            if channel == "线上":
                pieces[DAYS >= "2026-07-01"] *= change
            amounts = {"date": DAYS, "pieces": pieces, "sales": pieces * price}
            parts.append(pd.DataFrame({"unit": channel, "product": line, **amounts}))
    return pd.concat(parts, ignore_index=True)


def tracked(sold: pd.DataFrame, **targets: float):
    daily = sold.groupby(["unit", "date"], sort=False)["sales"].sum().reset_index()
    given = targets or {"线上": 73600.0, "门店": 80960.0, "社群": 88320.0}
    return track(build_panel(daily, calendar=None), given, period="2026Q3", n_paths=101)


def crossed(tracking, sold: pd.DataFrame):
    cells = sold.assign(unit=sold["unit"] + " / " + sold["product"])
    panel = build_panel(cells[["unit", "date", "sales"]], calendar=None)
    keys = pd.DataFrame([unit.split(" / ") for unit in panel.units], index=panel.units)
    keys = keys.set_axis(["row", "column"], axis=1)
    return cross(tracking, panel, keys, rows="channel", columns="product", n_paths=101)


def test_pace_of_a_channel_that_fell_behind():
    table = pace(tracked(lines(0.7)))
    assert table.loc["线上", "due"] == pytest.approx(73600 * 51 / 92)
    assert table.loc["线上", "ahead"] == pytest.approx(51 * 560 - 73600 * 51 / 92)
    assert table.loc["线上", "standing"] == "below"
    assert table.loc["线上", "attainment"] == pytest.approx(51 * 560 / 73600)
    assert table.loc["门店", "standing"] == "within"
    assert table.loc["", "due"] == pytest.approx(table["due"].iloc[1:].sum())
    assert table.loc["线上", "probability"] < table.loc["线上", "probability_start"]


def test_every_view_blames_the_channel_and_its_volume():
    sold = lines(0.7)
    seen = tracked(sold)
    found = explain_gap(seen, Detail(lines=sold, crossed=crossed(seen, sold)))
    behind = 51 * 560 - 73600 * 51 / 92
    assert found.causes("price_volume_mix")["volume"] == pytest.approx(found.total, rel=1e-6)
    by_unit = found.view("unit").set_index("unit")["amount"]
    assert by_unit["线上"] == pytest.approx(behind)
    effects = found.view("effects").set_index(["cause", "unit"])["amount"]
    assert effects["channel", "线上"] == pytest.approx(behind, rel=0.01)
    assert effects.drop([("channel", "线上")]).abs().max() < 1.0


def test_conversion_is_blamed_where_visitors_stayed():
    sold = lines(0.7)
    seen = tracked(sold)
    orders = sold.groupby(["unit", "date"], sort=False)["pieces"].sum().reset_index()
    traffic = orders.rename(columns={"pieces": "orders"}).assign(visitors=400.0)
    found = explain_gap(seen, Detail(traffic=traffic)).causes("funnel")
    assert found["conversion"] == pytest.approx(-0.3 * 800 * 51, rel=0.001)
    assert found.drop("conversion").abs().max() < 1e-6


def test_a_total_beyond_the_units_has_its_own_part():
    sold = lines()
    seen = tracked(sold, **{"": 300000.0, "线上": 73600.0, "门店": 80960.0, "社群": 88320.0})
    found = explain_gap(seen, Detail(lines=sold))
    spare = due_today(seen).iloc[1:].sum() - due_today(seen)[""]
    for view in found.views:
        parts = found.view(view).set_index("cause")["amount"]
        if view != "effects":
            assert parts["unassigned"] == pytest.approx(spare)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.floats(0.05, 3.0), st.floats(1e4, 1e6), st.floats(0, 0.3))
def test_every_view_adds_up(change, target, refunds):
    sold = lines(change)
    sold["sales"] *= 1 - refunds * (sold.index.to_numpy() % 7 == 0)
    seen = tracked(sold, **{"": target})
    orders = sold.groupby(["unit", "date"], sort=False)["pieces"].sum().reset_index()
    traffic = orders.rename(columns={"pieces": "orders"}).assign(visitors=orders["pieces"] * 9)
    detail = Detail(lines=sold, traffic=traffic, crossed=crossed(seen, sold))
    found = explain_gap(seen, detail)
    assert found.total == pytest.approx(seen.actual_of() - due_today(seen)[""])
    sums = found.parts.groupby("view")["amount"].sum()
    assert set(sums.index) == {"unit", "expectation", "price_volume_mix", "funnel", "effects"}
    assert sums.to_numpy() == pytest.approx(found.total, abs=1e-7 * target)


def test_a_unit_without_a_year_before_is_told():
    sold = lines()
    young = (sold["unit"] == "社群") & (sold["date"] < "2026-01-01")
    seen = tracked(sold[~young])
    found = explain_gap(seen, Detail(lines=sold[~young]))
    parts = found.view("price_volume_mix").set_index(["cause", "unit"])["amount"]
    assert parts["no_history", "社群"] == pytest.approx(seen.actual_of("社群") - 88320 * 51 / 92)
    (notice,) = found.notices
    assert "no comparable days a year before" in notice.text()


def test_a_period_that_has_not_begun_has_no_gap():
    sold = lines()
    daily = sold.groupby(["unit", "date"], sort=False)["sales"].sum().reset_index()
    seen = track(build_panel(daily, calendar=None), 250000, period="2026Q4", n_paths=101)
    found = explain_gap(seen, Detail(lines=sold))
    assert found.total == 0.0
    assert "price_volume_mix" not in found.views
    assert pace(seen).loc["", "standing"] == ""


def test_cells_add_up_to_rows_and_columns():
    sold = lines(0.7)
    seen = tracked(sold)
    table = crossed(seen, sold).table().set_index(["row", "column"])
    for amount in ("target", "actual", "due", "ahead"):
        cells = table[amount].drop(["", *CHANNELS], level=0, errors="ignore")
        assert cells.empty
        inner = table.loc[[(c, line) for c in CHANNELS for line in LINES], amount]
        assert inner.sum() == pytest.approx(table.loc[("", ""), amount])
        for channel in CHANNELS:
            assert inner[channel].sum() == pytest.approx(table.loc[(channel, ""), amount])
        for line in LINES:
            assert inner.xs(line, level=1).sum() == pytest.approx(table.loc[("", line), amount])
    assert table.loc[("线上", ""), "probability"] == seen.probability("线上")
    assert table.loc[("线上", ""), "target"] == seen.target_of("线上")
    assert (
        table.loc[("线上", "茶"), "probability"] < 0.05 < table.loc[("门店", "茶"), "probability"]
    )
