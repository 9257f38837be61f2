"""Past groups give back what they were made of."""

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.campaign.group_fit import fit_groups


def groups(theta, phi, size, n, spread=0.0, items=60, seed=0):
    """Records of groups grown by the rules."""
    rng = np.random.default_rng(seed)
    level = theta * np.exp(spread * rng.standard_normal(items))
    rows = []
    for number in range(n):
        item = number % items
        waiting, joined = rng.poisson(level[item]), 0
        while waiting and joined < size - 1:
            waiting, joined = waiting - 1 + rng.poisson(phi), joined + 1
        rows.append((item, joined))
    return pd.DataFrame(rows, columns=["item", "joiners"])


def test_median_spread_and_onward_joiners_come_back():
    fit = fit_groups(groups(1.1, 0.3, 5, 12_000, spread=0.4), size=5)
    assert fit.joiners.parameters[0] == pytest.approx(1.1, rel=0.12)
    assert fit.joiners.parameters[1] == pytest.approx(0.4, abs=0.1)
    assert fit.onward.parameters[0] == pytest.approx(0.3, abs=0.04)
    assert fit.joiners.source == "history"


def test_items_that_do_not_differ_have_no_spread():
    fit = fit_groups(groups(1.1, 0.0, 3, 6000), size=3)
    assert fit.joiners.at(np.array([0.1, 0.9])) == pytest.approx([1.1, 1.1], rel=0.1)


def test_weights_stand_for_rows():
    plain = groups(0.9, 0, 2, 300, items=5)
    counted = plain.value_counts().rename("weight").reset_index().assign(extra=0)
    small = pd.concat([counted, pd.DataFrame({"item": 0, "joiners": 0, "weight": [0.0] * 30})])
    one, two = fit_groups(plain, size=2), fit_groups(small.reset_index(drop=True), size=2)
    assert two.joiners.parameters == pytest.approx(one.joiners.parameters, rel=0.01)
    assert two.success == one.success


def test_opening_is_groups_per_visit_with_the_spread_between_items():
    rng = np.random.default_rng(3)
    rate = rng.beta(20, 980, 80)
    opens = rng.binomial(5000, rate)
    records = pd.DataFrame({"item": np.repeat(np.arange(80), opens)}).assign(joiners=1)
    fit = fit_groups(records, size=2, visits=pd.Series(5000.0, index=np.arange(80)))
    low, mid, high = fit.open_rate.at(np.array([0.1, 0.5, 0.9]))
    assert mid == pytest.approx(0.0197, rel=0.06)
    assert (high - low) == pytest.approx(0.0113, rel=0.25)
    again = wb.GroupBuy(
        name="n", start="2026-11-01", end="2026-11-02", price=9, discount=0.1, visits=500,
        **fit.inputs(),
    ).simulate(n_paths=20)  # fmt: skip
    source = again.sources().set_index("input")["source"]
    assert (source["open_rate"], source["joiners"]) == ("history", "history")


@pytest.mark.parametrize(
    ("records", "size", "words", "code"),
    [
        (pd.DataFrame({"joiners": [1] * 40}), 1, "size of the past groups", "campaign.fit_size"),
        (pd.DataFrame({"people": [1] * 40}), 2, "lack a column", "campaign.fit_column"),
        (
            pd.DataFrame({"joiners": [1] * 39 + [-1]}),
            2,
            "no usable number of joiners",
            "campaign.fit_counts",
        ),
        (
            pd.DataFrame({"joiners": [1.5] * 40}),
            2,
            "no usable number of joiners",
            "campaign.fit_counts",
        ),
        (pd.DataFrame({"joiners": [1] * 9}), 2, "too few past groups", "campaign.fit_few"),
    ],
)
def test_records_that_cannot_be_used(records, size, words, code):
    with pytest.raises(wb.CampaignError, match=words) as failed:
        fit_groups(records, size=size)
    assert code in {problem.code for problem in failed.value.problems}
