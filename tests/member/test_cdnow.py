"""The published figures of CDNOW (Fader, Hardie & Lee 2005), from the standard sample."""

import numpy as np
import pandas as pd
import pytest

from workbench.member.buying import expected_orders, fit_buying
from workbench.member.purchases import summarise_purchases
from workbench.member.spending import expected_spend, fit_spending


@pytest.fixture(scope="module")
def rows(shared_data):
    table = pd.read_parquet(shared_data / "cdnow" / "transactions.parquet")
    return table[table["in_standard_sample"] == 1].rename(columns={"dollars": "amount"})


@pytest.fixture(scope="module")
def purchases(rows):
    return summarise_purchases(rows, as_of="1997-09-30")


@pytest.fixture(scope="module")
def buying(purchases):
    return fit_buying(purchases)


def test_the_sample_is_the_published_one(purchases):
    assert len(purchases) == 2357
    assert (purchases.repeats > 0).sum() == 946
    assert purchases.repeats.sum() == 2457


def test_bg_nbd_has_the_published_parameters(buying):
    got = (buying.r, buying.alpha, buying.a, buying.b)
    assert got == pytest.approx((0.2426, 4.4135, 0.7929, 2.4258), abs=2e-4)
    assert buying.log_likelihood == pytest.approx(-9582.4, abs=0.1)


def test_gamma_gamma_has_the_published_parameters(purchases):
    found = fit_spending(purchases)
    assert (found.p, found.q, found.v) == pytest.approx((6.25, 3.74, 15.44), abs=0.006)
    assert found.mean == pytest.approx(35.1, abs=0.2)


def test_weeks_40_to_78_are_forecast_as_published(rows, purchases, buying):
    """The paper's example: a member with x = 2, t_x = 30.43, T = 38.86 is expected to buy 1.226."""
    at = np.flatnonzero((purchases.repeats == 2) & np.isclose(purchases.recency, 213 / 7))
    at = at[np.isclose(purchases.age[at], 272 / 7)]
    assert expected_orders(buying, purchases, 39)[at] == pytest.approx(1.226, abs=0.002)
    total = float(expected_orders(buying, purchases, 39).sum())
    later = rows[(rows["date"] > "1997-09-30")]
    actual = later.groupby(["customer_id", "date"]).ngroups
    assert actual == 1882
    # Under by an eighth in these weeks, 5 % cumulated over 78, in the direction the paper shows.
    assert total == pytest.approx(1653, abs=3)
    assert abs((2457 + total) / (2457 + actual) - 1) < 0.06


def test_who_spends_is_expected_to_spend_between_own_and_all(purchases):
    model = fit_spending(purchases)
    said = expected_spend(model, purchases)
    again = (purchases.repeats > 0) & (purchases.spend > 0)
    low = np.minimum(purchases.spend, model.mean)[again]
    high = np.maximum(purchases.spend, model.mean)[again]
    assert ((said[again] >= low - 1e-9) & (said[again] <= high + 1e-9)).all()
    assert said[~again] == pytest.approx(model.mean)
