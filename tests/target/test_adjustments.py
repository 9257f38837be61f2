"""Labelled adjustments: they move the outlook by what they say, and widen it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import TargetError
from workbench.forecast.paths import SamplePaths
from workbench.target.adjustment import Adjustment
from workbench.target.adjustments import adjust, adjusted_steps, effects
from workbench.target.outlook import Outlook

N = 999


def an_outlook(as_of="2026-09-30", actual=None):
    rng = np.random.default_rng(5)
    rest = np.array([600.0, 300.0, 100.0]) * np.exp(rng.normal(0, 0.1, (N, 3)))
    sold = pd.Series([0.0, 0, 0] if actual is None else actual, index=["a", "b", "c"])
    totals = pd.DataFrame(rest + sold.to_numpy(), columns=["a", "b", "c"])
    return Outlook.from_totals(totals, period="2026Q4", as_of=as_of, actual=sold)


SEEN = an_outlook()


def test_low_mid_and_high_are_the_tenth_half_and_nine_tenths():
    extra = Adjustment("rebate", units=("b",), low=-20, mid=10, high=70, kind="amount")
    difference = (adjust(SEEN, [extra]).totals - SEEN.totals)["b"]
    assert np.quantile(difference, [0.1, 0.5, 0.9]) == pytest.approx([-20, 10, 70], abs=0.5)
    assert (adjust(SEEN, [extra]).totals[["a", "c"]] == SEEN.totals[["a", "c"]]).all(axis=None)


def test_an_amount_is_that_of_all_its_units_and_one_draw_serves_them():
    extra = Adjustment("fair", units=("a", "b"), low=90, mid=100, high=120, kind="amount")
    difference = adjust(SEEN, [extra]).totals - SEEN.totals
    assert np.median(difference.sum(axis=1)) == pytest.approx(100, abs=0.1)
    ratio = difference["a"] / difference["b"]
    assert ratio.std() == pytest.approx(0, abs=1e-9)
    assert ratio.iloc[0] == pytest.approx(2, rel=0.02)


@settings(max_examples=30, deadline=None)
@given(
    mid=st.floats(-0.3, 0.3),
    below=st.floats(0.06, 0.3),
    above=st.floats(0.06, 0.3),
    seed=st.integers(0, 50),
)
def test_it_widens_and_never_goes_below_what_is_sold(mid, below, above, seed):
    change = Adjustment("market", low=mid - below, mid=mid, high=mid + above)
    wider = adjust(SEEN, [change], seed=seed)
    relative = [
        np.subtract(*np.quantile(o.total, [0.9, 0.1])) / np.median(o.total) for o in (SEEN, wider)
    ]
    assert relative[1] > relative[0]
    assert (wider.totals >= 0).all(axis=None)
    again = adjust(SEEN, [change, Adjustment("nothing")], seed=seed)
    pd.testing.assert_frame_equal(again.totals, wider.totals)


def test_only_what_is_to_come_is_changed():
    seen = an_outlook(as_of="2026-11-15", actual=[500.0, 200.0, 50.0])
    halved = adjust(seen, [Adjustment("strike", low=-0.5, mid=-0.5, high=-0.5)])
    rest = seen.totals - seen.actual
    pd.testing.assert_frame_equal(halved.totals, seen.actual + rest / 2)
    gone = adjust(seen, [Adjustment("shut", low=-1, mid=-1, high=-1)])
    assert gone.total == pytest.approx(750)
    # Half of the days of an amount are over: half of it is left.
    late = Adjustment("fair", low=46, mid=46, high=46, kind="amount", start=dt.date(2026, 10, 1))
    brought = adjust(seen, [late]).total - seen.total
    assert brought == pytest.approx(23)


def test_days_are_measured_by_what_is_expected_on_them():
    ahead = pd.date_range("2026-10-01", "2026-12-31")
    daily = np.where(ahead == "2026-11-11", 9.0, 1.0)[:, None] * np.ones(3)
    paths = SamplePaths.from_values(daily * np.ones((N, 1, 1)), ahead, ["a", "b", "c"])
    day = dt.date(2026, 11, 11)
    one = Adjustment("sale", low=0.1, mid=0.1, high=0.1, start=day, end=day)
    assert (adjust(SEEN, [one], paths=paths).total / SEEN.total) == pytest.approx(1.009)
    assert (adjust(SEEN, [one]).total / SEEN.total) == pytest.approx(1 + 0.1 / 92)
    steps = adjusted_steps([one], SEEN, paths)
    assert steps[ahead == "2026-11-11"] == pytest.approx(9.9)
    assert steps[0] == pytest.approx(1.0)
    money = Adjustment("gift", units=("a",), low=0, mid=30, high=60, kind="amount", start=day)
    added = adjusted_steps([money], SEEN, paths) - daily
    assert added.sum() == pytest.approx(30)
    assert (added[ahead < "2026-11-11"] == 0).all()


def test_effects_and_notices_say_what_each_brings():
    launch = Adjustment("新品上市", units=("a",), low=0.0, mid=0.1, high=0.2)
    table = effects(SEEN, [launch])
    assert table["label"].tolist() == ["新品上市"]
    assert table["mid"].iloc[0] == pytest.approx(60, rel=0.03)
    notice = adjust(SEEN, [launch]).notices[-1]
    assert "The outlook holds an assumption that the sales data cannot show" in notice.text()
    assert "新品上市" in notice.text("zh")
    assert adjust(SEEN, []) is SEEN


def test_everything_wrong_is_told_at_once():
    wrong = [
        Adjustment("", low=1, mid=0, high=2),
        Adjustment("x", units=("ghost",), low=-3, mid=0, high=1),
        Adjustment("x", kind="maybe", low=0, mid=float("nan"), high=1),  # type: ignore[arg-type]
        Adjustment("past", start=dt.date(2026, 1, 1), end=dt.date(2026, 2, 1)),
        Adjustment("back", start=dt.date(2026, 12, 1), end=dt.date(2026, 11, 1)),
    ]
    with pytest.raises(TargetError) as failed:
        adjust(SEEN, wrong)
    text = failed.value.text()
    for said in (
        "An adjustment has no label",
        "range of an adjustment is not in order",
        "takes away more than all sales",
        "units that the sales data do not have",
        "kind of an adjustment is not known",
        "acts on no day that is still to come",
        "ends before it starts",
        "Two adjustments have the same label",
    ):
        assert said in text, said
