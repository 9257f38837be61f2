"""Targets over weeks and days, and the sheet they are written to."""

from datetime import date
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.calendar.calendar import load_calendar
from workbench.errors import TargetError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.target.adjustment import Adjustment
from workbench.target.adjustments import adjust
from workbench.target.build import outlook
from workbench.target.cascade import cascade
from workbench.target.days import spread
from workbench.target.sheet import day_table

KEYS = pd.DataFrame({"channel": ["web", "store", "store"]}, index=["An", "Bo", "Cy"])
HOLIDAYS = slice(0, 3)  # the store is closed from 1 to 3 October


def a_shop(as_of="2026-09-30", last="2026-12-31", frequency="D"):
    """A panel of three people and paths: weekends sell double, November 11 tenfold."""
    dates = pd.date_range("2025-09-01", as_of)
    rows = pd.DataFrame(
        {
            "unit": np.repeat(["An", "Bo", "Cy"], len(dates)),
            "date": np.tile(dates, 3),
            "sales": np.repeat([30.0, 20.0, 10.0], len(dates)),
        }
    )
    panel = build_panel(rows, calendar=load_calendar("CN"))
    ahead = pd.date_range(pd.Timestamp(as_of) + pd.Timedelta(days=1), last)
    shape = np.where(ahead.day_of_week >= 5, 2.0, 1.0)
    shape[ahead == "2026-11-11"] = 10.0
    daily = shape[:, None] * np.array([30.0, 20.0, 10.0])
    daily[ahead < "2026-10-04", 1:] = 0.0
    scale = np.linspace(0.8, 1.2, 41)[:, None, None]
    paths = SamplePaths.from_values(daily * scale, ahead, ["An", "Bo", "Cy"])
    return panel, paths


PANEL, PATHS = a_shop()
SEEN = outlook(PANEL, PATHS, period="2026Q4")


def exact(values):
    return sum((Decimal(repr(float(value))) for value in np.ravel(values)), Decimal(0))


@pytest.fixture(scope="module")
def plan():
    return cascade(
        9000, SEEN, KEYS, paths=PATHS, panel=PANEL, unit=1, locks={"Cy": 1000}, day_unit=0.01
    )


def test_days_follow_the_expected_shape_not_the_length_of_the_calendar(plan):
    days = day_table(plan)
    assert days.loc["2026-11-11", "An"] == pytest.approx(10 * days.loc["2026-11-12", "An"], 0.01)
    assert days.loc["2026-10-10", ""] == pytest.approx(2 * days.loc["2026-10-09", ""], 0.01)
    assert (days.loc["2026-10-01":"2026-10-03", ["Bo", "Cy", "store"]] == 0).all(axis=None)
    assert (days.loc["2026-10-04":, ["Bo", "Cy"]] > 0).all(axis=None)


def test_days_weeks_and_units_add_up_to_the_cent(plan):
    sheet = plan.sheet()
    by_node = sheet.groupby("node", sort=False)
    for node, rows in by_node:
        whole = exact(rows.loc[rows["span"] == "period", "target"])
        assert exact(rows.loc[rows["span"] == "day", "target"]) == whole, node
        assert exact(rows.loc[rows["span"] == "week", "target"]) == whole, node
    for _, rows in sheet[sheet["level"] != "total"].groupby(["parent", "span", "start"]):
        above = sheet[sheet["node"] == rows["parent"].iloc[0]]
        at = (above["span"] == rows["span"].iloc[0]) & (above["start"] == rows["start"].iloc[0])
        assert exact(rows["target"]) == exact(above.loc[at, "target"])


def test_the_sheet_says_span_share_probability_and_last_year(plan):
    sheet = plan.sheet()
    assert list(sheet.columns) == [
        *("level", "node", "channel", "parent", "span", "start", "end"),
        *("target", "share", "probability", "last_year", "limit"),
    ]
    assert sheet["span"].value_counts().to_dict() == {"day": 92 * 6, "week": 14 * 6, "period": 6}
    company = sheet[sheet["node"] == ""].set_index("span")
    assert company.loc["period", "probability"] == plan.company_probability
    assert company.loc["period", "last_year"] == 60 * 92
    weeks = company.loc["week"]
    assert weeks["start"].iloc[0] == pd.Timestamp("2026-10-01")  # cut by the period
    assert weeks["end"].iloc[0] == pd.Timestamp("2026-10-04")
    assert weeks["last_year"].iloc[1] == 60 * 7
    assert weeks["share"].sum() == pytest.approx(1)
    assert sheet.loc[sheet["node"] == "Cy", "limit"].unique().tolist() == ["locked"]


