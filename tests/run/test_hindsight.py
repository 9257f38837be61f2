"""What a period that is over brought, beside what was said before it."""

import numpy as np
import pandas as pd
import pytest

from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.run.hindsight import hindsight
from workbench.target.build import outlook
from workbench.target.proposal import ALL_UNITS

DAYS = pd.date_range("2026-08-01", "2026-09-28")
AHEAD = pd.date_range("2026-09-29", "2026-09-30")


@pytest.fixture
def said():
    frame = pd.concat([pd.DataFrame({"unit": u, "date": DAYS, "sales": 7.0}) for u in ("a", "b")])
    panel = build_panel(frame, calendar=None)
    steps = np.arange(1, 1001) / 100.0
    values = np.stack([np.stack([steps, steps], axis=1), np.stack([steps, steps], axis=1)], axis=2)
    paths = SamplePaths.from_values(values, AHEAD, ["a", "b"])
    return panel, outlook(panel, paths, period="2026-09")


def rows(a: float, b: float, *, outside: float = 99.0) -> pd.DataFrame:
    dates = [AHEAD[0], AHEAD[1], AHEAD[1] + pd.Timedelta(days=1)]
    units = [("a", a), ("b", b)]
    return pd.DataFrame(
        [
            {"unit": unit, "date": date, "sales": outside if at == 2 else sold}
            for unit, sold in units
            for at, date in enumerate(dates)
        ]
    )


def test_actuals_of_the_period_beside_the_range_and_the_targets(said):
    panel, before = said
    table = hindsight(
        panel,
        before,
        rows(5.5, 9.6),
        last_day=pd.Timestamp("2026-10-01"),
        target=420.0,
        targets={"b": 215.5},
    )
    assert table.index.tolist() == [ALL_UNITS, "a", "b"]
    assert table["actual"].tolist() == pytest.approx([422.2, 207.0, 215.2])
    assert table["inside"].tolist() == [True, True, False]
    assert table.loc["a", "low"] == pytest.approx(198.0, abs=0.1)
    assert table.loc["a", "high"] == pytest.approx(214.0, abs=0.1)
    assert table.loc[ALL_UNITS, "attainment"] == pytest.approx(422.2 / 420.0)
    assert table["reached"].tolist()[0] is True
    assert np.isnan(table.loc["a", "target"])
    assert pd.isna(table.loc["a", "reached"])
    assert table.loc["b", "reached"] is False
    assert table.loc["b", "probability"] == before.probability({"b": 215.5})["b"]


@pytest.mark.parametrize("last_day", ["2026-09-29", "2026-09-28"])
def test_nothing_before_the_period_is_over(said, last_day):
    panel, before = said
    assert hindsight(panel, before, rows(1, 1), last_day=pd.Timestamp(last_day)) is None


def test_nothing_without_later_sales(said):
    panel, before = said
    assert hindsight(panel, before, None, last_day=pd.Timestamp("2026-12-31")) is None
