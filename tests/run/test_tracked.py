"""Period, targets and detail of a tracking; the forecast is made by hand."""

import datetime

import numpy as np
import pandas as pd
import pytest

from workbench.data.sales import load_sales
from workbench.errors import DataError, ParameterError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel, future_dates
from workbench.params.models import TrackingParams
from workbench.report.tracked_shown import bonuses_or_note, crossed_or_note, gap_charts
from workbench.report.words import Words
from workbench.run.appraisal import appraise
from workbench.run.earlier import asked_now, look_at_earlier
from workbench.run.tracked import followed_targets, gap_detail, tracked_period
from workbench.run.tracked_results import tracking_results
from workbench.target import replays
from workbench.target.gap import explain_gap
from workbench.target.resplit import resplit
from workbench.target.setting import set_targets
from workbench.target.tracking import track

DAY = datetime.date(2026, 8, 20)


def last_months(panel: Panel, *, horizon: int, n_paths: int, seed: int) -> SamplePaths:
    """Every unit goes on as in its last 28 days, give or take a fifth."""
    del seed
    level = np.linspace(0.8, 1.2, n_paths)[:, None, None]
    values = level * np.nanmean(panel.sales[-28:], axis=0) * np.ones((1, horizon, 1))
    return SamplePaths.from_values(values, future_dates(panel, horizon), panel.units)


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    monkeypatch.setattr(replays, "forecast", last_months)


@pytest.fixture
def params(tmp_path, monkeypatch) -> TrackingParams:
    """Orders of two channels and two categories, from June 2025 on."""
    monkeypatch.setenv("WORKBENCH_ROOT", str(tmp_path))
    days = pd.date_range("2025-06-01", DAY)
    same = {"付款时间": days, "数量": 2}
    lines = [
        pd.DataFrame({**same, "渠道": channel, "商品类目": line, "实付金额": 50.0 * size})
        for channel, size in (("线上", 3), ("门店", 1))
        for line in ("茶", "坚果")
    ]
    table = pd.concat(lines, ignore_index=True)
    table["订单号"] = [f"E{at:06d}" for at in range(len(table))]
    table.to_csv(tmp_path / "orders.csv", index=False)
    visits = table.groupby(["付款时间", "渠道"]).size().rename("订单数").reset_index()
    visits = visits.rename(columns={"付款时间": "日期"}).assign(访客数=40)
    visits.to_csv(tmp_path / "traffic.csv", index=False)
    return TrackingParams.read({"source": "orders.csv", "n_paths": 100})


def followed(params: TrackingParams, **changes):
    given = TrackingParams.read(params.plain() | changes)
    sales = load_sales(**given.sales())
    panel = build_panel(sales.frame, sales.known, given.country)
    period = tracked_period(given.period, as_of=sales.as_of)
    return given, sales, panel, period, followed_targets(given, panel, period)


def test_without_a_period_the_running_quarter_is_followed():
    assert tracked_period("", as_of=DAY).label == "2026Q3"
    assert tracked_period("", as_of=datetime.date(2026, 9, 30)).label == "2026Q3"
    assert tracked_period("2026-05", as_of=DAY).label == "2026-05"
    with pytest.raises(ParameterError, match="2029"):
        tracked_period("2029Q1", as_of=DAY)


def test_without_a_target_the_base_at_the_start_is_followed(params):
    *_, goal = followed(params)
    assert not goal.given
    assert goal.targets[""] == pytest.approx(400 * 92, rel=0.01)
    (notice,) = goal.notices
    assert "Nobody has set a target for the period" in notice.text()
    assert "2026Q3" in notice.text()


def test_the_parameter_goes_before_the_files_total(params, tmp_path):
    text = "channel,period,target\n,2026Q3,30000\n线上,2026Q3,25000\n海外,2026Q3,5000\n"
    (tmp_path / "targets.csv").write_text(text, "utf-8")
    *_, goal = followed(params, targets="targets.csv", target=33000)
    assert goal.targets == {"": 33000.0, "线上": 25000.0}
    assert [notice.code for notice in goal.notices] == ["goal.without_sales"]


