"""An outlook as a table that can be kept and scored later."""

import numpy as np
import pandas as pd
import pytest

from workbench.target.outlook import Outlook
from workbench.target.stated import QUANTILES, stated


@pytest.fixture
def seen() -> Outlook:
    rng = np.random.default_rng(3)
    totals = pd.DataFrame(rng.lognormal(4, 0.3, (500, 2)), columns=["甲", "b"])
    done = pd.Series({"甲": 5.0, "b": 7.5})
    given = {"period": "2026Q4", "as_of": "2026-10-23"}
    return Outlook.from_totals(totals, actual=done, last_year=pd.Series({"甲": 50.0}), **given)


def test_it_says_what_the_outlook_says(seen):
    targets = pd.Series({"": 120.0, "b": 60.0, "gone": 1.0})
    table = stated(seen, targets=targets).set_index("unit")
    assert list(table.index) == ["", "甲", "b"]
    assert table["q50"].tolist() == pytest.approx(
        [seen.target_at(0.5), *seen.targets_at(0.5)], rel=1e-12
    )
    assert table.loc["", "q20"] == pytest.approx(seen.target_at(0.8))
    assert table.loc["", "probability"] == seen.probability(120.0)
    assert table.loc["b", "probability"] == seen.probability({"b": 60.0})["b"]
    assert np.isnan(table.loc["甲", "probability"])
    assert table["actual"].tolist() == [12.5, 5.0, 7.5]
    assert table["last_year"].tolist()[:2] == [50.0, 50.0]
    assert table["elapsed"].iloc[0] == pytest.approx(23 / 92)
    assert (np.diff(table[list(QUANTILES)], axis=1) >= 0).all()