def test_a_period_under_way_spreads_what_is_left():
    panel, paths = a_shop(as_of="2026-11-15")
    seen = outlook(panel, paths, period="2026Q4")
    plan = cascade(9000, seen, KEYS, paths=paths, unit=1, locks={"Cy": 300})
    sheet = plan.sheet().set_index(["node", "span"])
    sold = sheet.loc[("An", "to_date"), "target"]
    assert sold == 30 * 46
    days = sheet.loc[("An", "day"), "target"]
    assert len(days) == 46
    assert exact(days) + exact(sold) == exact(plan.targets["An"])
    # Cy has sold 460 of a target of 300: nothing is left to do, and no more is counted.
    assert sheet.loc[("Cy", "to_date"), "target"] == 300
    assert (sheet.loc[("Cy", "day"), "target"] == 0).all()


def test_a_unit_that_is_expected_to_sell_nothing_follows_the_others():
    values = PATHS.values.copy()
    values[:, :, 2] = 0.0
    paths = SamplePaths.from_values(values, PATHS.dates, PATHS.units)
    seen = outlook(PANEL, paths, period="2026Q4")
    plan = cascade(9000, seen, KEYS, paths=paths, locks={"Cy": 500}, unit=1)
    assert "cascade.no_expected_days" in [notice.code for notice in plan.notices]
    assert exact(day_table(plan)["Cy"]) == 500


def test_paths_of_something_else_are_refused():
    short = SamplePaths.from_values(PATHS.values[:, :20], PATHS.dates[:20], PATHS.units)
    with pytest.raises(TargetError, match="does not cover what is to be split over days"):
        cascade(9000, SEEN, KEYS, paths=short)
    fewer = SamplePaths.from_values(PATHS.values[:, :, :2], PATHS.dates, PATHS.units[:2])
    with pytest.raises(TargetError, match="units without a forecast: Cy"):
        cascade(9000, SEEN, KEYS, paths=fewer)


@settings(max_examples=60, deadline=None)
@given(
    shape=arrays(float, (15, 4), elements=st.sampled_from([0.0, 0.0, 0.1, 1.0, 2.5, 400.0])),
    rest=st.lists(st.integers(0, 10**7), min_size=4, max_size=4),
    step=st.sampled_from([0.01, 1.0, 50.0]),
)
def test_spreading_is_exact_never_negative_and_zero_where_the_shape_is(shape, rest, step):
    shape[0] += (shape.sum(axis=0) == 0) * 1.0
    amounts = np.array(rest) / 100
    phase = np.array([0.1, 0.38, 0.5, 0.99])
    out = spread(amounts, shape, step=step, phase=phase)
    assert (out >= 0).all()
    assert (out[shape == 0] == 0).all()
    for unit in range(4):
        assert exact(out[:, unit]) == Decimal(repr(float(amounts[unit])))
    due = amounts * np.cumsum(shape, axis=0) / shape.sum(axis=0)
    assert (np.abs(np.cumsum(out, axis=0) - due) <= step + 1e-6).all()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_files_for_people_open_with_their_words(plan, tmp_path, language):
    csv = plan.write(tmp_path / "sheet.csv", language=language)
    assert csv.read_bytes().startswith("\ufeff".encode())
    table = pd.read_csv(csv)
    heads = {"en": ("Level", "Unit", "Part of", "Span"), "zh": ("层级", "单元", "渠道", "上级")}
    assert set(heads[language]) <= set(table.columns)
    assert len(table) == len(plan.sheet())
    book = openpyxl.load_workbook(plan.write(tmp_path / "sheet.xlsx", language=language))
    names = {"en": ["All", "Channel", "Unit", "Days"], "zh": ["合计", "渠道", "单元", "每日目标"]}
    chances = {
        "en": ["Weeks - probability", "Days - probability"],
        "zh": ["每周达成概率", "每日达成概率"],
    }
    assert book.sheetnames == names[language] + chances[language]
    likely = book[chances[language][0]]
    assert (likely.max_row, likely.max_column) == (1 + 6, 1 + 14)
    assert all(0 <= cell.value <= 1 for cell in likely[2][1:])
    head = [cell.value for cell in book.worksheets[1][1]]
    first = dict(zip(head, [cell.value for cell in book.worksheets[1][2]], strict=True))
    weeks = [value for name, value in first.items() if str(name).startswith("20")]
    assert len(weeks) == 14
    assert sum(weeks) == pytest.approx(first["Target" if language == "en" else "目标"])
    assert book.worksheets[3].max_column == 93


