"""What moved a forecast: each cause alone moves its own part, and the parts add up."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ForecastError
from workbench.forecast.change import explain_change
from workbench.forecast.engine import fit_engine

N, AHEAD, HORIZON = 800, 120, 56


@pytest.fixture(scope="module")
def shop(simulated):
    promo = (np.random.default_rng(2).random((N + AHEAD, 2)) < 0.3).astype(float)
    return simulated(
        2, N, ahead=AHEAD, noise=0.08, effect=0.4 * promo, known={"promo": promo}
    ).panel


@pytest.fixture(scope="module")
def before(shop):
    return fit_engine(shop.until(N - 7), horizon=HORIZON)


def whole(change):
    assert change.parts["amount"].sum() == pytest.approx(
        float(change.after.sum() - change.before.sum()), abs=1e-6
    )
    return change.causes()


def test_nothing_new_moves_nothing(shop, before):
    again = fit_engine(shop.until(N - 7), horizon=HORIZON, earlier=before)
    change = explain_change(before, again)
    assert change.parts.empty
    assert change.after.sum() == pytest.approx(change.before.sum())


def test_days_sold_since_are_set_against_what_was_expected_of_them(shop, before):
    after = fit_engine(shop, horizon=HORIZON - 7, earlier=before)
    change = explain_change(before, after)
    causes = whole(change)
    surprise = shop.sales[N - 7 :].sum() - before.expected[:7].sum()
    assert causes["sold"] == pytest.approx(surprise)
    assert causes["learnt"] == pytest.approx(
        after.expected.sum() - before.expected[7:].sum(), rel=1e-6
    )
    assert set(causes.index) == {"sold", "learnt"}


def test_a_campaign_added_is_named_and_of_its_size(shop, before):
    promo = shop.known["promo"].copy()
    ahead = slice(N - 7 + 20, N - 7 + 50)
    planned = int((promo[ahead, 0] == 0).sum())
    promo[ahead, 0] = 1.0
    panel = replace(shop, known={"promo": promo}).until(N - 7)
    change = explain_change(before, fit_engine(panel, horizon=HORIZON, earlier=before))
    causes = whole(change)
    assert causes.index[0] == "plan:promo"
    day = before.expected[20:50, 0].mean()
    # A promotion that lifts a day by e^0.4 − 1, on as many days more.
    assert causes["plan:promo"] == pytest.approx(planned * day * 0.43, rel=0.35)
    assert set(change.parts.loc[change.parts["cause"] == "plan:promo", "unit"]) == {"u0"}


def test_a_day_closed_meanwhile_is_opening(shop, before):
    open_ = shop.open.copy()
    open_[N - 7 + 30, 1] = 0.0
    panel = replace(shop, open=open_).until(N - 7)
    change = explain_change(before, fit_engine(panel, horizon=HORIZON, earlier=before))
    causes = whole(change)
    assert causes["opening"] == pytest.approx(-before.expected[30, 1], rel=0.02)


def test_restated_days_are_told_from_new_ones(shop, before):
    sales = shop.sales.copy()
    sales[N - 20] *= 0.5
    after = fit_engine(replace(shop, sales=sales), horizon=HORIZON - 7, earlier=before)
    change = explain_change(before, after, start=shop.dates[N - 30])
    causes = whole(change)
    assert causes["restated"] == pytest.approx(-0.5 * shop.sales[N - 20].sum())


def test_units_that_came_and_went_are_said(shop, before):
    only = fit_engine(shop.until(N - 7).only(["u1"]), horizon=HORIZON)
    went = explain_change(before, only)
    gone = went.parts[went.parts["cause"] == "units"]
    assert gone["unit"].tolist() == ["u0"]
    assert gone["amount"].iloc[0] == pytest.approx(-before.expected[:, 0].sum())
    whole(went)
    came = explain_change(only, before)
    assert came.parts.loc[came.parts["cause"] == "units", "amount"].iloc[0] > 0


def test_a_stretch_of_dates_can_be_asked_for(shop, before):
    after = fit_engine(shop, horizon=HORIZON - 7, earlier=before)
    start, end = before.dates[3], before.dates[20]
    change = explain_change(before, after, start=start, end=end)
    whole(change)
    assert (change.start, change.end) == (start, end)
    assert change.before.sum() == pytest.approx(before.expected[3:21].sum())


def test_forecasts_in_the_wrong_order_or_apart_are_refused(shop, before):
    after = fit_engine(shop, horizon=HORIZON - 7, earlier=before)
    with pytest.raises(ForecastError, match="cannot be compared"):
        explain_change(after, before)
    with pytest.raises(ForecastError, match="cannot be compared"):
        explain_change(before, after, start=after.dates[-1] + pd.Timedelta(days=1))
