"""Measured effects of past discounts give back what they were made of."""

import numpy as np
import pandas as pd
import pytest

from workbench.campaign.discount import Discount
from workbench.campaign.discount_fit import fit_discounts
from workbench.errors import CampaignError

LEVELS = np.array([0.1, 0.5, 0.9])


def measured(n, seed, mean=2.0, apart=0.5):
    rng = np.random.default_rng(seed)
    depth = rng.uniform(0.1, 0.4, n)
    error = rng.uniform(0.05, 0.15, n)
    uplift = (mean + apart * rng.standard_normal(n)) * depth + error * rng.standard_normal(n)
    return pd.DataFrame({"depth": depth, "uplift": uplift, "error": error})


def test_many_discounts_forget_the_prior():
    fit = fit_discounts(measured(60, 1))
    assert fit.pooled.mean == pytest.approx(2.0, abs=0.25)
    assert fit.pooled.between == pytest.approx(0.5, abs=0.2)
    low, mid, high = fit.elasticity.at(LEVELS)
    assert mid == pytest.approx(2.0, abs=0.25)
    assert high - low == pytest.approx(2 * 1.2816 * 0.52, rel=0.3)
    assert fit.elasticity.source == "history"
    assert not fit.few


def test_the_mean_is_that_of_dersimonian_and_laird():
    past = measured(40, 3)
    fit = fit_discounts(past)
    y, v = past["uplift"] / past["depth"], (past["error"] / past["depth"]) ** 2
    w = 1 / v
    q = (w * (y - (w * y).sum() / w.sum()) ** 2).sum()
    tau2 = max((q - 39) / (w.sum() - (w**2).sum() / w.sum()), 0.0)
    star = 1 / (v + tau2)
    assert fit.pooled.mean == pytest.approx((star * y).sum() / star.sum(), abs=0.08)
    assert fit.pooled.error == pytest.approx(star.sum() ** -0.5, rel=0.2)


def test_few_discounts_keep_the_prior_and_its_width():
    one = fit_discounts(pd.DataFrame({"depth": [0.2], "uplift": [0.2], "error": [0.02]}))
    nine = fit_discounts(pd.DataFrame({"depth": [0.2] * 9, "uplift": [0.2] * 9,
                                       "error": [0.02] * 9}))  # fmt: skip
    # the effect says 1; what is usual elsewhere says 3.1
    assert 1.2 < one.pooled.mean < 3.0
    assert abs(nine.pooled.mean - 1.0) < 0.1
    width = [np.ptp(fit.elasticity.at(LEVELS[[0, 2]])) for fit in (one, nine)]
    assert width[0] > 2 * width[1]
    assert one.few


def test_the_next_discount_lies_within_its_range_as_often_as_said():
    rng = np.random.default_rng(8)
    held = 0
    for seed in range(60):
        fit = fit_discounts(measured(8, seed))
        low, _, high = fit.elasticity.at(LEVELS)
        held += low <= 2.0 + 0.5 * rng.standard_normal() <= high
    # 80 % of 60 are 48; fewer than 40 has a probability of 1 %
    assert held >= 40


def test_an_interval_stands_in_for_the_error():
    wide = pd.DataFrame({"depth": [0.2] * 2, "uplift": [0.4] * 2, "low": [0.2] * 2,
                         "high": [0.6] * 2})  # fmt: skip
    same = wide[["depth", "uplift"]].assign(error=0.4 / 3.919928)
    assert fit_discounts(wide).elasticity == fit_discounts(same).elasticity


def test_a_simulated_discount_has_the_uplift_that_was_measured():
    past = pd.DataFrame({"depth": [0.2] * 30, "uplift": [0.5] * 30, "error": [0.05] * 30})
    sale = Discount(
        name="x", start="2026-11-01", end="2026-11-20", units="a", price=100, discount=0.2,
        orders=100, **fit_discounts(past).inputs(),
    )  # fmt: skip
    result = sale.simulate(n_paths=200)
    usual, extra = (result.outcome(n).mean() for n in ("usual_orders", "extra_orders"))
    assert extra / usual == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize(
    ("rows", "en", "zh"),
    [
        ({"depth": [0.2]}, "uplift missing", "缺少 uplift"),
        ({"depth": [20], "uplift": [0.4], "error": [0.1]}, "20 % off as 0.2", "八折也是 0.2"),
        ({"depth": [0.2], "uplift": [60], "error": [0.1]}, "60 % more orders as 0.6", "多 60 %"),
        ({"depth": [0.2], "uplift": [0.4]}, "has no error", "没有误差"),
        ({"depth": [0.2], "uplift": [0.4], "error": [0.0]}, "has no error", "没有误差"),
        (
            {"depth": [0.2], "uplift": [0.4], "low": [0.5], "high": [0.6]},
            "outside its own interval",
            "不在其区间之内",
        ),
    ],
)
def test_what_cannot_be_is_told(rows, en, zh):
    with pytest.raises(CampaignError) as caught:
        fit_discounts(pd.DataFrame(rows))
    assert en in caught.value.text()
    assert zh in caught.value.text("zh")