def test_parquet_holds_the_sheet_and_odd_names_do_no_harm(tmp_path):
    names = ["=cmd()", "Bo", "Cy"]
    keys = KEYS.set_axis(names)
    paths = SamplePaths.from_values(PATHS.values, PATHS.dates, names)
    totals = SEEN.totals.set_axis(names, axis=1)
    seen = type(SEEN).from_totals(totals, period="2026Q4", as_of="2026-09-30")
    plan = cascade(9000, seen, keys, paths=paths, unit=1)
    stored = pd.read_parquet(plan.write(tmp_path / "sheet.parquet"))
    pd.testing.assert_frame_equal(stored, plan.sheet(), check_dtype=False)
    shown = pd.read_csv(plan.write(tmp_path / "sheet.csv"))
    assert "'=cmd()" in set(shown["Unit"])
    with pytest.raises(TargetError, match="sheet cannot be written under this name"):
        plan.write(tmp_path / "sheet.doc")
    with pytest.raises(TargetError, match="folder for the sheet does not exist"):
        plan.write(tmp_path / "no" / "sheet.csv")


def test_more_rows_than_excel_holds(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.target.sheet_files.MOST_ROWS", 3)
    with pytest.raises(TargetError, match="more rows than Excel can hold"):
        plan.write(tmp_path / "sheet.xlsx")


def test_a_day_and_a_week_have_their_own_chance_on_the_same_paths():
    """Counted by hand on paths that differ from day to day; closed days have none."""
    rng = np.random.default_rng(2)
    values = PATHS.values * rng.gamma(4.0, 0.25, size=PATHS.values.shape)
    paths = SamplePaths.from_values(values, PATHS.dates, ["An", "Bo", "Cy"])
    seen = outlook(PANEL, paths, period="2026Q4")
    plan = cascade(9000, seen, KEYS, paths=paths, panel=PANEL, unit=1, day_unit=0.01)
    sheet = plan.sheet().set_index(["node", "span", "start"])["probability"]
    targets = day_table(plan)
    day = paths.dates.get_loc("2026-11-12")
    store = values[:, :, 1:].sum(axis=2)
    met = (values[:, day, 0] >= targets.loc["2026-11-12", "An"]).mean()
    assert sheet["An", "day", "2026-11-12"] == pytest.approx(met, abs=0.02)
    week = paths.dates.isin(pd.date_range("2026-11-16", "2026-11-22"))
    met = (
        store[:, week].sum(axis=1) >= targets.loc["2026-11-16":"2026-11-22", "store"].sum()
    ).mean()
    assert sheet["store", "week", "2026-11-16"] == pytest.approx(met, abs=0.02)
    whole = values.sum(axis=2)
    met = (whole[:, day] >= targets.loc["2026-11-12", ""]).mean()
    assert sheet["", "day", "2026-11-12"] == pytest.approx(met, abs=0.02)
    assert np.isnan(sheet["Bo", "day", "2026-10-02"])
    assert sheet["An", "week", "2026-11-16"] != sheet["An", "period", "2026-10-01"]


def test_assumptions_are_in_the_chances_of_the_days_they_touch():
    """A sure 50 % more in December: its days are asked for more, with as good a chance."""
    plain = cascade(9000, SEEN, KEYS, paths=PATHS, panel=PANEL, unit=1, day_unit=0.01)
    more = [Adjustment("launch", (), 0.5, 0.5, 0.5, start=date(2026, 12, 1))]
    wider = adjust(SEEN, more, paths=PATHS)
    lifted = cascade(
        9000, wider, KEYS, paths=PATHS, panel=PANEL, unit=1, day_unit=0.01, adjustments=more
    )
    before, after = (
        one.sheet().set_index(["node", "span", "start"])["probability"] for one in (plain, lifted)
    )
    day = ("An", "day", pd.Timestamp("2026-12-10"))
    assert after[day] > before[day]
    assert after[day] == pytest.approx(after["An", "period", pd.Timestamp("2026-10-01")], abs=0.05)
