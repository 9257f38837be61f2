"""Promoter records give back what they were made of."""

import numpy as np
import pandas as pd
import pytest

from workbench.campaign.drive import DistributionDrive
from workbench.campaign.pooling import pool
from workbench.campaign.promoter_fit import fit_promoters
from workbench.campaign.promoter_law import course, how_unequal, wears_off
from workbench.campaign.promoters import best_fifth_of
from workbench.errors import CampaignError

TRUTH = {"half_life": 6.0, "shape": 0.4, "contacts": 20.0, "effort": 2.0, "activation": 0.05}
ORDER, WAIT, DAYS, ASKED = 0.0109, 2.0, 21, {"customer": 4000, "employee": 200}


def records(n_drives=3, seed=0, apart=0.15):
    """Drives by the rules of the simulator, promoter by promoter."""
    rng = np.random.default_rng(seed)
    rows = []
    for drive in range(n_drives):
        contacts = TRUTH["contacts"] * np.exp(apart * rng.standard_normal())
        for role, asked in ASKED.items():
            active = rng.binomial(asked, TRUTH["activation"] if role == "customer" else 0.4)
            for person in range(active):
                joined = rng.geometric(1 / 3.0) - 1
                talent = rng.gamma(TRUTH["shape"], 1 / TRUTH["shape"])
                effort = TRUTH["effort"] if role == "employee" else 1.0
                mean = contacts * effort * talent * ORDER * course(6.0, WAIT, max(DAYS - joined, 1))
                orders = rng.poisson(mean)
                paid = rng.binomial(orders, 0.8)
                for age in {0, *np.flatnonzero(orders)}:
                    day = pd.Timestamp("2026-05-01") + pd.Timedelta(days=int(joined + age))
                    rows.append((f"d{drive}", role, f"{role}{person}", day, orders[age], paid[age],
                                 day - pd.Timedelta(days=int(age)), asked))  # fmt: skip
    names = ["campaign", "role", "promoter", "date", "orders", "paid_orders", "joined", "asked"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def fit():
    return fit_promoters(records(n_drives=4))


def inside(found, truth, tail=0.05):
    low, high = found.at(np.array([tail, 1 - tail]))
    return low <= truth <= high


def test_the_truth_lies_within_the_intervals(fit):
    found = fit.inputs()
    assert inside(found["half_life"], TRUTH["half_life"])
    assert inside(found["best_fifth"], float(best_fifth_of(np.array([TRUTH["shape"]]))[0]))
    assert inside(found["contacts"], TRUTH["contacts"])
    assert inside(found["employee_effort"], TRUTH["effort"])
    assert found["customer_activation"].at(np.array([0.5]))[0] == pytest.approx(0.05, abs=0.005)
    assert found["employee_activation"].at(np.array([0.5]))[0] == pytest.approx(0.4, abs=0.06)
    assert found["pay_rate"].at(np.array([0.5]))[0] == pytest.approx(0.8, abs=0.03)
    assert {one.source for name, one in found.items() if name != "order_rate"} == {"history"}
    low, high = found["half_life"].at(np.array([0.05, 0.95]))
    assert high / low < 3
    assert 0.3 < fit.top_tenth < 0.8


def test_those_who_sold_nothing_may_be_missing():
    past = records(n_drives=4)
    orders = past.groupby(["campaign", "role", "promoter"])["orders"].transform("sum")
    sellers = past[orders > 0]
    fit = fit_promoters(sellers)
    assert fit.sellers_only
    assert inside(fit.found["contacts"], TRUTH["contacts"])
    assert inside(fit.found["best_fifth"], float(best_fifth_of(np.array([TRUTH["shape"]]))[0]))
    # those missing are added to the promoters who were asked
    share = sellers[sellers["role"] == "customer"].groupby("campaign")["promoter"].nunique().mean()
    found = fit.found["customer_activation"].at(np.array([0.5]))[0]
    assert share / 4000 < found == pytest.approx(0.05, abs=0.012)


def test_the_intervals_hold_as_often_as_they_say():
    held = [inside(fit_promoters(records(n_drives=1, seed=seed)).found["half_life"], 6.0, 0.1)
            for seed in range(1, 13)]  # fmt: skip
    # 80 % intervals: 7 or fewer of 12 has a probability of 7 %, so 6 or fewer of 2 %
    assert sum(held) >= 7


def test_a_drive_simulated_from_the_fit_has_the_orders_of_the_records(fit):
    past = records(n_drives=4)
    drive = DistributionDrive(
        name="x", start="2026-11-01", end="2026-11-21", units="a", price=100, customers=4000,
        employees=200, audience=10_000_000, levels=1, activation_days=2.0, decision_days=2.0,
        rate_response=0.0, **fit.inputs(),
    )  # fmt: skip
    result = drive.simulate(n_paths=200)
    per_drive = past["orders"].sum() / 4
    assert result.outcome("orders").mean() == pytest.approx(per_drive, rel=0.25)


def test_half_life_by_hand():
    # without waiting, halving daily: days carry 4/7, 2/7 and 1/7 of a window of three
    orders = np.zeros((3, 3))
    orders[2] = [4000, 2000, 1000]
    found = wears_off(orders, np.array([0.0, 0.0, 10.0]), np.array([0.0]))
    assert found.median == pytest.approx(1.0, rel=0.05)


def test_unequal_by_hand():
    # negative binomial with mean 3 and shape 1: a quarter of the promoters have no order
    law = np.random.default_rng(4).negative_binomial(1, 0.25, size=800).astype(float)
    found = how_unequal(law, np.ones(800), np.zeros(800, dtype=int), False)
    assert found.shape.median == pytest.approx(1.0, rel=0.15)
    assert found.level[0] == pytest.approx(law.mean(), rel=0.01)
    some = law[law > 0]
    cut = how_unequal(some, np.ones(len(some)), np.zeros(len(some), dtype=int), True)
    assert cut.level[0] == pytest.approx(3.0, rel=0.15)


def test_pooling_by_hand():
    # equal errors and no prior: the DerSimonian-Laird mean is the plain one
    many = pool([1.0, 2.0, 3.0, 4.0, 5.0] * 8, [0.1] * 40, prior=(0.0, 1e6), between=2.0)
    assert many.mean == pytest.approx(3.0, abs=1e-3)
    assert many.between == pytest.approx(np.sqrt(2 * 40 / 39 - 0.01), rel=0.05)
    few = pool([2.0], [0.3], prior=(3.0, 0.5), between=0.5)
    assert 2.0 < few.mean < 3.0
    assert np.ptp(few.next) > np.ptp(pool([2.0] * 9, [0.3] * 9, prior=(3.0, 0.5), between=0.5).next)


GOOD = {"promoter": ["a"], "date": ["2026-05-01"], "orders": [3]}


@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        ({"orders": None}, "lack a column", "缺少 orders"),
        ({"orders": [-1]}, "orders: 1 row(s), such as 1", "orders：1 行"),
        ({"date": ["never"]}, "without a promoter or a day", "没有推广员或日期"),
        ({"rate": [10]}, "10 % is 0.1", "10% 写作 0.1"),
        ({"paid_orders": [4]}, "more paid orders than orders", "付款订单数多于订单数"),
        ({"joined": ["2026-05-02"]}, "before the promoter began", "早于其加入日期"),
        ({"asked": [0]}, "1 > 0", "多于可参与人数"),
        ({}, "1 promoter(s) with 3 order(s); at least 20 and 50", "1 名推广员，3 单"),
    ],
)
def test_what_cannot_be_is_told(change, en, zh):
    given = {name: one for name, one in {**GOOD, **change}.items() if one is not None}
    with pytest.raises(CampaignError) as caught:
        fit_promoters(pd.DataFrame(given))
    assert en in caught.value.text()
    assert zh in caught.value.text("zh")
