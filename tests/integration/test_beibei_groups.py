"""Real group-buys: fitted on half of the people, reproduced on the other half."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import workbench as wb
from workbench.campaign.group_fit import fit_groups

SUCCESS_WEIGHT = 2.17
"""All failed groups are in the file, of the successful ones only the last two per initiator."""
BUSY = 30


@pytest.fixture(scope="module")
def halves(shared_data):
    groups = pd.read_parquet(shared_data / "beibei" / "groups.parquet")
    groups = groups.rename(columns={"n_participants": "joiners"})
    groups = groups.assign(weight=np.where(groups["success"] == 1, SUCCESS_WEIGHT, 1.0))
    first = np.random.default_rng(0).random(groups["initiator"].max() + 1) < 0.5
    inside = first[groups["initiator"]]
    return groups[inside], groups[~inside]


@pytest.fixture(scope="module")
def fit(halves):
    return fit_groups(halves[0], size=2)


def by_item(groups):
    """Item → weighted groups opened and complete."""
    done = groups["weight"] * groups["success"]
    return groups.assign(done=done).groupby("item")[["weight", "done"]].sum()


def simulated(fit, size=2, n_paths=2000, **changes):
    """One item per path; so many groups that chance within a path is small."""
    rules = {"open_rate": 1, "pay_rate": 1, "visits": 400, "join_hours": 0.5, **changes}
    buy = wb.GroupBuy(
        name="BeiBei", start="2026-11-01", end="2026-11-01", price=50, discount=0.2,
        group_size=size, visit_variation=0, onward=0, **{**fit.inputs(), **rules},
    )  # fmt: skip
    return buy.simulate(n_paths=n_paths, seed=0)


def test_success_rate_of_the_other_half(halves, fit):
    items = by_item(halves[1])
    drawn = simulated(fit).outcome("success_rate")
    assert items["done"].sum() / items["weight"].sum() == pytest.approx(0.773, abs=0.01)
    assert fit.success == pytest.approx(items["done"].sum() / items["weight"].sum(), abs=0.005)
    assert drawn.mean() == pytest.approx((items["done"] / items["weight"]).mean(), abs=0.05)


def test_opening_of_the_other_half(halves):
    """Groups opened per item, each of the people of a half being a visit of every item's page.

    Items with ten groups in all, which says nothing about in which half they were opened.
    """
    both = pd.concat(halves).groupby("item")["weight"].sum()
    items = both.index[both >= 10]
    fitted, other = (half[half["item"].isin(items)] for half in halves)
    people = [float(half["initiator"].nunique()) for half in halves]
    learned = fit_groups(fitted, size=2, visits=pd.Series(people[0], index=items))
    drawn = simulated(learned, open_rate=learned.open_rate, visits=people[1]).outcome("opens")
    seen = other.groupby("item")["weight"].sum().reindex(items).fillna(0.0)
    assert drawn.mean() == pytest.approx(seen.mean(), rel=0.05)
    levels = [0.5, 0.75, 0.9]
    assert np.quantile(drawn, levels) == pytest.approx(seen.quantile(levels), rel=0.3)


def test_spread_of_success_between_items_of_the_other_half(halves, fit):
    """Items with many groups: the quartiles of their success rates."""
    items = by_item(halves[1])
    busy = items[items["weight"] >= BUSY]
    drawn = simulated(fit).outcome("success_rate")
    seen = (busy["done"] / busy["weight"]).quantile([0.25, 0.5, 0.75])
    assert np.quantile(drawn, [0.25, 0.5, 0.75]) == pytest.approx(seen, abs=0.04)


def test_sizes_of_successful_groups_of_the_other_half(halves, fit):
    """Shares of the sizes offered, from one half, give the sizes completed in the other."""
    fitted, other = (half.loc[half["success"] == 1, "joiners"] for half in halves)
    sizes = [2, 3, 4]
    shares = np.array([(fitted == size - 1).mean() for size in sizes])
    chance = np.array([simulated(fit, size).outcome("success_rate").mean() for size in sizes])
    offered = shares / chance
    visits = 400 * offered / offered.sum()
    done = np.array(
        [
            simulated(fit, size, visits=max(few, 1e-9)).outcome("completed_groups").sum()
            for size, few in zip(sizes, visits, strict=True)
        ]
    )
    seen = np.array([(other == size - 1).sum() for size in sizes])
    expected = seen.sum() * done / done.sum()
    assert stats.chisquare(seen, expected).pvalue > 0.01
    assert done[0] / done.sum() == pytest.approx(0.9936, abs=0.002)