def test_of_versions_the_one_in_force_then_is_followed(params, tmp_path):
    file = tmp_path / "targets.jsonl"
    for at, amount in (("2026-06-20", 30000.0), ("2026-08-01", 36000.0)):
        set_targets(file, {"": amount}, period="2026Q3", by_whom="总经理", at=at)
    *_, goal = followed(params, targets="targets.jsonl", as_of="2026-07-15")
    assert goal.targets == {"": 30000.0}
    *_, goal = followed(params, targets="targets.jsonl")
    assert goal.targets == {"": 36000.0}


def test_everything_the_data_know_explains_the_gap(params, tmp_path):
    given, sales, panel, period, goal = followed(
        params, target=40000, cross="商品类目", traffic="traffic.csv", rounding=100
    )
    seen = track(panel, goal.targets, period=period, n_paths=100)
    detail = gap_detail(given, sales, seen)
    found = explain_gap(seen, detail)
    assert set(found.views) == {"unit", "expectation", "effects", "price_volume_mix", "funnel"}
    sums = found.parts.groupby("view")["amount"].sum()
    assert sums.to_numpy() == pytest.approx(found.total, abs=1e-6)
    assert len(gap_charts(found, Words("zh"))) == 5
    assert crossed_or_note(detail.crossed, Words("zh")).get_title(loc="left").startswith("渠道")
    rest = resplit(seen, unit=100.0)
    (tmp_path / "bonus.yaml").write_text(
        "roles: {default: {amount: 100, steps: [{from: 0.1, pays: 1}]}}"
    )
    paid = given.model_copy(update={"bonus": str(tmp_path / "bonus.yaml")})
    judged = appraise(paid, seen, sales.keys)
    parts = {"crossed": detail.crossed, "rest": rest, "judged": judged}
    before = look_at_earlier(given, panel, seen.now, asked_now(seen, goal))
    told = tracking_results(seen, found, **parts, earlier=before, currency="CNY")
    named = {(m.node, m.metric): m.value for m in told["metrics"]}
    assert named["", "target"] == 40000.0
    assert 0 < named["", "bonuses"] <= 100 * len(panel.units)
    assert not judged.bonuses.certain
    assert "In 9 of 10 futures" in str(
        bonuses_or_note(judged.bonuses, Words("en"), period=period).as_raw_html()
    )
    assert "奖金规则文件" in bonuses_or_note(None, Words("zh"), period=period)
    assert named["", "gap"] == pytest.approx(found.total, abs=0.01)
    assert told["tables"]["earlier"]["target"].tolist() == [40000.0], "the only one that was set"
    assert {"pace", "course", "crossed", "resplit_days", "outlook"} <= set(told["tables"])


def test_a_plain_file_of_days_has_the_gap_by_unit_alone(params, tmp_path):
    days = pd.date_range("2025-06-01", DAY)
    pd.DataFrame({"date": days, "channel": "店", "sales": 100.0}).to_csv(tmp_path / "days.csv")
    given, sales, panel, period, goal = followed(params, source="days.csv", target=9000)
    seen = track(panel, goal.targets, period=period, n_paths=100)
    detail = gap_detail(given, sales, seen)
    assert (detail.lines, detail.traffic, detail.crossed) == (None, None, None)
    assert len(gap_charts(explain_gap(seen, detail), Words())) == 1
    assert "parameter cross" in str(crossed_or_note(None, Words()))


def test_a_column_that_names_the_units_cannot_be_crossed_with_them(params):
    given, sales, panel, period, goal = followed(params, target=9000, cross="channel")
    seen = track(panel, goal.targets, period=period, n_paths=100)
    with pytest.raises(ParameterError, match="cannot be crossed with a column that names them"):
        gap_detail(given, sales, seen)


def test_too_many_cells_are_refused(params, monkeypatch):
    monkeypatch.setattr("workbench.run.tracked.MOST_CELLS", 3)
    given, sales, panel, period, goal = followed(params, target=9000, cross="category")
    seen = track(panel, goal.targets, period=period, n_paths=100)
    with pytest.raises(ParameterError, match="would have too many cells"):
        gap_detail(given, sales, seen)


def test_targets_of_another_period_only(params, tmp_path):
    (tmp_path / "targets.csv").write_text("channel,period,target\n,2026Q2,30000\n", "utf-8")
    with pytest.raises(DataError, match="2026Q3"):
        followed(params, targets="targets.csv")
