"""Several splits of one target side by side."""

import pytest

from workbench.errors import TargetError
from workbench.target.compare import compare_allocations
from workbench.target.outlook import Outlook

SHARES = {"online": 1, "store": 1, "群": 1}


def test_side_by_side(skewed: Outlook) -> None:
    compared = compare_allocations(skewed, 1500, shares=SHARES, locks={"群": 60})
    assert list(compared.allocations) == ["equal_probability", "history", "share"]
    table = compared.table()
    assert list(table.columns) == [
        f"{column}_{method}"
        for method in compared.allocations
        for column in ("target", "probability")
    ]
    assert (table.filter(like="target_").sum() == 1500).all()
    assert (table.loc["群"].filter(like="target_") == 60).all()


def test_summary_counts_unfair_targets(skewed: Outlook) -> None:
    summary = compare_allocations(skewed, 1500, shares=SHARES).summary()
    # An equal share is out of reach of the two small units and a gift to the large one.
    assert summary.loc["share", ["below_20", "above_80"]].tolist() == [2, 1]
    assert summary.loc["equal_probability", ["below_20", "above_80"]].tolist() == [0, 0]
    assert summary.loc["equal_probability", "highest"] == pytest.approx(
        summary.loc["equal_probability", "lowest"], abs=1e-3
    )
    assert summary["held"].tolist() == [0, 0, 0]


def test_only_what_the_data_allow_is_tried(make_outlook) -> None:
    outlook = make_outlook([[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]])
    assert list(compare_allocations(outlook, 9).allocations) == ["equal_probability"]
    with pytest.raises(TargetError, match="no such way of splitting"):
        compare_allocations(outlook, 9, [])
    with pytest.raises(TargetError, match="no unit has any"):
        compare_allocations(outlook, 9, ["history"])
