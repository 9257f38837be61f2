"""Joining learned from totals alone."""

import numpy as np
import pandas as pd
import pytest

from workbench.campaign.joining import joiner_chances
from workbench.campaign.past_groups import ONWARD, fit_past_groups
from workbench.errors import CampaignError


def totals(theta: float, size: int, opened: float) -> dict[str, object]:
    """What so many opened groups leave in the order lines, on average."""
    onward = 0.0 if size == 2 else ONWARD
    failed = joiner_chances(np.array([theta]), np.array([onward]), np.zeros(1), size - 1)[:, 0]
    people = (failed * np.arange(1, size)).sum() * opened
    groups = opened * (1 - failed.sum())
    name = f"{theta}"
    return {"campaign": name, "size": size, "groups": groups, "failed_orders": people}


@pytest.mark.parametrize("size", [2, 3, 5])
def test_friends_are_found_again_from_the_totals(size):
    past = pd.DataFrame([totals(theta, size, 1000.0) for theta in (1.37, 2.6)])
    fit = fit_past_groups(past, size=size, visits=pd.Series({"1.37": 20_000, "2.6": 20_000}))
    assert fit.joiners.parameters == pytest.approx((1.37, 2.6), rel=1e-6)
    assert fit.joiners.source == fit.open_rate.source == "history"
    assert float(fit.open_rate.at(np.array([0.5]))[0]) == pytest.approx(0.05, rel=0.02)
    assert fit.n_groups == 2000
    assert set(fit.inputs()) == {"joiners", "open_rate"}


def test_few_groups_teach_nothing():
    with pytest.raises(CampaignError, match="too few past groups"):
        fit_past_groups(pd.DataFrame([totals(1.2, 3, 20.0)]), size=3)
