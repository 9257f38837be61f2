"""Commit, base and stretch."""

import numpy as np
import pytest

from workbench.errors import TargetError
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS, proposal


def test_rows_and_columns(skewed: Outlook) -> None:
    table = proposal(skewed)
    assert list(table.index) == [ALL_UNITS, "online", "store", "群"]
    assert list(table.columns) == ["actual", "commit", "base", "stretch", "mean"]
    assert table.index.name == "unit"


def test_the_targets_are_reached_as_promised(skewed: Outlook) -> None:
    table = proposal(skewed)
    for name, p in {"commit": 0.8, "base": 0.5, "stretch": 0.2}.items():
        assert skewed.probability(table.loc[ALL_UNITS, name]) == pytest.approx(p, abs=1e-9)
        units = table[name].drop(ALL_UNITS)
        assert skewed.probability(units).tolist() == pytest.approx([p] * 3, abs=1e-9)


def test_cautious_units_add_up_to_less_than_the_cautious_shop(skewed: Outlook) -> None:
    table = proposal(skewed)
    assert table["commit"].drop(ALL_UNITS).sum() < table.loc[ALL_UNITS, "commit"]
    assert table["mean"].drop(ALL_UNITS).sum() == pytest.approx(table.loc[ALL_UNITS, "mean"])


def test_other_probabilities(make_outlook) -> None:
    outlook = make_outlook(np.arange(1.0, 100.0)[:, None], ["only"])
    table = proposal(outlook, probabilities={"safe": 0.9})
    assert table.loc["only", "safe"] == pytest.approx(10)
    assert list(table.columns) == ["actual", "safe", "mean"]
    with pytest.raises(TargetError, match="between 0 and 1"):
        proposal(outlook, probabilities={"sure": 1.0})
