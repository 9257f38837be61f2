"""Campaigns of a plan counted into a target: outlook, days, reasons, and nothing twice."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ParameterError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.params.models import TargetSettingParams, TrackingParams
from workbench.run.cascading import split_target
from workbench.run.check import check
from workbench.run.plans import plans_ahead, with_planned
from workbench.target.build import outlook
from workbench.target.goal import goal_of
from workbench.target.reasons import reasons

UNITS = ["web / An", "web / Bo", "store / Cy"]
KEYS = pd.DataFrame(
    {"channel": ["web", "web", "store"], "salesperson": ["An", "Bo", "Cy"]}, index=UNITS
)
DAY = np.array([300.0, 100.0, 50.0])
PLAN = """
by: [channel]
by_season: 0
campaigns:
  - {kind: group_buy, name: 拼团, units: [web], start: 2026-11-02, end: 2026-11-08, price: 100,
     discount: 0.2, visits: 500}
"""
OVER = """
  - {kind: group_buy, name: 旧拼团, units: [web], start: 2026-09-20, end: 2026-10-08,
     price: 100, discount: 0.2, visits: 500}
"""


@dataclass(frozen=True)
class Read:
    """What of the sales a plan looks at."""

    as_of: pd.Timestamp

    keys = KEYS
    report = SimpleNamespace(kind="daily")


@pytest.fixture(scope="module")
def made():
    dates = pd.date_range("2025-08-01", "2026-09-30")
    rows = pd.DataFrame({"unit": np.repeat(UNITS, len(dates)), "date": np.tile(dates, 3)})
    panel = build_panel(rows.assign(sales=np.repeat(DAY, len(dates))), calendar=None)
    scale = np.linspace(0.8, 1.2, 199)[:, None, None]
    ahead = pd.date_range("2026-10-01", "2026-12-31")
    paths = SamplePaths.from_values(scale * np.ones((1, 92, 1)) * DAY, ahead, UNITS)
    return Read(pd.Timestamp("2026-09-30")), panel, paths, outlook(panel, paths, period="2026Q4")


@pytest.fixture
def asked(tmp_path):
    """Parameters whose plan is a file with this text, beside a source that is there."""

    def make(text=PLAN, **values):
        plan, source = tmp_path / "plan.yaml", tmp_path / "orders.csv"
        plan.write_text(text, "utf-8")
        source.write_text("x", "utf-8")
        given = {"source": str(source), "rounding": 1, "campaigns": str(plan), "seed": 3}
        return TargetSettingParams.read({**given, **values})

    return make


def test_the_outlook_is_the_baseline_and_the_increments_and_its_days_add_up_to_it(made, asked):
    sales, panel, paths, plain = made
    planned = with_planned(asked(), sales, panel, paths, plain)
    (brings,) = planned.plan.simulations
    more = planned.outlook.totals - plain.totals
    np.testing.assert_allclose(more[UNITS[:2]], brings.totals(None, "2026-12-31")[UNITS[:2]])
    assert (more["store / Cy"] == 0).all()
    assert planned.brings["拼团"] == pytest.approx(more.sum(axis=1).mean())
    again = outlook(panel, planned.paths, period="2026Q4")
    np.testing.assert_allclose(again.totals, planned.outlook.totals)
    values = planned.paths.values
    np.testing.assert_allclose(values.sum(axis=1), again.totals)
    np.testing.assert_allclose(values.mean(axis=0), planned.paths.expected)
    share = more["web / An"].sum() / more.sum().sum()
    assert share == pytest.approx(0.75, abs=0.02), "a channel's campaign goes by expected sales"
    assert "plan.below" in {problem.code for problem in planned.notices}


def test_weeks_and_reasons_follow_the_campaigns(made, asked):
    sales, panel, paths, plain = made
    params = asked(adjustments=[{"label": "launch", "low": 0, "mid": 0.1, "high": 0.2}])
    planned = with_planned(params, sales, panel, paths, plain)
    seen = planned.outlook
    goal = goal_of(seen.target_at(0.5), seen)
    history = {"sales": sales, "panel": panel}
    bare = split_target(asked(campaigns=""), goal, plain, paths=paths, **history).cascade
    split = split_target(asked(), goal, seen, paths=planned.paths, **history).cascade
    week = slice(32, 39)  # the days of the campaign, a Monday to a Sunday
    daily = [one.days.amounts.sum(axis=1) for one in (bare, split)]
    assert daily[1][week].sum() > 1.5 * daily[0][week].sum()
    expected = planned.paths.expected.sum(axis=1)
    shares = [one[week].sum() / one.sum() for one in (daily[1], expected)]
    assert shares[0] == pytest.approx(shares[1], rel=0.01)
    at = list(split.days.dates[::7]).index(pd.Timestamp("2026-10-29")) + 1
    even = split.step_chances.weeks[at, 0]
    assert 0.35 < even < 0.65, "the campaign is in the week's chance as well as in its target"
    plans = {"planned": seen, "campaigns": planned.brings}
    why = reasons(panel, plain, **plans)
    steps = dict(zip(why.parts["cause"], why.parts["amount"], strict=True))
    assert steps["拼团"] == pytest.approx(seen.target_at(0.5) - plain.target_at(0.5))
    assert why.parts["amount"].sum() == pytest.approx(why.base) == seen.target_at(0.5)
    assert why.campaigns == ("拼团",)


def test_what_has_begun_is_left_out_and_what_is_assumed_too_is_told(made, asked):
    sales, panel, paths, plain = made
    launch = [{"label": "拼团", "low": 0, "mid": 0.1, "high": 0.2}]
    params = asked(PLAN + OVER, adjustments=launch)
    planned = with_planned(params, sales, panel, paths, plain)
    assert list(planned.brings) == ["拼团"]
    said = {problem.code: problem for problem in planned.notices}
    assert "旧拼团 (2026-09-20 – 2026-10-08)" in said["plan.not_ahead"].text("zh")
    assert "counted twice" in said["plan.assumed_too"].text()
    only = with_planned(asked("campaigns:" + OVER), sales, panel, paths, plain)
    assert only.outlook is plain
    assert only.brings == {}
    assert "1 of 1" in only.notices[0].text()
    assert len(only.steps(None)) == 1
    none = with_planned(asked(campaigns=""), sales, panel, paths, plain)
    assert none.paths is paths
    assert not none.tables()


def test_a_plan_that_cannot_be_used_stops_the_run_before_it_starts(asked, tmp_path):
    twisted = asked(PLAN.replace("visits: 500", "visitors: 500"))
    with pytest.raises(ParameterError, match="visitors"):
        check("20", twisted.plain())
    with pytest.raises(ParameterError, match=r"gone\.yaml"):
        check("20", asked(campaigns=str(tmp_path / "gone.yaml")).plain())
    with pytest.raises(ParameterError, match="metric"):
        check("20", asked(metric="units").plain())
    assert check("20", asked().plain()).campaigns


def test_a_running_period_counts_what_was_still_to_come_on_each_day(made, asked):
    sales, panel, paths, plain = made
    plan = asked(PLAN + OVER)
    same = {"source": plan.source, "campaigns": plan.campaigns, "seed": 3}
    on_top = plans_ahead(TrackingParams.read(same), sales, panel, plain.period)
    seen, days = on_top(plain, paths)
    np.testing.assert_allclose(
        seen.totals, with_planned(plan, sales, panel, paths, plain).outlook.totals
    )
    assert "plan.not_ahead" in {problem.code for problem in seen.notices}
    eve = panel.dates[-20]
    earlier = replace(plain, as_of=eve, actual=plain.actual * 0)
    before, _ = on_top(earlier, paths)
    more = before.totals.sum(axis=1).mean() - seen.totals.sum(axis=1).mean()
    assert more > 0, "what has begun by now was still to come then"
    assert days.added.keys() == {"web / An", "web / Bo"}
    assert plans_ahead(TrackingParams.read({**same, "campaigns": ""}), sales, panel, None) is None
